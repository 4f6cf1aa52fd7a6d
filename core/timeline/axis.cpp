// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/axis.h"

namespace alloclens {
namespace {

void confine(double& low, double& high, double from, double to, double smallest) {
    const double full = to - from;
    const double length = std::clamp(high - low, std::min(smallest, full), full);
    const double middle = (low + high) / 2;
    low = std::clamp(middle - length / 2, from, std::max(from, to - length));  // rounded, the latter may be smaller
    high = low + length;
}

}  // namespace

std::size_t firstEventFrom(const Trace& trace, AcrossMode mode, double across) {
    const std::size_t count = trace.events.count();
    if (mode == AcrossMode::EventOrder) {
        return static_cast<std::size_t>(std::ceil(std::clamp(across, 0.0, static_cast<double>(count))));
    }
    if (mode == AcrossMode::Time) {
        const auto extent = acrossExtent(trace, mode);
        if (!(across < extent.to)) return count;
        // Times are whole nanoseconds, so the next one is as good.
        const auto offset = static_cast<std::int64_t>(std::ceil(std::max(across, 0.0)));
        return trace.timeIndex.firstFrom(trace.events.time, sumOfTimes(trace.timeIndex.start(), offset));
    }
    std::size_t first = 0;
    for (std::size_t length = count; length > 0;) {
        const std::size_t half = length / 2;
        const bool isBefore = static_cast<double>(trace.events.line[first + half]) < across;
        first = isBefore ? first + half + 1 : first;
        length = isBefore ? length - half - 1 : half;
    }
    return first;
}

EventId eventAt(const Trace& trace, AcrossMode mode, double across) {
    const std::size_t count = trace.events.count();
    if (count == 0 || across < 0) return {};
    if (mode == AcrossMode::EventOrder) {
        return EventId(std::min(static_cast<std::size_t>(across), count - 1));
    }
    const std::size_t behind = firstEventFrom(trace, mode, std::nextafter(across, HUGE_VAL));
    return behind == 0 ? EventId{} : EventId(behind - 1);
}

double eventPlaceAt(const Trace& trace, AcrossMode mode, double across) {
    if (mode == AcrossMode::EventOrder) return std::clamp(across, 0.0, acrossExtent(trace, mode).to);
    const EventId event = eventAt(trace, mode, across);
    if (!event.isValid()) return 0;
    const double from = acrossOf(trace, mode, event);
    const double to = acrossOfEventPlace(trace, mode, static_cast<double>(event.value) + 1);
    return static_cast<double>(event.value) + (to > from ? std::min(1.0, (across - from) / (to - from)) : 0);
}

double acrossOfEventPlace(const Trace& trace, AcrossMode mode, double place) {
    const AcrossExtent extent = acrossExtent(trace, mode);
    const auto count = static_cast<double>(trace.events.count());
    if (mode == AcrossMode::EventOrder) return std::clamp(place, extent.from, extent.to);
    if (place >= count || count == 0) return count == 0 ? extent.from : extent.to;
    const double whole = std::floor(std::max(0.0, place));
    const auto event = static_cast<std::size_t>(whole);
    const double from = acrossOf(trace, mode, EventId(event));
    const double to = event + 1 < trace.events.count() ? acrossOf(trace, mode, EventId(event + 1)) : extent.to;
    return from + (to - from) * (std::max(0.0, place) - whole);
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

ViewRange wholeRange(AcrossExtent extent, double height) {
    const double everything = extent.to - extent.from;
    return confined({extent.from - everything, extent.to + everything, 0, height}, extent, height);
}

}  // namespace alloclens
