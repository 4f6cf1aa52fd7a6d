// SPDX-License-Identifier: GPL-3.0-or-later
//
// All events of a trace as columns, in the order of the source. A row is named by an EventId. Every column has the
// same length, but for those that a source may lack; a value that the source does not give is the named "none" of its
// type. About 14 bytes an event: processes and sizes are few, so their columns hold row numbers of small tables.
#pragma once

#include <span>
#include <vector>

#include "core/base/column.h"
#include "core/base/narrow_column.h"
#include "core/trace/attribute.h"
#include "core/trace/event.h"

namespace alloclens {

/// Rows of the trace's processes. The column holds 0 for none, else the row number and one.
class ProcessColumn {
public:
    [[nodiscard]] ProcessId operator[](std::size_t i) const { return ProcessId(m_rows[i] - 1); }
    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    [[nodiscard]] static std::uint32_t code(ProcessId process) { return process.value + 1; }
    [[nodiscard]] NarrowColumn& codes() { return m_rows; }
    [[nodiscard]] const NarrowColumn& codes() const { return m_rows; }

private:
    static_assert(ProcessId::kNoneValue + 1 == 0);
    NarrowColumn m_rows;
};

/// Sizes in bytes, each distinct one stored once; number 0 is kNoSize. Equal numbers mean equal sizes.
class SizeColumn {
public:
    [[nodiscard]] std::uint64_t operator[](std::size_t i) const { return m_sizes[m_numbers[i]]; }
    [[nodiscard]] std::size_t size() const { return m_numbers.size(); }
    [[nodiscard]] const NarrowColumn& numbers() const { return m_numbers; }
    [[nodiscard]] NarrowColumn& numbers() { return m_numbers; }
    /// The distinct sizes, by number.
    [[nodiscard]] const std::vector<std::uint64_t>& sizes() const { return m_sizes; }
    void setSizes(std::vector<std::uint64_t> sizes) { m_sizes = std::move(sizes); }

private:
    NarrowColumn m_numbers;
    std::vector<std::uint64_t> m_sizes{kNoSize};
};

struct EventTable {
    Column<EventKind> kind;
    Column<Memory> memory;        ///< Unknown on frees: the tracker does not print it there
    Column<AddressId> address;    ///< none on sweeps and restarts
    ProcessColumn process;        ///< sender of allocations and refused frees, owner on accepted frees
    SizeColumn size;              ///< bytes over all banks, or kNoSize; on a sweep the number of entries removed
    NarrowColumn refCount;        ///< as printed: 0 where none is
    Column<std::uint32_t> line;   ///< 1-based line, or record, of the source
    Column<std::int64_t> time;    ///< ns since 1970, or kNoTime; empty where the source has no time at all
    ProcessColumn sender;         ///< who sent the message; empty where the source never tells
    AttributeColumns attributes;  ///< numbers of the trace's AttributeTables

    [[nodiscard]] std::size_t count() const { return kind.size(); }
    [[nodiscard]] bool hasTime() const { return time.size() > 0; }
    [[nodiscard]] bool hasSender() const { return sender.size() > 0; }
    [[nodiscard]] std::int64_t timeOf(EventId id) const { return hasTime() ? time[id.index()] : kNoTime; }
    [[nodiscard]] ProcessId senderOf(EventId id) const { return hasSender() ? sender[id.index()] : ProcessId{}; }

    /// A row to be put before the event `before`. It has no time, no sender and no attributes.
    struct AddedRow {
        std::size_t before = 0;
        EventKind kind = EventKind::Sweep;
        Memory memory = Memory::Unknown;
        AddressId address;
        ProcessId process;
        std::uint32_t size = 0;  ///< its number
        std::uint32_t refCount = 0;
        std::uint32_t line = 0;
    };
    /// Puts rows between the others; `rows` are in the order of `before`. Linear in the events.
    void insertRows(std::span<const AddedRow> rows);
    void reserve(std::size_t rows);
    /// Gives back what the columns have reserved beyond their rows.
    void shrink();
};

}  // namespace alloclens
