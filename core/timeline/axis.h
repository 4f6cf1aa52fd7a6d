// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two axes of the timeline as pure numbers. Across runs the order of events, the line number or the time in
// nanoseconds from the trace's start; down run the rows of the lane layout. A ViewRange is the part that is visible;
// PixelMap turns it into pixels and back.
#pragma once

#include <algorithm>
#include <cmath>

#include "core/base/time_units.h"
#include "core/trace/trace.h"

namespace alloclens {

enum class AcrossMode { EventOrder, LineNumber, Time };
enum class DownMode { Packed, Linear };

/// The visible part of the timeline: across in events, lines or time, down in rows of the lane layout; half-open.
struct ViewRange {
    double left = 0;
    double right = 1;
    double top = 0;
    double bottom = 1;
    friend bool operator==(const ViewRange&, const ViewRange&) = default;
};

/// A visible range, and what its numbers are of: they mean another part on another axis or among other rows.
struct RangeOnAxes {
    ViewRange range;
    AcrossMode across = AcrossMode::EventOrder;
    DownMode down = DownMode::Packed;
    double height = 0;  ///< of all rows
    friend bool operator==(const RangeOnAxes&, const RangeOnAxes&) = default;
};

/// Whether events of this trace stand anywhere on such an axis; only then the others below may be asked.
[[nodiscard]] inline bool hasAxis(const Trace& trace, AcrossMode mode) {
    return mode != AcrossMode::Time || trace.hasTime();
}

/// Where an event stands across.
[[nodiscard]] inline double acrossOf(const Trace& trace, AcrossMode mode, EventId event) {
    switch (mode) {
    case AcrossMode::EventOrder: return static_cast<double>(event.value);
    case AcrossMode::LineNumber: return static_cast<double>(trace.events.line[event.index()]);
    case AcrossMode::Time: return static_cast<double>(timeBetween(trace.timeIndex.start(), trace.placeInTime(event)));
    }
    return 0;
}

/// Where the trace begins and ends across: [0, events), [1, lines + 1) or [0, nanoseconds + 1).
struct AcrossExtent {
    double from = 0;
    double to = 1;
    friend bool operator==(const AcrossExtent&, const AcrossExtent&) = default;
};
[[nodiscard]] inline AcrossExtent acrossExtent(const Trace& trace, AcrossMode mode) {
    switch (mode) {
    case AcrossMode::EventOrder: return {0, std::max(1.0, static_cast<double>(trace.events.count()))};
    case AcrossMode::LineNumber: return {1, std::max(2.0, static_cast<double>(trace.source->lines()) + 1)};
    case AcrossMode::Time:
        return {0, static_cast<double>(timeBetween(trace.timeIndex.start(), trace.timeIndex.end())) + 1};
    }
    return {};
}

/// The event at or before a place across; none before the first.
[[nodiscard]] EventId eventAt(const Trace& trace, AcrossMode mode, double across);

/// The first event that stands at a place across or behind it; the event count if there is none.
[[nodiscard]] std::size_t firstEventFrom(const Trace& trace, AcrossMode mode, double across);

/// A place across as the number of the event there and the part of the way to the next one; 0 before the first event.
[[nodiscard]] double eventPlaceAt(const Trace& trace, AcrossMode mode, double across);
/// The way back. A trace without events has only its beginning.
[[nodiscard]] double acrossOfEventPlace(const Trace& trace, AcrossMode mode, double place);

/// Pixels of a visible range: x from 0 at its left to width at its right, y from 0 at its top to height.
struct PixelMap {
    ViewRange range;
    int width = 1;
    int height = 1;
    double ratio = 1;  ///< pixels to the units in which a person sees sizes

    [[nodiscard]] double x(double across) const { return (across - range.left) * xScale(); }
    [[nodiscard]] double y(double down) const { return (down - range.top) * yScale(); }
    [[nodiscard]] double across(double x) const { return range.left + x / xScale(); }
    [[nodiscard]] double down(double y) const { return range.top + y / yScale(); }
    [[nodiscard]] double xScale() const { return width / std::max(range.right - range.left, 1e-9); }
    [[nodiscard]] double yScale() const { return height / std::max(range.bottom - range.top, 1e-9); }
};

/// All of it, with a little room across.
[[nodiscard]] ViewRange wholeRange(AcrossExtent extent, double height);

/// `range` moved and scaled into the extent [0, height) down and `extent` across, keeping its size where it fits.
[[nodiscard]] ViewRange confined(ViewRange range, AcrossExtent extent, double height);

}  // namespace alloclens
