// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QFile>
#include <QLineEdit>

#include "app/gui/panels/source_search.h"
#include "app/gui/panels/source_view.h"
#include "window_fixture.h"

namespace alloclens {
namespace {

class SourceTest : public WindowTest {
protected:
    SourceView& source() { return *window->findChild<SourceView*>("sourceView"); }
    void openSource() {
        openSample();
        trigger(Command::ShowSource);
        ASSERT_TRUE(soon([&] { return !source().shownText(1).isEmpty() || !source().shownText(2).isEmpty(); }));
    }
};

TEST_F(SourceTest, AClickOnALineSelectsItsEvent) {
    openSource();
    source().bringIntoSight(14896);
    const int lineHeight = QFontMetrics(source().font()).height() + 2;
    const int row = static_cast<int>(14896 - source().firstVisibleLine());
    QTest::mouseClick(source().viewport(), Qt::LeftButton, {}, QPoint(200, row * lineHeight + lineHeight / 2));
    EXPECT_EQ(source().currentLine(), 14896U);
    EXPECT_TRUE(state().selection().event.isValid());
}

TEST_F(SourceTest, TheArrowsMoveTheLineAndHomeAndEndGoToTheEnds) {
    openSource();
    state().selectLine(100);
    source().setFocus();
    QTest::keyClick(&source(), Qt::Key_Down);
    EXPECT_EQ(source().currentLine(), 101U);
    QTest::keyClick(&source(), Qt::Key_End);
    EXPECT_EQ(source().currentLine(), state().analysis()->trace->source->lines());
    QTest::keyClick(&source(), Qt::Key_Home);
    EXPECT_EQ(source().currentLine(), 1U);
}

TEST_F(SourceTest, TextIsFoundDownwardsUpwardsAndAroundTheEnd) {
    openSource();
    trigger(Command::Find);
    auto* edit = window->findChild<QLineEdit*>("findEdit");
    ASSERT_TRUE(edit->isVisible());
    QTest::keyClicks(edit, "UNKNOWN buffer 695055872 on device 4");
    QTest::keyClick(edit, Qt::Key_Return);
    EXPECT_TRUE(soon([&] { return source().currentLine() == 15261; }));
    state().selectLine(1);
    QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_TRUE(soon([&] { return source().currentLine() == 15261; }));
    QTest::keyClick(edit, Qt::Key_Escape);
    EXPECT_FALSE(edit->isVisible());
}

TEST_F(SourceTest, SearchingVisitsEachLineOnceWhereverItBegins) {
    openSample();
    const SourceText& text = *state().analysis()->trace->source;
    const TaskContext task;
    const auto first = findInSource(text, "buffer 695055872 on device 4", 1, SearchDirection::Down, task);
    ASSERT_TRUE(first);
    for (const std::uint32_t from : {0U, 1U, 4096U, 4097U, 15261U, 17096U}) {
        for (const auto direction : {SearchDirection::Down, SearchDirection::Up}) {
            const auto only = findInSource(text, "Deallocation for unknown buffer 695055872 on device 4 ", from,
                                           direction, task);
            ASSERT_TRUE(only);
            EXPECT_EQ(*only, 15261U) << from;
            const auto none = findInSource(text, "no line says this", from, direction, task);
            ASSERT_TRUE(none);
            EXPECT_EQ(*none, 0U);
        }
    }
}

TEST_F(SourceTest, AFileThatShrankIsSaidInThePanel) {
    QFile sample(samplePath());
    ASSERT_TRUE(sample.open(QIODevice::ReadOnly));
    const QString path = writeFile("shrinking.log", sample.readAll());
    open(path);
    trigger(Command::ShowSource);
    ASSERT_TRUE(QFile::resize(path, 1000));
    state().selectLine(15261);
    EXPECT_TRUE(soon([&] { return source().problem().contains("shorter"); }));
}

}  // namespace
}  // namespace alloclens
