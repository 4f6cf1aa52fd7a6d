// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/best_readings.h"

namespace alloclens::server_log {
namespace {

bool saysTheSame(const EventMatch& a, const EventMatch& b) {
    const TracePart::Event& x = a.event;
    const TracePart::Event& y = b.event;
    return x.kind == y.kind && x.memory == y.memory && x.key == y.key && x.pid == y.pid && x.size == y.size
           && x.refCount == y.refCount && a.isAlreadyFreed == b.isAlreadyFreed && a.allocations == b.allocations
           && a.freesReceived == b.freesReceived;
}

}  // namespace

void BestReadings::offer(ReadingRank rank, const TornReading& reading) {
    if (rank == ReadingRank::None || rank < m_rank) return;
    if (rank > m_rank) m_readings.clear();
    m_rank = rank;
    for (TornReading& held : m_readings) {
        if (!saysTheSame(held.match, reading.match)) continue;
        if (reading.end() < held.end()) held = reading;
        return;
    }
    if (m_readings.size() < kMost) m_readings.push_back(reading);
}

}  // namespace alloclens::server_log
