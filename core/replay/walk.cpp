// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/walk.h"

#include <algorithm>
#include <string>

namespace alloclens {

template <typename Rows>
Walk<Rows>::Walk(const Trace& trace, KeyRange keys, SweepSearch search, Replay& out,
                 const std::vector<std::uint32_t>& laneOf)
    : m_trace(trace),
      m_events(trace.events),
      m_keys(keys),
      m_search(search),
      m_laneOf(laneOf),
      m_rows(trace, out, kBlock),
      m_owned(trace.processes.size() + 1) {}

template <typename Rows>
bool Walk<Rows>::run(const TaskContext& task) {
    m_states.resize(m_keys.last - m_keys.first);
    m_ours.resize(kBlock + 1);  // one more: listing writes before it knows whether the event is ours
    m_rows.prepare(m_keys, m_laneOf, m_states);
    const std::size_t count = m_events.count();
    for (std::size_t begin = 0; begin < count; begin += kBlock) {
        if (begin % TaskContext::kPollRows == 0) {
            if (task.isCancelled()) return false;
            task.report(Rows::kTask, static_cast<double>(begin) / static_cast<double>(count));
        }
        walkBlock(begin, std::min(count, begin + kBlock));
    }
    m_rows.finish(m_keys, m_states);
    return true;
}

template <typename Rows>
void Walk<Rows>::tellCounts(std::vector<KeyCounts>& counts) const {
    for (std::uint32_t key = m_keys.first; key < m_keys.last; ++key) {
        const KeyState& state = m_states[key - m_keys.first];
        counts[key] = {state.lifetimes, state.events};
    }
}

// Which events are ours is as good as random, and so would be a branch on it: they are listed first without one.
template <typename Rows>
void Walk<Rows>::walkBlock(std::size_t begin, std::size_t end) {
    m_listed = 0;
    for (std::size_t i = begin; i < end; ++i) {
        m_ours[m_listed] = EventId(i);
        m_listed += isOurs(m_events.address[i]) ? 1 : 0;
    }
    for (m_at = 0; m_at < m_listed; ++m_at) {
        fetchAhead();
        step(m_ours[m_at]);
    }
    m_rows.write(m_ours, m_listed, m_keys.first == 0);
}

// What an event touches is fetched some events before its turn: first its key's state, and when that is there, the rows
// that it will write. With many keys each of them costs a cache miss and a look into the page tables.
template <typename Rows>
void Walk<Rows>::fetchAhead() {
    constexpr std::size_t kRowsAhead = 10;
    if (m_at + kKeysAhead >= m_listed) return;
    const AddressId later = m_events.address[m_ours[m_at + kKeysAhead].index()];
    if (later.isValid()) fetch(later);
    const EventId event = m_ours[m_at + kRowsAhead];
    const AddressId sooner = m_events.address[event.index()];
    if (sooner.isValid()) m_rows.fetch(state(sooner), event);
}

template <typename Rows>
void Walk<Rows>::step(EventId event) {
    switch (m_events.kind[event.index()]) {
    case EventKind::Allocation: return allocate(event);
    case EventKind::PartialFree: return freePartly(event);
    case EventKind::FinalFree: return freeFinally(event);
    case EventKind::RefusedFree: return refuse(event);
    case EventKind::Sweep: return sweep(event);
    case EventKind::Restart: return restart(event);
    }
}

template <typename Rows>
void Walk<Rows>::allocate(EventId event) {
    const std::size_t i = event.index();
    const AddressId key = m_events.address[i];
    KeyState& live = state(key);
    const Effect effect = believeAllocation(m_trace.rules, live.depth, m_events.refCount[i]);
    const std::uint32_t sizeNumber = m_rows.sizeNumberOf(event);
    if (effect.contradiction) m_rows.contradict(event, effect, live);
    if (effect.isEndLost) end(key, event, LifetimeEnd::Lost);
    const bool isAliased = effect.change != EntryChange::Made;
    if (!isAliased) {
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
    record(event, live, isAliased ? Letter::Aliased : Letter::First);
    m_rows.countAllocation(live, isAliased);
}

template <typename Rows>
void Walk<Rows>::freePartly(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believePartialFree(live.depth, m_events.refCount[event.index()]);
    if (effect.contradiction) m_rows.contradict(event, effect, live);
    effect.change == EntryChange::MadeLost ? beginLost(key, event) : checkPrinted(event, key);
    setDepth(live, effect.references);
    record(event, live, Letter::Partial);
    m_rows.countFree(live, false);
}

template <typename Rows>
void Walk<Rows>::freeFinally(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believeFinalFree(m_trace.rules, live.depth);
    if (effect.contradiction) m_rows.contradict(event, effect, live);
    effect.isBeginLost ? beginLost(key, event) : checkPrinted(event, key);
    end(key, event, LifetimeEnd::Freed);
    record(event, live, Letter::Final);
    m_rows.countFree(live, true);
}

template <typename Rows>
void Walk<Rows>::refuse(EventId event) {
    const AddressId key = m_events.address[event.index()];
    KeyState& live = state(key);
    const Effect effect = believeRefusedFree(live.depth);
    if (effect.contradiction) m_rows.contradict(event, effect, live);
    if (effect.isEndLost) end(key, event, LifetimeEnd::Lost);
    record(event, live, Letter::Refused);
    m_rows.countRefusal(live);
}

template <typename Rows>
void Walk<Rows>::sweep(EventId event) {
    m_rows.recordWithoutKey(m_at, Letter::Swept);
    std::uint64_t removed = 0;
    const auto take = [&](AddressId key) {
        end(key, event, LifetimeEnd::Swept);
        ++removed;
        m_rows.recordEnd(key, event, state(key), LifetimeEnd::Swept);
        ++state(key).events;
    };
    const std::size_t owner = listOf(m_events.process[event.index()]);
    if (m_search == SweepSearch::Lists) {
        m_owned.take(owner, *this, take);
    } else {
        takeFound([owner](std::size_t list) { return list == owner; }, take);
    }
    m_rows.countSweep(event, removed);
}

template <typename Rows>
void Walk<Rows>::restart(EventId event) {
    m_rows.recordWithoutKey(m_at, Letter::None);
    const auto take = [&](AddressId key) {
        end(key, event, LifetimeEnd::Restarted);
        m_rows.recordEnd(key, event, state(key), LifetimeEnd::Restarted);
    };
    if (m_search == SweepSearch::AllKeys) return takeFound([](std::size_t) { return true; }, take);
    m_owned.takeAll(*this, take);
}

template <typename Rows>
void Walk<Rows>::begin(AddressId key, EventId event, ProcessId owner, std::uint32_t sizeNumber, Memory memory,
                       bool isBeginLost) {
    KeyState& live = state(key);
    ++live.lifetimes;
    live.sizeNumber = sizeNumber;
    m_rows.begin(live, key, event, memory, isBeginLost);
    setDepth(live, 1);
    m_rows.addBytes(live);
    own(key, owner);
}

// An accepted free of a key that is not live: its allocation is missing, and the free's own numbers tell of it.
template <typename Rows>
void Walk<Rows>::beginLost(AddressId key, EventId event) {
    const Memory memory = m_rows.lastMemory(state(key));
    begin(key, event, m_events.process[event.index()], m_rows.sizeNumberOf(event), memory, true);
}

template <typename Rows>
void Walk<Rows>::end(AddressId key, EventId event, LifetimeEnd how) {
    KeyState& live = state(key);
    m_rows.close(live, event, how);
    live.depth = 0;
    m_rows.removeBytes(live);
    disown(live);
}

// What an accepted free prints of its entry: it must agree, or tells what the log has lost.
template <typename Rows>
void Walk<Rows>::checkPrinted(EventId event, AddressId key) {
    KeyState& live = state(key);
    const std::uint32_t sizeNumber = m_rows.sizeNumberOf(event);
    if (contradicts(live.sizeNumber, sizeNumber, 0U)) {
        m_rows.contradictSize(event, live.sizeNumber, sizeNumber);
    } else if (live.sizeNumber == 0 && sizeNumber != 0) {
        resize(live, sizeNumber);
    }
    const ProcessId owner = m_events.process[event.index()];
    if (contradicts(live.owner, owner, ProcessId{})) {
        m_rows.contradictOwner(event, live.owner, owner);
    } else if (!live.owner.isValid() && owner.isValid()) {
        disown(live);
        own(key, owner);
    }
}

template <typename Rows>
void Walk<Rows>::setDepth(KeyState& state, std::uint32_t depth) {
    state.depth = depth;
    m_peakDepth = std::max(m_peakDepth, depth);
    m_rows.deepen(state);
}

template <typename Rows>
void Walk<Rows>::resize(KeyState& state, std::uint32_t sizeNumber) {
    m_rows.removeBytes(state);
    state.sizeNumber = sizeNumber;
    m_rows.addBytes(state);
}

template <typename Rows>
void Walk<Rows>::record(EventId event, KeyState& state, Letter letter) {
    m_rows.record(m_at, event, state, letter);
    ++state.events;
}

template <typename Rows>
void Walk<Rows>::own(AddressId key, ProcessId owner) {
    KeyState& live = state(key);
    if (m_search == SweepSearch::Lists) live.entry = m_owned.add(key, listOf(owner), *this);
    live.owner = owner;
}

template <typename Rows>
void Walk<Rows>::disown(const KeyState& state) {
    if (m_search == SweepSearch::Lists) m_owned.remove(listOf(state.owner));
}

template <typename Rows>
template <typename IsWanted, typename Take>
void Walk<Rows>::takeFound(const IsWanted& isWanted, const Take& take) {
    for (std::uint32_t key = m_keys.first; key < m_keys.last; ++key) {
        const KeyState& held = m_states[key - m_keys.first];
        if (held.depth > 0 && isWanted(listOf(held.owner))) take(AddressId(key));
    }
}

template class Walk<CountRows>;
template class Walk<WriteRows>;

}  // namespace alloclens
