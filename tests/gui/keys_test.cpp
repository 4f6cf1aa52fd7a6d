// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QMouseEvent>
#include <QTextBrowser>
#include <QTreeView>

#include "app/gui/commands/command_palette.h"
#include "app/gui/commands/key_list.h"
#include "app/gui/timeline/lane_plot.h"
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

TEST_F(KeysTest, ASecondQuestionMarkOpensNoSecondList) {
    QTest::keyClick(window.get(), Qt::Key_Question);
    trigger(Command::Keys);
    EXPECT_EQ(window->findChildren<KeyList*>().size(), 1);
}

TEST_F(KeysTest, TheKeyListHasEveryKeyAndTheWheel) {
    QTest::keyClick(window.get(), Qt::Key_Question);
    const QString text = window->findChild<KeyList*>()->findChild<QTextBrowser*>()->toPlainText();
    for (const QAction* action : window->commands().all()) {
        if (!action->shortcuts().isEmpty()) {
            EXPECT_TRUE(text.contains(action->property("tip").toString())) << action->text().toStdString();
        }
    }
    EXPECT_TRUE(text.contains("Ctrl+R or F5")) << text.toStdString();
    EXPECT_TRUE(text.contains("Ctrl+Wheel"));
}

TEST_F(KeysTest, ShowingATabChangesNoSelection) {
    open(writeFile("torn.log", "[PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=64)\n"
                               "[PID 7] Allocated 4096 bytes of L1 on dev\n"
                               "[PID 7] Freed buffer 64 on device 0 (4096 bytes, FINAL)\n"
                               "[PID 7] Deallocation for unknown buffer 64 on device 0\n"));
    state().selectLine(4);
    const Selection selected = state().selection();
    for (const Command tab : {Command::ShowFindings, Command::ShowEvents, Command::ShowAddresses, Command::ShowSource,
                              Command::ShowDiagnostics, Command::ShowLedger, Command::ShowMesh}) {
        trigger(tab);
        QTest::qWait(50);
        EXPECT_EQ(state().selection(), selected) << window->commands()[tab].text().toStdString();
    }
    trigger(Command::ShowDiagnostics);
    auto& diagnostics = view("diagnosticsView");
    ASSERT_GT(diagnostics.model()->rowCount(), 0);
    QTest::mouseClick(diagnostics.viewport(), Qt::LeftButton, {},
                      diagnostics.visualRect(diagnostics.model()->index(0, 1)).center());
    EXPECT_EQ(state().selection().line, 2U) << "a click selects";
}

TEST_F(KeysTest, EscClearsTheMarkedRangeBeforeTheSelection) {
    openAndFocusTimeline();
    auto& lanes = *window->findChild<LanePlot*>();
    state().selectLine(14896);
    const QPoint middle = lanes.rect().center();
    QTest::mousePress(&lanes, Qt::LeftButton, {}, middle);
    QMouseEvent move(QEvent::MouseMove, middle + QPoint(80, 0), lanes.mapToGlobal(middle + QPoint(80, 0)), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&lanes, &move);
    QTest::mouseRelease(&lanes, Qt::LeftButton, {}, middle + QPoint(80, 0));
    ASSERT_TRUE(lanes.markedRange().has_value());
    QTest::keyClick(&lanes, Qt::Key_Escape);
    EXPECT_FALSE(lanes.markedRange().has_value());
    EXPECT_EQ(state().selection().line, 14896U);
    QTest::keyClick(&lanes, Qt::Key_Escape);
    EXPECT_TRUE(state().selection().isEmpty());
}

TEST_F(KeysTest, ADoubleClickOnEmptyGroundOrANameKeepsTheZoom) {
    openAndFocusTimeline();
    auto& lanes = *window->findChild<LanePlot*>();
    QTest::keyClick(&lanes, Qt::Key_W);
    const ViewRange close = state().range();
    QTest::mouseDClick(&lanes, Qt::LeftButton, {}, QPoint(20, lanes.height() / 2));  // a name
    EXPECT_EQ(state().range(), close);
    state().clearSelection();
    emit lanes.itemDoubleClicked();  // nothing was hit
    EXPECT_EQ(state().range(), close);
}

TEST_F(KeysTest, EnterOnAFindingZoomsToIt) {
    openAndFocusTimeline();
    trigger(Command::ShowFindings);
    const ViewRange all = state().range();
    auto& findings = dynamic_cast<QTreeView&>(view("findingsView"));
    ASSERT_TRUE(soon([&] { return findings.model()->rowCount() > 0; }));
    const QModelIndex cluster = findings.model()->index(0, 0);
    findings.expand(cluster);
    QModelIndex finding = findings.model()->index(0, 0, cluster);
    if (findings.model()->rowCount(finding) > 0) finding = findings.model()->index(0, 0, finding);
    findings.setCurrentIndex(finding);
    QTest::keyClick(&findings, Qt::Key_Return);
    EXPECT_LT(state().range().right - state().range().left, (all.right - all.left) / 2);
}

TEST_F(KeysTest, ThePaletteRunsWhatIsNamedAndNotWhatOnlyMentionsIt) {
    openAndFocusTimeline();
    for (const char* words : {"dark", "dark theme", "theme dark"}) {
        trigger(Command::Palette);
        auto* palette = window->findChild<CommandPalette*>("commandPalette");
        auto* edit = palette->findChild<QLineEdit*>();
        QTest::keyClicks(edit, words);
        EXPECT_TRUE(palette->findChild<QListWidget*>()->currentItem()->text().startsWith("Dark theme")) << words;
        palette->close();
        ASSERT_TRUE(soon([this] { return window->findChild<CommandPalette*>("commandPalette") == nullptr; }));
    }
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
