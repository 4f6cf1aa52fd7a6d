// SPDX-License-Identifier: GPL-3.0-or-later
//
// Draws bars one by one. Each distinct run of pixel lines that a row fills is drawn once, as one sheet, and copied to
// its lines at the end, so that tall rows cost no more than flat ones. A bar costs its pixels' classes and four numbers
// of cover.
#pragma once

#include <vector>

#include "core/timeline/picture.h"

namespace alloclens {

/// The pixels of a row's bars as barRows has them, but not confined to the picture.
[[nodiscard]] BarRows barLines(const LayoutRow& row, const PixelMap& map);

/// Where a bar begins and ends across; an open one ends with the trace.
[[nodiscard]] inline AcrossExtent barExtent(const PictureSource& source, std::uint32_t bar) {
    const EventId first(source.bars->from(bar));
    const EventId last(source.bars->to(bar));
    const Trace& trace = *source.analysis->trace;
    const double from = acrossOf(trace, source.mode, first);
    if (last.index() >= trace.events.count()) return {from, acrossExtent(trace, source.mode).to};
    return {from, std::max(from, acrossOf(trace, source.mode, last))};
}

/// Adds a bar of [from, to) to a line of differences whose running sums say how much of each place bars cover, `unit`
/// where one covers all of it. Four additions, however long the bar. Both ends lie within [0, places]; the line has
/// two entries more than places.
inline void addCover(std::int32_t* line, double from, double to, std::int32_t unit) {
    const auto first = static_cast<std::size_t>(from);
    const auto last = static_cast<std::size_t>(to);
    const auto beforeFrom = static_cast<std::int32_t>((from - static_cast<double>(first)) * unit);
    const auto beforeTo = static_cast<std::int32_t>((to - static_cast<double>(last)) * unit);
    line[first] += unit - beforeFrom;
    line[first + 1] += beforeFrom;
    line[last] -= unit - beforeTo;
    line[last + 1] -= beforeTo;
}

/// The stripes of which a row is in sight.
[[nodiscard]] std::vector<std::uint32_t> visibleStripes(const PictureSource& source, const PixelMap& map);

/// At least as many bars as there are in sight; a few binary searches a stripe.
[[nodiscard]] std::size_t mostVisibleBars(const PictureSource& source, const PixelMap& map);

}  // namespace alloclens
