// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/source_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <unistd.h>
#include <vector>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kEvent = "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)";

/// A log whose first line is an event and whose lines differ in length.
std::vector<std::string> linesOfALog(std::size_t count) {
    std::vector<std::string> lines = {std::string(kEvent)};
    while (lines.size() < count)
        lines.push_back("line " + std::to_string(lines.size()) + std::string(lines.size() % 97, '.'));
    return lines;
}

std::string joined(const std::vector<std::string>& lines, std::string_view end = "\n") {
    std::string text;
    for (const std::string& line : lines) text.append(line).append(end);
    return text;
}

TEST(SourceText, EveryLineIsFoundAroundTheBordersOfItsBlocks) {
    const auto lines = linesOfALog(1'100);
    const auto trace = test::readLog(joined(lines));
    ASSERT_EQ(trace->source->lines(), 1'100U);
    for (std::uint32_t line :
         {1U, 2U, 255U, 256U, 257U, 258U, 511U, 512U, 513U, 514U, 768U, 769U, 1024U, 1025U, 1099U, 1100U}) {
        EXPECT_EQ(*trace->source->lineText(line), lines[line - 1]) << line;
    }
}

TEST(SourceText, NeighbouringLinesComeTogether) {
    const auto lines = linesOfALog(700);
    const auto trace = test::readLog(joined(lines));
    const auto texts = trace->source->linesText(250, 20);
    ASSERT_TRUE(texts);
    EXPECT_EQ(*texts, std::vector<std::string>(lines.begin() + 249, lines.begin() + 269));
    EXPECT_EQ(trace->source->linesText(1, 700)->size(), 700U);
}

TEST(SourceText, ARangeIsClippedToTheFile) {
    const auto trace = test::readLog(joined(linesOfALog(10)));
    EXPECT_EQ(trace->source->linesText(8, 100)->size(), 3U);
    EXPECT_TRUE(trace->source->linesText(11, 1)->empty());
    EXPECT_TRUE(trace->source->linesText(0, 5)->empty());
    EXPECT_TRUE(trace->source->linesText(5, 0)->empty());
    EXPECT_EQ(trace->source->linesText(10, 0xFFFFFFFF)->size(), 1U);
}

TEST(SourceText, ALineBeyondTheEndIsAnErrorThatNamesTheCount) {
    const auto trace = test::readLog(joined(linesOfALog(10)));
    for (const std::uint32_t line : {0U, 11U, 0xFFFFFFFFU}) {
        const auto text = trace->source->lineText(line);
        ASSERT_FALSE(text);
        EXPECT_THAT(text.error().sentence(), HasSubstr("It has 10 lines."));
    }
}

TEST(SourceText, ALastLineWithoutItsEndIsShown) {
    const auto trace = test::readLog(std::string(kEvent) + "\nlast");
    EXPECT_EQ(trace->source->lines(), 2U);
    EXPECT_EQ(*trace->source->lineText(2), "last");
    EXPECT_THAT(*trace->source->linesText(1, 9), ElementsAre(std::string(kEvent), "last"));
}

TEST(SourceText, EmptyLinesAreLines) {
    const auto trace = test::readLog("\n\n" + std::string(kEvent) + "\n\n");
    EXPECT_THAT(*trace->source->linesText(1, 9), ElementsAre("", "", std::string(kEvent), ""));
}

TEST(SourceText, ALongLineIsShownUpToALimitWithANote) {
    const std::string longLine(SourceText::kShownLineBytes + 1'234'567, 'x');
    const auto trace = test::readLog(std::string(kEvent) + "\n" + longLine + "\nafter\n");
    EXPECT_EQ(*trace->source->lineText(2),
              std::string(SourceText::kShownLineBytes, 'x') + " ... (1,234,567 more bytes)");
    EXPECT_EQ(*trace->source->lineText(3), "after");
}

TEST(SourceText, ALineAtTheLimitIsShownWhole) {
    const std::string line(SourceText::kShownLineBytes, 'x');
    const auto trace = test::readLog(std::string(kEvent) + "\n" + line + "\n");
    EXPECT_EQ(*trace->source->lineText(2), line);
}

TEST(SourceText, WantedLinesAreVisitedInOrder) {
    const auto lines = linesOfALog(12'000);
    const auto trace = test::readLog(joined(lines));
    const std::vector<std::uint32_t> wanted = {1, 2, 256, 257, 4'097, 4'098, 9'000, 12'000};
    std::vector<std::uint32_t> visited;
    ASSERT_TRUE(trace->source->visitLines(wanted, [&](std::uint32_t line, std::string_view text) {
        EXPECT_EQ(text, lines[line - 1]);
        visited.push_back(line);
        return true;
    }));
    EXPECT_EQ(visited, wanted);
}

TEST(SourceText, AVisitMayStop) {
    const auto trace = test::readLog(joined(linesOfALog(100)));
    int visits = 0;
    ASSERT_TRUE(
        trace->source->visitLines({1, 2, 3}, [&visits](std::uint32_t, std::string_view) { return ++visits < 2; }));
    EXPECT_EQ(visits, 2);
}

TEST(SourceText, AFileThatWasTruncatedGivesAnError) {
    const test::TemporaryFile file(joined(linesOfALog(2'000)));
    const auto trace = readTrace(file.path(), {}, {}, {});
    ASSERT_TRUE(trace);
    ASSERT_EQ(::truncate(file.path().c_str(), 100), 0);
    const auto text = (*trace)->source->lineText(1'500);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, ErrorKind::Input);
    EXPECT_THAT(text.error().sentence(), HasSubstr("is shorter now than when it was opened"));
    EXPECT_FALSE((*trace)->source->visitLines({1, 1'500}, [](std::uint32_t, std::string_view) { return true; }));
}

TEST(SourceText, AFileThatWasRemovedCanStillBeRead) {
    const auto trace = test::readLog(joined(linesOfALog(3)));  // removed by now
    EXPECT_EQ(*trace->source->lineText(1), kEvent);
}

}  // namespace
}  // namespace alloclens
