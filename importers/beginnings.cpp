// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/beginnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/base/memory.h"
#include "core/base/units.h"

namespace alloclens {

void Beginnings::show(const TraceBuilder& builder, std::uint64_t bytes,
                      const std::function<std::shared_ptr<const Trace>(TraceBuilder&&)>& finished) {
    if (!m_options.onPart || bytes < m_next || builder.events() == 0) return;
    m_next = bytes * kGrowth;
    TraceBuilder copy = builder.copy();
    copy.draft().isGrowing = true;
    if (auto trace = finished(std::move(copy))) m_options.onPart(std::move(trace));
}

MemoryForecast::MemoryForecast(std::uint64_t memory) : m_memory(static_cast<double>(memory)) {
    if (memory > 0) return;
    const auto available = availableMemory();
    m_memory = available ? static_cast<double>(*available) : std::numeric_limits<double>::infinity();
}

Result<void> MemoryForecast::check(double events, double facts, std::uint64_t read, const std::string& path) const {
    constexpr double kBytesAnEvent = 48;
    constexpr double kBytesAFact = 96;  // their list grows by doubling
    constexpr double kOfThemRead = 14;
    const double needed = events * kBytesAnEvent + facts * kBytesAFact - static_cast<double>(read) * kOfThemRead;
    if (needed <= m_memory) return {};
    return Error{ErrorKind::Input,
                 fmt::format("has so many {}, about {}, that some {} of memory are needed; {} are free",
                             facts > events ? "facts" : "events",
                             formatCount(static_cast<std::uint64_t>(std::max(events, facts))),
                             formatBytes(static_cast<std::uint64_t>(needed)),
                             formatBytes(static_cast<std::uint64_t>(m_memory))),
                 path, "Close other programs, or split the file and open its parts."};
}

}  // namespace alloclens
