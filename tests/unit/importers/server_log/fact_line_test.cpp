// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/fact_line.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// The fact's kind and the numbers that it has: "sweep-removed pid 7 count 3 amount 0.5".
std::string read(std::string_view line) {
    const auto fact = server_log::matchFact(line);
    if (!fact) return "none";
    std::string text(factKindName(fact->kind));
    if (fact->device != kNoDevice) text += fmt::format(" device {}", fact->device);
    if (fact->memory != Memory::Unknown) text += fmt::format(" {}", memoryName(fact->memory));
    if (fact->pid != kNoPid) text += fmt::format(" pid {}", fact->pid);
    if (fact->address != 0) text += fmt::format(" address {}", fact->address);
    if (fact->refCount != 0) text += fmt::format(" ref {}", fact->refCount);
    if (fact->count != 0) text += fmt::format(" count {}", fact->count);
    if (fact->amount != 0) text += fmt::format(" amount {}", fact->amount);
    if (fact->total != 0) text += fmt::format(" total {}", fact->total);
    return text;
}

TEST(FactLine, StatisticsOfTheServer) {
    EXPECT_EQ(read("📊 Current Statistics:"), "statistics-begin");
    EXPECT_EQ(read("  Device 4:"), "device-heading device 4");
    EXPECT_EQ(read("    Buffers: 163"), "statistics-count count 163");
    EXPECT_EQ(read("    DRAM: 26214400 bytes (25600 KB)"), "statistics-bytes DRAM amount 26214400 total 25600");
    EXPECT_EQ(read("    L1: 12288 bytes (12 KB)"), "statistics-bytes L1 amount 12288 total 12");
    EXPECT_EQ(read("    Total: 624640 bytes"), "statistics-bytes amount 624640");
    EXPECT_EQ(read("  Active allocations: 381"), "active-allocations count 381");
}

TEST(FactLine, StatisticsOfTheEnhancedServerAreInKilobytes) {
    EXPECT_EQ(read("    DRAM: 256 KB"), "statistics-bytes DRAM amount 262144");
    EXPECT_EQ(read("    L1: 0.5 KB"), "statistics-bytes L1 amount 512");
    EXPECT_EQ(read("    Total: 1.25829e+07 KB"), "statistics-bytes amount 12884889600");
}

TEST(FactLine, SweepsOfDeadProcesses) {
    EXPECT_EQ(read("⚠️  Detected dead processes, cleaning up orphaned buffers..."), "banner");
    EXPECT_EQ(read("   PID 20095 is dead, removing its buffers..."), "sweep-announced pid 20095");
    EXPECT_EQ(read("   ✓ Removed 246 buffers (494.428 MB) from PID 20095"),
              "sweep-removed pid 20095 count 246 amount 494.428");
    EXPECT_EQ(read("   ✓ Removed 0 buffers (0 MB) from PID 7"), "sweep-removed pid 7");
    EXPECT_EQ(read("   ✓ Removed 2 CBs (0.5 MB) from PID 7"), "sweep-counters pid 7 count 2 amount 0.5");
    EXPECT_EQ(read("   ✓ Removed 4 kernels (0.199219 MB) from PID 12345"),
              "sweep-counters pid 12345 ref 1 count 4 amount 0.199219");
}

TEST(FactLine, RemainingDump) {
    EXPECT_EQ(read("📋 Received DUMP_REMAINING request..."), "banner");
    EXPECT_EQ(read("║           REMAINING ALLOCATED BUFFERS                       ║"), "remaining-begin");
    EXPECT_EQ(read("╔══════════════════════╗"), "banner");
    EXPECT_EQ(read("Total tracked allocations: 381"), "remaining-total count 381");
    EXPECT_EQ(read("  TRACE: 1 buffers, 11.9238 MB total"), "remaining-memory TRACE count 1 amount 11.9238");
    EXPECT_EQ(read("  L1_SMALL: 2 buffers, 0.5 MB total"), "remaining-memory L1_SMALL count 2 amount 0.5");
    EXPECT_EQ(read("  L1: 218 buffers, 48.47 MB total"), "remaining-memory L1 count 218 amount 48.47");
    EXPECT_EQ(read("    - Buffer 0x3e363c80: 12210 KB (PID 919068, ref_count=1)"),
              "remaining-entry pid 919068 address 1043741824 ref 1 amount 12210");
    EXPECT_EQ(read("Total remaining buffers: 381"), "remaining-total count 381");
    EXPECT_EQ(read("✓ No buffers remaining - perfect cleanup!"), "banner");
    EXPECT_EQ(read("📋 DUMP_REMAINING complete."), "banner");
}

TEST(FactLine, HistoriesOfTheEnhancedServer) {
    EXPECT_EQ(read("   Last 5 events for this buffer:"), "banner");
    EXPECT_EQ(read("     FREE size=98304 pid=20198 ref=0"), "history-line pid 20198 amount 98304");
    EXPECT_EQ(read("     REUSE size=2048 pid=7 ref=2"), "history-line pid 7 ref 2 count 2 amount 2048");
    EXPECT_EQ(read("⚠ [PID 8] Buffer reused with DIFFERENT size: old=4096 new=2048 (buffer_id=8917728, device=6)"),
              "size-changed device 6 address 8917728 count 4096 amount 2048");
    EXPECT_EQ(read("⚠️  However, found 2 buffers that were DOUBLE-FREED during execution!"),
              "double-freed-count count 2");
    EXPECT_EQ(read("║           DOUBLE-FREED BUFFERS                              ║"), "double-freed");
    EXPECT_EQ(read("Buffer 0x1993440 on device 1:"), "double-freed-entry device 1 address 26817600");
    EXPECT_EQ(read("  Total allocs: 1, Total frees: 2"), "double-freed-totals ref 2 count 1");
    EXPECT_EQ(read("      History (allocs=3 frees=2):"), "history-totals ref 2 count 3");
    EXPECT_EQ(read("        ALLOC size=4096 pid=7 ref=1"), "history-line pid 7 ref 1 count 1 amount 4096");
}

TEST(FactLine, CircularBuffersAndKernels) {
    EXPECT_EQ(read("✓ [CB_ALLOC] Device 0: +0.25 MB (Total: 0.25 MB)"),
              "circular-buffer device 0 ref 1 amount 0.25 total 0.25");
    EXPECT_EQ(read("✗ [CB_FREE] Device 0: -0 MB (Total: 21.7494 MB)"), "circular-buffer device 0 ref 1 total 21.7494");
    EXPECT_EQ(read("✓ [KERNEL_LOAD] Device 0: +0.0546875 MB (Total: 0.109375 MB)"),
              "kernel device 0 ref 1 amount 0.0546875 total 0.109375");
    EXPECT_EQ(read("✗ [KERNEL_UNLOAD] Application kernel on Device 3: -2.5 MB (Total: 379.7 MB)"),
              "kernel device 3 ref 1 amount -2.5 total 379.7");
    EXPECT_EQ(read("✓ [KERNEL_LOAD] Fabric kernel on Device 0: +0.0546875 MB"), "kernel device 0 amount 0.0546875");
}

TEST(FactLine, KernelDump) {
    EXPECT_EQ(read("║           DETAILED KERNEL ALLOCATIONS                       ║"), "kernels-begin");
    EXPECT_EQ(read("  Total kernel allocations: 4"), "kernels-total count 4");
    EXPECT_EQ(read("📊 Device 0 - Total: 0.199219 MB (4 kernels)"),
              "kernels-of-device device 0 count 4 amount 0.199219");
    EXPECT_EQ(read("  │ Kernel ID: 0x5581"), "kernel-line");
    EXPECT_EQ(read("  │   Size:      51 KB"), "kernel-size amount 51");
    EXPECT_EQ(read("  └────"), "kernel-line");
    EXPECT_EQ(read("📋 DUMP_KERNELS complete."), "banner");
}

TEST(FactLine, DeviceDetection) {
    EXPECT_EQ(read("🔍 Device detection (using TT-Metal APIs):"), "detection-line");
    EXPECT_EQ(read("   Device 0: Wormhole_B0 (12GB DRAM, 102MB L1) [Local]"),
              "device-detected device 0 ref 102 count 12");
    EXPECT_EQ(read("   Total: 8 device(s) detected (4 local, 4 remote)"), "devices-detected count 8");
    EXPECT_EQ(read("   Total: 4 PCIe device(s) detected"), "devices-detected count 4");
    EXPECT_EQ(read("   Warning: Found 300 devices, limiting to 256"), "detection-line");
    EXPECT_EQ(read("   No PCIe devices detected"), "detection-line");
    EXPECT_EQ(read("   Topology: 4 local chip(s), 4 remote chip(s)"), "detection-line");
    EXPECT_EQ(read("   Warning: Could not query device 3: no hugepages"), "detection-line");
}

TEST(FactLine, AHeadingMayBeQuoted) {
    for (const std::string_view tail : {"\"", "\"}", "\\n\", \"stream\": \"stdout\"}", "</log>", " |", " \u2190 look"})
        EXPECT_EQ(read("x,\"  Device 4:" + std::string(tail)), "device-heading device 4") << tail;
    for (const std::string_view tail : {" 12 threads", " is busy", " [1] x", " (idle)", "7"})
        EXPECT_EQ(read("  Device 4:" + std::string(tail)), "none") << tail;
}

TEST(FactLine, StartsAndStops) {
    EXPECT_EQ(read("🚀 Allocation Server started"), "server-started");
    EXPECT_EQ(read("🚀 Enhanced Allocation Server started (with history tracking)"), "server-started count 1");
    EXPECT_EQ(read("🛑 Allocation Server stopped"), "server-stopped");
    EXPECT_EQ(read("   Listening on: /tmp/tt_allocation_server.sock"), "banner");
    EXPECT_EQ(read("🔄 Background cleanup thread started (checking every 10s)"), "banner");
}

TEST(FactLine, Complaints) {
    EXPECT_EQ(read("⚠ [PID 7] Invalid buffer_type 9 for buffer 4096 on device 0"), "invalid-message");
    EXPECT_EQ(read("⚠️  Invalid device_id 2657333 - ignoring message"), "invalid-message");
    EXPECT_EQ(read("⚠️  Invalid size 0 - ignoring message"), "invalid-message");
    EXPECT_EQ(read("Unknown message type: 200"), "invalid-message");
    EXPECT_EQ(read("Accept failed"), "invalid-message");
    EXPECT_EQ(read("⚠️  Too many consecutive errors (10) - closing connection (likely protocol mismatch)"),
              "protocol-mismatch");
}

TEST(FactLine, BlankLinesBelongToTheServersBlocks) {
    EXPECT_EQ(read(""), "banner");
    EXPECT_EQ(read("  \t\r"), "banner");
}

TEST(FactLine, LinesOfOtherProgramsAreNone) {
    for (const std::string_view line :
         {"[36423ms] L1 Peak on device 0: 1 MB (39 buffers)", "=== L1 Memory Summary === device 0, program 4",
          "✓ Weights of layer 3 are on device 0", "Device 4 is warm", "Device x:", "Removed 3 files",
          "PID 7 is running", "CLEANUP FIXTURE: closing mesh with 3 open queues"}) {
        EXPECT_EQ(read(line), "none") << line;
    }
}

TEST(FactLine, NumbersOutOfRangeMakeNoFact) {
    EXPECT_EQ(read("   ✓ Removed 99999999999999999999 buffers (1 MB) from PID 7"), "none");
    EXPECT_EQ(read("   ✓ Removed 1 buffers (1 MB) from PID 99999999999"), "none");
    EXPECT_EQ(read("  Active allocations: 99999999999999999999"), "none");
    EXPECT_EQ(read("Buffer 0x10000000000000000 on device 1:"), "none");
}

}  // namespace
}  // namespace alloclens
