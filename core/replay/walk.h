// SPDX-License-Identifier: GPL-3.0-or-later
//
// One walk over all events for a range of keys: the tracker's rules with nothing shared between walks, so that the
// devices can be replayed side by side and the result is that of one walk over everything. The rules run twice. The
// first time they count each key's lifetimes and events; from that follows where each row of the result belongs, so the
// second time writes it there, and nothing has to be sorted or copied. Where sweeps are many the live keys of each
// process are in a list of their own (owned_keys.h); where they are few, to look through all keys is cheaper than to
// keep the lists.
#pragma once

#include <vector>

#include "core/replay/key_range.h"
#include "core/replay/owned_keys.h"
#include "core/replay/replay.h"
#include "core/replay/walk_rows.h"
#include "core/tracker/rules.h"

namespace alloclens {

/// What the first walk tells of a key.
struct KeyCounts {
    std::uint32_t lifetimes = 0;
    std::uint32_t events = 0;  ///< sweeps included
};

/// How a sweep finds the keys of its process.
enum class SweepSearch { Lists, AllKeys };

/// `Rows` is what is kept beside the rules: CountRows or WriteRows. Walks lie side by side in a vector while each is in
/// another core's hands: none shares a line of the cache.
template <typename Rows>
class alignas(128) Walk {
public:
    /// Walks `keys` of `trace`. Writing fills their rows of `out`, whose columns have their sizes and whose addresses
    /// know where their lifetimes and events begin.
    Walk(const Trace& trace, KeyRange keys, SweepSearch search, Replay& out, const std::vector<std::uint32_t>& laneOf);

    /// False when the task was cancelled.
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

    // What OwnedKeys asks of the states.
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

    // What they do to a lifetime.
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
    // Processes have a list each; lifetimes without an owner share the last one.
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
    OwnedKeys m_owned;               ///< of no use where all keys are looked through
    // Our events of the block that is being walked: so many, and the one in work.
    std::vector<EventId> m_ours;
    std::size_t m_listed = 0;
    std::size_t m_at = 0;
    std::uint32_t m_peakDepth = 0;
};

extern template class Walk<CountRows>;
extern template class Walk<WriteRows>;

}  // namespace alloclens
