// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is found does not depend on how many cores have looked for it.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <sched.h>
#include <string>

#include "core/base/parallel.h"
#include "tests/generator/generator.h"
#include "tests/support/one_core.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// All findings with what was judged of them, all clusters, and what the log's own sums say.
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
    const Ledger& ledger = findings.ledger;
    text += fmt::format("ledger {}: {} passed, {} failed\n", gradeName(ledger.grade), fmt::join(ledger.passed, " "),
                        fmt::join(ledger.failed, " "));
    for (const FailedCheck& failure : ledger.failures) text += failure.sentence() + '\n';
    return text;
}

class CoresOfShape : public ::testing::TestWithParam<test::TraceShape> {};

TEST_P(CoresOfShape, OneGivesWhatManyGive) {
    constexpr std::uint64_t kSize = 200'000;
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

TEST(Cores, SumsBehindALongStretchAreCheckedAlike) {
    generator::Recipe recipe;
    recipe.events = 300'000;
    recipe.statisticsEvery = 120'000;
    recipe.dumpEvery = 0;
    recipe.rejectedShare = 0;
    const std::string log = generator::generate(recipe).log;
    const auto many = test::analyseLog(log);
    EXPECT_EQ(many->findings.ledger.allFailed(), 0U);
    EXPECT_GT(many->findings.ledger.passed[static_cast<std::size_t>(CheckKind::ActiveAllocations)], 0U);
    const test::OnOneCore bound;
    ASSERT_EQ(coreCount(), 1U);
    EXPECT_TRUE(textOf(*test::analyseLog(log)) == textOf(*many));
}

/// Without every 400th line of a final free, as where lines were lost: the next free ends the lifetime, and is refused.
std::string withLostReleases(std::string_view log) {
    constexpr int kStep = 400;
    std::string rest;
    int releases = 0;
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = log.find('\n', begin) + 1;
        const std::string_view line = log.substr(begin, end - begin);
        if (!line.ends_with(", FINAL)\n") || ++releases % kStep != 0) rest += line;
        begin = end;
    }
    return rest;
}

TEST(Cores, WhatIsCountedOfProcessesIsAddedUpAlike) {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G3;
    recipe.seed = 5;
    recipe.events = 650'000;  // more than two shares of 2^18
    recipe.foreignLines = true;
    const std::string log = withLostReleases(generator::generate(recipe).log);
    const auto many = test::analyseLog(log);
    ASSERT_GT(many->trace->events.count(), std::size_t{1} << 19);
    const test::OnOneCore bound;
    ASSERT_EQ(coreCount(), 1U);
    EXPECT_TRUE(textOf(*test::analyseLog(log)) == textOf(*many));
}

INSTANTIATE_TEST_SUITE_P(Shape, CoresOfShape,
                         ::testing::Values(test::TraceShape::Deaths, test::TraceShape::Refusals,
                                           test::TraceShape::Mesh),
                         [](const auto& shape) { return std::string(test::traceShapeName(shape.param)); });

}  // namespace
}  // namespace alloclens
