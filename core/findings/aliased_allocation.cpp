// SPDX-License-Identifier: GPL-3.0-or-later
//
// Allocations of a live key: A a. The tracker's key has no memory, so a DRAM and an L1 buffer of one address merge, and
// so do two processes' buffers; each such allocation is one finding.
#include "core/findings/detector.h"

namespace alloclens {

void detectAliasedAllocations(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    if (replay.totals.aliasedAllocations == 0) return;
    const EventTable& events = replay.trace->events;
    /// Of each key: the lifetime of its last aliased allocation, and how many it has had.
    struct Aliases {
        LifetimeId lifetime;
        std::uint32_t count = 0;
    };
    std::vector<Aliases> aliases(replay.addresses.size());
    for (std::size_t i = 0; i < replay.letters.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
        if (replay.letters[i] != Letter::Aliased) continue;
        const EventId event(i);
        const LifetimeId id = replay.lifetimeOf[i];
        Aliases& before = aliases[events.address[i].index()];
        before.count = id == before.lifetime ? before.count + 1 : 1;
        before.lifetime = id;
        const Lifetime lifetime = replay.lifetime(id);
        Finding finding;
        finding.address = lifetime.address;
        finding.generation = lifetime.generation;
        finding.ordinal = before.count;
        finding.lifetime = id;
        finding.primary = event;
        finding.memory = events.memory[i];
        finding.size = events.size[i];
        sink.add(FindingKind::AliasedAllocation, finding,
                 {{Role::Allocated, lifetime.beginLost ? EventId{} : lifetime.first}, {Role::Aliased, event}});
    }
}

}  // namespace alloclens
