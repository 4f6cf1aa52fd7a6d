// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replay.h"

#include <algorithm>
#include <limits>
#include <map>

namespace alloclens {
namespace {

/// Walks the events once. Lifetimes are numbered as they begin and brought into key order at the end. The live keys of
/// each process form a doubly linked list through m_live, so that a sweep costs what it removes and nothing more.
class Walk {
public:
    Walk(const Trace& trace, Replay& out) : m_trace(trace), m_events(trace.events), m_out(out) {
        m_live.resize(trace.addresses.size());
        m_out.addresses.resize(trace.addresses.size());
        m_headOf.assign(trace.processes.size() + 1, AddressId{});
        m_liveCountOf.assign(trace.processes.size() + 1, 0);
        m_out.letters.assign(m_events.count(), Letter::None);
        m_out.lifetimeOf.assign(m_events.count(), LifetimeId{});
        m_out.depthAfter.assign(m_events.count(), 0);
        numberDevices();
    }

    [[nodiscard]] Result<void> run(const TaskContext& task) {
        const std::size_t count = m_events.count();
        for (std::size_t i = 0; i < count; ++i) {
            if (i % TaskContext::kPollRows == 0) {
                if (task.isCancelled()) return TaskContext::cancelled();
                task.report("replaying", static_cast<double>(i) / static_cast<double>(count));
            }
            step(EventId(i));
        }
        for (std::size_t key = 0; key < m_live.size(); ++key) m_out.addresses[key].isLiveAtEnd = m_live[key].depth > 0;
        for (std::size_t lane = 0; lane < m_liveBytes.size(); ++lane)
            m_out.devices[lane].endLiveBytes = m_liveBytes[lane];
        orderLifetimes();
        listKeyEvents();
        m_out.totals.total = count;
        return {};
    }

private:
    struct LiveState {
        std::uint32_t depth = 0;
        LifetimeId lifetime;  ///< the live one, or the last one that ended
        AddressId next, previous;
    };

    void numberDevices() {
        m_laneOf.reserve(m_trace.addresses.size());
        for (const AddressKey& key : m_trace.addresses) {  // sorted by device
            if (m_out.devices.empty() || m_out.devices.back().device != key.device) {
                m_out.devices.push_back({.device = key.device});
            }
            ++m_out.devices.back().addresses;
            m_laneOf.push_back(static_cast<std::uint32_t>(m_out.devices.size() - 1));
        }
        m_liveBytes.assign(m_out.devices.size(), 0);
    }

    void step(EventId event) {
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

    void allocate(EventId event) {
        const std::size_t i = event.index();
        const AddressId key = m_events.address[i];
        LiveState& live = m_live[key.index()];
        const std::uint32_t printed = m_events.refCount[i];
        const bool wasLive = live.depth > 0;
        bool aliased = wasLive;
        if (m_trace.rules.countsReferences) {
            aliased = printed > 0;
            if (!aliased && wasLive) {
                contradict(event, ContradictionKind::AllocationOfLive, live.depth, 0);
                end(key, event, LifetimeEnd::Lost);
            } else if (aliased && live.depth + std::uint64_t{1} != printed) {
                contradict(event, ContradictionKind::ReferenceCount, live.depth + std::uint64_t{1}, printed);
            }
        }
        if (aliased && live.depth > 0) {
            if (m_trace.rules.countsReferences) {
                setDepth(key, printed);
                if (m_trace.rules.keepsLastSize) resize(key, m_events.size[i]);
            } else {  // the entry was replaced
                setDepth(key, live.depth + 1);
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
        ++m_out.totals.allocations;
        m_out.totals.aliasedAllocations += aliased ? 1 : 0;
        ++m_out.devices[m_laneOf[key.index()]].allocations;
    }

    void freePartly(EventId event) {
        const AddressId key = m_events.address[event.index()];
        const std::uint32_t remaining = m_events.refCount[event.index()];
        LiveState& live = m_live[key.index()];
        if (live.depth == 0) {
            contradict(event, ContradictionKind::FreeOfUnknown, 0, remaining + std::uint64_t{1});
            beginLost(key, event);
        } else {
            if (live.depth != remaining + std::uint64_t{1}) {
                contradict(event, ContradictionKind::ReferenceCount, live.depth - 1, remaining);
            }
            checkPrinted(event, key);
        }
        setDepth(key, std::max<std::uint32_t>(remaining, 1));
        record(event, key, Letter::Partial);
        countFree(key);
        ++m_out.totals.partialFrees;
    }

    void freeFinally(EventId event) {
        const AddressId key = m_events.address[event.index()];
        LiveState& live = m_live[key.index()];
        if (live.depth == 0) {
            contradict(event, ContradictionKind::FreeOfUnknown, 0, 1);
            beginLost(key, event);
        } else {
            if (m_trace.rules.countsReferences && live.depth != 1) {
                contradict(event, ContradictionKind::FinalOfShared, live.depth, 1);
            }
            checkPrinted(event, key);
        }
        end(key, event, LifetimeEnd::Freed);
        record(event, key, Letter::Final);
        countFree(key);
        ++m_out.totals.finalFrees;
    }

    void refuse(EventId event) {
        const AddressId key = m_events.address[event.index()];
        if (m_live[key.index()].depth > 0) {
            contradict(event, ContradictionKind::RefusalOfLive, m_live[key.index()].depth, 0);
            end(key, event, LifetimeEnd::Lost);
        }
        record(event, key, Letter::Refused);
        AddressSummary& address = m_out.addresses[key.index()];
        ++address.refusedFrees;
        --address.finalBalance;
        address.lowestBalance = std::min(address.lowestBalance, address.finalBalance);
        ++m_out.totals.unknownFrees;
        ++m_out.devices[m_laneOf[key.index()]].unknownFrees;
    }

    void sweep(EventId event) {
        m_out.letters[event.index()] = Letter::Swept;
        const ProcessId process = m_events.process[event.index()];
        const std::size_t slot = listOf(process);
        const std::uint64_t printed = m_events.size[event.index()];
        if (printed != kNoSize && printed != m_liveCountOf[slot]) {
            contradict(event, ContradictionKind::SweepCountDiffers, m_liveCountOf[slot], printed);
        }
        while (m_headOf[slot].isValid()) {
            const AddressId key = m_headOf[slot];
            end(key, event, LifetimeEnd::Swept);
            m_out.addresses[key.index()].wasAbandoned = true;
            ++m_out.totals.swept;
        }
    }

    void restart(EventId event) {
        for (std::size_t slot = 0; slot < m_headOf.size(); ++slot) {
            while (m_headOf[slot].isValid()) {
                const AddressId key = m_headOf[slot];
                end(key, event, LifetimeEnd::Restarted);
                m_out.addresses[key.index()].wasAbandoned = true;
            }
        }
    }

    void begin(AddressId key, EventId event, ProcessId owner, std::uint64_t size, Memory memory, bool isBeginLost) {
        AddressSummary& address = m_out.addresses[key.index()];
        Lifetime lifetime;
        lifetime.address = key;
        lifetime.owner = owner;
        lifetime.first = event;
        lifetime.size = size;
        lifetime.generation = ++address.lifetimes;
        lifetime.memory = memory;
        lifetime.beginLost = isBeginLost;
        LiveState& live = m_live[key.index()];
        live.lifetime = LifetimeId(m_out.lifetimes.size());
        m_out.lifetimes.push_back(lifetime);
        setDepth(key, 1);
        addLiveBytes(key, size);
        link(key, owner);
    }

    // An accepted free of a key that is not live: its allocation is missing, and the free's own numbers tell of it.
    void beginLost(AddressId key, EventId event) {
        const LifetimeId last = m_live[key.index()].lifetime;
        const Memory memory = last.isValid() ? m_out.lifetimes[last.index()].memory : Memory::Unknown;
        begin(key, event, m_events.process[event.index()], m_events.size[event.index()], memory, true);
    }

    void end(AddressId key, EventId event, LifetimeEnd how) {
        LiveState& live = m_live[key.index()];
        Lifetime& lifetime = m_out.lifetimes[live.lifetime.index()];
        lifetime.last = event;
        lifetime.end = how;
        live.depth = 0;
        removeLiveBytes(key, lifetime.size);
        unlink(key, lifetime.owner);
    }

    // The live keys of each process, for sweeps.
    void link(AddressId key, ProcessId owner) {
        LiveState& live = m_live[key.index()];
        const std::size_t slot = listOf(owner);
        live.previous = AddressId{};
        live.next = m_headOf[slot];
        if (live.next.isValid()) m_live[live.next.index()].previous = key;
        m_headOf[slot] = key;
        ++m_liveCountOf[slot];
    }

    void unlink(AddressId key, ProcessId owner) {
        const LiveState& live = m_live[key.index()];
        const std::size_t slot = listOf(owner);
        if (live.previous.isValid()) {
            m_live[live.previous.index()].next = live.next;
        } else {
            m_headOf[slot] = live.next;
        }
        if (live.next.isValid()) m_live[live.next.index()].previous = live.previous;
        --m_liveCountOf[slot];
    }

    void changeOwner(AddressId key, ProcessId owner) {
        Lifetime& lifetime = m_out.lifetimes[m_live[key.index()].lifetime.index()];
        unlink(key, lifetime.owner);
        lifetime.owner = owner;
        link(key, owner);
    }

    void setDepth(AddressId key, std::uint32_t depth) {
        LiveState& live = m_live[key.index()];
        live.depth = depth;
        Lifetime& lifetime = m_out.lifetimes[live.lifetime.index()];
        lifetime.peakDepth = std::max(lifetime.peakDepth, depth);
        AddressSummary& address = m_out.addresses[key.index()];
        address.peakDepth = std::max(address.peakDepth, depth);
    }

    void resize(AddressId key, std::uint64_t size) {
        Lifetime& lifetime = m_out.lifetimes[m_live[key.index()].lifetime.index()];
        removeLiveBytes(key, lifetime.size);
        lifetime.size = size;
        addLiveBytes(key, size);
    }

    void record(EventId event, AddressId key, Letter letter) {
        m_out.letters[event.index()] = letter;
        m_out.lifetimeOf[event.index()] = m_live[key.index()].lifetime;
        m_out.depthAfter[event.index()] = m_live[key.index()].depth;
    }

    void countFree(AddressId key) {
        AddressSummary& address = m_out.addresses[key.index()];
        ++address.acceptedFrees;
        --address.finalBalance;
        address.lowestBalance = std::min(address.lowestBalance, address.finalBalance);
        ++m_out.devices[m_laneOf[key.index()]].frees;
    }

    // What an accepted free prints of its entry: it must agree, or tells what the log has lost.
    void checkPrinted(EventId event, AddressId key) {
        const Lifetime& lifetime = m_out.lifetimes[m_live[key.index()].lifetime.index()];
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

    void contradict(EventId event, ContradictionKind kind, std::uint64_t expected, std::uint64_t actual) {
        m_out.contradictions.push_back({event, kind, expected, actual});
    }

    void addLiveBytes(AddressId key, std::uint64_t size) {
        if (size == kNoSize) return;
        const std::uint32_t lane = m_laneOf[key.index()];
        m_liveBytes[lane] += size;
        m_out.devices[lane].peakLiveBytes = std::max(m_out.devices[lane].peakLiveBytes, m_liveBytes[lane]);
    }
    void removeLiveBytes(AddressId key, std::uint64_t size) {
        if (size != kNoSize) m_liveBytes[m_laneOf[key.index()]] -= size;
    }

    // Processes have a list each; lifetimes without an owner share the last one.
    [[nodiscard]] std::size_t listOf(ProcessId process) const {
        return process.isValid() ? process.index() : m_headOf.size() - 1;
    }

    void orderLifetimes() {
        std::vector<Lifetime>& lifetimes = m_out.lifetimes;
        std::uint32_t next = 0;
        for (AddressSummary& address : m_out.addresses) {
            address.firstLifetime = LifetimeId(next);
            next += address.lifetimes;
        }
        std::vector<Lifetime> ordered(lifetimes.size());
        const auto place = [this](const Lifetime& lifetime) {
            return LifetimeId(m_out.addresses[lifetime.address.index()].firstLifetime.value + lifetime.generation - 1);
        };
        for (LifetimeId& id : m_out.lifetimeOf) {
            if (id.isValid()) id = place(lifetimes[id.index()]);
        }
        for (const Lifetime& lifetime : lifetimes) ordered[place(lifetime).index()] = lifetime;
        lifetimes = std::move(ordered);
    }

    void listKeyEvents() {
        for (const AddressId key : m_events.address) {
            if (key.isValid()) ++m_out.addresses[key.index()].events;
        }
        for (const Lifetime& lifetime : m_out.lifetimes) {
            if (lifetime.end == LifetimeEnd::Swept) ++m_out.addresses[lifetime.address.index()].events;
        }
        std::uint32_t next = 0;
        for (AddressSummary& address : m_out.addresses) {
            address.firstEvent = next;
            next += address.events;
            address.events = 0;  // counts up again while filling
        }
        m_out.keyEvents.resize(next);
        const auto append = [this](AddressId key, EventId event) {
            AddressSummary& address = m_out.addresses[key.index()];
            m_out.keyEvents[address.firstEvent + address.events++] = event;
        };
        std::vector<std::vector<AddressId>> sweptBy;
        std::map<EventId, std::size_t> sweeps;
        for (const Lifetime& lifetime : m_out.lifetimes) {
            if (lifetime.end != LifetimeEnd::Swept) continue;
            const auto [sweep, isNew] = sweeps.try_emplace(lifetime.last, sweptBy.size());
            if (isNew) sweptBy.emplace_back();
            sweptBy[sweep->second].push_back(lifetime.address);
        }
        for (std::size_t i = 0; i < m_events.count(); ++i) {
            const EventId event(i);
            if (m_events.address[i].isValid()) {
                append(m_events.address[i], event);
            } else if (const auto sweep = sweeps.find(event); sweep != sweeps.end()) {
                for (const AddressId key : sweptBy[sweep->second]) append(key, event);
            }
        }
    }

    const Trace& m_trace;
    const EventTable& m_events;
    Replay& m_out;
    std::vector<LiveState> m_live;             ///< by AddressId
    std::vector<AddressId> m_headOf;           ///< by ProcessId: the first live key that the process owns
    std::vector<std::uint64_t> m_liveCountOf;  ///< by ProcessId
    std::vector<std::uint32_t> m_laneOf;       ///< by AddressId: row of Replay::devices
    std::vector<std::uint64_t> m_liveBytes;    ///< by row of Replay::devices
};

}  // namespace

std::string_view lifetimeEndName(LifetimeEnd end) {
    switch (end) {
    case LifetimeEnd::Open: return "open";
    case LifetimeEnd::Freed: return "freed";
    case LifetimeEnd::Swept: return "swept";
    case LifetimeEnd::Lost: return "lost";
    case LifetimeEnd::Restarted: return "server-restarted";
    }
    return {};
}

std::string_view contradictionName(ContradictionKind kind) {
    switch (kind) {
    case ContradictionKind::AllocationOfLive: return "allocation-of-live";
    case ContradictionKind::ReferenceCount: return "reference-count";
    case ContradictionKind::FinalOfShared: return "final-of-shared";
    case ContradictionKind::FreeOfUnknown: return "free-of-unknown";
    case ContradictionKind::RefusalOfLive: return "refusal-of-live";
    case ContradictionKind::SizeDiffers: return "size-differs";
    case ContradictionKind::OwnerDiffers: return "owner-differs";
    case ContradictionKind::SweepCountDiffers: return "sweep-count-differs";
    }
    return {};
}

std::span<const Lifetime> Replay::lifetimesOf(AddressId id) const {
    const AddressSummary& summary = address(id);
    return std::span(lifetimes).subspan(summary.firstLifetime.index(), summary.lifetimes);
}

std::span<const EventId> Replay::eventsOf(AddressId id) const {
    const AddressSummary& summary = address(id);
    return std::span(keyEvents).subspan(summary.firstEvent, summary.events);
}

std::string Replay::lifecycle(AddressId id) const {
    const auto events = eventsOf(id);
    std::string text;
    text.reserve(events.size());
    for (const EventId event : events) text += static_cast<char>(letters[event.index()]);
    return text;
}

Result<Replay> replayTrace(std::shared_ptr<const Trace> trace, const TaskContext& task) {
    Replay replay;
    replay.trace = trace;
    Walk walk(*trace, replay);
    if (const auto done = walk.run(task); !done) return done.error();
    return replay;
}

}  // namespace alloclens
