// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replay.h"

#include <algorithm>

#include "core/base/parallel.h"
#include "core/replay/key_range.h"
#include "core/replay/walk.h"

namespace alloclens {
namespace {

/// The row of Replay::devices of each key; fills these rows. Keys are sorted by device.
std::vector<std::uint32_t> numberDevices(const Trace& trace, std::vector<DeviceSummary>& devices) {
    std::vector<std::uint32_t> laneOf;
    laneOf.reserve(trace.addresses.size());
    for (const AddressKey& key : trace.addresses) {
        if (devices.empty() || devices.back().device != key.device) devices.push_back({.device = key.device});
        ++devices.back().addresses;
        laneOf.push_back(static_cast<std::uint32_t>(devices.size() - 1));
    }
    return laneOf;
}

/// About how many events each device has.
std::vector<std::uint64_t> sampleEvents(const Trace& trace, const std::vector<std::uint32_t>& laneOf,
                                        std::size_t devices) {
    constexpr std::size_t kStride = 251;  // so many events one is counted for; a prime, as devices may come in turn
    std::vector<std::uint64_t> eventsOf(devices, 0);
    for (std::size_t i = 0; i < trace.events.count(); i += kStride) {
        const AddressId key = trace.events.address[i];
        if (key.isValid()) eventsOf[laneOf[key.index()]] += kStride;
    }
    return eventsOf;
}

/// To look through all keys at each sweep must cost no more than the walk itself.
SweepSearch searchOf(const Trace& trace) {
    const Column<EventKind>& kinds = trace.events.kind;
    const std::size_t most = kinds.size() / std::max<std::size_t>(trace.addresses.size(), 1);
    std::size_t searches = 0;
    for (const EventKind kind : {EventKind::Sweep, EventKind::Restart}) {
        std::size_t at = nextRowOf(kinds, kind, 0);
        for (; searches <= most && at < kinds.size(); at = nextRowOf(kinds, kind, at + 1)) ++searches;
    }
    return searches <= most ? SweepSearch::AllKeys : SweepSearch::Lists;
}

/// Gives every key the places of its lifetimes and events, and the tables their sizes. `peakDepth` is the greatest.
void makeRoom(const std::vector<KeyCounts>& counts, std::uint32_t peakDepth, Replay& replay) {
    std::uint32_t lifetimes = 0;
    std::uint32_t keyEvents = 0;
    replay.addresses.resize(counts.size());
    for (std::size_t key = 0; key < counts.size(); ++key) {
        AddressSummary& address = replay.addresses[key];
        address.firstLifetime = LifetimeId(lifetimes);
        address.lifetimes = counts[key].lifetimes;
        address.firstEvent = keyEvents;
        address.events = counts[key].events;
        lifetimes += counts[key].lifetimes;
        keyEvents += counts[key].events;
    }
    const EventTable& events = replay.trace->events;
    replay.letters.resize(events.count());
    replay.lifetimeOf.resize(events.count());
    replay.depthAfter.prepare(events.count(), peakDepth);
    replay.keyEvents.resize(keyEvents);
    replay.lifetimes.resize(lifetimes);
}

void addTotals(EventTotals& sum, const EventTotals& part) {
    sum.allocations += part.allocations;
    sum.aliasedAllocations += part.aliasedAllocations;
    sum.partialFrees += part.partialFrees;
    sum.finalFrees += part.finalFrees;
    sum.unknownFrees += part.unknownFrees;
    sum.swept += part.swept;
}

/// A sweep prints how many entries it removed from all devices together.
void checkSweeps(const std::vector<Walk<WriteRows>>& walks, Replay& replay) {
    for (std::size_t i = 0; i < walks.front().rows().sweeps().size(); ++i) {
        const EventId event = walks.front().rows().sweeps()[i].event;
        std::uint64_t removed = 0;
        for (const auto& walk : walks) removed += walk.rows().sweeps()[i].removed;
        const std::uint64_t printed = replay.trace->events.size[event.index()];
        if (printed != kNoSize && printed != removed) {
            replay.contradictions.push_back({event, ContradictionKind::SweepCountDiffers, removed, printed});
        }
    }
}

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

Lifetime Replay::lifetime(LifetimeId id) const {
    const LifetimeTable::Row& row = lifetimes.row(id.index());
    Lifetime lifetime;
    lifetime.address = row.address;
    lifetime.owner = row.owner;
    lifetime.first = row.first;
    lifetime.last = row.last;
    lifetime.size = trace->events.size.sizes()[row.sizeNumber];
    lifetime.generation = id.value - address(row.address).firstLifetime.value + 1;
    lifetime.peakDepth = row.peakDepth();
    lifetime.memory = row.memory();
    lifetime.end = row.end();
    lifetime.beginLost = row.beginLost();
    return lifetime;
}

LifetimeRange Replay::lifetimesOf(AddressId id) const {
    return {*this, address(id).firstLifetime, address(id).lifetimes};
}

std::span<const EventId> Replay::eventsOf(AddressId id) const {
    const AddressSummary& summary = address(id);
    return {keyEvents.data() + summary.firstEvent, summary.events};
}

std::vector<AddressId> Replay::keysOf(std::uint64_t address) const {
    std::vector<AddressId> keys;
    for (const DeviceSummary& device : devices) {
        const AddressId id = trace->findAddress({device.device, address});
        if (id.isValid()) keys.push_back(id);
    }
    return keys;
}

std::size_t Replay::nextWith(Letter letter, std::size_t from) const { return nextRowOf(letters, letter, from); }

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
    const auto laneOf = numberDevices(*trace, replay.devices);
    constexpr std::size_t kFewestEvents = 1 << 16;  // a thread is not worth less
    const auto ranges = divideKeys(replay.devices, sampleEvents(*trace, laneOf, replay.devices.size()),
                                   shareCount(trace->events.count(), kFewestEvents));
    const SweepSearch search = searchOf(*trace);
    std::vector<KeyCounts> counts(trace->addresses.size());
    const auto runAll = [&ranges, &task](auto& walks) {
        std::vector<std::uint8_t> isDone(ranges.size(), 0);
        sideBySide(ranges.size(), [&](std::size_t i) { isDone[i] = walks[i].run(task) ? 1 : 0; });
        return std::find(isDone.begin(), isDone.end(), 0) == isDone.end();
    };
    std::uint32_t peakDepth = 0;
    {
        std::vector<Walk<CountRows>> counters;
        for (const KeyRange& range : ranges) counters.emplace_back(*trace, range, search, replay, laneOf);
        if (!runAll(counters)) return TaskContext::cancelled();
        sideBySide(ranges.size(), [&](std::size_t i) { counters[i].tellCounts(counts); });
        for (const auto& counter : counters) peakDepth = std::max(peakDepth, counter.peakDepth());
    }
    makeRoom(counts, peakDepth, replay);
    std::vector<Walk<WriteRows>> walks;
    for (const KeyRange& range : ranges) walks.emplace_back(*trace, range, search, replay, laneOf);
    if (!runAll(walks)) return TaskContext::cancelled();

    replay.totals.total = trace->events.count();
    for (const auto& walk : walks) {
        addTotals(replay.totals, walk.rows().totals());
        replay.contradictions.insert(replay.contradictions.end(), walk.rows().contradictions().begin(),
                                     walk.rows().contradictions().end());
        replay.unfreed.insert(replay.unfreed.end(), walk.rows().unfreed().begin(), walk.rows().unfreed().end());
    }
    checkSweeps(walks, replay);
    std::stable_sort(replay.contradictions.begin(), replay.contradictions.end(),
                     [](const Contradiction& a, const Contradiction& b) { return a.event < b.event; });
    return replay;
}

}  // namespace alloclens
