// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/histories.h"

namespace alloclens::record {
namespace {

/// As many as the server keeps for an address, and the limit for all addresses.
constexpr std::size_t kMostEventsOfAddress = 50;
constexpr std::size_t kMostEvents = std::size_t{1} << 23;

}  // namespace

void Histories::remember(const AddressKey& key, const PastEvent& event) {
    const bool isFull = m_events >= kMostEvents;
    if (isFull && !m_table.contains(key)) return;
    History& history = m_table[key];
    ++(event.kind == PastEvent::Kind::Free ? history.frees : history.allocations);
    if (!history.events.empty() && (isFull || history.events.size() >= kMostEventsOfAddress)) {
        history.events.erase(history.events.begin());
        --m_events;
    }
    history.events.push_back(event);
    ++m_events;
}

const History* Histories::find(const AddressKey& key) const {
    const auto at = m_table.find(key);
    return at == m_table.end() ? nullptr : &at->second;
}

}  // namespace alloclens::record
