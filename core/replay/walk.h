// SPDX-License-Identifier: GPL-3.0-or-later
//
// One walk over all events for a range of keys: the tracker's rules with nothing shared between walks, so that the
// devices can be replayed side by side and the result is that of one walk over everything. Lifetimes are numbered as
// they begin and brought into key order by a second pass. The live keys of each process form a doubly linked list
// through m_live, so that a sweep costs what it removes and nothing more.
#pragma once

#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

class Walk {
public:
    /// Walks the keys [firstKey, lastKey) of `trace` and writes their rows of `out`, whose columns have their sizes.
    Walk(const Trace& trace, const std::vector<std::uint32_t>& laneOf, AddressId firstKey, AddressId lastKey,
         Replay& out)
        : m_trace(trace),
          m_events(trace.events),
          m_laneOf(laneOf),
          m_firstKey(firstKey.value),
          m_lastKey(lastKey.value),
          m_out(out),
          m_live(m_lastKey - m_firstKey),
          m_headOf(trace.processes.size() + 1),
          m_liveCountOf(trace.processes.size() + 1, 0),
          m_liveBytes(out.devices.size(), 0) {}

    /// First pass: the rules, event by event. False when the task was cancelled.
    [[nodiscard]] bool run(const TaskContext& task);

    /// Second pass: brings the lifetimes into key order and lists each key's events, behind those of the keys before.
    void finish(std::size_t lifetimesBefore, std::size_t keyEventsBefore);

    /// How many entries of its process a sweep removed here.
    struct SweepShare {
        EventId event;
        std::uint64_t removed = 0;
    };
    [[nodiscard]] std::size_t lifetimeCount() const { return m_lifetimes.size(); }
    [[nodiscard]] std::size_t keyEventCount() const { return m_keyEvents; }
    [[nodiscard]] const EventTotals& totals() const { return m_totals; }
    [[nodiscard]] const std::vector<Contradiction>& contradictions() const { return m_contradictions; }
    /// One a sweep of the trace, in order, so that all walks have the same events.
    [[nodiscard]] const std::vector<SweepShare>& sweeps() const { return m_sweeps; }

private:
    struct LiveState {
        std::uint32_t depth = 0;
        LifetimeId lifetime;  ///< the live one, or the last one that ended
        AddressId next, previous;
    };

    struct SweptKey {
        EventId event;
        AddressId key;
    };

    [[nodiscard]] bool isOurs(AddressId key) const {
        return !key.isValid() || (key.value >= m_firstKey && key.value < m_lastKey);
    }
    [[nodiscard]] LiveState& live(AddressId key) { return m_live[key.value - m_firstKey]; }

    void list(AddressId key, EventId event) {
        AddressSummary& address = m_out.addresses[key.index()];
        m_out.keyEvents[address.firstEvent + address.events++] = event;
    }

    // The rules, one function a kind of event.
    void step(EventId event);
    void allocate(EventId event);
    void freePartly(EventId event);
    void freeFinally(EventId event);
    void refuse(EventId event);
    void sweep(EventId event);
    void restart(EventId event);

    // What they do to a lifetime.
    void begin(AddressId key, EventId event, ProcessId owner, std::uint64_t size, Memory memory, bool isBeginLost);
    void beginLost(AddressId key, EventId event);
    void end(AddressId key, EventId event, LifetimeEnd how);

    // The live keys of each process, for sweeps.
    void link(AddressId key, ProcessId owner);
    void unlink(AddressId key, ProcessId owner);
    void changeOwner(AddressId key, ProcessId owner);

    void setDepth(AddressId key, std::uint32_t depth);
    void resize(AddressId key, std::uint64_t size);

    // The books: letters, sums, contradictions.
    void record(EventId event, AddressId key, Letter letter);
    void countFree(AddressId key);
    void checkPrinted(EventId event, AddressId key);
    void contradict(EventId event, ContradictionKind kind, std::uint64_t expected, std::uint64_t actual);
    void addLiveBytes(AddressId key, std::uint64_t size);
    void removeLiveBytes(AddressId key, std::uint64_t size);
    // Processes have a list each; lifetimes without an owner share the last one.
    [[nodiscard]] std::size_t listOf(ProcessId process) const {
        return process.isValid() ? process.index() : m_headOf.size() - 1;
    }

    const Trace& m_trace;
    const EventTable& m_events;
    const std::vector<std::uint32_t>& m_laneOf;  ///< by AddressId: row of Replay::devices
    std::uint32_t m_firstKey;
    std::uint32_t m_lastKey;
    Replay& m_out;
    std::vector<LiveState> m_live;             ///< by AddressId, from m_firstKey
    std::vector<AddressId> m_headOf;           ///< by ProcessId: the first live key that the process owns
    std::vector<std::uint64_t> m_liveCountOf;  ///< by ProcessId
    std::vector<std::uint64_t> m_liveBytes;    ///< by row of Replay::devices
    std::vector<Lifetime> m_lifetimes;         ///< in the order in which they begin
    std::vector<SweepShare> m_sweeps;
    std::vector<SweptKey> m_swept;
    std::vector<Contradiction> m_contradictions;
    EventTotals m_totals;
    std::size_t m_keyEvents = 0;
};

}  // namespace alloclens
