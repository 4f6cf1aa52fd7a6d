// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/memory_forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/memory.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

// At the analysis' peak, as measured; the last two are what such an event takes beside.
constexpr double kBytesAnEvent = 40;
constexpr double kBytesAFact = 96;  // their list grows by doubling
constexpr double kBytesAKey = 150;
constexpr double kBytesARefusedFree = 230;
constexpr double kBytesAnAliasedAllocation = 130;

}  // namespace

double MemoryForecast::Counts::plainBytes() const { return events * kBytesAnEvent + facts * kBytesAFact; }

double MemoryForecast::Counts::bytes() const {
    return plainBytes() + keys * kBytesAKey + refused * kBytesARefusedFree + aliased * kBytesAnAliasedAllocation;
}

MemoryForecast::MemoryForecast(std::uint64_t memory) : m_memory(static_cast<double>(memory)) {
    if (memory > 0) return;
    const auto available = availableMemory();
    m_memory = available ? static_cast<double>(*available) : std::numeric_limits<double>::infinity();
}

Result<void> MemoryForecast::checkEvents(std::uint64_t events, const std::string& path) const {
    const auto expected = static_cast<double>(events);
    return fits(expected * kBytesAnEvent, expected, 0, path);
}

Result<void> MemoryForecast::check(TraceBuilder& builder, double fraction, const std::string& path) {
    count(builder);
    const double bytes = m_counts.bytes();
    if (fraction <= 0 || fraction >= 1) return fits(bytes, m_counts.events, m_counts.facts, path);
    double more = m_counts.plainBytes() / fraction - m_counts.plainBytes();
    if (m_lastFraction > 0 && m_lastFraction < fraction)
        more = std::max(0.0, bytes - m_lastBytes) / (fraction - m_lastFraction) * (1 - fraction);
    m_lastBytes = bytes;
    m_lastFraction = fraction;
    return fits(bytes + more, m_counts.events / fraction, m_counts.facts / fraction, path);
}

void MemoryForecast::count(TraceBuilder& builder) {
    const EventTable& events = builder.draft().events;
    if (m_counted > events.count()) {  // it is read anew
        m_counts = {};
        m_counted = 0;
        m_lastFraction = 0;
    }
    std::uint64_t refused = 0;
    std::uint64_t aliased = 0;
    for (; m_counted < events.count(); ++m_counted) {
        const EventKind kind = events.kind[m_counted];
        refused += kind == EventKind::RefusedFree ? 1 : 0;
        // Only servers that count references tell.
        aliased += kind == EventKind::Allocation && events.refCount[m_counted] > 0 ? 1 : 0;
    }
    m_counts.refused += static_cast<double>(refused);
    m_counts.aliased += static_cast<double>(aliased);
    m_counts.events = static_cast<double>(events.count());
    m_counts.facts = static_cast<double>(builder.facts());
    m_counts.keys = static_cast<double>(builder.keys().size());
}

Result<void> MemoryForecast::fits(double needed, double events, double facts, const std::string& path) const {
    if (needed <= m_memory) return {};
    return Error{ErrorKind::Input,
                 fmt::format("has so many {}, about {}, that it needs about {} of memory; {} are free",
                             facts > events ? "facts" : "events",
                             formatCount(static_cast<std::uint64_t>(std::max(events, facts))),
                             formatBytes(static_cast<std::uint64_t>(needed)),
                             formatBytes(static_cast<std::uint64_t>(m_memory))),
                 path, "Close other programs, or split the file and open its parts."};
}

}  // namespace alloclens
