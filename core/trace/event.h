// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of a trace: what kinds of events a tracker records, and which memories a buffer can live in. An event's
// kind is what the source says; what it means for its address (first allocation, free of an address that is not
// live ...) is the replay's business.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/id.h"

namespace alloclens {

enum class EventKind : std::uint8_t {
    Allocation,   ///< the tracker recorded an allocation; refCount is 0 where the source prints none
    PartialFree,  ///< an accepted free after which refCount allocations of the key remain
    FinalFree,    ///< an accepted free that ended the tracker's entry
    RefusedFree,  ///< a free of a key that the tracker does not hold
    Sweep,        ///< the tracker dropped all entries of a dead process; the event has a process and no address
    Restart,      ///< a new server began with an empty table; the event has neither process nor address
};
inline constexpr int kEventKindCount = 6;

enum class Memory : std::uint8_t { Dram, L1, L1Small, SystemMemory, Trace, Unknown };
inline constexpr int kMemoryCount = 6;

/// The stable word of a kind: "allocation", "partial-free", "final-free", "refused-free", "sweep", "restart".
[[nodiscard]] std::string_view eventKindName(EventKind kind);
[[nodiscard]] std::optional<EventKind> eventKindFromName(std::string_view name);

/// The tracker's own word: "DRAM", "L1", "L1_SMALL", "SYSTEM_MEMORY", "TRACE"; "unknown" for Memory::Unknown.
[[nodiscard]] std::string_view memoryName(Memory memory);
[[nodiscard]] std::optional<Memory> memoryFromName(std::string_view name);

/// The device of an event whose source names none (servers older than per-device tracking).
inline constexpr std::int32_t kNoDevice = std::numeric_limits<std::int32_t>::min();
/// The process of an event whose source names none.
inline constexpr std::int32_t kNoPid = std::numeric_limits<std::int32_t>::min();
/// The size of an event whose source names none, such as a refused free.
inline constexpr std::uint64_t kNoSize = std::numeric_limits<std::uint64_t>::max();
/// The time of an event whose source names none, as text logs do.
inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

/// What the tracker counts by: one address of one device. The memory is not part of it.
struct AddressKey {
    std::int32_t device = kNoDevice;
    std::uint64_t address = 0;
    friend constexpr auto operator<=>(const AddressKey&, const AddressKey&) = default;
};

/// "4", or "?" where the source names no device.
[[nodiscard]] std::string deviceText(std::int32_t device);

}  // namespace alloclens
