// SPDX-License-Identifier: GPL-3.0-or-later
//
// What lines mean together: rows of blocks know their device, the first start is no restart, and a sweep happened even
// where its result line did not survive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

const PrintedFact& factAt(const Trace& trace, std::uint32_t line) {
    for (const PrintedFact& fact : trace.facts) {
        if (fact.line == line) return fact;
    }
    test::stop(fmt::format("no fact on line {}", line));
}

TEST(Stitch, RowsOfStatisticsKnowTheirDevice) {
    const auto trace = test::readLog("📊 Current Statistics:\n"
                                     "  Device 3:\n"
                                     "    Buffers: 2\n"
                                     "    DRAM: 8192 bytes (8 KB)\n"
                                     "  Device 5:\n"
                                     "    Buffers: 1\n"
                                     "  Active allocations: 3\n");
    EXPECT_EQ(factAt(*trace, 3).device, 3);
    EXPECT_EQ(factAt(*trace, 4).device, 3);
    EXPECT_EQ(factAt(*trace, 6).device, 5);
    EXPECT_EQ(factAt(*trace, 7).device, kNoDevice);
}

TEST(Stitch, EntriesOfADumpKnowTheirDeviceAndMemory) {
    const auto trace = test::readLog("║           REMAINING ALLOCATED BUFFERS                       ║\n"
                                     "Total tracked allocations: 2\n"
                                     "Device 1:\n"
                                     "  DRAM: 1 buffers, 1 MB total\n"
                                     "    - Buffer 0x10: 1024 KB (PID 7, ref_count=1)\n"
                                     "  L1: 1 buffers, 0.5 MB total\n"
                                     "    - Buffer 0x20: 512 KB (PID 7, ref_count=2)\n"
                                     "Total remaining buffers: 2\n");
    EXPECT_EQ(factAt(*trace, 5).device, 1);
    EXPECT_EQ(factAt(*trace, 5).memory, Memory::Dram);
    EXPECT_EQ(factAt(*trace, 7).memory, Memory::L1);
    EXPECT_EQ(factAt(*trace, 7).address, 0x20U);
}

TEST(Stitch, TheFirstStartOfAServerIsNoRestart) {
    const auto trace = test::readLog("🚀 Allocation Server started\n"
                                     "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("2: allocation 0:16 L1 pid 1 size 4"));
}

TEST(Stitch, AStartBehindEventsIsARestart) {
    const auto trace = test::readLog("[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "🚀 Allocation Server started\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "2: restart pid none size none"));
}

TEST(Stitch, ASweepIsAnEventOfItsProcess) {
    const auto trace = test::readLog("[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   PID 7 is dead, removing its buffers...\n"
                                     "   ✓ Removed 1 buffers (3.8147e-06 MB) from PID 7\n");
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("1: allocation 0:16 L1 pid 7 size 4", "3: sweep pid 7 size 1"));
}

TEST(Stitch, ASweepWhoseResultIsLostHappenedAllTheSame) {
    const auto trace = test::readLog("[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   PID 7 is dead, removing its buffers...\n"
                                     "   ✓ Remov[12ms] another program\n"
                                     "[PID 8] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("1: allocation 0:16 L1 pid 7 size 4", "2: sweep pid 7 size none",
                                                      "4: allocation 0:16 L1 pid 8 size 4"));
}

TEST(Stitch, TheResultOfASweepIsFoundBehindLinesOfOthers) {
    const auto trace = test::readLog("[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   PID 7 is dead, removing its buffers...\n"
                                     "[12ms] another program\n"
                                     "Unknown message type: 4\n"
                                     "   ✓ Removed 1 buffers (3.8147e-06 MB) from PID 7\n");
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("1: allocation 0:16 L1 pid 7 size 4", "5: sweep pid 7 size 1"));
}

TEST(Stitch, ADeathOfAProcessThatOwnsNothingIsNoEvent) {
    const auto trace = test::readLog("[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   PID 8 is dead, removing its buffers...\n");
    EXPECT_EQ(trace->events.count(), 1U);
}

TEST(Stitch, ADeathWithoutAResultIsASweepEachTime) {
    std::string log;
    constexpr int kDeaths = 1'000;
    for (int i = 0; i < kDeaths; ++i) {
        log += fmt::format("[PID 7] Allocated 4 bytes of L1 on device 0 (buffer_id={})\n", i * 16);
        log += "PID 7 is dead, removing\n";
    }
    const auto trace = test::readLog(log);
    ASSERT_EQ(trace->events.count(), 2U * kDeaths);
    EXPECT_EQ(trace->events.kind[2 * kDeaths - 1], EventKind::Sweep);
    EXPECT_EQ(trace->events.line[2 * kDeaths - 1], 2U * kDeaths);
}

}  // namespace
}  // namespace alloclens
