// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/drafted_events.h"

#include <algorithm>

namespace alloclens::server_log {

std::optional<TracePart::Event> DraftedEvents::at(std::size_t i) const {
    const EventTable& events = m_draft.events;
    if (!events.address[i].isValid()) return std::nullopt;
    TracePart::Event event;
    event.kind = events.kind[i];
    event.memory = events.memory[i];
    event.key = m_builder.keys()[events.address[i].index()];
    event.pid = m_draft.pid(events.process[i]);
    event.size = m_builder.sizeOf(i);
    event.refCount = events.refCount[i];
    event.line = events.line[i];
    return event;
}

std::size_t DraftedEvents::firstFrom(std::uint32_t line) const {
    const auto& lines = m_draft.events.line;
    return static_cast<std::size_t>(std::lower_bound(lines.begin(), lines.end(), line) - lines.begin());
}

std::pair<std::size_t, std::size_t> DraftedEvents::near(std::uint32_t line) const {
    constexpr std::uint32_t kNear = 3;
    const auto& lines = m_draft.events.line;
    const auto first = std::lower_bound(lines.begin(), lines.end(), line - std::min(line, kNear));
    const auto last = std::upper_bound(first, lines.end(), line + kNear);
    return {static_cast<std::size_t>(first - lines.begin()), static_cast<std::size_t>(last - lines.begin())};
}

bool DraftedEvents::hasSibling(const TracePart::Event& event, std::size_t before) const {
    constexpr std::size_t kNear = 4;
    const EventTable& events = m_draft.events;
    const std::size_t end = std::min(before + kNear, events.count());
    for (std::size_t i = before - std::min(before, kNear); i < end; ++i) {
        if (!events.address[i].isValid() || events.kind[i] != event.kind) continue;
        const AddressKey& key = m_builder.keys()[events.address[i].index()];
        if (key.address == event.key.address && key.device != event.key.device && events.memory[i] == event.memory
            && m_builder.sizeOf(i) == event.size && m_draft.pid(events.process[i]) == event.pid) {
            return true;
        }
    }
    return false;
}

}  // namespace alloclens::server_log
