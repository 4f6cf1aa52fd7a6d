// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracker's rules, one after the other, on logs of a few lines.
#include "core/replay/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using test::analyseLog;
using test::keyOf;
using test::lifecycle;

std::string depths(const Analysis& analysis) {
    std::string text;
    for (const std::uint32_t depth : test::depths(analysis.replay)) text += std::to_string(depth);
    return text;
}

/// "g1 Freed 4" an so on: generation, end and bytes of a key's lifetimes.
std::string lifetimes(const Analysis& analysis, std::int32_t device, std::uint64_t address) {
    std::string text;
    for (const Lifetime& lifetime : analysis.replay.lifetimesOf(keyOf(analysis, device, address))) {
        text += fmt::format("{}g{} {} {}", text.empty() ? "" : ", ", lifetime.generation, lifetimeEndName(lifetime.end),
                            test::numberOr(lifetime.size, kNoSize));
    }
    return text;
}

TEST(Replay, EveryLetterOfALifecycle) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   Removed 1 buffers (0 MB) from PID 1\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AafFUAR");
    EXPECT_EQ(depths(*analysis), "1210010");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_EQ(lifetimes(*analysis, 0, 16), "g1 freed 8, g2 swept 8");
}

TEST(Replay, KeysAreDeviceAndAddress) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 1 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AF");
    EXPECT_EQ(lifecycle(*analysis, 1, 16), "A");
}

TEST(Replay, TheMemoryIsNoPartOfTheKey) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16, ref_count=2)\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "Aa");
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).memory, Memory::L1) << "the first allocation's";
}

TEST(Replay, AReuseBeginsANewGeneration) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 2] Allocated 9 bytes of DRAM on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (9 bytes, FINAL)\n");
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AFAF");
    EXPECT_EQ(lifetimes(*analysis, 0, 16), "g1 freed 8, g2 freed 9");
    EXPECT_TRUE(analysis->findings.rows.empty()) << "legitimate reuse is no finding";
}

TEST(Replay, ARefusedFreeBelongsToTheLifetimeThatHadEnded) {
    const auto analysis = analyseLog("[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Deallocation for unknown buffer 16 on device 0\n");
    EXPECT_FALSE(analysis->replay.lifetimeOf[0].isValid());
    EXPECT_EQ(analysis->replay.lifetimeOf[3], LifetimeId(0U));
    EXPECT_EQ(analysis->replay.lifetimeOf[4], LifetimeId(0U));
}

TEST(Replay, TheFirstSizeIsKept) {
    const auto analysis = analyseLog("[PID 1] Allocated 4096 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 2048 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (4096 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (4096 bytes, FINAL)\n");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).size, 4096U);
    EXPECT_EQ(analysis->replay.devices[0].peakLiveBytes, 4096U);
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
}

TEST(Replay, TheEnhancedServerKeepsTheLastSize) {
    const auto analysis = analyseLog(
        "🚀 Enhanced Allocation Server started (with history tracking)\n"
        "[PID 1] Allocated 4096 bytes of L1 on device 0 (buffer_id=0x10)\n"
        "[PID 1] Buffer reused with DIFFERENT size: old=4096 new=2048 (buffer_id=16, device=0)\n"
        "[PID 1] Allocated 2048 bytes of L1 on device 0 (buffer_id=0x10, ref_count=2)\n"
        "[PID 1] Freed buffer 0x10 on device 0 (2048 bytes, ref_count=1 remaining)\n"
        "[PID 1] Freed buffer 0x10 on device 0 (2048 bytes, FINAL)\n");
    EXPECT_TRUE(analysis->trace->rules.keepsLastSize);
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).size, 2048U);
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
}

TEST(Replay, TheOwnerIsTheFirstAllocator) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_EQ(analysis->trace->pid(analysis->replay.lifetime(LifetimeId(0U)).owner), 1);
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(Replay, ARestartOfTheServerEndsWhatIsOpen) {
    const auto analysis = analyseLog("🚀 Allocation Server started\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                     "🚀 Allocation Server started\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 2] Deallocation for unknown buffer 32 on device 0\n");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_EQ(lifetimes(*analysis, 0, 16), "g1 server-restarted 8, g2 freed 8");
    EXPECT_EQ(lifetimes(*analysis, 0, 32), "g1 server-restarted 8");
    EXPECT_EQ(lifecycle(*analysis, 0, 32), "AU") << "a restart is no event of a key";
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
    EXPECT_TRUE(analysis->replay.address(keyOf(*analysis, 0, 16)).isUnreleased());
    EXPECT_FALSE(analysis->replay.address(keyOf(*analysis, 0, 16)).isLiveAtEnd);
}

TEST(Replay, WithoutReferenceCountsTheFirstFreeEndsAnyDepth) {
    const auto analysis = analyseLog(
        "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16)\n"
        "[PID 1] Freed buffer 16 on device 0 (8 bytes)\n"
        "[PID 1] Deallocation for unknown buffer 16 on device 0 (allocated before tracking started)\n");
    EXPECT_FALSE(analysis->trace->rules.countsReferences);
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AaFU");
    EXPECT_EQ(depths(*analysis), "1200");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(Replay, WithoutReferenceCountsASecondAllocationReplacesTheEntry) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 100 bytes of DRAM on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (100 bytes)\n");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
    EXPECT_EQ(lifetimes(*analysis, 0, 16), "g1 freed 100");
    EXPECT_EQ(analysis->trace->pid(analysis->replay.lifetime(LifetimeId(0U)).owner), 2);
    EXPECT_EQ(analysis->replay.devices[0].peakLiveBytes, 100U);
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
}

TEST(Replay, ALogOfTheOldestServersWithoutDevicesIsFollowed) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 2 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 (8 bytes)\n"
                                     "⚠ Warning: Deallocation for unknown buffer 16\n"
                                     "⚠ Warning: Deallocation for unknown buffer 99\n");
    EXPECT_EQ(lifecycle(*analysis, 2, 16), "AFU");
    EXPECT_EQ(lifecycle(*analysis, kNoDevice, 99), "U");
    EXPECT_THAT(analysis->replay.contradictions, IsEmpty());
}

TEST(AddressSummary, SumsOfOneKey) {
    const auto analysis = analyseLog("[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=3)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=2 remaining)\n");
    const AddressSummary& address = analysis->replay.address(keyOf(*analysis, 0, 16));
    EXPECT_EQ(address.allocations, 3U);
    EXPECT_EQ(address.acceptedFrees, 1U);
    EXPECT_EQ(address.refusedFrees, 1U);
    EXPECT_EQ(address.peakDepth, 3U);
    EXPECT_EQ(address.lowestBalance, -1);
    EXPECT_EQ(address.finalBalance, 1);
    EXPECT_EQ(address.lifetimes, 1U);
    EXPECT_EQ(address.events, 5U);
    EXPECT_TRUE(address.isLiveAtEnd);
    EXPECT_TRUE(address.isOverFreed());
    EXPECT_TRUE(address.isUnreleased());
    EXPECT_FALSE(address.isBalanced());
}

TEST(AddressSummary, ALeakDoesNotHideARefusedFreeThoughTheWholeBalanceIsZero) {
    const auto analysis = test::analyseEndedLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                                "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                                "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                                "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n");
    const AddressSummary& address = analysis->replay.address(keyOf(*analysis, 0, 16));
    EXPECT_EQ(address.finalBalance, 0);
    EXPECT_EQ(address.lowestBalance, -1);
    EXPECT_TRUE(address.isOverFreed());
    EXPECT_TRUE(address.isUnreleased());
    EXPECT_FALSE(address.isBalanced());
    EXPECT_EQ(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::DoubleFree)], 1U);
    EXPECT_EQ(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::Leak)], 1U);
}

TEST(AddressSummary, WhatIsFreedAsOftenAsAllocatedIsBalanced) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_TRUE(analysis->replay.address(keyOf(*analysis, 0, 16)).isBalanced());
}

TEST(DeviceSummary, SumsOfADevice) {
    const auto analysis = analyseLog("[PID 1] Allocated 100 bytes of L1 on device 3 (buffer_id=16)\n"
                                     "[PID 1] Allocated 50 bytes of L1 on device 3 (buffer_id=32)\n"
                                     "[PID 1] Freed buffer 16 on device 3 (100 bytes, FINAL)\n"
                                     "[PID 1] Allocated 20 bytes of L1 on device 3 (buffer_id=16)\n"
                                     "[PID 1] Deallocation for unknown buffer 48 on device 3\n"
                                     "[PID 1] Deallocation for unknown buffer 48 on device 1\n");
    ASSERT_EQ(analysis->replay.devices.size(), 2U);
    EXPECT_EQ(analysis->replay.devices[0].device, 1);
    const DeviceSummary& device = analysis->replay.devices[1];
    EXPECT_EQ(device.device, 3);
    EXPECT_EQ(device.addresses, 3U);
    EXPECT_EQ(device.allocations, 3U);
    EXPECT_EQ(device.frees, 1U);
    EXPECT_EQ(device.unknownFrees, 1U);
    EXPECT_EQ(device.peakLiveBytes, 150U);
    EXPECT_EQ(device.endLiveBytes, 70U);
}

TEST(Replay, TotalsAddUp) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                     "   Removed 1 buffers (0 MB) from PID 1\n");
    const EventTotals& totals = analysis->replay.totals;
    EXPECT_EQ(totals.total, 7U);
    EXPECT_EQ(totals.allocations, 3U);
    EXPECT_EQ(totals.aliasedAllocations, 1U);
    EXPECT_EQ(totals.partialFrees, 1U);
    EXPECT_EQ(totals.finalFrees, 1U);
    EXPECT_EQ(totals.unknownFrees, 1U);
    EXPECT_EQ(totals.swept, 1U);
}

}  // namespace
}  // namespace alloclens
