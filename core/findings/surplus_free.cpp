// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refused frees, by how the key's last lifetime ended:
//
//     A F U   double-free         the last lifetime ended by a final free
//     A R U   free-after-sweep    the last lifetime ended in a dead-process sweep
//     U       unknown-free        the key was never allocated, or only before the server was restarted
//
// Counts a surplus where the tracker refused it. The balance of the whole log would hide it if the same address also
// leaked.
#include "core/findings/detector.h"
#include "core/findings/lifetime_ordinals.h"

namespace alloclens {

void detectSurplusFrees(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    if (replay.totals.unknownFrees == 0) return;
    sink.expect(replay.totals.unknownFrees, 3);
    LifetimeOrdinals ordinals(replay);
    const EventTable& events = replay.trace->events;
    const auto next = [&replay](std::size_t from) { return replay.nextWith(Letter::Refused, from); };
    for (std::size_t i = next(0); i < replay.letters.size() && !task.isCancelled(); i = next(i + 1)) {
        const EventId event(i);
        const LifetimeId ended = replay.lifetimeOf[i];
        Finding finding;
        finding.address = events.address[i];
        finding.ordinal = ordinals.next(events.address[i], ended);
        finding.primary = event;
        finding.lifetime = ended;
        if (!ended.isValid()) {
            sink.add(FindingKind::UnknownFree, finding, {{Role::FreedAgain, event}});
            continue;
        }
        const Lifetime lifetime = replay.lifetime(ended);
        finding.generation = lifetime.generation;
        finding.memory = lifetime.memory;
        finding.size = lifetime.size;
        const RoleEvent allocated{Role::Allocated, lifetime.beginLost ? EventId{} : lifetime.first};
        switch (lifetime.end) {
        case LifetimeEnd::Swept:
            sink.add(FindingKind::FreeAfterSweep, finding,
                     {allocated, {Role::Swept, lifetime.last}, {Role::FreedAgain, event}});
            break;
        case LifetimeEnd::Restarted:
            sink.add(FindingKind::UnknownFree, finding, {allocated, {Role::FreedAgain, event}});
            break;
        case LifetimeEnd::Freed:
            sink.add(FindingKind::DoubleFree, finding,
                     {allocated, {Role::Released, lifetime.last}, {Role::FreedAgain, event}});
            break;
        case LifetimeEnd::Open:
        case LifetimeEnd::Lost:  // the server refused it, so the line of an earlier release is missing
            sink.add(FindingKind::DoubleFree, finding, {allocated, {Role::FreedAgain, event}});
            break;
        }
    }
}

}  // namespace alloclens
