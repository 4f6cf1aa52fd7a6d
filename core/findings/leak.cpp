// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lifetimes that no free ended. `leak`: open when its server stops or restarts. `open-at-end`: open when the log merely
// stops. `swept-leak`: the tracker removed it, because its process was dead.
#include "core/findings/detector.h"
#include "core/ledger/log_end.h"

namespace alloclens {

void detectLeaks(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    sink.expect(replay.unfreed.size(), 2);
    const FindingKind atEnd = hasOwnEnd(*replay.trace) ? FindingKind::Leak : FindingKind::OpenAtEnd;
    for (std::size_t i = 0; i < replay.unfreed.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
        const LifetimeId id = replay.unfreed[i];
        const Lifetime lifetime = replay.lifetime(id);
        const bool isOpen = lifetime.end == LifetimeEnd::Open || lifetime.end == LifetimeEnd::Restarted;
        if (!isOpen && lifetime.end != LifetimeEnd::Swept) continue;
        Finding finding;
        finding.address = lifetime.address;
        finding.generation = lifetime.generation;
        finding.lifetime = id;
        finding.memory = lifetime.memory;
        finding.size = lifetime.size;
        finding.primary = isOpen ? lifetime.first : lifetime.last;
        if (isOpen) {
            sink.add(lifetime.end == LifetimeEnd::Open ? atEnd : FindingKind::Leak, finding,
                     {{Role::Allocated, lifetime.first}});
        } else {
            sink.add(FindingKind::SweptLeak, finding,
                     {{Role::Allocated, lifetime.first}, {Role::Swept, lifetime.last}});
        }
    }
}

}  // namespace alloclens
