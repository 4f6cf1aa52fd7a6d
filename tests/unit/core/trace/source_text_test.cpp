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

TEST(SourceText, AFileThatWasTruncatedGivesAnError) {
    const test::TemporaryFile file(joined(linesOfALog(2'000)));
    const auto trace = readTrace(file.path(), {}, {}, {});
    ASSERT_TRUE(trace);
    ASSERT_EQ(::truncate(file.path().c_str(), 100), 0);
    const auto text = (*trace)->source->lineText(1'500);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, ErrorKind::Input);
    EXPECT_THAT(text.error().sentence(), HasSubstr("is shorter now than when it was opened"));
}

TEST(SourceText, AFileThatWasRemovedCanStillBeRead) {
    const auto trace = test::readLog(joined(linesOfALog(3)));  // removed by now
    EXPECT_EQ(*trace->source->lineText(1), kEvent);
}

/// Lines of 20 bytes that are made when they are read, as those of records are.
class MadeLines final : public TextBytes {
public:
    static constexpr std::size_t kLine = 20;
    MadeLines(std::uint32_t lines, bool isPadded) : m_lines(lines), m_isPadded(isPadded) {}
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override {
        std::size_t done = 0;
        for (; done < size && offset + done < std::uint64_t{m_lines} * kLine; ++done) {
            std::string line = "  record " + std::to_string((offset + done) / kLine + 1);
            line.resize(kLine - 1, ' ');
            line += '\n';
            buffer[done] = line[(offset + done) % kLine];
        }
        return done;
    }
    [[nodiscard]] bool isPadded() const override { return m_isPadded; }

private:
    std::uint32_t m_lines;
    bool m_isPadded;
};

constexpr std::uint64_t kFileBytes = 12;

SourceText madeText(std::uint32_t lines, bool isPadded) {
    std::vector<SourceText::Mark> marks;
    for (std::uint32_t line = 0; line < lines; line += 256) marks.push_back({line + 1, line * MadeLines::kLine});
    return {"records",
            std::make_unique<MadeLines>(lines, isPadded),
            std::uint64_t{lines} * MadeLines::kLine,
            kFileBytes,
            lines,
            std::move(marks)};
}

TEST(SourceText, BlanksThatFillUpALineAreNotShown) {
    const SourceText text = madeText(3'000, true);
    EXPECT_EQ(text.bytes(), 3'000 * MadeLines::kLine);
    EXPECT_EQ(text.fileBytes(), kFileBytes);
    EXPECT_EQ(*text.lineText(1), "  record 1");
    EXPECT_EQ(*text.lineText(257), "  record 257");
    EXPECT_EQ(*text.lineText(3'000), "  record 3000");
    EXPECT_FALSE(text.lineText(3'001));
    EXPECT_THAT(*text.linesText(255, 3), ElementsAre("  record 255", "  record 256", "  record 257"));
    EXPECT_THAT(*text.linesText(2'999, 10), ElementsAre("  record 2999", "  record 3000"));
}

TEST(SourceText, BlanksOfALineThatIsNotFilledUpAreItsOwn) {
    EXPECT_EQ(*madeText(1, false).lineText(1), "  record 1         ");
}

// As of a damaged trace, whose blocks may have fewer lines than they say.
TEST(SourceText, LinesThatItHasNoTextOfAreEmpty) {
    const SourceText text("records", std::make_unique<MadeLines>(2, true), 2 * MadeLines::kLine, kFileBytes, 5,
                          {{1, 0}});
    EXPECT_THAT(*text.linesText(2, 9), ElementsAre("  record 2", "", "", ""));
    EXPECT_EQ(*text.lineText(5), "");
    EXPECT_FALSE(text.lineText(6));
    const SourceText without("records", std::make_unique<MadeLines>(0, true), 0, kFileBytes, 2, {});
    EXPECT_THAT(*without.linesText(1, 9), ElementsAre("", ""));
}

TEST(SourceText, TextThatEndsBeforeItShouldGivesAnError) {
    const SourceText text("records", std::make_unique<MadeLines>(1, true), 100, kFileBytes, 5, {{1, 0}});
    const auto line = text.lineText(3);
    ASSERT_FALSE(line);
    EXPECT_THAT(line.error().sentence(), HasSubstr("records"));
}

}  // namespace
}  // namespace alloclens
