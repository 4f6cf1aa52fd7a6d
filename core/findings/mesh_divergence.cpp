// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices that diverge from their mesh: one finding for each device and address at which it lacks events that most
// others have, or has events that they lack. The first such event is the primary one. A lacking event has no line, so
// the finding shows its counterpart on the first agreeing device.
#include <map>
#include <tuple>

#include "core/findings/detector.h"

namespace alloclens {

void detectMeshDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    MeshParity parity = compareDevices(replay, task);
    std::map<std::tuple<AddressId, std::uint32_t>, std::uint32_t> ordinals;  // by key and generation
    for (const MeshDivergence& divergence : parity.divergences) {
        const DivergentEvent& first = parity.eventsOf(divergence).front();
        const LifetimeId there = replay.lifetimeOf[first.event.index()];
        Finding finding;
        finding.address = divergence.key.isValid() ? divergence.key : divergence.sibling;
        finding.primary = first.event;
        if (there.isValid()) {
            const Lifetime lifetime = replay.lifetime(there);
            finding.generation = lifetime.generation;
            finding.memory = lifetime.memory;
            finding.size = lifetime.size;
            if (lifetime.address == finding.address) finding.lifetime = there;
        }
        finding.ordinal = ++ordinals[{finding.address, finding.generation}];
        sink.add(FindingKind::MeshDivergence, finding, {{Role::Candidate, first.event}});
    }
    sink.keep(std::move(parity));
}

}  // namespace alloclens
