// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/axis.h"

namespace alloclens {
namespace {

void confine(double& low, double& high, double from, double to, double smallest) {
    const double full = to - from;
    const double length = std::clamp(high - low, std::min(smallest, full), full);
    const double middle = (low + high) / 2;
    low = std::clamp(middle - length / 2, from, to - length);
    high = low + length;
}

}  // namespace

EventId eventAt(const Trace& trace, AcrossMode mode, double across) {
    const std::size_t count = trace.events.count();
    if (count == 0 || across < 0) return {};
    if (mode == AcrossMode::EventOrder) {
        return EventId(std::min(static_cast<std::size_t>(across), count - 1));
    }
    const auto& lines = trace.events.line;
    const auto at = std::upper_bound(lines.begin(), lines.end(), across,
                                     [](double wanted, std::uint32_t line) { return wanted < line; });
    if (at == lines.begin()) return {};
    return EventId(static_cast<std::size_t>(at - lines.begin() - 1));
}

ViewRange confined(ViewRange range, AcrossExtent extent, double height) {
    constexpr double kFewestEvents = 8;
    constexpr double kFewestRows = 2;
    // A little room on both sides, so that the first and the last event do not stick to the edge.
    constexpr double kRoom = 0.01;
    const double room = (extent.to - extent.from) * kRoom;
    confine(range.left, range.right, extent.from - room, extent.to + room, kFewestEvents);
    confine(range.top, range.bottom, 0, std::max(height, kFewestRows), kFewestRows);
    return range;
}

}  // namespace alloclens
