// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/diagnostics.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace alloclens {
namespace {

TEST(Diagnostics, EveryCodeHasAStableNameAndAnExplanation) {
    std::set<std::string_view> names;
    for (int i = 0; i < kDiagnosticCodeCount; ++i) {
        const auto code = static_cast<DiagnosticCode>(i);
        EXPECT_FALSE(diagnosticExplanation(code).empty());
        names.insert(diagnosticName(code));
    }
    EXPECT_EQ(
        names,
        (std::set<std::string_view>{
            "buffer-types",     "compressed-tail",  "damaged-block",      "invalid-message",     "invalid-utf8",
            "joined-events",    "misread-messages", "missing-device",     "missing-lines",       "missing-part",
            "newest-first",     "no-address",       "nul-bytes",          "number-out-of-range", "odd-time",
            "overlong-line",    "part-of-run",      "parts-out-of-order", "reassembled",         "recording-gap",
            "repeated-stretch", "repeats-cut",      "several-servers",    "skipped-bytes",       "torn-line",
            "torn-unsearched",  "truncated-record", "unfinished-line",    "unfinished-trace",    "unknown-memory"}));
}

TEST(Diagnostics, AllAreCountedAndTheFirstOfEachCodeKept) {
    Diagnostics diagnostics;
    for (std::uint32_t i = 1; i <= Diagnostics::kKeptPerCode + 10; ++i)
        diagnostics.add({DiagnosticCode::TornLine, i, {}});
    diagnostics.add({DiagnosticCode::NulBytes, 1, {}});
    EXPECT_EQ(diagnostics.count(DiagnosticCode::TornLine), Diagnostics::kKeptPerCode + 10);
    EXPECT_EQ(diagnostics.total(), Diagnostics::kKeptPerCode + 11);
    ASSERT_EQ(diagnostics.kept().size(), Diagnostics::kKeptPerCode + 1);
    EXPECT_EQ(diagnostics.kept().back().code, DiagnosticCode::NulBytes) << "a common code leaves room for others";
}

TEST(Diagnostics, OfAPartAreShiftedAndAddedUp) {
    Diagnostics part;
    for (std::uint32_t i = 1; i <= Diagnostics::kKeptPerCode + 5; ++i) part.add({DiagnosticCode::TornLine, i, {}});
    part.add({DiagnosticCode::CompressedTail, 0, {}});
    Diagnostics whole;
    whole.add({DiagnosticCode::TornLine, 7, "first"});
    whole.append(std::move(part), 100);
    EXPECT_EQ(whole.count(DiagnosticCode::TornLine), Diagnostics::kKeptPerCode + 6);
    EXPECT_EQ(whole.kept()[0].line, 7U);
    EXPECT_EQ(whole.kept()[1].line, 101U);
    EXPECT_EQ(whole.kept().back().line, 0U) << "0 stands for the whole file and is not shifted";
}

TEST(Diagnostics, SortedByLineTheyKeepTheOrderWithinALine) {
    Diagnostics diagnostics;
    diagnostics.add({DiagnosticCode::TornLine, 9, "c"});
    diagnostics.add({DiagnosticCode::TornLine, 3, "a"});
    diagnostics.add({DiagnosticCode::NulBytes, 3, "b"});
    diagnostics.sortByLine();
    std::string order;
    for (const Diagnostic& diagnostic : diagnostics.kept()) order += diagnostic.detail;
    EXPECT_EQ(order, "abc");
}

}  // namespace
}  // namespace alloclens
