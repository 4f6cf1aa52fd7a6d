// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QLineEdit>
#include <QListWidget>

#include "app/gui/command_palette.h"
#include "app/gui/key_list.h"
#include "app/gui/timeline/timeline_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class KeysTest : public WindowTest {
protected:
    QWidget& timeline() { return *window->findChild<TimelineView*>(); }
    void openAndFocusTimeline() {
        openSample();
        // The timeline is laid out in the background; until then its range is the one of no document.
        ASSERT_TRUE(soon([this] { return state().range().right - state().range().left > 1; }));
        timeline().setFocus();
        ASSERT_TRUE(soon([this] { return timeline().hasFocus(); }));
    }
};

TEST_F(KeysTest, WAndSZoomAndHomeShowsAll) {
    openAndFocusTimeline();
    const ViewRange all = state().range();
    QTest::keyClick(&timeline(), Qt::Key_W);
    const ViewRange close = state().range();
    EXPECT_LT(close.right - close.left, all.right - all.left);
    QTest::keyClick(&timeline(), Qt::Key_D);
    EXPECT_GT(state().range().left, close.left);
    QTest::keyClick(&timeline(), Qt::Key_Home);
    EXPECT_DOUBLE_EQ(state().range().right - state().range().left, all.right - all.left);
}

TEST_F(KeysTest, LettersGoIntoATextFieldWhileItHasTheFocus) {
    openAndFocusTimeline();
    const ViewRange before = state().range();
    filterEdit().setFocus();
    QTest::keyClicks(&filterEdit(), "wasdfn");
    EXPECT_EQ(filterEdit().text(), "wasdfn");
    EXPECT_EQ(state().range(), before);
}

TEST_F(KeysTest, BracketsWalkThroughTheFindings) {
    openAndFocusTimeline();
    QTest::keyClick(&timeline(), Qt::Key_BracketRight);
    const FindingId first = state().selection().finding;
    ASSERT_TRUE(first.isValid());
    QTest::keyClick(&timeline(), Qt::Key_BracketRight);
    EXPECT_NE(state().selection().finding, first);
    QTest::keyClick(&timeline(), Qt::Key_BracketLeft);
    EXPECT_EQ(state().selection().finding, first);
    QTest::keyClick(&timeline(), Qt::Key_Escape);
    EXPECT_TRUE(state().selection().isEmpty());
}

TEST_F(KeysTest, CommaAndPeriodWalkThroughTheEventsOfAnAddress) {
    openAndFocusTimeline();
    state().selectLine(14896);
    QTest::keyClick(&timeline(), Qt::Key_Period);
    EXPECT_EQ(state().selection().line, 14936U);
    QTest::keyClick(&timeline(), Qt::Key_Period);
    EXPECT_EQ(state().selection().line, 15261U);
    QTest::keyClick(&timeline(), Qt::Key_Comma);
    EXPECT_EQ(state().selection().line, 14936U);
}

TEST_F(KeysTest, AltLeftGoesBack) {
    openAndFocusTimeline();
    state().selectLine(14896);
    state().selectLine(14936);
    QTest::keyClick(&timeline(), Qt::Key_Left, Qt::AltModifier);
    EXPECT_EQ(state().selection().line, 14896U);
}

TEST_F(KeysTest, AQuestionMarkListsTheKeys) {
    QTest::keyClick(window.get(), Qt::Key_Question);
    auto* list = window->findChild<KeyList*>("keyList");
    ASSERT_NE(list, nullptr);
    EXPECT_FALSE(list->isModal());
}

TEST_F(KeysTest, ThePaletteFindsACommandByItsName) {
    openAndFocusTimeline();
    trigger(Command::Palette);
    auto* palette = window->findChild<CommandPalette*>("commandPalette");
    ASSERT_NE(palette, nullptr);
    auto* edit = palette->findChild<QLineEdit*>();
    QTest::keyClicks(edit, "linear");
    auto* list = palette->findChild<QListWidget*>();
    ASSERT_EQ(list->count(), 1);
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_EQ(state().downMode(), DownMode::Linear);
}

TEST_F(KeysTest, NoTwoCommandsShareAKey) {
    QMap<QString, QString> owners;
    for (const QAction* action : window->commands().all()) {
        for (const QKeySequence& key : action->shortcuts()) {
            const QString text = key.toString();
            EXPECT_FALSE(owners.contains(text)) << text.toStdString() << ": " << owners[text].toStdString();
            owners[text] = action->text();
        }
    }
}

}  // namespace
}  // namespace alloclens
