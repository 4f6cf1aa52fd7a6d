// SPDX-License-Identifier: GPL-3.0-or-later
//
// The blocks of lines that the server prints every ten seconds, at its end, and on request.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/record/server_text.h"

namespace alloclens::record {
namespace {

constexpr std::string_view kUpperEdge = "╔══════════════════════════════════════════════════════════════╗\n";
constexpr std::string_view kLowerEdge = "╚══════════════════════════════════════════════════════════════╝\n";

double inKb(std::uint64_t bytes) { return static_cast<double>(bytes) / 1024.0; }
double inMb(std::uint64_t bytes) { return static_cast<double>(bytes) / (1024.0 * 1024.0); }

std::string heading(std::string_view title) { return fmt::format("\n{}║{}║\n{}", kUpperEdge, title, kLowerEdge); }

// The server's numbering of memories.
constexpr std::array kOrder = {Memory::Dram, Memory::L1, Memory::SystemMemory, Memory::L1Small, Memory::Trace};

/// The buffers of one memory on one device: counts all, keeps the first to print.
struct Group {
    static constexpr std::size_t kShown = 10;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::vector<Tracker::Entry> shown;
};
using Groups = std::map<std::int32_t, std::array<Group, kOrder.size()>>;

Groups groupsOf(const Tracker& tracker) {
    Groups groups;
    tracker.visit([&groups](const Tracker::Entry& entry) {
        const auto at = std::find(kOrder.begin(), kOrder.end(), entry.memory);
        Group& group = groups[entry.key.device][static_cast<std::size_t>(at - kOrder.begin()) % kOrder.size()];
        ++group.count;
        group.bytes += entry.size;
        if (group.shown.size() <= Group::kShown) group.shown.push_back(entry);
    });
    for (auto& [device, memories] : groups) {
        for (Group& group : memories) {
            std::sort(group.shown.begin(), group.shown.end(),
                      [](const auto& a, const auto& b) { return a.key < b.key; });
        }
    }
    return groups;
}

void appendEntry(const Tracker::Entry& entry, const Histories* histories, std::string& to) {
    to += fmt::format("    - Buffer 0x{:x}: {:g} KB (PID {}, ref_count={})\n", entry.key.address, inKb(entry.size),
                      entry.owner, entry.refCount);
    if (histories == nullptr) return;
    const History* const known = histories->find(entry.key);
    if (known == nullptr) return;
    const History& history = *known;
    to += fmt::format("      History (allocs={} frees={}):\n", history.allocations, history.frees);
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, history.events.size()); ++i) {
        to += "        " + pastEventText(history.events[history.events.size() - 1 - i]) + '\n';
    }
}

}  // namespace

std::string pastEventText(const PastEvent& event) {
    static constexpr std::array<std::string_view, 3> kNames = {"ALLOC", "FREE", "REUSE"};
    return fmt::format("{} size={} pid={} ref={}", kNames[static_cast<std::size_t>(event.kind)], event.size, event.pid,
                       event.refCount);
}

std::string statisticsText(Voice voice, const Tracker& tracker) {
    std::string text = "\n📊 Current Statistics:\n";
    for (const auto& [device, totals] : tracker.totals()) {
        const auto of = [&t = totals](Memory memory) { return t.bytes[static_cast<std::size_t>(memory)]; };
        std::uint64_t total = 0;
        for (const Memory memory : kOrder) total += of(memory);
        if (total == 0 && totals.entries == 0) continue;
        text += fmt::format("  Device {}:\n    Buffers: {}\n", device, totals.entries);
        const std::uint64_t dram = of(Memory::Dram);
        const std::uint64_t l1 = of(Memory::L1);
        text += voice == Voice::Enhanced
                    ? fmt::format("    DRAM: {:g} KB\n    L1: {:g} KB\n    Total: {:g} KB\n", inKb(dram), inKb(l1),
                                  inKb(total))
                    : fmt::format("    DRAM: {} bytes ({:g} KB)\n    L1: {} bytes ({:g} KB)\n    Total: {} bytes\n",
                                  dram, inKb(dram), l1, inKb(l1), total);
    }
    return text + fmt::format("  Active allocations: {}\n", tracker.size());
}

std::string remainingText(const Tracker& tracker, const Histories* histories) {
    std::string text = heading("           REMAINING ALLOCATED BUFFERS                       ");
    text += fmt::format("Total tracked allocations: {}\n\n", tracker.size());
    if (tracker.size() == 0) {
        text += "✓ No buffers remaining - perfect cleanup!\n";
        if (histories == nullptr) return text;
        const auto count = std::count_if(histories->all().begin(), histories->all().end(),
                                         [](const auto& entry) { return entry.second.isDoubleFreed(); });
        if (count == 0) return text;
        return text
               + fmt::format("\n⚠️  However, found {} buffers that were DOUBLE-FREED during execution!\n", count)
               + doubleFreedText(*histories);
    }
    for (const auto& [device, memories] : groupsOf(tracker)) {
        text += fmt::format("Device {}:\n", device);
        for (std::size_t i = 0; i < kOrder.size(); ++i) {
            const Group& group = memories[i];
            if (group.count == 0) continue;
            text += fmt::format("  {}: {} buffers, {:g} MB total\n", memoryName(kOrder[i]), group.count,
                                inMb(group.bytes));
            if (group.count > Group::kShown) continue;
            for (const Tracker::Entry& entry : group.shown) appendEntry(entry, histories, text);
        }
        text += '\n';
    }
    return text + fmt::format("Total remaining buffers: {}\n\n", tracker.size());
}

std::string doubleFreedText(const Histories& histories) {
    std::string text = heading("           DOUBLE-FREED BUFFERS                              ") + '\n';
    std::map<AddressKey, const History*> sorted;
    for (const auto& [key, history] : histories.all()) {
        if (history.isDoubleFreed()) sorted.emplace(key, &history);
    }
    for (const auto& [key, history] : sorted) {
        text += fmt::format("Buffer 0x{:x} on device {}:\n  Total allocs: {}, Total frees: {}\n  History:\n",
                            key.address, key.device, history->allocations, history->frees);
        for (const PastEvent& event : history->events) text += "    " + pastEventText(event) + '\n';
        text += '\n';
    }
    return text;
}

std::string kernelsText(std::vector<std::pair<AddressKey, alloc_message::CodeMemory::Kernel>> kernels,
                        std::int64_t now) {
    std::sort(kernels.begin(), kernels.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text = heading("           DETAILED KERNEL ALLOCATIONS                       ");
    text += fmt::format("Total kernel allocations: {}\n", kernels.size());
    for (auto at = kernels.begin(); at != kernels.end();) {
        const std::int32_t device = at->first.device;
        const auto end = std::find_if(at, kernels.end(), [device](const auto& k) { return k.first.device != device; });
        std::uint64_t bytes = 0;
        for (auto kernel = at; kernel != end; ++kernel) bytes += kernel->second.size;
        text += fmt::format("\n📊 Device {} - Total: {:g} MB ({} kernels)\n", device, inMb(bytes),
                            std::distance(at, end));
        text += "  ┌─────────────────────────────────────────────────────────┐\n";
        for (; at != end; ++at) {
            constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
            const std::int64_t loaded = at->second.loaded;
            const std::int64_t age = loaded == kNoTime || loaded > now ? 0 : now - loaded;
            text += fmt::format(
                "  │ Kernel ID: 0x{:x}\n  │   Size:      {:g} KB\n  │   Owner PID: {}\n  │   Age:       {} seconds\n"
                "  │\n",
                at->first.address, inKb(at->second.size), at->second.owner, age / kNanosecondsPerSecond);
        }
        text += "  └─────────────────────────────────────────────────────────┘\n";
    }
    return text + "\n📋 DUMP_KERNELS complete.\n";
}

}  // namespace alloclens::record
