// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/walk.h"

#include <algorithm>

namespace alloclens {

bool Walk::run(const TaskContext& task) {
    const std::size_t count = m_events.count();
    for (std::size_t i = 0; i < count; ++i) {
        if (i % TaskContext::kPollRows == 0) {
            if (task.isCancelled()) return false;
            task.report("replaying", static_cast<double>(i) / static_cast<double>(count));
        }
        if (isOurs(m_events.address[i])) step(EventId(i));
    }
    for (std::uint32_t key = m_firstKey; key < m_lastKey; ++key) {
        const LiveState& state = live(AddressId(key));
        m_out.addresses[key].isLiveAtEnd = state.depth > 0;
        m_keyEvents += m_out.addresses[key].events;
        if (state.depth > 0) m_out.devices[m_laneOf[key]].endLiveBytes = m_liveBytes[m_laneOf[key]];
    }
    return true;
}

void Walk::finish(std::size_t lifetimesBefore, std::size_t keyEventsBefore) {
    auto nextLifetime = static_cast<std::uint32_t>(lifetimesBefore);
    auto nextEvent = static_cast<std::uint32_t>(keyEventsBefore);
    for (std::uint32_t key = m_firstKey; key < m_lastKey; ++key) {
        AddressSummary& address = m_out.addresses[key];
        address.firstLifetime = LifetimeId(nextLifetime);
        nextLifetime += address.lifetimes;
        address.firstEvent = nextEvent;
        nextEvent += address.events;
        address.events = 0;  // counts up again while filling
    }
    const auto place = [this](const Lifetime& lifetime) {
        return LifetimeId(m_out.addresses[lifetime.address.index()].firstLifetime.value + lifetime.generation - 1);
    };
    for (const Lifetime& lifetime : m_lifetimes) m_out.lifetimes[place(lifetime).index()] = lifetime;
    auto swept = m_swept.cbegin();
    for (std::size_t i = 0; i < m_events.count(); ++i) {
        const AddressId key = m_events.address[i];
        if (!key.isValid()) {
            for (; swept != m_swept.cend() && swept->event == EventId(i); ++swept) list(swept->key, EventId(i));
        } else if (isOurs(key)) {
            LifetimeId& id = m_out.lifetimeOf[i];
            if (id.isValid()) id = place(m_lifetimes[id.index()]);
            list(key, EventId(i));
        }
    }
}

void Walk::step(EventId event) {
    const std::size_t i = event.index();
    switch (m_events.kind[i]) {
    case EventKind::Allocation: return allocate(event);
    case EventKind::PartialFree: return freePartly(event);
    case EventKind::FinalFree: return freeFinally(event);
    case EventKind::RefusedFree: return refuse(event);
    case EventKind::Sweep: return sweep(event);
    case EventKind::Restart: return restart(event);
    }
}

void Walk::allocate(EventId event) {
    const std::size_t i = event.index();
    const AddressId key = m_events.address[i];
    LiveState& state = live(key);
    const std::uint32_t printed = m_events.refCount[i];
    const bool wasLive = state.depth > 0;
    bool aliased = wasLive;
    if (m_trace.rules.countsReferences) {
        aliased = printed > 0;
        if (!aliased && wasLive) {
            contradict(event, ContradictionKind::AllocationOfLive, state.depth, 0);
            end(key, event, LifetimeEnd::Lost);
        } else if (aliased && state.depth + std::uint64_t{1} != printed) {
            contradict(event, ContradictionKind::ReferenceCount, state.depth + std::uint64_t{1}, printed);
        }
    }
    if (aliased && state.depth > 0) {
        if (m_trace.rules.countsReferences) {
            setDepth(key, printed);
            if (m_trace.rules.keepsLastSize) resize(key, m_events.size[i]);
        } else {  // the entry was replaced
            setDepth(key, state.depth + 1);
            resize(key, m_events.size[i]);
            changeOwner(key, m_events.process[i]);
        }
    } else if (aliased) {
        // The first allocation is not in the log: its owner and size are not those of this line.
        const std::uint64_t size = m_trace.rules.keepsLastSize ? m_events.size[i] : kNoSize;
        begin(key, event, ProcessId{}, size, m_events.memory[i], true);
        setDepth(key, printed);
    } else {
        begin(key, event, m_events.process[i], m_events.size[i], m_events.memory[i], false);
    }
    record(event, key, aliased ? Letter::Aliased : Letter::First);
    AddressSummary& address = m_out.addresses[key.index()];
    ++address.allocations;
    address.aliasedAllocations += aliased ? 1 : 0;
    ++address.finalBalance;
    ++m_totals.allocations;
    m_totals.aliasedAllocations += aliased ? 1 : 0;
    ++m_out.devices[m_laneOf[key.index()]].allocations;
}

void Walk::freePartly(EventId event) {
    const AddressId key = m_events.address[event.index()];
    const std::uint32_t remaining = m_events.refCount[event.index()];
    LiveState& state = live(key);
    if (state.depth == 0) {
        contradict(event, ContradictionKind::FreeOfUnknown, 0, remaining + std::uint64_t{1});
        beginLost(key, event);
    } else {
        if (state.depth != remaining + std::uint64_t{1}) {
            contradict(event, ContradictionKind::ReferenceCount, state.depth - 1, remaining);
        }
        checkPrinted(event, key);
    }
    setDepth(key, std::max<std::uint32_t>(remaining, 1));
    record(event, key, Letter::Partial);
    countFree(key);
    ++m_totals.partialFrees;
}

void Walk::freeFinally(EventId event) {
    const AddressId key = m_events.address[event.index()];
    LiveState& state = live(key);
    if (state.depth == 0) {
        contradict(event, ContradictionKind::FreeOfUnknown, 0, 1);
        beginLost(key, event);
    } else {
        if (m_trace.rules.countsReferences && state.depth != 1) {
            contradict(event, ContradictionKind::FinalOfShared, state.depth, 1);
        }
        checkPrinted(event, key);
    }
    end(key, event, LifetimeEnd::Freed);
    record(event, key, Letter::Final);
    countFree(key);
    ++m_totals.finalFrees;
}

void Walk::refuse(EventId event) {
    const AddressId key = m_events.address[event.index()];
    if (live(key).depth > 0) {
        contradict(event, ContradictionKind::RefusalOfLive, live(key).depth, 0);
        end(key, event, LifetimeEnd::Lost);
    }
    record(event, key, Letter::Refused);
    AddressSummary& address = m_out.addresses[key.index()];
    ++address.refusedFrees;
    --address.finalBalance;
    address.lowestBalance = std::min(address.lowestBalance, address.finalBalance);
    ++m_totals.unknownFrees;
    ++m_out.devices[m_laneOf[key.index()]].unknownFrees;
}

void Walk::sweep(EventId event) {
    const std::size_t slot = listOf(m_events.process[event.index()]);
    m_sweeps.push_back({event, m_liveCountOf[slot]});
    while (m_headOf[slot].isValid()) {
        const AddressId key = m_headOf[slot];
        end(key, event, LifetimeEnd::Swept);
        m_swept.push_back({event, key});
        ++m_out.addresses[key.index()].events;
        m_out.addresses[key.index()].wasAbandoned = true;
        ++m_totals.swept;
    }
}

void Walk::restart(EventId event) {
    for (std::size_t slot = 0; slot < m_headOf.size(); ++slot) {
        while (m_headOf[slot].isValid()) {
            const AddressId key = m_headOf[slot];
            end(key, event, LifetimeEnd::Restarted);
            m_out.addresses[key.index()].wasAbandoned = true;
        }
    }
}

void Walk::begin(AddressId key, EventId event, ProcessId owner, std::uint64_t size, Memory memory, bool isBeginLost) {
    AddressSummary& address = m_out.addresses[key.index()];
    Lifetime lifetime;
    lifetime.address = key;
    lifetime.owner = owner;
    lifetime.first = event;
    lifetime.size = size;
    lifetime.generation = ++address.lifetimes;
    lifetime.memory = memory;
    lifetime.beginLost = isBeginLost;
    LiveState& state = live(key);
    state.lifetime = LifetimeId(m_lifetimes.size());
    m_lifetimes.push_back(lifetime);
    setDepth(key, 1);
    addLiveBytes(key, size);
    link(key, owner);
}

// An accepted free of a key that is not live: its allocation is missing, and the free's own numbers tell of it.
void Walk::beginLost(AddressId key, EventId event) {
    const LifetimeId last = live(key).lifetime;
    const Memory memory = last.isValid() ? m_lifetimes[last.index()].memory : Memory::Unknown;
    begin(key, event, m_events.process[event.index()], m_events.size[event.index()], memory, true);
}

void Walk::end(AddressId key, EventId event, LifetimeEnd how) {
    LiveState& state = live(key);
    Lifetime& lifetime = m_lifetimes[state.lifetime.index()];
    lifetime.last = event;
    lifetime.end = how;
    state.depth = 0;
    removeLiveBytes(key, lifetime.size);
    unlink(key, lifetime.owner);
}

void Walk::link(AddressId key, ProcessId owner) {
    LiveState& state = live(key);
    const std::size_t slot = listOf(owner);
    state.previous = AddressId{};
    state.next = m_headOf[slot];
    if (state.next.isValid()) live(state.next).previous = key;
    m_headOf[slot] = key;
    ++m_liveCountOf[slot];
}

void Walk::unlink(AddressId key, ProcessId owner) {
    const LiveState& state = live(key);
    const std::size_t slot = listOf(owner);
    if (state.previous.isValid()) {
        live(state.previous).next = state.next;
    } else {
        m_headOf[slot] = state.next;
    }
    if (state.next.isValid()) live(state.next).previous = state.previous;
    --m_liveCountOf[slot];
}

void Walk::changeOwner(AddressId key, ProcessId owner) {
    Lifetime& lifetime = m_lifetimes[live(key).lifetime.index()];
    unlink(key, lifetime.owner);
    lifetime.owner = owner;
    link(key, owner);
}

void Walk::setDepth(AddressId key, std::uint32_t depth) {
    LiveState& state = live(key);
    state.depth = depth;
    Lifetime& lifetime = m_lifetimes[state.lifetime.index()];
    lifetime.peakDepth = std::max(lifetime.peakDepth, depth);
    AddressSummary& address = m_out.addresses[key.index()];
    address.peakDepth = std::max(address.peakDepth, depth);
}

void Walk::resize(AddressId key, std::uint64_t size) {
    Lifetime& lifetime = m_lifetimes[live(key).lifetime.index()];
    removeLiveBytes(key, lifetime.size);
    lifetime.size = size;
    addLiveBytes(key, size);
}

void Walk::record(EventId event, AddressId key, Letter letter) {
    m_out.letters[event.index()] = letter;
    m_out.lifetimeOf[event.index()] = live(key).lifetime;
    ++m_out.addresses[key.index()].events;
    m_out.depthAfter[event.index()] = live(key).depth;
}

void Walk::countFree(AddressId key) {
    AddressSummary& address = m_out.addresses[key.index()];
    ++address.acceptedFrees;
    --address.finalBalance;
    address.lowestBalance = std::min(address.lowestBalance, address.finalBalance);
    ++m_out.devices[m_laneOf[key.index()]].frees;
}

// What an accepted free prints of its entry: it must agree, or tells what the log has lost.
void Walk::checkPrinted(EventId event, AddressId key) {
    const Lifetime& lifetime = m_lifetimes[live(key).lifetime.index()];
    const std::uint64_t size = m_events.size[event.index()];
    if (size != kNoSize && lifetime.size == kNoSize) {
        resize(key, size);
    } else if (size != kNoSize && size != lifetime.size) {
        contradict(event, ContradictionKind::SizeDiffers, lifetime.size, size);
    }
    const ProcessId owner = m_events.process[event.index()];
    if (owner.isValid() && !lifetime.owner.isValid()) {
        changeOwner(key, owner);
    } else if (owner.isValid() && owner != lifetime.owner) {
        contradict(event, ContradictionKind::OwnerDiffers, static_cast<std::uint64_t>(m_trace.pid(lifetime.owner)),
                   static_cast<std::uint64_t>(m_trace.pid(owner)));
    }
}

void Walk::contradict(EventId event, ContradictionKind kind, std::uint64_t expected, std::uint64_t actual) {
    m_contradictions.push_back({event, kind, expected, actual});
}

void Walk::addLiveBytes(AddressId key, std::uint64_t size) {
    if (size == kNoSize) return;
    const std::uint32_t lane = m_laneOf[key.index()];
    m_liveBytes[lane] += size;
    m_out.devices[lane].peakLiveBytes = std::max(m_out.devices[lane].peakLiveBytes, m_liveBytes[lane]);
}

void Walk::removeLiveBytes(AddressId key, std::uint64_t size) {
    if (size != kNoSize) m_liveBytes[m_laneOf[key.index()]] -= size;
}

}  // namespace alloclens
