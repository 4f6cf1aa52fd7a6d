// SPDX-License-Identifier: GPL-3.0-or-later
//
// Allocations of a live key: A a. The tracker's key lacks the memory, so a DRAM and an L1 buffer at one address share
// it, and so do buffers of two processes. Each such allocation is one finding.
#include "core/findings/detector.h"
#include "core/findings/lifetime_ordinals.h"

namespace alloclens {

void detectAliasedAllocations(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    if (replay.totals.aliasedAllocations == 0) return;
    const EventTable& events = replay.trace->events;
    sink.expect(replay.totals.aliasedAllocations, 2);
    LifetimeOrdinals ordinals(replay);
    const auto next = [&replay](std::size_t from) { return replay.nextWith(Letter::Aliased, from); };
    for (std::size_t i = next(0); i < replay.letters.size() && !task.isCancelled(); i = next(i + 1)) {
        const EventId event(i);
        const LifetimeId id = replay.lifetimeOf[i];
        const Lifetime lifetime = replay.lifetime(id);
        Finding finding;
        finding.address = lifetime.address;
        finding.generation = lifetime.generation;
        finding.ordinal = ordinals.next(events.address[i], id);
        finding.lifetime = id;
        finding.primary = event;
        finding.memory = events.memory[i];
        finding.size = events.size[i];
        sink.add(FindingKind::AliasedAllocation, finding,
                 {{Role::Allocated, lifetime.beginLost ? EventId{} : lifetime.first}, {Role::Aliased, event}});
    }
}

}  // namespace alloclens
