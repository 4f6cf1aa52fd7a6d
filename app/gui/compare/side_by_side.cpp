// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/side_by_side.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace alloclens {

SideBySide::SideBySide(const Runs& runs, Alignment alignment, const std::array<AcrossMode, 2>& modes)
    : m_runs(runs), m_alignment(std::move(alignment)), m_modes(modes) {
    const AcrossExtent first = acrossExtent(*m_runs[0]->trace, m_modes[0]);
    const AcrossExtent second = acrossExtent(*m_runs[1]->trace, m_modes[1]);
    m_line = lineAlong([this](double across) { return beside(0, across); }, first.from, first.to);
    const auto back = [this](double across) { return (across - m_line.offset) / m_line.scale; };
    const auto there = [this](double across) { return m_line.offset + m_line.scale * across; };
    m_extents[0] = {std::min(first.from, back(second.from)), std::max(first.to, back(second.to))};
    m_extents[1] = {there(m_extents[0].from), there(m_extents[0].to)};
}

double SideBySide::eachEvent(std::size_t run) const {
    const AcrossExtent extent = acrossExtent(*m_runs[run]->trace, m_modes[run]);
    return (extent.to - extent.from) / std::max(1.0, static_cast<double>(m_runs[run]->trace->events.count()));
}

// Before its beginning and after its end a run goes on as fast as it is on average.
double SideBySide::placeOf(std::size_t run, double across) const {
    const Trace& trace = *m_runs[run]->trace;
    const AcrossExtent extent = acrossExtent(trace, m_modes[run]);
    const double inside = std::clamp(across, extent.from, extent.to);
    return eventPlaceAt(trace, m_modes[run], inside) + (across - inside) / eachEvent(run);
}

double SideBySide::acrossAt(std::size_t run, double place) const {
    const Trace& trace = *m_runs[run]->trace;
    const double inside = std::clamp(place, 0.0, static_cast<double>(trace.events.count()));
    return acrossOfEventPlace(trace, m_modes[run], inside) + (place - inside) * eachEvent(run);
}

double SideBySide::beside(std::size_t run, double across) const {
    return acrossAt(1 - run, m_alignment.beside(run, placeOf(run, across)));
}

AcrossExtent SideBySide::following(std::size_t run, const ViewRange& range, const std::optional<Pin>& pin) const {
    const ViewRange whole = wholeRange(m_extents[run], 1);
    if (range.left <= whole.left && range.right >= whole.right) {
        const ViewRange other = wholeRange(m_extents[1 - run], 1);
        return {other.left, other.right};
    }
    const bool isPinned = pin && (*pin)[run] >= range.left && (*pin)[run] < range.right;
    const double from = isPinned ? (*pin)[run] : (range.left + range.right) / 2;
    const double to = isPinned ? (*pin)[1 - run] : beside(run, from);
    const double scale = run == 0 ? m_line.scale : 1 / m_line.scale;
    return {to + (range.left - from) * scale, to + (range.right - from) * scale};
}

double lanesBeside(const LaneLayout& own, const LaneLayout& other, double down) {
    std::vector<std::pair<double, double>> edges = {{0, 0}};
    const auto add = [&edges](double ours, double theirs) {
        if (ours >= edges.back().first && theirs >= edges.back().second) edges.emplace_back(ours, theirs);
    };
    for (const Lane& lane : own.lanes()) {
        const auto& lanes = other.lanes();
        const auto alike = std::find_if(lanes.begin(), lanes.end(),
                                        [&lane](const Lane& candidate) { return candidate.device == lane.device; });
        if (alike == lanes.end()) continue;
        for (const SubLane& subLane : lane.subLanes) {
            const auto& subLanes = alike->subLanes;
            const auto match = std::find_if(subLanes.begin(), subLanes.end(), [&subLane](const SubLane& candidate) {
                return candidate.memory == subLane.memory;
            });
            if (match == subLanes.end()) continue;
            add(subLane.top, match->top);
            add(subLane.bottom, match->bottom);
        }
    }
    add(own.height(), other.height());
    const auto next = std::find_if(edges.begin() + 1, edges.end(),
                                   [down](const auto& edge) { return edge.first >= down; });
    if (next == edges.end()) return other.height();
    const auto& last = *(next - 1);
    const double tall = next->first - last.first;
    const double share = tall > 0 ? std::clamp((down - last.first) / tall, 0.0, 1.0) : 0;
    return last.second + share * (next->second - last.second);
}

}  // namespace alloclens
