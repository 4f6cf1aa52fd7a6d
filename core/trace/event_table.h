// SPDX-License-Identifier: GPL-3.0-or-later
//
// All events of a trace as columns, in the order of the source. A row is named by an EventId. Every column has the
// same length; a value that the source does not give is the named "none" of its type.
#pragma once

#include <vector>

#include "core/trace/event.h"

namespace alloclens {

struct EventTable {
    std::vector<EventKind> kind;
    std::vector<Memory> memory;       ///< Unknown on frees: the tracker does not print it there
    std::vector<AddressId> address;   ///< none on sweeps and restarts
    std::vector<ProcessId> process;   ///< sender of allocations and refused frees, owner on accepted frees
    std::vector<std::uint64_t> size;  ///< bytes over all banks, or kNoSize; on a sweep the number of entries removed
    std::vector<std::uint32_t> refCount;  ///< as printed: 0 where none is
    std::vector<std::uint32_t> line;      ///< 1-based line of the source

    [[nodiscard]] std::size_t count() const { return kind.size(); }

    /// Calls `visit(column)` for every column.
    template <typename Visitor>
    void forEachColumn(Visitor visit) {
        visit(kind);
        visit(memory);
        visit(address);
        visit(process);
        visit(size);
        visit(refCount);
        visit(line);
    }
};

}  // namespace alloclens
