// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every lifetime of every address key, as rows sorted by key and then by start, so that one key's lifetimes lie side
// by side in generation order. A lifetime runs from the allocation that takes its key's depth from 0 to 1 to the
// release that takes it back to 0. Columns, about 19 bytes a lifetime; Replay::lifetime() gives a row as a whole.
#pragma once

#include <cstdint>

#include "core/base/column.h"
#include "core/base/narrow_column.h"
#include "core/trace/event.h"

namespace alloclens {

enum class LifetimeEnd : std::uint8_t {
    Open,       ///< still live when the trace ends
    Freed,      ///< a final free
    Swept,      ///< a dead-process sweep
    Lost,       ///< the log goes on as if it had ended, but does not show how: a line is missing
    Restarted,  ///< the server was started anew with an empty table
};
[[nodiscard]] std::string_view lifetimeEndName(LifetimeEnd end);

struct Lifetime {
    AddressId address;
    ProcessId owner;               ///< the first allocator, to whom the tracker books it
    EventId first;                 ///< its first event; an allocation unless beginLost
    EventId last;                  ///< the event that ended it, or none while open
    std::uint64_t size = kNoSize;  ///< bytes as the tracker books them: the first size, or the last with such rules
    std::uint32_t generation = 0;  ///< 1-based number within its key
    std::uint32_t peakDepth = 1;
    Memory memory = Memory::Unknown;
    LifetimeEnd end = LifetimeEnd::Open;
    bool beginLost = false;  ///< its allocation is not in the log; it is known from its frees or re-allocations
};

struct LifetimeTable {
    Column<AddressId> address;
    Column<EventId> first;
    Column<EventId> last;
    Column<Memory> memory;
    Column<LifetimeEnd> end;
    Column<std::uint8_t> beginLost;  ///< 0 or 1
    NarrowColumn owner;              ///< ProcessColumn::code of the owner
    NarrowColumn sizeNumber;         ///< of the trace's SizeColumn
    NarrowColumn peakDepth;

    [[nodiscard]] std::size_t size() const { return address.size(); }
};

}  // namespace alloclens
