// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
