// SPDX-License-Identifier: GPL-3.0-or-later
//
// A walk applies the tracker's rules to all events of a range of keys. Walks share nothing, so several run in parallel
// and their result equals that of one walk over everything. Each range is walked twice. The first walk counts lifetimes
// and events of each key, which fixes the place of each row. The second walk writes the rows there; nothing is sorted
// or copied. If a trace has many sweeps, each process has a list of its live keys (owned_keys.h). If it has few, a
// search through all keys is cheaper.
#pragma once

#include <vector>

#include "core/replay/key_range.h"
#include "core/replay/owned_keys.h"
#include "core/replay/replay.h"
#include "core/replay/walk_rows.h"
#include "core/tracker/rules.h"

namespace alloclens {

/// What the first walk counts for a key.
struct KeyCounts {
    std::uint32_t lifetimes = 0;
    std::uint32_t events = 0;  ///< sweeps included
};

/// How a sweep finds the keys of its process.
enum class SweepSearch { Lists, AllKeys };

/// `Rows` is CountRows or WriteRows: what a walk keeps besides the rules. Walks are neighbours in a vector and belong
/// to different cores; the alignment keeps them on different cache lines.
template <typename Rows>
class alignas(128) Walk {
public:
    /// Walks `keys` of `trace`. A walk with WriteRows fills their rows of `out`.
    /// Requires for WriteRows: the columns of `out` have their final sizes, and its addresses their first rows.
    Walk(const Trace& trace, KeyRange keys, SweepSearch search, Replay& out, const std::vector<std::uint32_t>& laneOf);

    /// False if the task was cancelled.
    [[nodiscard]] bool run(const TaskContext& task);

    /// The greatest depth of any key.
    [[nodiscard]] std::uint32_t peakDepth() const { return m_peakDepth; }
    /// Fills the rows of these keys.
    void tellCounts(std::vector<KeyCounts>& counts) const;
    [[nodiscard]] const Rows& rows() const { return m_rows; }

private:
    using KeyState = typename Rows::State;
    static constexpr std::size_t kBlock = 4096;
    static_assert(TaskContext::kPollRows % kBlock == 0);

    [[nodiscard]] bool isOurs(AddressId key) const {
        return !key.isValid() || (key.value >= m_keys.first && key.value < m_keys.last);
    }
    [[nodiscard]] KeyState& state(AddressId key) { return m_states[key.value - m_keys.first]; }

    // For OwnedKeys.
    friend class OwnedKeys;
    [[nodiscard]] bool isOwned(AddressId key, std::size_t list, std::uint32_t entry) {
        const KeyState& held = state(key);
        return held.depth > 0 && held.entry == entry && listOf(held.owner) == list;
    }
    void setEntry(AddressId key, std::uint32_t entry) { state(key).entry = entry; }
    void fetch(AddressId key) { __builtin_prefetch(&state(key), 1); }

    void walkBlock(std::size_t begin, std::size_t end);
    void fetchAhead();

    // The rules, one function a kind of event.
    void step(EventId event);
    void allocate(EventId event);
    void freePartly(EventId event);
    void freeFinally(EventId event);
    void refuse(EventId event);
    void sweep(EventId event);
    void restart(EventId event);

    // The changes of a lifetime.
    void begin(AddressId key, EventId event, ProcessId owner, std::uint32_t sizeNumber, Memory memory,
               bool isBeginLost);
    void beginLost(AddressId key, EventId event);
    void end(AddressId key, EventId event, LifetimeEnd how);
    void checkPrinted(EventId event, AddressId key);
    void setDepth(KeyState& state, std::uint32_t depth);
    void resize(KeyState& state, std::uint32_t sizeNumber);
    void record(EventId event, KeyState& state, Letter letter);

    // The live keys of each process, for sweeps.
    void own(AddressId key, ProcessId owner);
    void disown(const KeyState& state);
    template <typename IsWanted, typename Take>
    void takeFound(const IsWanted& isWanted, const Take& take);
    // Each process has a list; lifetimes without an owner share the last one.
    [[nodiscard]] std::size_t listOf(ProcessId process) const {
        return process.isValid() ? process.index() : m_trace.processes.size();
    }

    const Trace& m_trace;
    const EventTable& m_events;
    KeyRange m_keys;
    SweepSearch m_search;
    const std::vector<std::uint32_t>& m_laneOf;  ///< by AddressId: row of Replay::devices
    Rows m_rows;
    std::vector<KeyState> m_states;  ///< by AddressId, from m_keys.first
    OwnedKeys m_owned;               ///< unused with SweepSearch::AllKeys
    // The events of our keys in the current block, their number, and the current one.
    std::vector<EventId> m_ours;
    std::size_t m_listed = 0;
    std::size_t m_at = 0;
    std::uint32_t m_peakDepth = 0;
};

extern template class Walk<CountRows>;
extern template class Walk<WriteRows>;

}  // namespace alloclens
