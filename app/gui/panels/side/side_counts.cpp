// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/side/side_counts.h"

#include <array>

namespace alloclens {

Result<SideCounts> countBySide(const Analysis& analysis, const TaskContext& task) {
    const EventTable& events = analysis.trace->events;
    SideCounts counts;
    counts.processes.resize(analysis.trace->processes.size());
    std::vector<SideCount> byKey(analysis.trace->addresses.size());
    std::array<SideCount, kMemoryCount> byMemory;
    for (std::size_t i = 0; i < events.count(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
        const std::uint64_t refused = analysis.replay.letters[i] == Letter::Refused ? 1 : 0;
        const auto add = [refused](SideCount& count) {
            ++count.events;
            count.refused += refused;
        };
        if (events.process[i].isValid()) add(counts.processes[events.process[i].index()]);
        if (!events.address[i].isValid()) continue;
        add(byKey[events.address[i].index()]);
        const LifetimeId lifetime = analysis.replay.lifetimeOf[i];
        const Memory memory = lifetime.isValid() ? analysis.replay.lifetime(lifetime).memory : events.memory[i];
        add(byMemory[static_cast<std::size_t>(memory)]);
    }
    for (std::size_t i = 0; i < byKey.size(); ++i) {
        SideCount& device = counts.devices[analysis.key(AddressId(i)).device];
        device.events += byKey[i].events;
        device.refused += byKey[i].refused;
    }
    for (std::size_t i = 0; i < byMemory.size(); ++i) {
        if (byMemory[i].events > 0) counts.memories[static_cast<Memory>(i)] = byMemory[i];
    }
    return counts;
}

}  // namespace alloclens
