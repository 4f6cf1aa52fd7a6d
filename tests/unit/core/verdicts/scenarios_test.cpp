// SPDX-License-Identifier: GPL-3.0-or-later
//
// Precision and recall by cause: runs whose faults have a known cause, near misses beside them. What the tests print is
// what docs/verdicts.md has in its tables.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <iostream>

#include "core/verdicts/causes.h"
#include "tests/unit/support/faults.h"

namespace alloclens {
namespace {

using test::Fault;
using test::Scenario;

constexpr std::uint64_t kSeeds = 5;

/// What became of the refused frees of each cause.
using Confusion = std::array<std::array<int, kCauseCount>, kCauseCount>;

void judge(const Fault& fault, std::uint64_t seed, Confusion& confusion) {
    Scenario run(seed, fault.rules);
    if (fault.cause != Cause::OlderThanTracker) test::workBeside(run, 30);
    fault.run(run);
    run.finish(run.program);
    run.finish(test::kOther, false);
    const auto analysis = run.analyse();
    const Findings& findings = analysis->findings;
    ASSERT_EQ(findings.verdicts.rows.size(), run.refusedFrees()) << fault.name;
    ASSERT_GT(run.refusedFrees(), 0U) << fault.name;
    for (const Verdict& verdict : findings.verdicts.rows) {
        const std::uint32_t line = analysis->trace->events.line[findings.row(verdict.finding).primary.index()];
        ASSERT_EQ(run.causeAt(line), fault.cause);
        ++confusion[static_cast<std::size_t>(fault.cause)][static_cast<std::size_t>(verdict.cause)];
        if (verdict.cause == fault.cause || verdict.confidence < kConfident) continue;
        ADD_FAILURE() << fault.name << ": a confident verdict is wrong: " << causeName(verdict.cause) << " "
                      << int{verdict.confidence} << " on line " << line;
        return;
    }
}

TEST(VerdictScenarios, EachCauseIsFoundAndNoneTakenForAnother) {
    Confusion confusion{};
    for (const Fault& fault : test::kFaults) {
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) judge(fault, seed, confusion);
    }
    std::cout << "| cause | refused frees | undetermined | recall | precision |\n|---|---|---|---|---|\n";
    for (std::size_t cause = 1; cause < kCauseCount; ++cause) {
        const std::string name(causeName(static_cast<Cause>(cause)));
        int all = 0;
        int named = 0;
        for (std::size_t i = 0; i < kCauseCount; ++i) {
            all += confusion[cause][i];
            named += confusion[i][cause];
        }
        const int right = confusion[cause][cause];
        ASSERT_GT(all, 0) << name << " has no scenario";
        EXPECT_GE(right, 0.95 * all) << name;
        EXPECT_GE(right, 0.95 * named) << name;
        std::cout << fmt::format("| `{}` | {} | {} | {:.3f} | {:.3f} |\n", name, all, confusion[cause][0],
                                 static_cast<double>(right) / all, static_cast<double>(right) / std::max(named, 1));
    }
}

TEST(VerdictScenarios, WhatCannotBeToldApartIsNotJudgedConfidently) {
    std::cout << "| near miss | cause | refused frees | right | undetermined | another, not confident |\n"
                 "|---|---|---|---|---|---|\n";
    for (const Fault& fault : test::kNearMisses) {
        Confusion confusion{};
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) judge(fault, seed, confusion);
        const auto& row = confusion[static_cast<std::size_t>(fault.cause)];
        int all = 0;
        for (const int count : row) all += count;
        const int right = row[static_cast<std::size_t>(fault.cause)];
        std::cout << fmt::format("| {} | `{}` | {} | {} | {} | {} |\n", fault.name, causeName(fault.cause), all, right,
                                 row[0], all - right - row[0]);
    }
}

}  // namespace
}  // namespace alloclens
