// SPDX-License-Identifier: GPL-3.0-or-later
//
// Allocations of a live key: A a. The tracker's key has no memory, so a DRAM and an L1 buffer of one address merge, and
// so do two processes' buffers; each such allocation is one finding.
#include "core/findings/detector.h"

namespace alloclens {

void detectAliasedAllocations(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    const EventTable& events = replay.trace->events;
    for (std::size_t key = 0; key < replay.addresses.size(); ++key) {
        if (key % TaskContext::kPollRows == 0 && task.isCancelled()) return;
        if (replay.addresses[key].aliasedAllocations == 0) continue;
        LifetimeId previous;
        std::uint32_t ordinal = 0;
        for (const EventId event : replay.eventsOf(AddressId(key))) {
            if (replay.letters[event.index()] != Letter::Aliased) continue;
            const LifetimeId id = replay.lifetimeOf[event.index()];
            const Lifetime lifetime = replay.lifetime(id);
            ordinal = id == previous ? ordinal + 1 : 1;
            previous = id;
            Finding finding;
            finding.address = AddressId(key);
            finding.generation = lifetime.generation;
            finding.ordinal = ordinal;
            finding.lifetime = id;
            finding.primary = event;
            finding.memory = events.memory[event.index()];
            finding.size = events.size[event.index()];
            sink.add(FindingKind::AliasedAllocation, finding,
                     {{Role::Allocated, lifetime.beginLost ? EventId{} : lifetime.first}, {Role::Aliased, event}});
        }
    }
}

}  // namespace alloclens
