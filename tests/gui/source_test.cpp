// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>

#include "app/gui/panels/source/source_search.h"
#include "app/gui/panels/source/source_view.h"
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
    QLineEdit& findEdit() { return *window->findChild<QLineEdit*>("findEdit"); }
    [[nodiscard]] QString findWords() const { return window->findChild<QLabel*>("findWords")->text(); }
    void typeFind(const QString& text) {
        trigger(Command::Find);
        QTest::keyClicks(&findEdit(), text);
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
    typeFind("UNKNOWN buffer 695055872 on device 4");
    ASSERT_TRUE(findEdit().isVisible());
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    EXPECT_TRUE(soon([&] { return source().currentLine() == 15261; }));
    state().selectLine(1);
    QTest::keyClick(&findEdit(), Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_TRUE(soon([&] { return source().currentLine() == 15261; }));
    QTest::keyClick(&findEdit(), Qt::Key_Escape);
    EXPECT_FALSE(findEdit().isVisible());
}

TEST_F(SourceTest, TheNearestHitIsToldAndAllAreFoundWhereverItBegins) {
    openSample();
    const SourceText& text = *state().analysis()->trace->source;
    for (const char* wanted : {"Deallocation for unknown buffer 695055872 on device 4 ", "BUFFER 695055872 ON"}) {
        SourceHits expected;
        for (std::uint32_t line = 1; line <= text.lines(); ++line) {
            if (QString::fromStdString(*text.lineText(line)).contains(wanted, Qt::CaseInsensitive)) {
                expected.push_back(line);
            }
        }
        ASSERT_FALSE(expected.empty());
        for (const std::uint32_t from : {0U, 1U, 4096U, 14896U, 15261U, 17096U}) {
            for (const auto direction : {SearchDirection::Down, SearchDirection::Up}) {
                SourceHits told;
                const auto found = findInSource(text, wanted, from, direction, {},
                                                [&told](std::uint32_t line) { told.push_back(line); });
                ASSERT_TRUE(found);
                EXPECT_EQ(*found, expected) << from;
                EXPECT_EQ(told, SourceHits{nextHit(expected, from, direction)}) << from;
            }
        }
    }
    const auto none = findInSource(text, "no line says this", 1, SearchDirection::Down, {},
                                   [](std::uint32_t) { FAIL(); });
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->empty());
}

TEST_F(SourceTest, TheCaseOfLettersBeyondAsciiMakesNoDifferenceEither) {
    open(writeFile("letters.log", "✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=64)\n"
                                  "ÜBER Привет ÿ\nübel ПРИВЕТ ø\nkein Treffer\n"));
    const SourceText& text = *state().analysis()->trace->source;
    const auto lines = [&](const char* wanted) {
        return findInSource(text, QString::fromUtf8(wanted), 0, SearchDirection::Down, {}, {}).value();
    };
    EXPECT_EQ(lines("über"), (SourceHits{2}));
    EXPECT_EQ(lines("привет"), (SourceHits{2, 3}));
    EXPECT_EQ(lines("Ÿ"), (SourceHits{2}));
    EXPECT_EQ(lines("✓"), (SourceHits{1}));
}

TEST_F(SourceTest, HitsAreCountedAndWalkedThroughWithoutAnotherSearch) {
    openSource();
    typeFind("buffer_id=695055872");
    state().selectLine(14890);
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    ASSERT_TRUE(soon([&] { return findWords().contains(" of "); }));
    const std::uint32_t first = source().currentLine();
    EXPECT_GT(first, 14890U);
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    const std::uint32_t second = source().currentLine();
    EXPECT_GT(second, first) << "at once";
    QTest::keyClick(&findEdit(), Qt::Key_Return, Qt::ShiftModifier);
    EXPECT_EQ(source().currentLine(), first);
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

TEST_F(SourceTest, TheFindLineSpeaksOfTheFileThatIsOpen) {
    openSource();
    typeFind("Deallocation");
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    ASSERT_TRUE(soon([&] { return findWords().endsWith("1 of 975"); })) << findWords().toStdString();
    open(writeFile("short.log", "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=1024)\n"));
    EXPECT_EQ(findWords(), "");
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    EXPECT_TRUE(soon([&] { return findWords() == "not found"; })) << findWords().toStdString();
}

TEST_F(SourceTest, ASearchGoesOnWhileTheFileGrows) {
    openSource();
    typeFind("Deallocation");
    QTest::keyClick(&findEdit(), Qt::Key_Return);
    state().growAnalysis(state().analysis(), nullptr, true);  // before any hit can have arrived
    EXPECT_TRUE(soon([&] { return findWords().endsWith("1 of 975"); })) << findWords().toStdString();
}

}  // namespace
}  // namespace alloclens
