// SPDX-License-Identifier: GPL-3.0-or-later
//
// One guard on its way through a trace: the server's table as it is under the guard, and the sums of what differs from
// what the trace shows. The replay tells it each event with what the sender's library knows at that moment; the run
// decides, keeps its table and counts.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/guards/guard_replay.h"
#include "core/tracker/key_array.h"
#include "core/tracker/tracker_table.h"

namespace alloclens {

/// A lifetime that a sweep or a restart ended.
struct CutOffLifetime {
    EventId event;
    AddressId key;
    LifetimeId lifetime;
};

class GuardRun {
public:
    GuardRun(const Guard& guard, const Analysis& analysis);

    /// The source shows what the key's entry is.
    void believe(AddressId key, std::uint32_t depth, std::uint32_t owner, std::uint32_t sizeNumber) {
        m_table.put(key.value, depth, sizeNumber, owner);
    }
    void allocate(EventId event, std::uint32_t owner);
    /// A free that the trace shows accepted. A stranger's is of a buffer that only other processes hold.
    void freeAccepted(EventId event, const CallsSoFar& calls, bool isStrangers);
    /// A free that the trace shows refused, with its verdict if there is one. Gives whether it falls silent.
    bool freeRefused(EventId event, const CallsSoFar& calls, const Verdict* verdict);
    /// What an owner has ends, or everything. `now` are the lifetimes that the trace shows to end.
    void cutOff(std::span<const CutOffLifetime> now, std::optional<std::uint32_t> owner);
    /// The end of the trace. The leaks that it hides have no names yet.
    [[nodiscard]] GuardOutcome finish();
    /// The first of them, as many as GuardOutcome::firstHiddenLeaks takes.
    [[nodiscard]] std::span<const LifetimeId> hiddenLeaks() const { return m_hiddenLeaks; }

private:
    void complete(EventId event);
    /// What the server answers to the event's free under the guard.
    EventKind release(EventId event);
    [[nodiscard]] const KeyArray::Entry& entry(AddressId key) const { return m_table.store().at(key.value); }
    void silence(const Verdict* verdict);
    void keepLeak(LifetimeId lifetime, const KeyArray::Entry& entry);
    void hideLeak(LifetimeId lifetime);
    void leave(LeftBuffers& sum, const KeyArray::Entry& entry);

    const Trace& m_trace;
    const Replay& m_replay;
    const Findings& m_findings;
    TrackerTable<KeyArray> m_table;
    GuardOutcome m_outcome;
    std::vector<LifetimeId> m_hiddenLeaks;
    std::vector<std::uint64_t> m_clusters;  ///< by ClusterId: silenced
};

/// The number by which owners go; the last is that of a process which the source does not name.
[[nodiscard]] inline std::uint32_t ownerNumber(const Trace& trace, ProcessId process) {
    return static_cast<std::uint32_t>(process.isValid() ? process.index() : trace.processes.size());
}

}  // namespace alloclens
