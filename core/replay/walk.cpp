// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/walk.h"

#include <algorithm>
#include <utility>

namespace alloclens {

template <WalkPass kPass>
Walk<kPass>::Walk(const Trace& trace, KeyRange keys, SweepSearch search, std::vector<KeyCounts>& counts, Replay& out,
                  const std::vector<std::uint32_t>& laneOf)
    : m_trace(trace),
      m_events(trace.events),
      m_keys(keys),
      m_search(search),
      m_counts(counts),
      m_out(out),
      m_laneOf(laneOf) {}

template <WalkPass kPass>
void Walk<kPass>::prepare() {
    m_states.resize(m_keys.last - m_keys.first);
    m_owned.resize(m_trace.processes.size() + 1);
    m_devices.resize(m_out.devices.size());
    m_liveBytes.resize(m_out.devices.size());
    m_ours.resize(kBlock + 1);  // one more: listing writes before it knows whether the event is ours
    if constexpr (kWrites) {
        m_outcomes.resize(kBlock);
        for (std::uint32_t key = m_keys.first; key < m_keys.last; ++key) {
            WriteState& state = m_states[key - m_keys.first];
            state.lane = m_laneOf[key];
            ++m_devices[state.lane].addresses;
            state.firstLifetime = m_out.addresses[key].firstLifetime.value;
            state.firstEvent = m_out.addresses[key].firstEvent;
        }
    }
}

template <WalkPass kPass>
bool Walk<kPass>::run(const TaskContext& task) {
    prepare();
    const std::size_t count = m_events.count();
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
        if (begin % TaskContext::kPollRows == 0) {
            if (task.isCancelled()) return false;
            task.report(kWrites ? "replaying" : "counting lifetimes",
                        static_cast<double>(begin) / static_cast<double>(count));
        }
        walkBlock(begin, std::min(count, begin + kBlock));
    }
    summarise();
    return true;
}

// Which events are ours is as good as random, and so would be a branch on it: they are listed first without one.
template <WalkPass kPass>
void Walk<kPass>::walkBlock(std::size_t begin, std::size_t end) {
    m_listed = 0;
    for (std::size_t i = begin; i < end; ++i) {
        m_ours[m_listed] = EventId(i);
        m_listed += isOurs(m_events.address[i]) ? 1 : 0;
    }
    for (m_at = 0; m_at < m_listed; ++m_at) {
        fetchAhead();
        step(m_ours[m_at]);
    }
    if constexpr (kWrites) writeBlock();
}

// What an event touches is fetched some events before its turn: first its key's state, and when that is there, the rows
// that it will write. With many keys each of them costs a cache miss and a look into the page tables.
template <WalkPass kPass>
void Walk<kPass>::fetchAhead() {
    constexpr std::size_t kStateAhead = kAhead;
    constexpr std::size_t kRowsAhead = 10;
    if (m_at + kStateAhead >= m_listed) return;
    const AddressId later = m_events.address[m_ours[m_at + kStateAhead].index()];
    if (later.isValid()) __builtin_prefetch(&state(later), 1);
    if constexpr (kWrites) {
        const std::size_t event = m_ours[m_at + kRowsAhead].index();
        const AddressId sooner = m_events.address[event];
        if (!sooner.isValid()) return;
        const WriteState& next = state(sooner);
        __builtin_prefetch(m_out.keyEvents.data() + next.firstEvent + next.events, 1);
        // An allocation mostly begins the row behind those that there are, a free ends the last of them.
        const std::uint32_t isBegin = m_events.kind[event] == EventKind::Allocation ? 1 : 0;
        __builtin_prefetch(m_out.lifetimes.rows() + next.firstLifetime + next.lifetimes + isBegin - 1, 1);
    }
}

// The events of several walks lie side by side in the columns. Written one by one they would pull each line of the
// cache from core to core and back; a block at a time they do so once.
template <WalkPass kPass>
void Walk<kPass>::writeBlock() {
    for (std::size_t k = 0; k < m_listed; ++k) {
        const Outcome& outcome = m_outcomes[k];
        // All walks come by an event without a key; the first of them writes its row.
        if (!outcome.hasKey && m_keys.first != 0) continue;
        const std::size_t i = m_ours[k].index();
        m_out.letters[i] = outcome.letter;
        m_out.lifetimeOf[i] = outcome.lifetime;
        m_out.depthAfter.set(i, outcome.depth);
    }
}

template <WalkPass kPass>
void Walk<kPass>::summarise() {
    for (std::uint32_t key = m_keys.first; key < m_keys.last; ++key) {
        const KeyState& state = m_states[key - m_keys.first];
        if constexpr (kWrites) {
            if (state.depth > 0) {
                close(state, EventId{}, LifetimeEnd::Open);
                m_devices[state.lane].endLiveBytes = saturated(m_liveBytes[state.lane]);
            }
            AddressSummary& address = m_out.addresses[key];
            address.allocations = state.allocations;
            address.aliasedAllocations = state.aliasedAllocations;
            address.acceptedFrees = state.acceptedFrees;
            address.refusedFrees = state.refusedFrees;
            address.lowestBalance = state.lowestBalance;
            address.finalBalance = static_cast<std::int32_t>(state.allocations - state.acceptedFrees
                                                             - state.refusedFrees);
            address.isLiveAtEnd = state.depth > 0;
            address.peakDepth = std::max(address.peakDepth, std::min(state.lifetimes, 1U));
        } else {
            m_counts[key] = {state.lifetimes, state.events};
        }
    }
    if constexpr (kWrites) {
        std::sort(m_unfreed.begin(), m_unfreed.end());
        for (std::size_t lane = 0; lane < m_devices.size(); ++lane) {
            if (m_devices[lane].addresses == 0) continue;
            m_devices[lane].device = m_out.devices[lane].device;
            m_out.devices[lane] = m_devices[lane];
        }
    }
}

template <WalkPass kPass>
void Walk<kPass>::step(EventId event) {
    switch (m_events.kind[event.index()]) {
    case EventKind::Allocation: return allocate(event);
    case EventKind::PartialFree: return freePartly(event);
    case EventKind::FinalFree: return freeFinally(event);
    case EventKind::RefusedFree: return refuse(event);
    case EventKind::Sweep: return sweep(event);
    case EventKind::Restart: return restart(event);
    }
}

template <WalkPass kPass>
void Walk<kPass>::allocate(EventId event) {
    const std::size_t i = event.index();
    const AddressId key = m_events.address[i];
    KeyState& live = state(key);
    const Effect effect = believeAllocation(m_trace.rules, live.depth, m_events.refCount[i]);
    const std::uint32_t sizeNumber = sizeNumberOf(event);
    if (effect.contradiction) contradict(event, effect, live);
    if (effect.isEndLost) end(key, event, LifetimeEnd::Lost);
    const bool aliased = effect.change != EntryChange::Made;
    if (!aliased) {
        begin(key, event, m_events.process[i], sizeNumber, m_events.memory[i], false);
    } else if (effect.change == EntryChange::MadeLost) {
        begin(key, event, ProcessId{}, taken(effect.size, 0U, sizeNumber, 0U), m_events.memory[i], true);
        setDepth(live, effect.references);
    } else {
        setDepth(live, effect.references);
        if (effect.size == TakenFrom::Event) resize(live, sizeNumber);
        if (effect.owner == TakenFrom::Event) {
            disown(live);
            own(key, m_events.process[i]);
        }
    }
    record(event, live, aliased ? Letter::Aliased : Letter::First);
    if constexpr (kWrites) {
        ++live.allocations;
        live.aliasedAllocations += aliased ? 1 : 0;
        ++m_totals.allocations;
        m_totals.aliasedAllocations += aliased ? 1 : 0;
        ++m_devices[live.lane].allocations;
    }
}

template <WalkPass kPass>
void Walk<kPass>::freePartly(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believePartialFree(live.depth, m_events.refCount[event.index()]);
    if (effect.contradiction) contradict(event, effect, live);
    effect.change == EntryChange::MadeLost ? beginLost(key, event) : checkPrinted(event, key);
    setDepth(live, effect.references);
    record(event, live, Letter::Partial);
    countFree(live);
    ++m_totals.partialFrees;
}

template <WalkPass kPass>
void Walk<kPass>::freeFinally(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believeFinalFree(m_trace.rules, live.depth);
    if (effect.contradiction) contradict(event, effect, live);
    effect.isBeginLost ? beginLost(key, event) : checkPrinted(event, key);
    end(key, event, LifetimeEnd::Freed);
    record(event, live, Letter::Final);
    countFree(live);
    ++m_totals.finalFrees;
}

template <WalkPass kPass>
void Walk<kPass>::refuse(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believeRefusedFree(live.depth);
    if (effect.contradiction) contradict(event, effect, live);
    if (effect.isEndLost) end(key, event, LifetimeEnd::Lost);
    record(event, live, Letter::Refused);
    if constexpr (kWrites) {
        ++live.refusedFrees;
        lowerBalance(live);
        ++m_totals.unknownFrees;
        ++m_devices[live.lane].unknownFrees;
    }
}

template <WalkPass kPass>
void Walk<kPass>::sweep(EventId event) {
    if constexpr (kWrites) m_outcomes[m_at] = {{}, 0, Letter::Swept, false};
    std::uint64_t removed = 0;
    const auto take = [&](AddressId key) {
        end(key, event, LifetimeEnd::Swept);
        ++removed;
        KeyState& swept = state(key);
        if constexpr (kWrites) {
            m_out.keyEvents[swept.firstEvent + swept.events] = event;
            m_out.addresses[key.index()].wasAbandoned = true;
            ++m_totals.swept;
        }
        ++swept.events;
    };
    const std::size_t owner = listOf(m_events.process[event.index()]);
    if (m_search == SweepSearch::Lists) {
        takeListed(owner, take);
    } else {
        takeFound([owner](std::size_t list) { return list == owner; }, take);
    }
    if constexpr (kWrites) m_sweeps.push_back({event, removed});
}

template <WalkPass kPass>
void Walk<kPass>::restart(EventId event) {
    if constexpr (kWrites) m_outcomes[m_at] = {{}, 0, Letter::None, false};
    const auto take = [&](AddressId key) {
        end(key, event, LifetimeEnd::Restarted);
        if constexpr (kWrites) m_out.addresses[key.index()].wasAbandoned = true;
    };
    if (m_search == SweepSearch::AllKeys) return takeFound([](std::size_t) { return true; }, take);
    // Most of the processes have no keys: those that have are listed, each once until the next restart.
    for (const std::uint32_t owner : std::exchange(m_owners, {})) {
        m_owned[owner].isListed = false;
        takeListed(owner, take);
    }
}

template <WalkPass kPass>
void Walk<kPass>::begin(AddressId key, EventId event, ProcessId owner, std::uint32_t sizeNumber, Memory memory,
                        bool isBeginLost) {
    KeyState& live = state(key);
    ++live.lifetimes;
    live.sizeNumber = sizeNumber;
    if constexpr (kWrites) {
        LifetimeTable::Row& row = m_out.lifetimes.row(rowOf(live));
        row.address = key;
        row.first = event;
        live.begun = LifetimeTable::Row::begunAs(memory, isBeginLost);
        row.packed = live.begun;
        live.peakDepth = 0;
    }
    setDepth(live, 1);
    addLiveBytes(live);
    own(key, owner);
}

// An accepted free of a key that is not live: its allocation is missing, and the free's own numbers tell of it.
template <WalkPass kPass>
void Walk<kPass>::beginLost(AddressId key, EventId event) {
    Memory memory = Memory::Unknown;
    if constexpr (kWrites) {
        if (state(key).lifetimes > 0) memory = m_out.lifetimes.memory(rowOf(state(key)));
    }
    begin(key, event, m_events.process[event.index()], sizeNumberOf(event), memory, true);
}

template <WalkPass kPass>
void Walk<kPass>::end(AddressId key, EventId event, LifetimeEnd how) {
    KeyState& live = state(key);
    if constexpr (kWrites) close(live, event, how);
    live.depth = 0;
    removeLiveBytes(live);
    disown(live);
}

template <WalkPass kPass>
void Walk<kPass>::close(const WriteState& state, EventId last, LifetimeEnd how) {
    LifetimeTable::Row& row = m_out.lifetimes.row(rowOf(state));
    row.last = last;
    row.owner = state.owner;
    row.sizeNumber = state.sizeNumber;
    row.packed = state.begun | LifetimeTable::Row::endedAs(how, state.peakDepth);
    if (how != LifetimeEnd::Freed) m_unfreed.emplace_back(rowOf(state));
    if (state.peakDepth > 1) {
        AddressSummary& address = m_out.addresses[row.address.index()];
        address.peakDepth = std::max(address.peakDepth, state.peakDepth);
    }
}

template <WalkPass kPass>
void Walk<kPass>::own(AddressId key, ProcessId owner) {
    KeyState& live = state(key);
    if (m_search == SweepSearch::AllKeys) {
        live.owner = owner;
        return;
    }
    Owned& owned = m_owned[listOf(owner)];
    if (!std::exchange(owned.isListed, true)) m_owners.push_back(static_cast<std::uint32_t>(listOf(owner)));
    constexpr std::size_t kFewest = 64;
    if (owned.keys.size() >= 2 * owned.live + kFewest) compact(listOf(owner));
    live.owner = owner;
    live.entry = static_cast<std::uint32_t>(owned.keys.size());
    owned.keys.push_back(key);
    ++owned.live;
}

template <WalkPass kPass>
void Walk<kPass>::disown(const KeyState& state) {
    if (m_search == SweepSearch::Lists) --m_owned[listOf(state.owner)].live;
}

// Drops the entries of keys that are no longer live, or no longer this owner's.
template <WalkPass kPass>
void Walk<kPass>::compact(std::size_t owner) {
    auto& keys = m_owned[owner].keys;
    std::uint32_t kept = 0;
    for (std::uint32_t entry = 0; entry < keys.size(); ++entry) {
        if (entry + kAhead < keys.size()) __builtin_prefetch(&state(keys[entry + kAhead]));
        if (!isOwned(keys[entry], owner, entry)) continue;
        state(keys[entry]).entry = kept;
        keys[kept++] = keys[entry];
    }
    keys.resize(kept);
}

template <WalkPass kPass>
template <typename IsWanted, typename Take>
void Walk<kPass>::takeFound(const IsWanted& isWanted, const Take& take) {
    for (std::uint32_t key = m_keys.first; key < m_keys.last; ++key) {
        const KeyState& held = m_states[key - m_keys.first];
        if (held.depth > 0 && isWanted(listOf(held.owner))) take(AddressId(key));
    }
}

template <WalkPass kPass>
template <typename Take>
void Walk<kPass>::takeListed(std::size_t owner, const Take& take) {
    const std::vector<AddressId> keys = std::exchange(m_owned[owner].keys, {});
    for (std::uint32_t entry = 0; entry < keys.size(); ++entry) {
        if (entry + kAhead < keys.size()) __builtin_prefetch(&state(keys[entry + kAhead]), 1);
        if (isOwned(keys[entry], owner, entry)) take(keys[entry]);
    }
}

template <WalkPass kPass>
void Walk<kPass>::setDepth(KeyState& state, std::uint32_t depth) {
    state.depth = depth;
    m_peakDepth = std::max(m_peakDepth, depth);
    if constexpr (kWrites) state.peakDepth = std::max(state.peakDepth, depth);
}

template <WalkPass kPass>
void Walk<kPass>::resize(KeyState& state, std::uint32_t sizeNumber) {
    removeLiveBytes(state);
    state.sizeNumber = sizeNumber;
    addLiveBytes(state);
}

template <WalkPass kPass>
void Walk<kPass>::record(EventId event, KeyState& state, Letter letter) {
    if constexpr (kWrites) {
        Outcome& outcome = m_outcomes[m_at];  // field by field: a whole one is put together in memory and waited for
        outcome.lifetime = state.lifetimes > 0 ? LifetimeId(rowOf(state)) : LifetimeId{};
        outcome.depth = state.depth;
        outcome.letter = letter;
        outcome.hasKey = true;
        m_out.keyEvents[state.firstEvent + state.events] = event;
    }
    ++state.events;
}

template <WalkPass kPass>
void Walk<kPass>::countFree(KeyState& state) {
    if constexpr (kWrites) {
        ++state.acceptedFrees;
        lowerBalance(state);
        ++m_devices[state.lane].frees;
    }
}

template <WalkPass kPass>
void Walk<kPass>::lowerBalance(WriteState& state) {
    const auto balance = static_cast<std::int32_t>(state.allocations - state.acceptedFrees - state.refusedFrees);
    state.lowestBalance = std::min(state.lowestBalance, balance);
}

// What an accepted free prints of its entry: it must agree, or tells what the log has lost.
template <WalkPass kPass>
void Walk<kPass>::checkPrinted(EventId event, AddressId key) {
    KeyState& live = state(key);
    const std::uint32_t sizeNumber = sizeNumberOf(event);
    if (contradicts(live.sizeNumber, sizeNumber, 0U)) {
        contradict(event, ContradictionKind::SizeDiffers, {sizeOf(live.sizeNumber), sizeOf(sizeNumber)});
    } else if (sizeNumber != live.sizeNumber && live.sizeNumber == 0) {
        resize(live, sizeNumber);
    }
    const ProcessId owner = m_events.process[event.index()];
    if (contradicts(live.owner, owner, ProcessId{})) {
        contradict(
            event, ContradictionKind::OwnerDiffers,
            {static_cast<std::uint64_t>(m_trace.pid(live.owner)), static_cast<std::uint64_t>(m_trace.pid(owner))});
    } else if (owner != live.owner && !live.owner.isValid()) {
        disown(live);
        own(key, owner);
    }
}

template <WalkPass kPass>
void Walk<kPass>::contradict(EventId event, const Effect& effect, const KeyState& before) {
    if constexpr (kWrites) {
        const std::size_t i = event.index();
        contradict(event, *effect.contradiction,
                   numbersOf(*effect.contradiction, m_events.kind[i], before.depth, m_events.refCount[i]));
    }
}

template <WalkPass kPass>
void Walk<kPass>::contradict(EventId event, ContradictionKind kind, ExpectedAndTold numbers) {
    if constexpr (kWrites) m_contradictions.push_back({event, kind, numbers.expected, numbers.told});
}

template <WalkPass kPass>
void Walk<kPass>::addLiveBytes(const KeyState& state) {
    if constexpr (kWrites) {
        if (state.sizeNumber == 0) return;
        WideSum& bytes = m_liveBytes[state.lane];
        bytes += sizeOf(state.sizeNumber);
        m_devices[state.lane].peakLiveBytes = std::max(m_devices[state.lane].peakLiveBytes, saturated(bytes));
    }
}

template <WalkPass kPass>
void Walk<kPass>::removeLiveBytes(const KeyState& state) {
    if constexpr (kWrites) {
        if (state.sizeNumber != 0) m_liveBytes[state.lane] -= sizeOf(state.sizeNumber);
    }
}

template class Walk<WalkPass::Count>;
template class Walk<WalkPass::Write>;

}  // namespace alloclens
