// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/replay.h"

#include <algorithm>
#include <thread>

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

/// The key behind the last one of each walk: whole devices, with about the same number of events in each walk.
std::vector<AddressId> divideKeys(const Trace& trace, const std::vector<std::uint32_t>& laneOf,
                                  const std::vector<DeviceSummary>& devices) {
    constexpr std::size_t kFewestEvents = 1 << 16;  // a thread is not worth less
    const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t walks = std::clamp<std::size_t>(trace.events.count() / kFewestEvents, 1, threads);
    std::vector<std::uint64_t> eventsOf(devices.size(), 0);
    for (const AddressId key : trace.events.address) {
        if (key.isValid()) ++eventsOf[laneOf[key.index()]];
    }
    std::vector<AddressId> ends;
    std::uint64_t events = 0;
    std::uint64_t keys = 0;
    for (std::size_t lane = 0; lane < devices.size(); ++lane) {
        events += eventsOf[lane];
        keys += devices[lane].addresses;
        if (events * walks >= trace.events.count() * (ends.size() + 1) && ends.size() + 1 < walks) {
            ends.push_back(AddressId(keys));
        }
    }
    ends.push_back(AddressId(trace.addresses.size()));
    return ends;
}

/// Calls `work(i)` for every i below `count`, each but the first on a thread of its own.
template <typename Work>
void sideBySide(std::size_t count, const Work& work) {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back([&work, i] { work(i); });
    work(0);
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
void checkSweeps(const std::vector<Walk>& walks, Replay& replay) {
    for (std::size_t i = 0; i < walks.front().sweeps().size(); ++i) {
        const EventId event = walks.front().sweeps()[i].event;
        replay.letters[event.index()] = Letter::Swept;
        std::uint64_t removed = 0;
        for (const Walk& walk : walks) removed += walk.sweeps()[i].removed;
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
    const std::size_t events = trace->events.count();
    replay.letters.assign(events, Letter::None);
    replay.lifetimeOf.assign(events, LifetimeId{});
    replay.depthAfter.assign(events, 0);
    replay.addresses.resize(trace->addresses.size());
    const auto laneOf = numberDevices(*trace, replay.devices);

    std::vector<Walk> walks;
    std::vector<std::uint8_t> isDone;
    AddressId first(0U);
    for (const AddressId last : divideKeys(*trace, laneOf, replay.devices)) {
        walks.emplace_back(*trace, laneOf, first, last, replay);
        isDone.push_back(0);
        first = last;
    }
    sideBySide(walks.size(), [&](std::size_t i) { isDone[i] = walks[i].run(task) ? 1 : 0; });
    if (std::find(isDone.begin(), isDone.end(), 0) != isDone.end()) return TaskContext::cancelled();

    std::vector<std::size_t> lifetimesBefore(walks.size() + 1, 0);
    std::vector<std::size_t> keyEventsBefore(walks.size() + 1, 0);
    for (std::size_t i = 0; i < walks.size(); ++i) {
        lifetimesBefore[i + 1] = lifetimesBefore[i] + walks[i].lifetimeCount();
        keyEventsBefore[i + 1] = keyEventsBefore[i] + walks[i].keyEventCount();
    }
    replay.lifetimes.resize(lifetimesBefore.back());
    replay.keyEvents.resize(keyEventsBefore.back());
    sideBySide(walks.size(), [&](std::size_t i) { walks[i].finish(lifetimesBefore[i], keyEventsBefore[i]); });

    replay.totals.total = events;
    for (const Walk& walk : walks) {
        addTotals(replay.totals, walk.totals());
        replay.contradictions.insert(replay.contradictions.end(), walk.contradictions().begin(),
                                     walk.contradictions().end());
    }
    checkSweeps(walks, replay);
    std::stable_sort(replay.contradictions.begin(), replay.contradictions.end(),
                     [](const Contradiction& a, const Contradiction& b) { return a.event < b.event; });
    return replay;
}

}  // namespace alloclens
