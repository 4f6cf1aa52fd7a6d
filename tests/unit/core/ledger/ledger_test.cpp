// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/ledger.h"

#include <gtest/gtest.h>

#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

Ledger ledgerOfLog(std::string_view log) {
    const auto analysis = test::analyseLog(log);
    auto ledger = makeLedger(analysis->replay, {});
    if (!ledger) test::stop(ledger.error().sentence());
    return *ledger;
}

std::uint64_t failedOf(const Ledger& ledger, CheckKind kind) { return ledger.failed[static_cast<std::size_t>(kind)]; }
std::uint64_t passedOf(const Ledger& ledger, CheckKind kind) { return ledger.passed[static_cast<std::size_t>(kind)]; }

/// "gaps 3 entry-exists": the grade, the first divergence's line and the name of the first failure.
std::string outcome(std::string_view log) {
    const Ledger ledger = ledgerOfLog(log);
    std::string text(gradeName(ledger.grade));
    if (ledger.firstDivergence) text += ' ' + std::to_string(ledger.firstDivergence->line);
    if (!ledger.failures.empty()) text += ' ' + std::string(checkInfo(ledger.failures.front().kind).name);
    return text;
}

constexpr std::string_view kStart = "🚀 Allocation Server started\n";
constexpr std::string_view kTwoLive = "✓ [PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=16)\n"
                                      "✓ [PID 8] Allocated 2048 bytes of DRAM on device 0 (buffer_id=32)\n";

/// A log with two live buffers and the statistics of them, from which a test takes one number away.
std::string statisticsLog(std::string_view dram, std::string_view total, std::string_view active) {
    std::string log(kStart);
    log += kTwoLive;
    log += "\n📊 Current Statistics:\n  Device 0:\n    Buffers: 2\n    DRAM: ";
    log += std::string(dram) + " bytes\n    L1: 4096 bytes (4 KB)\n    Total: " + std::string(total);
    return log + " bytes\n  Active allocations: " + std::string(active) + "\n";
}

using generator::Generation;

class GeneratedLedger : public ::testing::TestWithParam<std::tuple<Generation, int>> {};

TEST_P(GeneratedLedger, IsProven) {
    generator::Recipe recipe;
    recipe.generation = std::get<0>(GetParam());
    recipe.seed = static_cast<std::uint64_t>(std::get<1>(GetParam()));
    recipe.events = 3'000;
    recipe.statisticsEvery = 700;
    recipe.dumpEvery = 900;
    recipe.deaths = 2;
    recipe.foreignLines = recipe.seed % 2 == 0;
    const Ledger ledger = ledgerOfLog(generator::generate(recipe).log);
    EXPECT_EQ(ledger.grade, LedgerGrade::Proven);
    EXPECT_EQ(ledger.allFailed(), 0U);
    EXPECT_FALSE(ledger.firstDivergence) << ledger.firstDivergence->line << ": " << ledger.firstDivergence->what;
    EXPECT_GT(passedOf(ledger, CheckKind::StatisticsBytes), 0U);
}

INSTANTIATE_TEST_SUITE_P(AllGenerations, GeneratedLedger,
                         ::testing::Combine(::testing::Values(Generation::G0, Generation::G1, Generation::G1e,
                                                              Generation::G2, Generation::G3, Generation::G4,
                                                              Generation::G5),
                                            ::testing::Range(1, 9)));

TEST(Ledger, ALogWithoutSumsIsConsistentOnly) {
    EXPECT_EQ(outcome(std::string(kStart) + std::string(kTwoLive)), "consistent");
}

TEST(Ledger, SumsThatHoldMakeItProven) { EXPECT_EQ(outcome(statisticsLog("2048", "6144", "2")), "proven"); }

TEST(Ledger, ManyEventsBehindTheLastSumMakeItConsistentOnly) {
    std::string log = statisticsLog("2048", "6144", "2");
    log += "✓ [PID 8] Allocated 2048 bytes of DRAM on device 0 (buffer_id=64)\n";
    EXPECT_EQ(outcome(log), "consistent");
}

TEST(Ledger, BytesThatDifferWhileTheCountsHoldAreContradictory) {
    EXPECT_EQ(outcome(statisticsLog("2049", "6145", "2")), "contradictory 8 statistics-bytes");
}

TEST(Ledger, AnotherNumberOfLiveBuffersIsAGap) {
    EXPECT_EQ(outcome(statisticsLog("2048", "6144", "3")), "gaps 11 active-allocations");
}

TEST(Ledger, KilobytesMustBeThoseOfTheBytes) {
    std::string log = statisticsLog("2048", "6144", "2");
    log.replace(log.find("(4 KB)"), 6, "(5 KB)");
    EXPECT_EQ(outcome(log), "contradictory 9 statistics-kilobytes");
}

TEST(Ledger, AMissingRowOfStatisticsIsAGap) {
    std::string log = statisticsLog("2048", "6144", "2");
    std::string second = log.substr(log.find("\n📊"));
    second.erase(second.find("    L1: "), std::string_view("    L1: 4096 bytes (4 KB)\n").size());
    EXPECT_EQ(outcome(log + second), "gaps 18 statistics-block");
}

TEST(Ledger, AMissingDeviceOfStatisticsIsAGap) {
    std::string log(kStart);
    log += kTwoLive;
    log += "\n📊 Current Statistics:\n  Active allocations: 2\n";
    EXPECT_EQ(outcome(log), "gaps 6 statistics-devices");
}

TEST(Ledger, LinesThatAreLostAreGaps) {
    EXPECT_EQ(outcome("✗ [PID 7] Freed buffer 16 on device 0 (4096 bytes, FINAL)\n"), "gaps 1 entry-exists");
    EXPECT_EQ(outcome(std::string(kTwoLive) + "✗ [PID 8] Freed buffer 32 on device 0 (2048 bytes, FINAL)\n"
                      + std::string(kTwoLive)),
              "gaps 4 entry-exists");
    EXPECT_EQ(outcome(std::string(kTwoLive)
                      + "✓ [PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=16, ref_count=3)\n"),
              "gaps 3 reference-count");
}

TEST(Ledger, FalseNumbersOnAFreeAreContradictory) {
    EXPECT_EQ(outcome(std::string(kTwoLive) + "✗ [PID 7] Freed buffer 16 on device 0 (4095 bytes, FINAL)\n"),
              "contradictory 3 size-on-free");
    EXPECT_EQ(outcome(std::string(kTwoLive) + "✗ [PID 8] Freed buffer 16 on device 0 (4096 bytes, FINAL)\n"),
              "contradictory 3 owner-on-free");
}

TEST(Ledger, AnUnreadableLineIsAGapAndIsNamed) {
    const Ledger ledger = ledgerOfLog(std::string(kTwoLive) + "✓ [PID 7] Allocated 40\n");
    EXPECT_EQ(ledger.grade, LedgerGrade::Gaps);
    EXPECT_EQ(ledger.damaged, 1U);
    ASSERT_TRUE(ledger.firstDivergence);
    EXPECT_EQ(ledger.firstDivergence->line, 3U);
    EXPECT_EQ(ledger.gapLines, std::vector<std::uint32_t>{3});
}

std::string sweepLog(std::string_view result) {
    return std::string(kStart) + std::string(kTwoLive)
           + "✓ [PID 8] Allocated 512 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
             "\n⚠️  Detected dead processes, cleaning up orphaned buffers...\n"
             "   PID 7 is dead, removing its buffers...\n"
             "   ✓ Removed "
           + std::string(result) + " from PID 7\n\n";
}

TEST(Ledger, SweepsAreHeldToTheFirstSizesOfTheirEntries) {
    EXPECT_EQ(outcome(sweepLog("1 buffers (0.00390625 MB)")), "consistent");
    EXPECT_EQ(outcome(sweepLog("1 buffers (0.00390624 MB)")), "contradictory 8 sweep-bytes");
    EXPECT_EQ(outcome(sweepLog("2 buffers (0.00390625 MB)")), "gaps 8 sweep-entries");
}

TEST(Ledger, AnAnnouncedSweepWithoutResultIsAGap) {
    std::string log = sweepLog("1 buffers (0.00390625 MB)");
    log.erase(log.find("   ✓ Removed"));
    EXPECT_EQ(outcome(log + "🛑 Allocation Server stopped\n"), "gaps 8 sweep-announced");
}

std::string dumpLog(std::string_view rows) {
    return std::string(kStart) + std::string(kTwoLive)
           + "║           REMAINING ALLOCATED BUFFERS                       ║\n"
             "Total tracked allocations: 2\n\nDevice 0:\n"
           + std::string(rows) + "\nTotal remaining buffers: 2\n";
}

constexpr std::string_view kDramRows = "  DRAM: 1 buffers, 0.00195312 MB total\n"
                                       "    - Buffer 0x20: 2 KB (PID 8, ref_count=1)\n";

TEST(Ledger, EveryNumberOfADumpIsHeld) {
    const auto with = [](std::string_view l1) { return outcome(dumpLog(std::string(kDramRows) + std::string(l1))); };
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n    - Buffer 0x10: 4 KB (PID 7, ref_count=1)\n"), "proven");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390626 MB total\n    - Buffer 0x10: 4 KB (PID 7, ref_count=1)\n"),
              "contradictory 10 remaining-bytes");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n    - Buffer 0x10: 5 KB (PID 7, ref_count=1)\n"),
              "contradictory 11 remaining-entry-size");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n    - Buffer 0x10: 4 KB (PID 8, ref_count=1)\n"),
              "contradictory 11 remaining-entry-owner");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n    - Buffer 0x10: 4 KB (PID 7, ref_count=2)\n"),
              "gaps 11 remaining-entry-count");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n    - Buffer 0x11: 4 KB (PID 7, ref_count=1)\n"),
              "gaps 11 remaining-listed");
    EXPECT_EQ(with("  L1: 1 buffers, 0.00390625 MB total\n"), "gaps 12 remaining-listed");
    EXPECT_EQ(with(""), "gaps 11 remaining-buffers");
    EXPECT_EQ(with("  L1: 2 buffers, 0.00390625 MB total\n    - Buffer 0x10: 4 KB (PID 7, ref_count=1)\n"
                   "    - Buffer 0x10: 4 KB (PID 7, ref_count=1)\n"),
              "gaps 10 remaining-buffers");
}

TEST(Ledger, RunningTotalsOfCircularBuffersFollowFromTheirChanges) {
    const auto with = [](std::string_view last) {
        return outcome(std::string(kStart) + "✓ [CB_ALLOC] Device 0: +0.25 MB (Total: 0.25 MB)\n"
                       + "✓ [CB_ALLOC] Device 0: +100.333 MB (Total: 100.583 MB)\n"
                       + "✗ [CB_FREE] Device 0: -0.25 MB (Total: " + std::string(last) + " MB)\n");
    };
    EXPECT_EQ(with("100.333"), "consistent");
    EXPECT_EQ(with("100.335"), "gaps 4 circular-buffer-total");
}

TEST(Ledger, ASweepMayTakeCircularBuffersFromAnyDevice) {
    const auto with = [](std::string_view total) {
        return outcome(std::string(kStart) + "✓ [CB_ALLOC] Device 0: +1 MB (Total: 1 MB)\n"
                       + "✓ [CB_ALLOC] Device 1: +2 MB (Total: 2 MB)\n"
                       + "   PID 7 is dead, removing its buffers...\n   ✓ Removed 0 buffers (0 MB) from PID 7\n"
                       + "   ✓ Removed 1 CBs (0.5 MB) from PID 7\n"
                       + "✓ [CB_ALLOC] Device 0: +1 MB (Total: " + std::string(total) + " MB)\n");
    };
    EXPECT_EQ(with("2"), "consistent");
    EXPECT_EQ(with("1.5"), "consistent");
    EXPECT_EQ(with("1.25"), "gaps 7 circular-buffer-total");
}

TEST(Ledger, KernelDumpsAreHeldToTheirParts) {
    const auto with = [](std::string_view head, std::string_view rows) {
        return outcome(std::string(kStart) + "║           DETAILED KERNEL ALLOCATIONS                       ║\n"
                       + "Total kernel allocations: " + std::string(head) + "\n📊 Device 0 - Total: 0.5 MB (2 kernels)\n"
                       + std::string(rows) + "🛑 Allocation Server stopped\n");
    };
    const std::string kernel = "  │   Size:      256 KB\n";
    EXPECT_EQ(with("2", kernel + kernel), "consistent");
    EXPECT_EQ(with("3", kernel + kernel), "gaps 7 kernel-dump-count");
    EXPECT_EQ(with("2", kernel), "gaps 6 kernel-dump-count");
    EXPECT_EQ(with("2", kernel + "  │   Size:      255 KB\n"), "contradictory 7 kernel-dump-bytes");
}

TEST(Ledger, ACounterBelowZeroPrintsNearTwoToThe64) {
    EXPECT_EQ(outcome(std::string(kStart) + "✗ [CB_FREE] Device 0: -0.25 MB (Total: 1.75922e+13 MB)\n"
                      + "✓ [CB_ALLOC] Device 0: +0.5 MB (Total: 0.25 MB)\n"),
              "consistent");
}

TEST(Ledger, WhatTheEnhancedServerRemembersIsHeld) {
    const std::string head = "🚀 Enhanced Allocation Server started (with history tracking)\n"
                             "✓ [PID 7] Allocated 4096 bytes of L1 on device 0 (buffer_id=0x10)\n"
                             "✗ [PID 7] Freed buffer 0x10 on device 0 (4096 bytes, FINAL)\n";
    const auto with = [&head](std::string_view counts, std::string_view history) {
        return outcome(head + "⚠ [PID 9] Deallocation for ALREADY FREED buffer 0x10 on device 0 (" + std::string(counts)
                       + ")\n   Last 5 events for this buffer:\n" + std::string(history)
                       + "🛑 Allocation Server stopped\n");
    };
    const std::string freed = "     FREE size=4096 pid=3 ref=0\n";
    const std::string allocated = "     ALLOC size=4096 pid=7 ref=1\n";
    EXPECT_EQ(with("allocs=1 frees=2", freed + allocated), "consistent");
    EXPECT_EQ(with("allocs=1 frees=3", freed + allocated), "gaps 4 already-freed-counts");
    EXPECT_EQ(with("allocs=1 frees=2", freed), "gaps 7 history-lines");
    EXPECT_EQ(with("allocs=1 frees=2", freed + "     ALLOC size=4096 pid=8 ref=1\n"), "contradictory 7 history-event");
    EXPECT_EQ(with("allocs=1 frees=2", "     FREE size=4095 pid=3 ref=0\n" + allocated),
              "contradictory 6 history-event");
}

TEST(Ledger, ARestartedServerCountsFromNothing) {
    std::string log = statisticsLog("2048", "6144", "2");
    log += kStart;
    log += "✓ [PID 9] Allocated 4096 bytes of L1 on device 0 (buffer_id=16)\n"
           "\n📊 Current Statistics:\n  Device 0:\n    Buffers: 1\n    DRAM: 0 bytes (0 KB)\n    L1: 4096 bytes (4 KB)\n"
           "    Total: 4096 bytes\n  Active allocations: 1\n";
    EXPECT_EQ(outcome(log), "proven");
}

TEST(Ledger, EveryLineIsCountedOnce) {
    const Ledger ledger = ledgerOfLog(std::string(kStart) + std::string(kTwoLive) + "another program\n");
    EXPECT_EQ(ledger.totalLines, 4U);
    EXPECT_EQ(ledger.lines.events + ledger.lines.facts + ledger.lines.foreign + ledger.lines.damaged, 4U);
    EXPECT_EQ(failedOf(ledger, CheckKind::LinesAccounted), 0U);
}

TEST(Ledger, AnEmptyLogContradictsNothing) { EXPECT_EQ(outcome(kStart), "consistent"); }

TEST(Ledger, ACancelledTaskGivesNone) {
    const auto analysis = test::analyseLog(kTwoLive);
    std::stop_source stop;
    stop.request_stop();
    const auto ledger = makeLedger(analysis->replay, TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(ledger);
    EXPECT_EQ(ledger.error().kind, ErrorKind::Cancelled);
}

TEST(Ledger, FailuresBeyondThoseThatAreKeptAreCounted) {
    std::string log;
    for (int i = 0; i < 500; ++i) {
        log += "✗ [PID 7] Freed buffer " + std::to_string(16 * i) + " on device 0 (4096 bytes, FINAL)\n";
    }
    const Ledger ledger = ledgerOfLog(log);
    EXPECT_EQ(failedOf(ledger, CheckKind::EntryExists), 500U);
    EXPECT_EQ(failedOf(ledger, CheckKind::ConservationOfKey), 500U);
    EXPECT_LE(ledger.failures.size(), 2 * CheckList::kKeptPerKind + 1);
    EXPECT_EQ(ledger.firstDivergence->line, 1U);
}

}  // namespace
}  // namespace alloclens
