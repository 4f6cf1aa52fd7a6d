// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sweeps drop all entries of a dead process, whatever their count and whoever still holds them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using test::analyseLog;
using test::keyOf;
using test::lifecycle;

constexpr std::string_view kDeath = "   PID 7 is dead, removing its buffers...\n";

TEST(Sweep, RemovesAllEntriesOfItsProcessAndOfNoOther) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 8] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                     "[PID 7] Allocated 8 bytes of DRAM on device 5 (buffer_id=48)\n"
                                     + std::string(kDeath) + "   Removed 2 buffers (0 MB) from PID 7\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AR");
    EXPECT_EQ(lifecycle(*analysis, 0, 32), "A");
    EXPECT_EQ(lifecycle(*analysis, 5, 48), "AR");
    EXPECT_EQ(analysis->replay.totals.swept, 2U);
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_TRUE(analysis->replay.address(keyOf(*analysis, 0, 16)).isUnreleased());
    EXPECT_FALSE(analysis->replay.address(keyOf(*analysis, 0, 16)).isLiveAtEnd);
}

TEST(Sweep, RemovesAnEntryThatIsStillReferenced) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     + std::string(kDeath) + "   Removed 1 buffers (0 MB) from PID 7\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AaR");
    EXPECT_EQ(analysis->replay.totals.swept, 1U) << "lifetimes, not references";
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(Sweep, DropsWhatALivingProcessStillHolds) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 8] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     + std::string(kDeath)
                                     + "   Removed 1 buffers (0 MB) from PID 7\n"
                                       "[PID 8] Deallocation for unknown buffer 16 on device 0\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AaRU");
    EXPECT_THAT(test::findingTexts(*analysis, FindingKind::FreeAfterSweep),
                ElementsAre("free-after-sweep:0:0x10:g1:1 line 5: allocated 1 swept 4 freed-again 5"));
}

TEST(Sweep, WhoseResultIsLostStillRemoves) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     + std::string(kDeath)
                                     + "   Remo\n"
                                       "[PID 8] Allocated 9 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "ARA");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty()) << "a count that was not read is not compared";
}

TEST(Sweep, OfAnotherNumberOfEntriesIsAContradiction) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   Removed 3 buffers (0 MB) from PID 7\n");
    EXPECT_THAT(test::contradictionTexts(*analysis), ElementsAre("line 2: sweep-count-differs 1 3"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AR");
}

TEST(Sweep, OfAProcessThatOwnsNothingRemovesNothing) {
    const auto analysis = analyseLog("[PID 8] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   Removed 0 buffers (0 MB) from PID 7\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "A");
    EXPECT_EQ(analysis->replay.totals.swept, 0U);
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(Sweep, OfAPidThatIsUsedAgainRemovesOnlyWhatIsLive) {
    const auto analysis = analyseLog("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   Removed 1 buffers (0 MB) from PID 7\n"
                                     "[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 7] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                     "   Removed 1 buffers (0 MB) from PID 7\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "ARAF");
    EXPECT_EQ(lifecycle(*analysis, 0, 32), "AR");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(Sweep, AppearsOnceInTheEventsOfEachKeyThatItRemoved) {
    std::string log;
    for (int i = 0; i < 50; ++i)
        log += fmt::format("[PID 7] Allocated 8 bytes of L1 on device 0 (buffer_id={})\n", i * 16);
    log += "[PID 7] Freed buffer 160 on device 0 (8 bytes, FINAL)\n"
           "   Removed 49 buffers (0 MB) from PID 7\n";
    const auto analysis = analyseLog(log);
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(lifecycle(*analysis, 0, static_cast<std::uint64_t>(i) * 16), i == 10 ? "AF" : "AR");
    }
    EXPECT_EQ(analysis->replay.totals.swept, 49U);
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
}

// Where sweeps are few, all keys are looked through; where they are many, each process has a list of its own.
TEST(Sweep, RemovesTheSameWhetherSweepsAreFewOrMany) {
    std::mt19937 random(11);
    std::string log;
    for (int i = 0; i < 8'000; ++i) {
        const auto pid = 7 + random() % 4;
        const auto device = random() % 2;
        const auto id = 16 * (1 + random() % 100);
        switch (random() % 400) {
        case 0: log += fmt::format("   PID {} is dead, removing its buffers...\n", pid); continue;
        case 1: log += "🚀 Allocation Server started\n"; continue;
        default: break;
        }
        switch (random() % 5) {
        case 0:
        case 1:
            log += fmt::format("[PID {}] Allocated 8 bytes of L1 on device {} (buffer_id={})\n", pid, device, id);
            break;
        case 2:
            log += fmt::format("[PID {}] Allocated 8 bytes of L1 on device {} (buffer_id={}, ref_count=2)\n", pid,
                               device, id);
            break;
        default: log += fmt::format("[PID {}] Freed buffer {} on device {} (8 bytes, FINAL)\n", pid, id, device); break;
        }
    }
    const auto few = analyseLog(log);
    for (int i = 0; i < 1'000; ++i) log += "   PID 99 is dead, removing its buffers...\n";
    const auto many = analyseLog(log);
    const Replay& a = few->replay;
    const Replay& b = many->replay;
    ASSERT_GT(a.totals.swept, 100U);
    EXPECT_EQ(a.totals.swept, b.totals.swept);
    EXPECT_EQ(a.unfreed, b.unfreed);
    ASSERT_EQ(a.addresses.size(), b.addresses.size());
    for (std::size_t i = 0; i < a.addresses.size(); ++i)
        EXPECT_EQ(a.lifecycle(AddressId(i)), b.lifecycle(AddressId(i))) << i;
    ASSERT_EQ(a.lifetimes.size(), b.lifetimes.size());
    std::vector<LifetimeId> unfreed;
    for (std::size_t i = 0; i < a.lifetimes.size(); ++i) {
        EXPECT_EQ(a.lifetimes.last(i), b.lifetimes.last(i)) << i;
        EXPECT_EQ(a.lifetimes.end(i), b.lifetimes.end(i)) << i;
        if (a.lifetimes.end(i) != LifetimeEnd::Freed) unfreed.emplace_back(i);
    }
    EXPECT_EQ(a.unfreed, unfreed);
}

}  // namespace
}  // namespace alloclens
