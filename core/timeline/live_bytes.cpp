// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/live_bytes.h"

#include <algorithm>

namespace alloclens {
namespace {

/// Where re-allocations change a lifetime's size, adds the changes at their events and gives the size that it began
/// with.
std::uint64_t addResizes(const Analysis& analysis, LifetimeId id, std::vector<std::uint64_t>& changes) {
    const Lifetime lifetime = analysis.replay.lifetime(id);
    const TrackerRules& rules = analysis.trace->rules;
    if (lifetime.peakDepth < 2 || lifetime.beginLost || (rules.countsReferences && !rules.keepsLastSize)) {
        return lifetime.size;
    }
    const auto& sizes = analysis.trace->events.size;
    const auto events = analysis.replay.eventsOf(lifetime.address);
    const std::uint64_t first = sizes[lifetime.first.index()];
    std::uint64_t size = first;
    for (auto at = std::lower_bound(events.begin(), events.end(), lifetime.first);
         at != events.end() && analysis.replay.lifetimeOf[at->index()] == id; ++at) {
        if (analysis.replay.letters[at->index()] != Letter::Aliased) continue;
        changes[at->index()] += sizes[at->index()] - size;  // modulo 2^64
        size = sizes[at->index()];
    }
    return first;
}

}  // namespace

LiveBytes LiveBytes::build(const Analysis& analysis, const std::vector<std::uint8_t>* lifetimesShown) {
    LiveBytes result;
    const std::size_t count = analysis.trace->events.count();
    if (count == 0) return result;
    std::vector<std::uint64_t> bytes(count, 0);  // first the change at each event, modulo 2^64, then the sums
    const auto& lifetimes = analysis.replay.lifetimes;
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
        const Lifetime lifetime = analysis.replay.lifetime(LifetimeId(i));
        if (lifetime.size == kNoSize || (lifetimesShown != nullptr && (*lifetimesShown)[i] == 0)) continue;
        bytes[lifetime.first.index()] += addResizes(analysis, LifetimeId(i), bytes);
        if (lifetime.last.isValid()) bytes[lifetime.last.index()] -= lifetime.size;
    }
    for (std::size_t i = 1; i < count; ++i) bytes[i] += bytes[i - 1];
    result.m_levels.push_back(std::move(bytes));
    while (result.m_levels.back().size() > 1) {
        const auto& below = result.m_levels.back();
        std::vector<std::uint64_t> above((below.size() + kFan - 1) / kFan, 0);
        for (std::size_t i = 0; i < below.size(); ++i) above[i / kFan] = std::max(above[i / kFan], below[i]);
        result.m_levels.push_back(std::move(above));
    }
    return result;
}

std::uint64_t LiveBytes::peakBetween(std::size_t from, std::size_t to) const {
    std::uint64_t most = 0;
    if (m_levels.empty()) return most;
    to = std::min(to, m_levels.front().size());
    // Uneven ends on each level, the aligned middle one level up.
    for (std::size_t level = 0; from < to; ++level) {
        const auto& values = m_levels[level];
        while (from < to && (from % kFan != 0 || level + 1 == m_levels.size())) most = std::max(most, values[from++]);
        while (from < to && to % kFan != 0) most = std::max(most, values[--to]);
        from /= kFan;
        to /= kFan;
    }
    return most;
}

std::vector<std::uint64_t> LiveBytes::columns(const Trace& trace, AcrossMode mode, const PixelMap& map) const {
    std::vector<std::uint64_t> result(static_cast<std::size_t>(map.width), 0);
    if (m_levels.empty()) return result;
    const auto firstAtOrBehind = [&](double across) {
        const EventId event = eventAt(trace, mode, across);
        if (!event.isValid()) return std::size_t{0};
        return acrossOf(trace, mode, event) < across ? event.index() + 1 : event.index();
    };
    std::size_t from = firstAtOrBehind(map.across(0));
    for (int x = 0; x < map.width; ++x) {
        const std::size_t to = firstAtOrBehind(map.across(x + 1));
        const std::uint64_t carried = from > 0 ? m_levels.front()[std::min(from, m_levels.front().size()) - 1] : 0;
        result[static_cast<std::size_t>(x)] = to > from ? peakBetween(from, to) : carried;
        from = std::max(from, to);
    }
    return result;
}

}  // namespace alloclens
