// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices that leave their mesh: one finding for each device at each address where it lacks events that most of the
// others have, or has events that they lack. The first of them is the primary one. What is lacking is shown by its
// counterpart on the first device in step, since there is no line for it.
#include <map>
#include <tuple>

#include "core/findings/detector.h"

namespace alloclens {

void detectMeshDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    MeshParity parity = compareDevices(replay, task);
    std::map<std::tuple<AddressId, std::uint32_t>, std::uint32_t> ordinals;  // of a key and generation
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
