// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's lines as its sources have them, written out here by hand.
#include "app/record/server_text.h"

#include <gtest/gtest.h>

#include "app/record/echo_output.h"
#include "app/record/server_state.h"

namespace alloclens::record {
namespace {

using alloc_message::Message;

class Server {
public:
    explicit Server(Voice voice = Voice::Poc) : m_voice(voice), m_server({voice, {}, true}) {}

    Server& message(int type, std::int32_t device, std::uint64_t address, std::uint64_t size, std::int32_t pid,
                    int bufferType = 0) {
        Message message;
        message.type = static_cast<std::uint8_t>(type);
        message.device = device;
        message.bufferId = address;
        message.size = size;
        message.pid = pid;
        message.bufferType = static_cast<std::uint8_t>(bufferType);
        m_server.take(message, {1'000'000'000, pid});
        return *this;
    }
    Server& allocate(std::uint64_t address, std::uint64_t size, std::int32_t pid, int bufferType = 0) {
        return message(1, 0, address, size, pid, bufferType);
    }
    Server& release(std::uint64_t address, std::int32_t pid) { return message(2, 0, address, 0, pid); }

    [[nodiscard]] ServerState& state() { return m_server; }
    /// What was printed since the last call.
    [[nodiscard]] std::string text() {
        std::string text;
        m_complaints.clear();
        appendBatchText(*m_server.takeBatch(), m_voice, text, m_complaints);
        return text;
    }
    [[nodiscard]] const std::string& complaints() const { return m_complaints; }

private:
    Voice m_voice;
    ServerState m_server;
    std::string m_complaints;
};

TEST(ServerText, EventLinesAreTheServers) {
    Server server;
    server.allocate(101152, 4096, 20117, 1).allocate(101152, 2048, 20131, 1);
    server.release(101152, 20131).release(101152, 20131).release(101152, 20131);
    EXPECT_EQ(
        server.text(),
        "✓ [PID 20117] Allocated 4096 bytes of L1 on device 0 (buffer_id=0x18b20)\n"
        "✓ [PID 20131] Allocated 2048 bytes of L1 on device 0 (buffer_id=0x18b20, ref_count=2)\n"
        "✗ [PID 20117] Freed buffer 0x18b20 on device 0 (4096 bytes, ref_count=1 remaining)\n"
        "✗ [PID 20117] Freed buffer 0x18b20 on device 0 (4096 bytes, FINAL)\n"
        "⚠ [PID 20131] Deallocation for unknown buffer 0x18b20 on device 0 (allocated before tracking started)\n");
}

TEST(ServerText, TheEnhancedServerTellsTheHistory) {
    Server server(Voice::Enhanced);
    server.allocate(0x100, 4096, 7).allocate(0x100, 2048, 8).release(0x100, 8).release(0x100, 7);
    server.release(0x100, 7).release(0x200, 7).release(0x200, 7);
    EXPECT_EQ(server.text(),
              "✓ [PID 7] Allocated 4096 bytes of DRAM on device 0 (buffer_id=0x100)\n"
              "⚠ [PID 8] Buffer reused with DIFFERENT size: old=4096 new=2048 (buffer_id=256, device=0)\n"
              "✓ [PID 8] Allocated 2048 bytes of DRAM on device 0 (buffer_id=0x100, ref_count=2)\n"
              "✗ [PID 7] Freed buffer 0x100 on device 0 (2048 bytes, ref_count=1 remaining)\n"
              "✗ [PID 7] Freed buffer 0x100 on device 0 (2048 bytes, FINAL)\n"
              "⚠ [PID 7] Deallocation for ALREADY FREED buffer 0x100 on device 0 (allocs=2 frees=3)\n"
              "   Last 5 events for this buffer:\n"
              "     FREE size=2048 pid=7 ref=0\n"
              "     FREE size=2048 pid=8 ref=1\n"
              "     REUSE size=2048 pid=8 ref=2\n"
              "     ALLOC size=4096 pid=7 ref=1\n"
              "⚠ [PID 7] Deallocation for unknown buffer 0x200 on device 0 (never tracked or allocated before server "
              "started)\n"
              "⚠ [PID 7] Deallocation for ALREADY FREED buffer 0x200 on device 0 (allocs=0 frees=2)\n"
              "   Last 5 events for this buffer:\n"
              "     FREE size=0 pid=7 ref=0\n");
}

TEST(ServerText, CountersOfCodeAreRoundedAsTheServerRounds) {
    Server server;
    server.message(8, 0, 1, 262144, 7).message(9, 0, 1, 0, 7);
    server.message(10, 3, 2, 2621440, 7, 0).message(10, 3, 3, 57344, 7, 1).message(11, 3, 3, 57344, 7, 9);
    server.message(11, 3, 99, 57344, 7, 9);  // never loaded: the server says nothing
    EXPECT_EQ(server.text(), "✓ [CB_ALLOC] Device 0: +0.25 MB (Total: 0.25 MB)\n"
                             "✗ [CB_FREE] Device 0: -0 MB (Total: 0.25 MB)\n"
                             "✓ [KERNEL_LOAD] Application kernel on Device 3: +2.5 MB (Total: 2.5 MB)\n"
                             "✓ [KERNEL_LOAD] Fabric kernel on Device 3: +0.0546875 MB (Total: 2.55469 MB)\n"
                             "✗ [KERNEL_UNLOAD] Fabric kernel on Device 3: -0.0546875 MB (Total: 2.5 MB)\n");
}

TEST(ServerText, ComplaintsGoToStandardError) {
    Server server;
    server.message(1, -1, 1, 4096, 7).message(1, 1000000000, 1, 4096, 7).message(1, 0, 1, 0, 7);
    server.message(1, 0, 1, (std::uint64_t{100} << 30) + 1, 7).message(1, 0, 17, 4096, 7, 5).message(4, 0, 0, 0, 7);
    EXPECT_EQ(server.text(), "");
    EXPECT_EQ(server.complaints(), "⚠️  Invalid device_id -1 - ignoring message\n"
                                   "⚠️  Invalid device_id 1000000000 - ignoring message\n"
                                   "⚠️  Invalid size 0 - ignoring message\n"
                                   "⚠️  Invalid size 107374182401 - ignoring message\n"
                                   "⚠️  Invalid buffer_type 5 for buffer 17 on device 0\n"
                                   "Unknown message type: 4\n");
    EXPECT_EQ(server.state().counts().invalid, 6U);
}

TEST(ServerText, ASweepIsPrintedAsABlock) {
    Server server;
    server.allocate(1, 2097152, 7).allocate(2, 1048576, 7).allocate(3, 512, 8).message(8, 0, 5, 524288, 7);
    (void)server.text();
    server.state().sweep(7, 5);
    server.state().sweep(9, 5);  // owned nothing
    EXPECT_EQ(server.text(), "\n⚠️  Detected dead processes, cleaning up orphaned buffers...\n"
                             "   PID 7 is dead, removing its buffers...\n"
                             "   ✓ Removed 2 buffers (3 MB) from PID 7\n"
                             "   ✓ Removed 1 CBs (0.5 MB) from PID 7\n\n");
}

TEST(ServerText, StatisticsAreTheServers) {
    Server server;
    server.message(1, 4, 1, std::uint64_t{12} << 30, 7).message(1, 4, 2, 2048, 7, 1).message(1, 4, 3, 1024, 7, 4);
    (void)server.text();
    server.state().printStatistics();
    EXPECT_EQ(server.text(), "\n📊 Current Statistics:\n"
                             "  Device 4:\n"
                             "    Buffers: 3\n"
                             "    DRAM: 12884901888 bytes (1.25829e+07 KB)\n"
                             "    L1: 2048 bytes (2 KB)\n"
                             "    Total: 12884904960 bytes\n"
                             "  Active allocations: 3\n");
}

TEST(ServerText, WhatRemainsIsListedByDeviceAndMemory) {
    Server server;
    server.allocate(0x2000, 4096, 7, 1).allocate(0x1000, 2048, 8, 1).message(1, 1, 16, 12503040, 7, 4);
    for (std::uint64_t i = 0; i < 11; ++i) server.message(1, 1, 0x10000 + i, 1048576, 7);
    (void)server.text();
    server.state().dumpRemaining();
    EXPECT_EQ(server.text(), "📋 Received DUMP_REMAINING request...\n"
                             "\n╔══════════════════════════════════════════════════════════════╗\n"
                             "║           REMAINING ALLOCATED BUFFERS                       ║\n"
                             "╚══════════════════════════════════════════════════════════════╝\n"
                             "Total tracked allocations: 14\n\n"
                             "Device 0:\n"
                             "  L1: 2 buffers, 0.00585938 MB total\n"
                             "    - Buffer 0x1000: 2 KB (PID 8, ref_count=1)\n"
                             "    - Buffer 0x2000: 4 KB (PID 7, ref_count=1)\n"
                             "\n"
                             "Device 1:\n"
                             "  DRAM: 11 buffers, 11 MB total\n"
                             "  TRACE: 1 buffers, 11.9238 MB total\n"
                             "    - Buffer 0x10: 12210 KB (PID 7, ref_count=1)\n"
                             "\n"
                             "Total remaining buffers: 14\n\n"
                             "📋 DUMP_REMAINING complete.\n");
}

TEST(ServerText, KernelsAreListedInBoxes) {
    Server server;
    server.message(10, 2, 0xabc, 46080, 7, 2);
    (void)server.text();
    server.state().dumpKernels(6'500'000'000);
    EXPECT_EQ(server.text(), "\n╔══════════════════════════════════════════════════════════════╗\n"
                             "║           DETAILED KERNEL ALLOCATIONS                       ║\n"
                             "╚══════════════════════════════════════════════════════════════╝\n"
                             "Total kernel allocations: 1\n"
                             "\n📊 Device 2 - Total: 0.0439453 MB (1 kernels)\n"
                             "  ┌─────────────────────────────────────────────────────────┐\n"
                             "  │ Kernel ID: 0xabc\n"
                             "  │   Size:      45 KB\n"
                             "  │   Owner PID: 7\n"
                             "  │   Age:       5 seconds\n"
                             "  │\n"
                             "  └─────────────────────────────────────────────────────────┘\n"
                             "\n📋 DUMP_KERNELS complete.\n");
}

TEST(ServerText, StartAndEndAreTheServers) {
    Server server;
    server.state().announceStart("/tmp/s", *devicesOfArchitecture("wormhole_b0", 1));
    server.state().announceStop();
    EXPECT_EQ(server.text(), "🔍 Device detection (all chips via ClusterDescriptor, no hugepages):\n"
                             "   Topology: 1 local chip(s), 0 remote chip(s)\n"
                             "   Device 0: Wormhole_B0 (12GB DRAM, 171MB L1) [Local PCIe]\n"
                             "   Total: 1 device(s) detected (1 local, 0 remote)\n"
                             "🚀 Allocation Server started\n"
                             "   Listening on: /tmp/s\n"
                             "   Press Ctrl+C to stop\n"
                             "🔄 Background cleanup thread started (checking every 10s)\n"
                             "🔄 Background cleanup thread stopped\n"
                             "\n🛑 Allocation Server stopped\n");
}

}  // namespace
}  // namespace alloclens::record
