// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracker's rules, applied event by event: who is live when, which generation an event belongs to, and where the
// log contradicts itself. The rules are those of the servers (core/tracker/rules.h, *believe*): a key is device
// and address; a re-allocation of a live key deepens it and keeps owner, memory and (but for the enhanced server)
// size; a sweep drops all of a process's entries. Where a line states its own reference count, the line is believed
// and the difference recorded. Linear in the events; immutable afterwards.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/replay/address_table.h"
#include "core/replay/lifetime_table.h"
#include "core/trace/trace.h"
#include "core/tracker/rules.h"

namespace alloclens {

/// A key's events as letters (the lifecycle).
enum class Letter : char {
    First = 'A',    ///< allocation of a key that is not live
    Aliased = 'a',  ///< allocation of a live key
    Partial = 'f',  ///< partial free
    Final = 'F',    ///< final free
    Refused = 'U',  ///< free of a key that is not live
    Swept = 'R',    ///< removed by a dead-process sweep
    None = '-',     ///< restarts
};

[[nodiscard]] std::string_view contradictionName(ContradictionKind kind);

/// One place where a line does not fit the replay of the lines before it.
struct Contradiction {
    EventId event;
    ContradictionKind kind;
    std::uint64_t expected = 0;  ///< by the replay
    std::uint64_t actual = 0;    ///< by the line
};

struct DeviceSummary {
    std::int32_t device = kNoDevice;
    std::uint64_t addresses = 0;
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;  ///< accepted ones
    std::uint64_t unknownFrees = 0;
    std::uint64_t peakLiveBytes = 0;
    std::uint64_t endLiveBytes = 0;
};

struct EventTotals {
    std::uint64_t total = 0;
    std::uint64_t allocations = 0;
    std::uint64_t aliasedAllocations = 0;
    std::uint64_t partialFrees = 0;
    std::uint64_t finalFrees = 0;
    std::uint64_t unknownFrees = 0;
    std::uint64_t swept = 0;  ///< lifetimes that sweeps removed
};

class LifetimeRange;

struct Replay {
    std::shared_ptr<const Trace> trace;
    Column<Letter> letters;                     ///< by EventId
    Column<LifetimeId> lifetimeOf;              ///< by EventId; of a refused free: the lifetime that had ended, or none
    NarrowColumn depthAfter;                    ///< by EventId: the key's depth behind the event
    LifetimeTable lifetimes;                    ///< by LifetimeId
    std::vector<LifetimeId> unfreed;            ///< those that no free ended, sorted
    std::vector<AddressSummary> addresses;      ///< by AddressId
    Column<EventId> keyEvents;                  ///< the events of each key, sweeps included, in order
    std::vector<DeviceSummary> devices;         ///< sorted by device
    std::vector<Contradiction> contradictions;  ///< in source order
    EventTotals totals;

    [[nodiscard]] Lifetime lifetime(LifetimeId id) const;
    [[nodiscard]] ProcessId ownerOf(LifetimeId id) const { return lifetimes.owner(id.index()); }
    [[nodiscard]] std::uint64_t sizeOf(LifetimeId id) const {
        return trace->events.size.sizes()[lifetimes.sizeNumber(id.index())];
    }
    [[nodiscard]] const AddressSummary& address(AddressId id) const { return addresses[id.index()]; }
    /// In generation order.
    [[nodiscard]] LifetimeRange lifetimesOf(AddressId id) const;
    [[nodiscard]] std::span<const EventId> eventsOf(AddressId id) const;
    /// The keys of an address, one a device that has it, in the order of the devices.
    [[nodiscard]] std::vector<AddressId> keysOf(std::uint64_t address) const;
    /// The first event at or behind `from` with this letter; the number of events where there is none.
    [[nodiscard]] std::size_t nextWith(Letter letter, std::size_t from) const;
    /// The key's events as letters, in order; sweeps appear as R.
    [[nodiscard]] std::string lifecycle(AddressId id) const;
};

/// Neighbouring rows of the lifetime table, each put together when it is asked for.
class LifetimeRange {
public:
    class Iterator {
    public:
        Iterator(const Replay& replay, std::uint32_t row) : m_replay(&replay), m_row(row) {}
        [[nodiscard]] Lifetime operator*() const { return m_replay->lifetime(LifetimeId(m_row)); }
        Iterator& operator++() {
            ++m_row;
            return *this;
        }
        [[nodiscard]] bool operator==(const Iterator& other) const { return m_row == other.m_row; }

    private:
        const Replay* m_replay;
        std::uint32_t m_row;
    };

    LifetimeRange(const Replay& replay, LifetimeId first, std::uint32_t count)
        : m_replay(replay), m_first(first.value), m_count(count) {}
    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] bool empty() const { return m_count == 0; }
    [[nodiscard]] Lifetime operator[](std::size_t i) const {
        return m_replay.lifetime(LifetimeId(m_first + static_cast<std::uint32_t>(i)));
    }
    [[nodiscard]] Iterator begin() const { return {m_replay, m_first}; }
    [[nodiscard]] Iterator end() const { return {m_replay, m_first + m_count}; }

private:
    const Replay& m_replay;
    std::uint32_t m_first;
    std::uint32_t m_count;
};

[[nodiscard]] Result<Replay> replayTrace(std::shared_ptr<const Trace> trace, const TaskContext& task);

}  // namespace alloclens
