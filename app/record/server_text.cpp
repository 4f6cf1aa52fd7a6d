// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/server_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace alloclens::record {
namespace {

constexpr double kMb = 1024.0 * 1024.0;

double inMb(std::uint64_t bytes) { return static_cast<double>(bytes) / kMb; }

template <typename Number>
void append(std::string& to, Number value, int base = 10) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, base).ptr;
    to.append(digits, static_cast<std::size_t>(end - digits));
}

void appendHex(std::string& to, std::uint64_t value) {
    to += "0x";
    append(to, value, 16);
}

void appendHead(std::string& to, std::string_view symbol, std::int32_t pid) {
    to += symbol;
    to += " [PID ";
    append(to, pid);
    to += "] ";
}

void appendAllocation(const TracePart::Event& event, std::string& to) {
    appendHead(to, "✓", event.pid);
    to += "Allocated ";
    append(to, event.size);
    to += " bytes of ";
    to += memoryName(event.memory);
    to += " on device ";
    append(to, event.key.device);
    to += " (buffer_id=";
    appendHex(to, event.key.address);
    if (event.refCount > 0) {
        to += ", ref_count=";
        append(to, event.refCount);
    }
    to += ")\n";
}

void appendFree(const TracePart::Event& event, std::string& to) {
    appendHead(to, "✗", event.pid);
    to += "Freed buffer ";
    appendHex(to, event.key.address);
    to += " on device ";
    append(to, event.key.device);
    to += " (";
    append(to, event.size);
    if (event.kind == EventKind::FinalFree) {
        to += " bytes, FINAL)\n";
    } else {
        to += " bytes, ref_count=";
        append(to, event.refCount);
        to += " remaining)\n";
    }
}

void appendRefusal(const TracePart::Event& event, Voice voice, std::string& to) {
    appendHead(to, "⚠", event.pid);
    to += "Deallocation for unknown buffer ";
    appendHex(to, event.key.address);
    to += " on device ";
    append(to, event.key.device);
    to += voice == Voice::Enhanced ? " (never tracked or allocated before server started)\n"
                                   : " (allocated before tracking started)\n";
}

std::string_view kernelTypeName(std::uint8_t type) {
    switch (type) {
    case 0: return "Application";
    case 1: return "Fabric";
    case 2: return "Dispatch";
    default: return "Unknown";
    }
}

}  // namespace

void appendEventLine(const TracePart::Event& event, Voice voice, std::string& to) {
    switch (event.kind) {
    case EventKind::Allocation: appendAllocation(event, to); break;
    case EventKind::PartialFree:
    case EventKind::FinalFree: appendFree(event, to); break;
    case EventKind::RefusedFree: appendRefusal(event, voice, to); break;
    case EventKind::Sweep:
    case EventKind::Restart: break;
    }
}

std::string circularBufferLine(bool isGain, std::int32_t device, std::uint64_t size, std::uint64_t total) {
    return fmt::format("{} Device {}: {}{:g} MB (Total: {:g} MB)\n", isGain ? "✓ [CB_ALLOC]" : "✗ [CB_FREE]", device,
                       isGain ? '+' : '-', inMb(size), inMb(total));
}

std::string kernelLine(bool isGain, std::uint8_t type, std::int32_t device, std::uint64_t size, std::uint64_t total) {
    return fmt::format("{} {} kernel on Device {}: {}{:g} MB (Total: {:g} MB)\n",
                       isGain ? "✓ [KERNEL_LOAD]" : "✗ [KERNEL_UNLOAD]", kernelTypeName(type), device,
                       isGain ? '+' : '-', inMb(size), inMb(total));
}

std::string sweepText(std::int32_t pid, const Tracker::Removed& buffers,
                      const alloc_message::CodeMemory::Removed& others) {
    std::string text = fmt::format("\n⚠️  Detected dead processes, cleaning up orphaned buffers...\n"
                                   "   PID {0} is dead, removing its buffers...\n"
                                   "   ✓ Removed {1} buffers ({2:g} MB) from PID {0}\n",
                                   pid, buffers.entries, inMb(buffers.bytes));
    if (others.circularBuffers > 0) {
        text += fmt::format("   ✓ Removed {} CBs ({:g} MB) from PID {}\n", others.circularBuffers,
                            inMb(others.circularBufferBytes), pid);
    }
    if (others.kernels > 0) {
        text += fmt::format("   ✓ Removed {} kernels ({:g} MB) from PID {}\n", others.kernels, inMb(others.kernelBytes),
                            pid);
    }
    return text + '\n';
}

std::string startText(Voice voice, const std::string& socketPath, const DeviceList& devices) {
    if (voice == Voice::Enhanced) {
        return fmt::format("🚀 Enhanced Allocation Server started (with history tracking)\n   Listening on: {}\n",
                           socketPath);
    }
    std::string text = "🔍 Device detection (all chips via ClusterDescriptor, no hugepages):\n";
    std::size_t local = 0;
    std::size_t remote = 0;
    for (const Device& device : devices) {
        if (device.isAvailable) ++(device.isRemote ? remote : local);
    }
    if (local + remote == 0) {
        text += "   No devices detected\n   Server will track allocations anyway\n";
    } else {
        text += fmt::format("   Topology: {} local chip(s), {} remote chip(s)\n", local, remote);
        for (std::size_t i = 0; i < devices.size(); ++i) {
            const Device& device = devices[i];
            if (!device.isAvailable) continue;
            text += fmt::format("   Device {}: {} ({}GB DRAM, {}MB L1) {}\n", i, architectureName(device.architecture),
                                device.dramBytes >> 30, device.l1Bytes >> 20,
                                device.isRemote ? "[Remote Ethernet]" : "[Local PCIe]");
        }
        text += fmt::format("   Total: {} device(s) detected ({} local, {} remote)\n", local + remote, local, remote);
        if (remote > 0) text += "   Note: Remote chip specs from topology (hugepages needed for telemetry)\n";
    }
    return text
           + fmt::format("🚀 Allocation Server started\n   Listening on: {}\n   Press Ctrl+C to stop\n"
                         "🔄 Background cleanup thread started (checking every 10s)\n",
                         socketPath);
}

std::string stopText(Voice voice) {
    std::string text = voice == Voice::Enhanced ? "" : "🔄 Background cleanup thread stopped\n";
    return text + "\n🛑 Allocation Server stopped\n";
}

std::string alreadyFreedText(std::int32_t pid, const AddressKey& key, const History& history) {
    std::string text = fmt::format(
        "⚠ [PID {}] Deallocation for ALREADY FREED buffer 0x{:x} on device {} (allocs={} frees={})\n"
        "   Last 5 events for this buffer:\n",
        pid, key.address, key.device, history.allocations, history.frees + 1);
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, history.events.size()); ++i) {
        text += "     " + pastEventText(history.events[history.events.size() - 1 - i]) + '\n';
    }
    return text;
}

std::string sizeChangedLine(std::int32_t pid, const AddressKey& key, std::uint64_t before, std::uint64_t now) {
    return fmt::format("⚠ [PID {}] Buffer reused with DIFFERENT size: old={} new={} (buffer_id={}, device={})\n", pid,
                       before, now, key.address, key.device);
}

}  // namespace alloclens::record
