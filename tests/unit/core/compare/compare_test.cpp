// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/compare.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/report/comparison.h"
#include "tests/unit/support/faults.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

using test::Buffer;
using test::Scenario;

constexpr std::uint64_t kPoolSize = 77'824;  ///< of no other buffer

enum class Pool { Absent, FreedOnce, FreedTwice };

/// A program that may have a pool of buffers, and may free it once more at its end.
std::shared_ptr<const Analysis> runWith(Pool pool, std::uint64_t seed, std::int32_t pid, int buffers = 40) {
    Scenario run(seed);
    run.program = pid;
    std::vector<Buffer> held;
    for (std::uint64_t i = 0; i < seed; ++i) static_cast<void>(run.newBuffer());  // all addresses shift
    for (int i = 0; i < buffers; ++i) {
        held.push_back(run.newBuffer());
        held.back().size = kPoolSize;
        held.back().memory = Memory::L1;
        if (pool != Pool::Absent) run.allocateOnAll(pid, held.back());
        test::workBeside(run, 5);
    }
    const auto freeAll = [&] {
        for (const Buffer& buffer : held) run.releaseOnAll(pid, buffer);
    };
    if (pool != Pool::Absent) freeAll();
    test::workBeside(run, 15);
    run.finish(pid);
    run.finish(test::kOther, false);
    if (pool == Pool::FreedTwice) freeAll();
    return run.analyse();
}

Comparison compared(const Analysis& before, const Analysis& after) {
    auto comparison = compareRuns(before, after, {});
    if (!comparison) test::stop("cancelled");
    return std::move(*comparison);
}

std::string stateOf(const Comparison& comparison, std::string_view signature) {
    for (const ComparedCluster& cluster : comparison.clusters) {
        if (cluster.signature == signature) return std::string(clusterStateName(cluster.state));
    }
    return "none";
}

constexpr std::string_view kPool = "double-free teardown-pool teardown";

TEST(Compare, AFaultThatIsGoneIsFixedOnlyWhereItsPathRan) {
    const auto before = runWith(Pool::FreedTwice, 1, 300);
    EXPECT_EQ(stateOf(compared(*before, *runWith(Pool::FreedOnce, 2, 7300)), kPool), "fixed");
    EXPECT_EQ(stateOf(compared(*before, *runWith(Pool::Absent, 2, 7300)), kPool), "not-exercised");
    EXPECT_EQ(stateOf(compared(*before, *runWith(Pool::FreedOnce, 2, 7300, 12)), kPool), "not-exercised")
        << "a run that did so little of it says nothing";
}

TEST(Compare, ProcessesAndAddressesMayDiffer) {
    const auto before = runWith(Pool::FreedTwice, 1, 300);
    EXPECT_EQ(stateOf(compared(*before, *runWith(Pool::FreedTwice, 5, 9000)), kPool), "same");
    EXPECT_EQ(stateOf(compared(*before, *runWith(Pool::FreedTwice, 5, 9000, 41)), kPool), "changed");
    EXPECT_EQ(stateOf(compared(*runWith(Pool::FreedOnce, 5, 9000), *before), kPool), "new");
}

TEST(Compare, ALogIsTheSameAsItself) {
    const auto analysis = runWith(Pool::FreedTwice, 3, 300);
    const Comparison comparison = compared(*analysis, *analysis);
    ASSERT_FALSE(comparison.clusters.empty());
    EXPECT_EQ(comparison.countOf[static_cast<std::size_t>(ClusterState::Same)], comparison.clusters.size());
}

TEST(Compare, BuffersNeverAllocatedAreNeverFixed) {
    Scenario with(1);
    test::olderThanTracker(with);
    Scenario without(1);
    test::workBeside(without, 300);
    const Comparison comparison = compared(*with.analyse(), *without.analyse());
    EXPECT_EQ(stateOf(comparison, "unknown-free older-than-tracker"), "not-exercised");
    EXPECT_EQ(comparison.countOf[static_cast<std::size_t>(ClusterState::Fixed)], 0U);
}

TEST(Compare, AReleaseIsNeededAndNotJustTheBuffer) {
    const auto before = runWith(Pool::FreedTwice, 1, 300);
    Scenario leaking(9);
    for (int i = 0; i < 40; ++i) {
        Buffer buffer = leaking.newBuffer();
        buffer.size = kPoolSize;
        buffer.memory = Memory::L1;
        leaking.allocateOnAll(leaking.program, buffer);
    }
    EXPECT_EQ(stateOf(compared(*before, *leaking.analyse()), kPool), "not-exercised");
}

TEST(Compare, ASentenceSaysHowManyClustersItStandsFor) {
    std::string log;
    for (const char* pid : {"100", "100", "200", "300"}) {
        log += fmt::format("[PID {}] Allocated 2048 bytes of L1 on device 0 (buffer_id={})\n", pid, 64 + log.size());
    }
    const auto analysis = test::analyseLog(log);
    const Comparison comparison = compared(*analysis, *analysis);
    ASSERT_EQ(comparison.clusters.size(), 1U) << "leaks of one size, whichever process";
    const ComparedCluster& leaks = comparison.clusters.front();
    EXPECT_EQ(leaks.after.count, 4U);
    EXPECT_EQ(leaks.after.clusters, 3U);
    EXPECT_EQ(comparedSentence(leaks), leaks.after.sentence + "; and 2 clusters like it");
    ComparedCluster gone = leaks;
    gone.after = {};
    gone.before.clusters = 1;
    EXPECT_EQ(comparedSentence(gone), gone.before.sentence);
}

TEST(Compare, ItsReportsSayTheSame) {
    const auto before = runWith(Pool::FreedTwice, 1, 300);
    const auto after = runWith(Pool::FreedOnce, 2, 7300);
    const Comparison comparison = compared(*before, *after);
    ComparisonInput input;
    input.comparison = &comparison;
    input.before = before.get();
    input.after = after.get();
    const auto written = [&](std::string_view format) {
        std::ostringstream out;
        findComparisonWriter(format)(input, out);
        return out.str();
    };
    EXPECT_THAT(written("text"), ::testing::HasSubstr("320 -> 0          double-free: 320 buffers freed once more"));
    EXPECT_THAT(written("text"), ::testing::HasSubstr("320 lifetimes of its memories and sizes in the second run"));
    EXPECT_THAT(written("json"), ::testing::HasSubstr("\"state\":\"fixed\""));
    EXPECT_THAT(written("json"), ::testing::HasSubstr("\"schema\": \"alloclens.compare/1\""));
    EXPECT_THAT(written("markdown"), ::testing::HasSubstr("| fixed | 320 | 0 | double-free: 320 buffers"));
    EXPECT_EQ(findComparisonWriter("sarif"), nullptr);
}

}  // namespace
}  // namespace alloclens
