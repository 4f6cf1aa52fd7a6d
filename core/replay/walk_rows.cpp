// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/walk_rows.h"

namespace alloclens {

WriteRows::WriteRows(const Trace& trace, Replay& out, std::size_t block)
    : m_trace(trace), m_events(trace.events), m_out(out), m_outcomes(block) {}

void WriteRows::prepare(KeyRange keys, const std::vector<std::uint32_t>& laneOf, std::vector<State>& states) {
    m_devices.resize(m_out.devices.size());
    m_liveBytes.resize(m_out.devices.size());
    for (std::uint32_t key = keys.first; key < keys.last; ++key) {
        State& state = states[key - keys.first];
        state.lane = laneOf[key];
        ++m_devices[state.lane].addresses;
        state.firstLifetime = m_out.addresses[key].firstLifetime.value;
        state.firstEvent = m_out.addresses[key].firstEvent;
    }
}

// The events of several walks lie side by side in the columns. Written one by one they would pull each line of the
// cache from core to core and back; a block at a time they do so once.
void WriteRows::write(const std::vector<EventId>& events, std::size_t count, bool isFirst) {
    for (std::size_t k = 0; k < count; ++k) {
        const Outcome& outcome = m_outcomes[k];
        if (!outcome.hasKey && !isFirst) continue;
        const std::size_t i = events[k].index();
        m_out.letters[i] = outcome.letter;
        m_out.lifetimeOf[i] = outcome.lifetime;
        m_out.depthAfter.set(i, outcome.depth);
    }
}

void WriteRows::finish(KeyRange keys, const std::vector<State>& states) {
    for (std::uint32_t key = keys.first; key < keys.last; ++key) {
        const State& state = states[key - keys.first];
        if (state.depth > 0) {
            close(state, EventId{}, LifetimeEnd::Open);
            m_devices[state.lane].endLiveBytes = saturated(m_liveBytes[state.lane]);
        }
        AddressSummary& address = m_out.addresses[key];
        address.allocations = state.allocations;
        address.aliasedAllocations = state.aliasedAllocations;
        address.acceptedFrees = state.acceptedFrees;
        address.refusedFrees = state.refusedFrees;
        address.lowestBalance = state.lowestBalance;
        address.finalBalance = state.balance();
        address.isLiveAtEnd = state.depth > 0;
        address.peakDepth = std::max(address.peakDepth, std::min(state.lifetimes, 1U));
    }
    std::sort(m_unfreed.begin(), m_unfreed.end());
    for (std::size_t lane = 0; lane < m_devices.size(); ++lane) {
        if (m_devices[lane].addresses == 0) continue;
        m_devices[lane].device = m_out.devices[lane].device;
        m_out.devices[lane] = m_devices[lane];
    }
}

void WriteRows::contradict(EventId event, const Effect& effect, const State& before) {
    const std::size_t i = event.index();
    const auto numbers = numbersOf(*effect.contradiction, m_events.kind[i], before.depth, m_events.refCount[i]);
    m_contradictions.push_back({event, *effect.contradiction, numbers.expected, numbers.told});
}

void WriteRows::contradictSize(EventId event, std::uint32_t held, std::uint32_t printed) {
    m_contradictions.push_back({event, ContradictionKind::SizeDiffers, sizeOf(held), sizeOf(printed)});
}

void WriteRows::contradictOwner(EventId event, ProcessId held, ProcessId printed) {
    m_contradictions.push_back({event, ContradictionKind::OwnerDiffers, static_cast<std::uint64_t>(m_trace.pid(held)),
                                static_cast<std::uint64_t>(m_trace.pid(printed))});
}

}  // namespace alloclens
