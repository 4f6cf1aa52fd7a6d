// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every lifetime of every address key, as rows sorted by key and then by start, so that one key's lifetimes lie side
// by side in generation order. A lifetime runs from the allocation that takes its key's depth from 0 to 1 to the
// release that takes it back to 0. The table keeps 24 bytes a lifetime; Replay::lifetime() makes a Lifetime of them.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/column.h"
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
    std::uint32_t peakDepth = 1;   ///< at most LifetimeTable::kMostDepth is recorded
    Memory memory = Memory::Unknown;
    LifetimeEnd end = LifetimeEnd::Open;
    bool beginLost = false;  ///< its allocation is not in the log; it is known from its frees or re-allocations
};

/// A row is written whole or read field by field: the replay has a row of every live key in work at once, and what lies
/// together costs it one place in the processor's cache. Threads may write different rows.
class LifetimeTable {
public:
    static constexpr std::uint32_t kMostDepth = (std::uint32_t{1} << 24) - 1;

    struct Row {
        AddressId address;
        EventId first;
        EventId last;
        ProcessId owner;
        std::uint32_t sizeNumber = 0;  ///< of the trace's SizeColumn
        std::uint32_t packed = 0;      ///< the four below; not bit fields, which are read before they are written

        [[nodiscard]] Memory memory() const { return static_cast<Memory>(packed & 7U); }
        [[nodiscard]] LifetimeEnd end() const { return static_cast<LifetimeEnd>(packed >> 3 & 7U); }
        [[nodiscard]] bool beginLost() const { return (packed >> 6 & 1U) != 0; }
        [[nodiscard]] std::uint32_t peakDepth() const { return packed >> 8; }
        /// What `packed` is made of, by or: what is known when the lifetime begins, and what when it ends.
        [[nodiscard]] static std::uint32_t begunAs(Memory memory, bool isLost) {
            return static_cast<std::uint32_t>(memory) | (isLost ? 1U << 6 : 0U);
        }
        [[nodiscard]] static std::uint32_t endedAs(LifetimeEnd how, std::uint32_t peakDepth) {
            return static_cast<std::uint32_t>(how) << 3 | (peakDepth < kMostDepth ? peakDepth : kMostDepth) << 8;
        }
    };
    static_assert(sizeof(Row) == 24);

    [[nodiscard]] std::size_t size() const { return m_rows.size(); }
    /// The rows are not initialised.
    void resize(std::size_t rows) { m_rows.resize(rows); }
    [[nodiscard]] Row* rows() { return m_rows.data(); }
    [[nodiscard]] Row& row(std::size_t i) { return m_rows[i]; }
    [[nodiscard]] const Row& row(std::size_t i) const { return m_rows[i]; }

    [[nodiscard]] AddressId address(std::size_t i) const { return m_rows[i].address; }
    [[nodiscard]] EventId first(std::size_t i) const { return m_rows[i].first; }
    [[nodiscard]] EventId last(std::size_t i) const { return m_rows[i].last; }
    [[nodiscard]] ProcessId owner(std::size_t i) const { return m_rows[i].owner; }
    [[nodiscard]] std::uint32_t sizeNumber(std::size_t i) const { return m_rows[i].sizeNumber; }
    [[nodiscard]] Memory memory(std::size_t i) const { return m_rows[i].memory(); }
    [[nodiscard]] LifetimeEnd end(std::size_t i) const { return m_rows[i].end(); }

private:
    static_assert(kMemoryCount <= 8 && static_cast<int>(LifetimeEnd::Restarted) < 8);
    Column<Row> m_rows;
};

}  // namespace alloclens
