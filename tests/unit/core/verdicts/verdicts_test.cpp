// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/verdicts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// What is said of the only double free.
std::vector<std::string> evidenceOf(const Analysis& analysis) {
    const Findings& findings = analysis.findings;
    std::vector<std::string> sentences;
    for (std::size_t i = 0; i < findings.rows.size(); ++i) {
        const FindingId id(i);
        if (static_cast<FindingKind>(findings.row(id).kind) != FindingKind::DoubleFree) continue;
        const Verdict* verdict = findings.verdicts.of(id);
        if (verdict == nullptr) test::stop("a double free without a verdict");
        std::size_t count = 0;
        for (std::size_t k = 0; k < verdict->candidateCount; ++k)
            count += findings.verdicts.candidates[verdict->firstCandidate + k].evidence;
        for (std::size_t n = 0; n < count; ++n)
            sentences.push_back(evidenceSentence(findings.verdicts.evidence[verdict->firstEvidence + n]));
    }
    return sentences;
}

constexpr std::string_view kAllocated = "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n";
constexpr std::string_view kReleased = "[PID 7] Freed buffer 16 on device 0 (512 bytes, FINAL)\n";
constexpr std::string_view kOthers = "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=32)\n"
                                     "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=64)\n";
constexpr std::string_view kRefused =
    "[PID 7] Deallocation for unknown buffer 16 on device 0 (allocated before tracking started)\n";

TEST(Verdict, CountsWhatItsProcessAllocatedSinceTheRelease) {
    const auto analysis = test::analyseLog(fmt::format("{}{}{}{}", kAllocated, kReleased, kOthers, kRefused));
    EXPECT_THAT(evidenceOf(*analysis), Contains("its process made 2 allocations since the release"));
}

TEST(Verdict, CountsNothingSinceAReleaseThatTheLogLacks) {
    const auto analysis = test::analyseLog(fmt::format("{}{}{}", kAllocated, kOthers, kRefused));
    const auto evidence = evidenceOf(*analysis);
    EXPECT_THAT(evidence, Contains("sent by the owner itself"));
    EXPECT_THAT(evidence, Not(Contains(HasSubstr("since the release"))));
}

}  // namespace
}  // namespace alloclens
