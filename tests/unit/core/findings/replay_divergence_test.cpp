// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

using test::analyseLog;
using test::findingTexts;

TEST(ReplayDivergence, IsOneFindingALineHoweverManyNumbersDiffer) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (9 bytes, FINAL)\n");
    EXPECT_EQ(analysis->replay.contradictions.size(), 2U);
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("replay-divergence:0:0x10:g1:1 line 2: candidate 2"));
}

TEST(ReplayDivergence, IsNumberedWithinItsAddress) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 32 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::ReplayDivergence),
                ElementsAre("replay-divergence:0:0x10:g2:1 line 2: candidate 2",
                            "replay-divergence:0:0x10:g3:2 line 3: candidate 3",
                            "replay-divergence:0:0x20:g1:1 line 4: candidate 4"));
}

TEST(ReplayDivergence, OfASweepHasNoAddress) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   PID 1 is dead, removing its buffers...\n"
                                     "   Removed 5 buffers (0 MB) from PID 1\n"
                                     "   PID 1 is dead, removing its buffers...\n"
                                     "   Removed 5 buffers (0 MB) from PID 1\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::ReplayDivergence),
                ElementsAre("replay-divergence:1 line 3: candidate 3", "replay-divergence:2 line 5: candidate 5"));
}

constexpr std::string_view kTwoSums = "✓ [PID 7] Allocated 16 bytes of L1 on device 0 (buffer_id=16)\n"
                                      "📋 Remaining allocated buffers:\n"
                                      "Total remaining buffers: 2\n"
                                      "✓ [PID 7] Allocated 16 bytes of L1 on device 0 (buffer_id=32)\n"
                                      "📋 Remaining allocated buffers:\n"
                                      "Total remaining buffers: 3\n";

// Once false, it is false in each later block: nothing more is to be learned from them.
TEST(ReplayDivergence, OfASumIsToldOnceWhereItFirstDeparts) {
    const auto analysis = analyseLog(kTwoSums);
    const Findings& findings = analysis->findings;
    std::vector<std::string> sums;
    for (const Finding& finding : findings.rows) {
        if (const FailedCheck* sum = findings.sumOf(finding); sum != nullptr && sum->kind == CheckKind::RemainingTotal)
            sums.push_back(fmt::format("{} {}", sum->line, sum->sentence()));
    }
    EXPECT_EQ(findings.ledger.failed[static_cast<std::size_t>(CheckKind::RemainingTotal)], 2U);
    EXPECT_THAT(sums, ElementsAre(testing::HasSubstr("expected 1, the log has 2")));
    EXPECT_THAT(sums, ElementsAre(testing::StartsWith("3 ")));
}

TEST(ReplayDivergence, SumsAndLinesOfSweepsAreToldApart) {
    const auto analysis = analyseLog(std::string(kTwoSums) + "   PID 7 is dead, removing its buffers...\n"
                                     + "   Removed 5 buffers (0 MB) from PID 7\n");
    const Findings& findings = analysis->findings;
    std::size_t sweeps = 0;
    std::size_t sums = 0;
    for (const Finding& finding : findings.rows) {
        if (finding.kind != static_cast<std::uint8_t>(FindingKind::ReplayDivergence)) continue;
        ++(findings.sumOf(finding) != nullptr ? sums : sweeps);
        EXPECT_EQ(findings.sumOf(finding) == nullptr, !findings.rolesOf(finding).empty());
    }
    EXPECT_EQ(sweeps, 1U);
    EXPECT_EQ(sums, findings.sums.failures.size());
    EXPECT_GE(sums, 1U);
}

TEST(ReplayDivergence, OfAClusterIsOneRowForAllSums) {
    const auto analysis = analyseLog(kTwoSums);
    std::vector<std::string> sentences;
    for (const Cluster& cluster : analysis->findings.clusters) {
        if (cluster.signature == "replay-divergence sum") sentences.push_back(cluster.sentence);
    }
    EXPECT_THAT(sentences, ElementsAre(testing::HasSubstr("first at line 3")));
}

}  // namespace
}  // namespace alloclens
