// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/fact_line.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "importers/server_log/cursor.h"
#include "importers/server_log/missing_lines.h"
#include "importers/server_log/word_filter.h"

namespace alloclens::server_log {
namespace {

using Found = std::optional<PrintedFact>;

constexpr std::string_view kSide = "\u2502";  ///< of the box around a kernel

struct Phrase {
    std::string_view words;
    FactKind kind;
};
constexpr std::array kCounterHeads = {
    Phrase{"[CB_ALLOC] ", FactKind::CircularBuffer},
    Phrase{"[CB_FREE] ", FactKind::CircularBuffer},
    Phrase{"[KERNEL_LOAD] ", FactKind::Kernel},
    Phrase{"[KERNEL_UNLOAD] ", FactKind::Kernel},
};
constexpr std::array kComplaints = {
    Phrase{"Unknown message type: ", FactKind::InvalidMessage},
    Phrase{"Invalid message type ", FactKind::InvalidMessage},
    Phrase{"Invalid buffer_type ", FactKind::InvalidMessage},
    Phrase{"Invalid device_id ", FactKind::InvalidMessage},
    Phrase{"Invalid size ", FactKind::InvalidMessage},
    Phrase{"Accept failed", FactKind::InvalidMessage},
    Phrase{"Too many consecutive errors (", FactKind::ProtocolMismatch},
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A cursor behind the first occurrence of `head`, or none.
std::optional<Cursor> behind(std::string_view text, std::string_view head) {
    const auto at = text.find(head);
    if (at == std::string_view::npos) return std::nullopt;
    return Cursor(text, at + head.size());
}

PrintedFact fact(FactKind kind) {
    PrintedFact result;
    result.kind = kind;
    return result;
}

//     - Buffer 0x3e363c80: 12210 KB (PID 919068, ref_count=1)
//   TRACE: 1 buffers, 11.9238 MB total
// Total tracked allocations: 381          Total remaining buffers: 381
Found matchRemaining(std::string_view text) {
    if (auto cursor = behind(text, "Buffer 0x"); cursor && contains(text, " KB (PID ")) {
        PrintedFact entry = fact(FactKind::RemainingEntry);
        const bool isWhole = cursor->number(entry.address, 16) && cursor->literal(": ") && cursor->real(entry.amount)
                             && cursor->literal(" KB (PID ") && cursor->number(entry.pid)
                             && cursor->literal(", ref_count=") && cursor->number(entry.refCount)
                             && cursor->literal(")");
        return isWhole ? Found(entry) : std::nullopt;
    }
    if (contains(text, " buffers, ") && contains(text, " MB total")) {
        for (const std::string_view name : {"DRAM", "L1_SMALL", "SYSTEM_MEMORY", "TRACE", "L1"}) {
            // What stands before the line may hold the name as well: "L12: " is the number of a line.
            const std::size_t at = text.rfind(name);
            if (at == std::string_view::npos) continue;
            Cursor cursor(text, at + name.size());
            PrintedFact total = fact(FactKind::RemainingMemory);
            total.memory = memoryFromName(name).value_or(Memory::Unknown);
            const bool isWhole = cursor.literal(": ") && cursor.number(total.count) && cursor.literal(" buffers, ")
                                 && cursor.real(total.amount);
            if (isWhole) return total;
        }
        return std::nullopt;
    }
    for (const std::string_view head : {"Total tracked allocations: ", "Total remaining buffers: "}) {
        if (auto cursor = behind(text, head)) {
            PrintedFact total = fact(FactKind::RemainingTotal);
            return cursor->number(total.count) ? Found(total) : std::nullopt;
        }
    }
    return std::nullopt;
}

//     DRAM: 26214400 bytes (25600 KB)      DRAM: 256 KB (enhanced)     Total: 624640 bytes
Found matchBytes(std::string_view text, std::string_view head, Memory memory) {
    auto cursor = behind(text, head);
    if (!cursor) return std::nullopt;
    PrintedFact bytes = fact(FactKind::StatisticsBytes);
    bytes.memory = memory;
    if (!cursor->real(bytes.amount)) return std::nullopt;
    if (cursor->literal(" KB")) {
        constexpr double kBytesPerKb = 1024;
        bytes.amount *= kBytesPerKb;
        return bytes;
    }
    if (!cursor->literal(" bytes")) return std::nullopt;
    if (cursor->literal(" (") && !(cursor->real(bytes.total) && cursor->literal(" KB)"))) bytes.total = 0;
    return bytes;
}

Found matchStatistics(std::string_view text) {
    if (auto cursor = behind(text, "Active allocations: ")) {
        PrintedFact active = fact(FactKind::ActiveAllocations);
        return cursor->number(active.count) ? Found(active) : std::nullopt;
    }
    if (auto cursor = behind(text, "Buffers: ")) {
        PrintedFact buffers = fact(FactKind::StatisticsBuffers);
        return cursor->number(buffers.count) ? Found(buffers) : std::nullopt;
    }
    if (contains(text, " bytes") || contains(text, " KB")) {
        if (auto found = matchBytes(text, "DRAM: ", Memory::Dram)) return found;
        if (auto found = matchBytes(text, "L1: ", Memory::L1)) return found;
        if (auto found = matchBytes(text, "Total: ", Memory::Unknown)) return found;
    }
    return std::nullopt;
}

//    Total: 8 PCIe device(s) detected
// 📊 Device 0 - Total: 0.199219 MB (4 kernels)
//   Device 4:                           heading of a device within a block
//    Device 0: Wormhole_B0 (12GB DRAM, 102MB L1) [Local]
// [36423ms] L1 Peak on device 0: ...    another program's: lower case
Found matchDevice(std::string_view text) {
    if (contains(text, "device(s) detected")) {
        auto cursor = behind(text, "Total: ");
        PrintedFact total = fact(FactKind::DevicesDetected);
        return cursor && cursor->number(total.count) ? Found(total) : std::nullopt;
    }
    auto cursor = behind(text, "Device ");
    if (!cursor) return std::nullopt;
    PrintedFact heading = fact(FactKind::DeviceHeading);
    if (!cursor->number(heading.device)) return std::nullopt;
    if (cursor->literal(" - Total: ")) {
        heading.kind = FactKind::KernelsOfDevice;
        const bool isWhole = cursor->real(heading.amount) && cursor->literal(" MB (") && cursor->number(heading.count)
                             && cursor->literal(" kernels)");
        return isWhole ? Found(heading) : std::nullopt;
    }
    if (!cursor->literal(":")) return std::nullopt;
    cursor->skipSpace();
    if (endsHeading(cursor->rest())) return heading;
    if (cursor->number(heading.count)) return cursor->literal(" buffers") ? Found(heading) : std::nullopt;
    std::string_view architecture;
    if (cursor->word(architecture) && cursor->literal(" (") && cursor->number(heading.count)
        && cursor->literal("GB DRAM, ") && cursor->number(heading.refCount) && cursor->literal("MB L1)")) {
        heading.kind = FactKind::DeviceDetected;
        return heading;
    }
    return std::nullopt;
}

//    PID 20095 is dead, removing its buffers...
//    ✓ Removed 246 buffers (494.428 MB) from PID 20095       also: CBs, kernels
Found matchSweep(std::string_view text) {
    if (auto cursor = behind(text, "Removed ")) {
        PrintedFact removed = fact(FactKind::SweepRemoved);
        if (!cursor->number(removed.count)) return std::nullopt;
        if (cursor->literal(" CBs (")) {
            removed.kind = FactKind::SweepCounters;
        } else if (cursor->literal(" kernels (")) {
            removed.kind = FactKind::SweepCounters;
            removed.refCount = 1;
        } else if (!cursor->literal(" buffers (")) {
            return std::nullopt;
        }
        const bool isWhole = cursor->real(removed.amount) && cursor->literal(" MB) from PID ")
                             && cursor->number(removed.pid);
        return isWhole ? Found(removed) : std::nullopt;
    }
    if (auto cursor = behind(text, "PID "); cursor && contains(text, " is dead, removing")) {
        PrintedFact announced = fact(FactKind::SweepAnnounced);
        return cursor->number(announced.pid) && cursor->literal(" is dead") ? Found(announced) : std::nullopt;
    }
    return std::nullopt;
}

// ✓ [CB_ALLOC] Device 0: +0.25 MB (Total: 0.25 MB)
// ✗ [KERNEL_UNLOAD] Application kernel on Device 0: -2.5 MB (Total: 379.7 MB)
Found matchCounter(std::string_view text) {
    for (const Phrase& head : kCounterHeads) {
        auto cursor = behind(text, head.words);
        if (!cursor) continue;
        PrintedFact counter = fact(head.kind);
        std::string_view type;
        const bool isTyped = !cursor->rest().starts_with("Device ");
        if (isTyped && !(cursor->word(type) && cursor->literal(" kernel on "))) continue;
        if (!cursor->literal("Device ") || !cursor->number(counter.device) || !cursor->literal(": ")) continue;
        const bool isGain = cursor->literal("+");  // a number takes its own minus
        if (!isGain && !cursor->rest().starts_with("-")) continue;
        if (!cursor->real(counter.amount) || !cursor->literal(" MB")) continue;
        if (cursor->literal(" (Total: ")) {
            if (!cursor->real(counter.total) || !cursor->literal(" MB)")) continue;
            counter.refCount = 1;
        }
        return counter;
    }
    return std::nullopt;
}

struct HistoryHead {
    std::string_view words;
    HistoryWord word;
};
constexpr std::array kHistoryHeads = {
    HistoryHead{"ALLOC size=", HistoryWord::Allocation},
    HistoryHead{"FREE size=", HistoryWord::Free},
    HistoryHead{"REUSE size=", HistoryWord::Reuse},
};

//      FREE size=98304 pid=20198 ref=0
//       History (allocs=2 frees=1):
// [PID 20198] Buffer reused with DIFFERENT size: old=4096 new=2048 (buffer_id=8917728, device=6)
// Buffer 0x1993440 on device 1:         Total allocs: 1, Total frees: 2
Found matchHistory(std::string_view text) {
    for (const HistoryHead& head : kHistoryHeads) {
        auto cursor = behind(text, head.words);
        if (!cursor) continue;
        PrintedFact past = fact(FactKind::HistoryLine);
        past.count = static_cast<std::uint64_t>(head.word);
        const bool isWhole = cursor->real(past.amount) && cursor->literal(" pid=") && cursor->number(past.pid)
                             && cursor->literal(" ref=") && cursor->number(past.refCount);
        return isWhole ? Found(past) : std::nullopt;
    }
    if (auto cursor = behind(text, "Buffer reused with DIFFERENT size: old=")) {
        PrintedFact changed = fact(FactKind::SizeChanged);
        const bool isWhole = cursor->number(changed.count) && cursor->literal(" new=") && cursor->real(changed.amount)
                             && cursor->literal(" (buffer_id=") && cursor->number(changed.address)
                             && cursor->literal(", device=") && cursor->number(changed.device) && cursor->literal(")");
        return isWhole ? Found(changed) : std::nullopt;
    }
    if (auto cursor = behind(text, "History (allocs=")) {
        PrintedFact totals = fact(FactKind::HistoryTotals);
        const bool isWhole = cursor->number(totals.count) && cursor->literal(" frees=")
                             && cursor->number(totals.refCount) && cursor->literal(")");
        return isWhole ? Found(totals) : std::nullopt;
    }
    if (contains(text, " buffers that were DOUBLE-FREED during execution")) {
        auto cursor = behind(text, "found ");
        PrintedFact found = fact(FactKind::DoubleFreedCount);
        return cursor && cursor->number(found.count) ? Found(found) : std::nullopt;
    }
    if (auto cursor = behind(text, "Total allocs: ")) {
        PrintedFact totals = fact(FactKind::DoubleFreedTotals);
        const bool isWhole = cursor->number(totals.count) && cursor->literal(", Total frees: ")
                             && cursor->number(totals.refCount);
        return isWhole ? Found(totals) : std::nullopt;
    }
    if (auto cursor = behind(text, "Buffer 0x")) {
        PrintedFact entry = fact(FactKind::DoubleFreedEntry);
        const bool isWhole = cursor->number(entry.address, 16) && cursor->literal(" on device ")
                             && cursor->number(entry.device) && cursor->literal(":");
        return isWhole ? Found(entry) : std::nullopt;
    }
    return std::nullopt;
}

//   Total kernel allocations: 4        │   Size:      12.5 KB
Found matchKernels(std::string_view text) {
    if (auto cursor = behind(text, "Total kernel allocations: ")) {
        PrintedFact total = fact(FactKind::KernelsTotal);
        return cursor->number(total.count) ? Found(total) : std::nullopt;
    }
    // Behind the side of a box, which a code page may have garbled. A tool may have made one blank of several.
    auto cursor = behind(text, "  Size:      ");
    if (!cursor && contains(text, kSide)) cursor = behind(text, " Size: ");
    if (cursor) {
        PrintedFact size = fact(FactKind::KernelSize);
        cursor->skipSpace();
        return cursor->real(size.amount) && cursor->literal(" KB") ? Found(size) : std::nullopt;
    }
    return std::nullopt;
}

Found matchComplaint(std::string_view text) {
    for (const Phrase& complaint : kComplaints) {
        if (contains(text, complaint.words)) return fact(complaint.kind);
    }
    return std::nullopt;
}

constexpr std::array kPhrases = {
    Phrase{"Enhanced Allocation Server started", FactKind::ServerStarted},
    Phrase{"Allocation Server started", FactKind::ServerStarted},
    Phrase{"Tracy Memory Monitor Server started", FactKind::Banner},
    Phrase{"Allocation Server stopped", FactKind::ServerStopped},
    Phrase{"Tracy Memory Monitor Server stopped", FactKind::ServerStopped},
    Phrase{"Current Statistics:", FactKind::StatisticsBegin},
    Phrase{"REMAINING ALLOCATED BUFFERS", FactKind::RemainingBegin},
    Phrase{"DOUBLE-FREED BUFFERS", FactKind::DoubleFreedBegin},
    Phrase{"DETAILED KERNEL ALLOCATIONS", FactKind::KernelsBegin}, Phrase{"\u2550\u2550\u2550", FactKind::Banner},
    Phrase{"Listening on: ", FactKind::Banner}, Phrase{"Press Ctrl+C to stop", FactKind::Banner},
    Phrase{"Server ready - waiting for connections", FactKind::Banner}, Phrase{"Client connected", FactKind::Banner},
    Phrase{"Interrupt received...", FactKind::Banner}, Phrase{"Background cleanup thread ", FactKind::Banner},
    Phrase{"Detected dead processes, cleaning up", FactKind::Banner},
    Phrase{"Received DUMP_REMAINING request", FactKind::Banner}, Phrase{"DUMP_REMAINING complete", FactKind::Banner},
    Phrase{"DUMP_KERNELS complete", FactKind::Banner},
    Phrase{"No buffers remaining - perfect cleanup", FactKind::Banner},
    Phrase{"that were DOUBLE-FREED during execution", FactKind::Banner},
    Phrase{"events for this buffer:", FactKind::Banner}, Phrase{"History (allocs=", FactKind::Banner},
    Phrase{"  History:", FactKind::Banner}, Phrase{"Device detection (", FactKind::DetectionLine},
    Phrase{" devices, limiting to ", FactKind::DetectionLine},
    Phrase{"No PCIe devices detected", FactKind::DetectionLine}, Phrase{"No devices detected", FactKind::DetectionLine},
    Phrase{"Server will track allocations ", FactKind::DetectionLine}, Phrase{"Topology: ", FactKind::DetectionLine},
    Phrase{"Failed to initialize cluster", FactKind::DetectionLine},
    Phrase{"Note: Remote chip specs from topology", FactKind::DetectionLine},
    Phrase{"DRAM size per channel: ", FactKind::DetectionLine},
    Phrase{"Number of DRAM channels: ", FactKind::DetectionLine}, Phrase{"L1 size per core: ", FactKind::DetectionLine},
    Phrase{"Grid size: ", FactKind::DetectionLine}, Phrase{"Is remote: ", FactKind::DetectionLine},
    Phrase{"Arch: ", FactKind::DetectionLine}, Phrase{"Warning: Could not query device ", FactKind::DetectionLine},
    Phrase{"Error during device detection: ", FactKind::DetectionLine},
    Phrase{"(allocated before tracking started)", FactKind::Banner},  // the wrapped end of a refusal
    // Last, since other tools draw a line between a number and the text.
    Phrase{kSide, FactKind::KernelLine},           // the box around a kernel: its sides
    Phrase{"\u250c\u2500", FactKind::KernelLine},  // its upper
    Phrase{"\u2514\u2500", FactKind::KernelLine},  // and its lower edge
};

Found matchPhrase(std::string_view text) {
    for (const Phrase& phrase : kPhrases) {
        if (!contains(text, phrase.words)) continue;
        PrintedFact found = fact(phrase.kind);
        if (phrase.words.starts_with("Enhanced")) found.count = 1;
        return found;
    }
    return std::nullopt;
}

// A text without any of its words holds nothing that a matcher finds. They are those that it looks for before all else,
// or parts of them that fewer other lines have.
constexpr std::string_view kRemainingWords[] = {"Buffer 0x", " buffers, ",
                                                "tracked allocations: ", "remaining buffers: "};
constexpr std::string_view kStatisticsWords[] = {"Active allocations: ", "Buffers: ", "DRAM: ", "L1: ", "Total: "};
constexpr std::string_view kDeviceWords[] = {"device(s) detected", "Device "};
constexpr std::string_view kSweepWords[] = {"Removed ", " is dead, removing"};
constexpr std::string_view kHistoryWords[] = {"ALLOC size=",      "FREE size=",
                                              "REUSE size=",      "reused with DIFFERENT size: old=",
                                              "History (allocs=", "DOUBLE-FREED during execution",
                                              "allocs: ",         "Buffer 0x"};
constexpr std::string_view kKernelWords[] = {"kernel allocations: ", " Size: "};
// One of each of kMissingLinesWords: many lines have their first letters.
constexpr std::string_view kMissingParts[] = {"sages", "nes",     "ncated", "xceeded", "ries",
                                              "rds",   "ipping ", " over",  "tput"};

struct Matcher {
    Found (*match)(std::string_view);
    std::span<const std::string_view> words;
    std::span<const Phrase> phrases;  ///< or the words of these
};
constexpr Matcher kMatchers[] = {
    {matchRemaining, kRemainingWords, {}},  {matchStatistics, kStatisticsWords, {}}, {matchDevice, kDeviceWords, {}},
    {matchSweep, kSweepWords, {}},          {matchCounter, {}, kCounterHeads},       {matchHistory, kHistoryWords, {}},
    {matchKernels, kKernelWords, {}},       {matchComplaint, {}, kComplaints},       {matchPhrase, {}, kPhrases},
    {matchMissingLines, kMissingParts, {}},
};
static_assert(std::size(kMatchers) <= WordFilter::kMostGroups);

// Else there would be notices that are never looked at.
static_assert(std::equal(std::begin(kMissingParts), std::end(kMissingParts), std::begin(kMissingLinesWords),
                         std::end(kMissingLinesWords), [](std::string_view part, std::string_view word) {
                             return word.find(part) != std::string_view::npos;
                         }));

constexpr WordFilter makeFilter() {
    WordFilter filter;
    for (std::size_t i = 0; i < std::size(kMatchers); ++i) {
        for (const std::string_view word : kMatchers[i].words) filter.add(word, i);
        for (const Phrase& phrase : kMatchers[i].phrases) filter.add(phrase.words, i);
    }
    return filter;
}

}  // namespace

bool endsHeading(std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r"), rest.size()));
    if (rest.empty()) return true;
    constexpr std::string_view kEnds[] = {"\u2190", "\"", "'", "\\", "}", "|", ",", ";", "#", "//", "</", "&quot;"};
    return std::any_of(std::begin(kEnds), std::end(kEnds),
                       [rest](std::string_view end) { return rest.starts_with(end); });
}

std::optional<PrintedFact> matchFact(std::string_view text) {
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return fact(FactKind::Banner);
    static constexpr WordFilter kFilter = makeFilter();
    const WordFilter::Groups groups = kFilter.groupsIn(text);
    if (groups == 0) return std::nullopt;
    for (std::size_t i = 0; i < std::size(kMatchers); ++i) {
        if ((groups >> i & 1U) == 0) continue;
        if (auto found = kMatchers[i].match(text)) return found;
    }
    return std::nullopt;
}

}  // namespace alloclens::server_log
