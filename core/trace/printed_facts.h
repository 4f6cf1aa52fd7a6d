// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers that a log prints about itself: statistics, dumps, device detection, sweeps, circular buffers, kernels,
// and the enhanced server's histories. They are kept as printed (mostly rounded to six digits), one row a line, in
// source order; lines inside a block know the device that the block's heading named.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/trace/event.h"

namespace alloclens {

enum class FactKind : std::uint8_t {
    Banner,         ///< a line of the server without numbers: headings, rules, notes
    ServerStarted,  ///< count = 1 for the enhanced server
    ServerStopped,
    StatisticsBegin,    ///< heading of a statistics block
    DeviceHeading,      ///< "Device 4:" within a block; sets the device of the rows below it
    StatisticsBuffers,  ///< count = live entries of the device
    StatisticsBytes,    ///< memory, amount in bytes (exact or from rounded KB); memory Unknown is the device's total;
                        ///< total = the same in KB where it stands in brackets behind
    ActiveAllocations,  ///< count = live entries of all devices
    SweepAnnounced,     ///< pid is dead
    SweepRemoved,       ///< count entries, amount in MB, pid
    SweepCounters,      ///< count circular buffers (refCount 0) or kernels (refCount 1), amount in MB, pid
    RemainingBegin,     ///< heading of a REMAINING dump
    RemainingTotal,     ///< count = entries of the whole dump
    RemainingMemory,    ///< memory, count buffers, amount in MB
    RemainingEntry,     ///< address, amount in KB, pid, refCount
    DoubleFreedBegin,   ///< heading of the enhanced server's report
    DoubleFreedEntry,   ///< address and device
    DoubleFreedTotals,  ///< count allocations, refCount frees
    DoubleFreedCount,   ///< count entries that the report below has
    KernelsBegin,       ///< heading of a kernel dump
    KernelsTotal,       ///< count = kernels of the whole dump
    KernelsOfDevice,    ///< device, count kernels, amount in MB
    KernelSize,         ///< amount in KB
    KernelLine,         ///< another line of a kernel dump
    AlreadyFreed,       ///< address, device, count allocations, refCount frees; a refused free stands on the line too
    HistoryTotals,      ///< of the dump's entry above: count allocations, refCount frees
    HistoryLine,        ///< one past event of a buffer: count = its HistoryWord, amount = size, pid, refCount
    SizeChanged,        ///< address, device; count = old size, amount = new size
    CircularBuffer,     ///< device; amount = signed MB; total in MB where refCount is 1, else none is printed
    Kernel,             ///< the same of kernels
    DeviceDetected,     ///< device; count = GB of DRAM, refCount = MB of L1
    DevicesDetected,    ///< count
    DetectionLine,      ///< other lines of the detection block
    InvalidMessage,     ///< the server complains of a message: unknown type, device, size or buffer type
    ProtocolMismatch,   ///< the server closed a connection after too many errors
    LinesMissing,       ///< a collector says that it left out lines: count of them, or 0 where it gives no number
};

/// What a HistoryLine's count says: FREE, ALLOC, REUSE.
enum class HistoryWord : std::uint8_t { Free, Allocation, Reuse };

/// The stable word of a kind, such as "statistics-bytes".
[[nodiscard]] std::string_view factKindName(FactKind kind);
[[nodiscard]] std::optional<FactKind> factKindFromName(std::string_view name);

inline constexpr std::uint32_t kAllOfLine = ~std::uint32_t{0};

struct PrintedFact {
    FactKind kind = FactKind::Banner;
    Memory memory = Memory::Unknown;
    std::uint32_t line = 0;
    std::int32_t device = kNoDevice;
    std::int32_t pid = kNoPid;
    std::uint32_t refCount = 0;
    /// So many events of its line stand before it, where a line holds several texts.
    std::uint32_t eventsBefore = kAllOfLine;
    std::uint64_t count = 0;
    std::uint64_t address = 0;
    double amount = 0;
    double total = 0;
};

using PrintedFacts = std::vector<PrintedFact>;

}  // namespace alloclens
