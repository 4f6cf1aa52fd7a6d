// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is found does not depend on how many cores have looked for it.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <sched.h>
#include <string>

#include "core/base/parallel.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/support/one_core.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// All findings with what was judged of them, and all clusters.
std::string textOf(const Analysis& analysis) {
    const Findings& findings = analysis.findings;
    std::string text;
    for (std::size_t i = 0; i < findings.rows.size(); ++i) {
        const FindingId id(i);
        text += fmt::format("{} in {}", test::findingText(analysis, findings.row(id)),
                            findings.row(id).cluster.index());
        if (const Verdict* verdict = findings.verdicts.of(id)) {
            text += fmt::format(" {} {}:", causeName(verdict->cause), verdict->confidence);
            std::size_t evidence = verdict->firstEvidence;
            for (std::size_t k = 0; k < verdict->candidateCount; ++k) {
                const Candidate& candidate = findings.verdicts.candidates[verdict->firstCandidate + k];
                text += fmt::format(" {} {}", causeName(candidate.cause), candidate.confidence);
                for (std::size_t n = 0; n < candidate.evidence; ++n)
                    text += ", " + evidenceSentence(findings.verdicts.evidence[evidence++]);
            }
        }
        text += '\n';
    }
    for (const Cluster& cluster : findings.clusters) {
        text += fmt::format("{}: {} ({} of {}, devices {}, lines {} to {})\n", cluster.signature, cluster.sentence,
                            cluster.count, cluster.addresses, fmt::join(cluster.devices, " "), cluster.firstLine,
                            cluster.lastLine);
    }
    return text;
}

class Cores : public ::testing::TestWithParam<test::TraceShape> {};

TEST_P(Cores, OneGivesWhatManyGive) {
    constexpr std::uint64_t kSize = 100'000;  // so many findings that they are shared out
    const auto analysisOf = [&] {
        const auto analysis = analyse(test::makeTrace(GetParam(), kSize), {});
        if (!analysis) test::stop(analysis.error().sentence());
        return *analysis;
    };
    const auto many = analysisOf();
    ASSERT_GT(many->findings.rows.size(), 1000U);
    const test::OnOneCore bound;
    ASSERT_EQ(coreCount(), 1U);
    const auto one = analysisOf();
    EXPECT_TRUE(textOf(*one) == textOf(*many));
}

INSTANTIATE_TEST_SUITE_P(Shape, Cores,
                         ::testing::Values(test::TraceShape::Deaths, test::TraceShape::Refusals,
                                           test::TraceShape::Mesh),
                         [](const auto& shape) { return std::string(test::traceShapeName(shape.param)); });

}  // namespace
}  // namespace alloclens
