// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fcntl.h>
#include <random>
#include <string>
#include <unistd.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

std::string logOf(std::uint32_t lines) {
    std::string log = "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    for (std::uint32_t line = 2; line <= lines; ++line) log += fmt::format("line {}\n", line);
    return log;
}

/// Lines of 24 bytes, filled up with blanks.
class FilledUp final : public TextBytes {
public:
    static constexpr std::size_t kLine = 24;
    explicit FilledUp(std::vector<std::uint64_t>* offsets) : m_offsets(offsets) {}
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override {
        if (m_offsets != nullptr) m_offsets->push_back(offset);
        std::string text;
        for (std::uint64_t line = offset / kLine; text.size() < offset % kLine + size; ++line)
            text += fmt::format("{:<{}}\n", fmt::format(" record {}", line + 1), kLine - 1);
        text.copy(buffer, size, offset % kLine);
        return size;
    }
    [[nodiscard]] bool isPadded() const override { return true; }

private:
    std::vector<std::uint64_t>* m_offsets;  ///< at which was read
};

SourceText filledUp(std::uint32_t lines, std::vector<std::uint64_t>* offsets = nullptr) {
    std::vector<SourceText::Mark> marks;
    for (std::uint32_t line = 0; line < lines; line += 1000) marks.push_back({line + 1, line * FilledUp::kLine});
    return {"records", std::make_unique<FilledUp>(offsets), lines * FilledUp::kLine, 12, lines, std::move(marks)};
}

TEST(LineReader, GivesEveryLineInAnyOrder) {
    constexpr std::uint32_t kLines = 30'000;  // more blocks than are kept
    const auto trace = test::readLog(logOf(kLines));
    LineReader reader(*trace->source);
    for (std::uint32_t line = 2; line <= kLines; ++line) ASSERT_EQ(*reader.line(line), fmt::format("line {}", line));
    std::mt19937 random(1);
    for (int i = 0; i < 2'000; ++i) {
        const auto line = static_cast<std::uint32_t>(2 + random() % (kLines - 1));
        ASSERT_EQ(*reader.line(line), fmt::format("line {}", line));
    }
}

TEST(LineReader, ALineBeyondTheEndIsAnError) {
    const auto trace = test::readLog(logOf(300));
    LineReader reader(*trace->source);
    EXPECT_EQ(*reader.line(300), "line 300");
    for (const std::uint32_t line : {0U, 301U, 512U, 513U, 0xFFFFFFFFU}) {
        const auto text = reader.line(line);
        ASSERT_FALSE(text) << line;
        EXPECT_THAT(text.error().sentence(), HasSubstr("It has 300 lines."));
    }
}

// The blocks of a damaged trace may have other numbers of lines than they say; which block a line is of is said.
TEST(LineReader, ALineIsTheSameWhereverReadingBegins) {
    std::string content;
    std::vector<SourceText::Mark> marks;
    for (std::uint32_t line = 1; line <= 2'000; line += 5) {
        marks.push_back({line, content.size()});
        for (std::uint32_t i = 0; i < 3 + line % 4; ++i) content += fmt::format("{} {}\n", line, i);
        if (line % 3 == 0) content.pop_back();
    }
    const test::TemporaryFile file(content);
    const SourceText source(file.path(), FileHandle(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC)), content.size(),
                            2'000, marks);
    LineReader reader(source);
    for (std::uint32_t line = 1; line <= 2'000; ++line) {
        const auto alone = source.lineText(line);
        ASSERT_TRUE(alone) << line;
        EXPECT_EQ(*reader.line(line), *alone) << line;
        const std::uint32_t block = line - (line - 1) % 5;
        const std::uint32_t within = line - block;
        EXPECT_EQ(*alone, within < 3 + block % 4 ? fmt::format("{} {}", block, within) : "") << line;
    }
}

TEST(LineReader, FetchedLinesAreThoseThatAreReadOneByOne) {
    std::mt19937 random(5);
    std::string log = logOf(5'000);
    log += std::string(SourceText::kShownLineBytes + 100, 'x') + "\r\nlast";
    const auto text = test::readLog(log);
    const SourceText made = filledUp(5'000);
    for (const SourceText* source : {text->source.get(), &made}) {
        LineReader reader(*source);
        for (int round = 0; round < 3; ++round) {
            std::vector<std::uint32_t> lines = {source->lines(), source->lines() - 1, 1, 1, source->lines() + 1, 0};
            while (lines.size() < 700) lines.push_back(static_cast<std::uint32_t>(random() % source->lines() + 1));
            reader.fetch(lines);
            for (const std::uint32_t line : lines) {
                const auto fetched = reader.line(line);
                const auto alone = source->lineText(line);
                ASSERT_EQ(fetched ? std::string(*fetched) : fetched.error().sentence(),
                          alone ? *alone : alone.error().sentence())
                    << line;
            }
        }
    }
}

// What is made or unpacked by the block would be made anew for each line where lines are asked for to and fro.
TEST(LineReader, LinesAreFetchedInTheOrderOfTheSourceAndReadOnce) {
    std::vector<std::uint64_t> offsets;
    const SourceText source = filledUp(10'000, &offsets);
    LineReader reader(source);
    std::mt19937 random(7);
    std::vector<std::uint32_t> lines;
    for (int i = 0; i < 500; ++i) lines.push_back(static_cast<std::uint32_t>(random() % 10'000 + 1));
    reader.fetch(lines);
    EXPECT_TRUE(std::is_sorted(offsets.begin(), offsets.end()));
    EXPECT_LE(offsets.size(), lines.size() + 1);
    offsets.clear();
    for (const std::uint32_t line : lines) EXPECT_EQ(*reader.line(line), fmt::format(" record {}", line));
    EXPECT_TRUE(offsets.empty());
}

TEST(LineReader, AFileThatWasTruncatedGivesAnErrorForWhatWasNotRead) {
    const test::TemporaryFile file(logOf(20'000));
    const auto trace = readTrace(file.path(), {}, {}, {});
    ASSERT_TRUE(trace);
    LineReader reader(*(*trace)->source);
    ASSERT_EQ(*reader.line(5), "line 5");
    ASSERT_EQ(::truncate(file.path().c_str(), 30), 0);
    EXPECT_EQ(*reader.line(6), "line 6") << "of a block that is kept";
    EXPECT_FALSE(reader.line(15'000));
}

}  // namespace
}  // namespace alloclens
