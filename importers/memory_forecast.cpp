// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/memory_forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/memory.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

// Measured at the analysis' peak. The last two come on top of a plain event.
constexpr double kBytesAnEvent = 40;
constexpr double kBytesAFact = 96;           // their list doubles when it grows
constexpr double kBytesAnAttributeByte = 2;  // of names and stacks, whose tables double when they grow
constexpr double kBytesAKey = 150;
constexpr double kBytesARefusedFree = 230;
constexpr double kBytesAnAliasedAllocation = 130;

}  // namespace

double MemoryForecast::Counts::plainBytes() const {
    return events * kBytesAnEvent + facts * kBytesAFact + attributeBytes * kBytesAnAttributeByte;
}

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
    if (m_counted > events.count()) {  // the source is read again
        m_counts = {};
        m_counted = 0;
        m_lastFraction = 0;
    }
    std::uint64_t refused = 0;
    std::uint64_t aliased = 0;
    // Local names, so that the compiler sees that the loop changes nothing else.
    const Column<EventKind>& kinds = events.kind;
    const NarrowColumn& refCounts = events.refCount;
    const std::size_t end = events.count();
    for (std::size_t i = std::exchange(m_counted, end); i < end; ++i) {
        refused += kinds[i] == EventKind::RefusedFree ? 1 : 0;
        // Only servers that count references show it.
        aliased += kinds[i] == EventKind::Allocation && refCounts[i] > 0 ? 1 : 0;
    }
    m_counts.refused += static_cast<double>(refused);
    m_counts.aliased += static_cast<double>(aliased);
    m_counts.events = static_cast<double>(events.count());
    m_counts.facts = static_cast<double>(builder.facts());
    m_counts.attributeBytes = static_cast<double>(builder.draft().attributeTables.bytes());
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
