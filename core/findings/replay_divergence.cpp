// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that contradict the lines before them. The server's own numbers cannot do that, so something happened to the
// log: a line was lost, torn or reordered, or reads well and is false. One finding for each line, however many of its
// numbers differ.
#include "core/findings/detector.h"

namespace alloclens {

void detectReplayDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    const EventTable& events = replay.trace->events;
    EventId previous;
    std::vector<std::uint32_t> ordinalOf(replay.addresses.size(), 0);
    std::uint32_t sweepOrdinal = 0;
    for (std::size_t i = 0; i < replay.contradictions.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
        const EventId event = replay.contradictions[i].event;
        if (event == previous) continue;
        previous = event;
        Finding finding;
        finding.address = events.address[event.index()];
        finding.primary = event;
        finding.lifetime = replay.lifetimeOf[event.index()];
        if (finding.address.isValid()) {
            finding.ordinal = ++ordinalOf[finding.address.index()];
        } else {
            finding.ordinal = ++sweepOrdinal;
        }
        if (finding.lifetime.isValid()) {
            finding.generation = replay.lifetime(finding.lifetime).generation;
            finding.memory = replay.lifetime(finding.lifetime).memory;
            finding.size = replay.lifetime(finding.lifetime).size;
        }
        sink.add(FindingKind::ReplayDivergence, finding, {{Role::Candidate, event}});
    }
}

}  // namespace alloclens
