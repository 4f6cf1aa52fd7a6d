// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kAllocated = "✓ [PID 1] Allocated 8192 bytes of DRAM on device 4 (buffer_id=695055872)";
constexpr std::string_view kFreed = "✗ [PID 1] Freed buffer 695055872 on device 4 (8192 bytes, FINAL)";
constexpr std::string_view kRefused =
    "⚠ [PID 1] Deallocation for unknown buffer 695055872 on device 4 (allocated before "
    "tracking started)";

std::string logOf(int reuses) {
    std::string log;
    for (int i = 0; i < reuses; ++i) log += std::string(kAllocated) + "\n" + std::string(kFreed) + "\n";
    return log + std::string(kRefused) + "\n";
}

TEST(FindingsText, ShowsTheThreeVerbatimLinesOfADoubleFree) {
    const std::string text = test::reportText("findings", "text", *test::analyseLog(logOf(1)));
    EXPECT_THAT(text, HasSubstr("double-free  device 4  695055872 (0x296db600)  g1  DRAM  8,192 B  process 1"));
    EXPECT_THAT(text, HasSubstr("    freed again     line          3  " + std::string(kRefused) + "\n"));
    EXPECT_THAT(text, HasSubstr("    freed           line          2  " + std::string(kFreed) + "\n"));
    EXPECT_THAT(text, HasSubstr("    allocated       line          1  " + std::string(kAllocated) + "\n"));
    EXPECT_THAT(text, HasSubstr("double-free:4:0x296db600:g1:1"));
    EXPECT_THAT(text, Not(HasSubstr("earlier lifetimes")));
    EXPECT_LT(text.find(kRefused), text.find(kFreed)) << "the newest first";
    EXPECT_LT(text.find(kFreed), text.find(kAllocated));
}

TEST(FindingsText, NumbersThePriorAllocationsOfTheAddress) {
    const std::string text = test::reportText("findings", "text", *test::analyseLog(logOf(3)));
    EXPECT_THAT(text, HasSubstr("    earlier lifetimes of this address:\n"
                                "      #1 g2: 8,192 B of DRAM, process 1, line 3 to 4, freed\n"
                                "      #2 g1: 8,192 B of DRAM, process 1, line 1 to 2, freed\n"));
}

TEST(FindingsText, OfManyPriorAllocationsTheLatestAreShown) {
    const std::string text = test::reportText("findings", "text", *test::analyseLog(logOf(12)));
    EXPECT_THAT(text, HasSubstr("      #5 g7: "));
    EXPECT_THAT(text, Not(HasSubstr("#6")));
    EXPECT_THAT(text, HasSubstr("      and 6 more"));
}

TEST(FindingsText, WhatWasNeverAllocatedIsNotFreedAgain) {
    const std::string text = test::reportText("findings", "text", *test::analyseLog(std::string(kRefused) + "\n"));
    EXPECT_THAT(text, HasSubstr("    freed, never allocated  line          1  " + std::string(kRefused) + "\n"));
    EXPECT_THAT(text, Not(HasSubstr("freed again ")));
}

TEST(FindingsText, SaysWhenThereAreNone) {
    EXPECT_EQ(test::reportText("findings", "text",
                               *test::analyseLog(std::string(kAllocated) + "\n" + std::string(kFreed) + "\n")),
              "No findings.\n");
}

TEST(FindingsText, GroupsByKindTheGravestFirstAndEndsWithTotals) {
    const std::string text = test::reportText("findings", "text", *test::analyseLog(generator::referenceLog().log));
    EXPECT_LT(text.find("Double free: "), text.find("Unknown free: "));
    EXPECT_LT(text.find("Unknown free: "), text.find("Leak: "));
    EXPECT_GT(text.rfind("  double-free "), text.rfind("Leak: "));
}

TEST(FindingsText, SaysWhatAFilterHides) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    const auto filter = Filter::parse("device:4 address:695055872");
    ASSERT_TRUE(filter);
    const auto result = applyFilter(*analysis, *filter, {});
    ASSERT_TRUE(result);
    ReportInput input;
    input.analysis = analysis.get();
    input.filter = &*result;
    EXPECT_THAT(
        test::reportText("findings", "text", input),
        HasSubstr(fmt::format("1 finding, the filter hides {}", formatCount(analysis->findings.rows.size() - 1))));
}

TEST(FindingsText, ALimitHoldsForEachKindAndSaysWhatItLeavesOut) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    ReportInput input;
    input.analysis = analysis.get();
    input.limit = 2;
    const std::string text = test::reportText("findings", "text", input);
    const std::uint64_t doubleFrees = analysis->findings.countOf[static_cast<std::size_t>(FindingKind::DoubleFree)];
    EXPECT_THAT(text, HasSubstr(fmt::format("Double free: {} findings", doubleFrees)));
    EXPECT_THAT(text, HasSubstr(fmt::format("... and {} more (raise --limit)", doubleFrees - 2)));
}

TEST(FindingsText, ADivergenceSaysWhatContradicts) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 1048576 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (10485764 bytes, FINAL)\n");
    EXPECT_THAT(test::reportText("findings", "text", *analysis),
                HasSubstr("the line prints 10,485,764 bytes, but the lifetime has 1,048,576"));
}

TEST(FindingsText, HasColoursOnlyWhereTheyAreAllowed) {
    const auto analysis = test::analyseLog(logOf(1));
    ReportInput input;
    input.analysis = analysis.get();
    const std::string plain = test::reportText("findings", "text", input);
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    input.colour = true;
    EXPECT_THAT(test::reportText("findings", "text", input), HasSubstr("\x1b[38;5;166mdouble-free\x1b[0m"));
}

}  // namespace
}  // namespace alloclens
