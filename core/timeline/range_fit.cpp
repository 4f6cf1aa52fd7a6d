// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/range_fit.h"

#include <algorithm>

namespace alloclens {

ViewRange rangeInSight(const Scene& scene, ViewRange range, const ScenePlace& place) {
    const double across = acrossOf(*scene.analysis->trace, scene.options.acrossMode, place.event);
    const double wide = range.right - range.left;
    if (across < range.left || across >= range.right) {
        range.left = across - wide / 2;
        range.right = across + wide / 2;
    }
    if (!place.address.isValid()) return range;
    const Memory memory = place.lifetime.isValid() ? scene.analysis->replay.lifetime(place.lifetime).memory
                                                   : Memory::Unknown;
    const std::uint32_t row = scene.rowOf(place.address, memory);
    if (row == LaneLayout::kNoRow) return range;
    const LayoutRow& rows = scene.layout.rows()[row];
    const double tall = range.bottom - range.top;
    if (rows.top < range.top || rows.bottom > range.bottom) {
        range.top = (rows.top + rows.bottom) / 2 - tall / 2;
        range.bottom = range.top + tall;
    }
    return range;
}

ViewRange rangeAround(const Scene& scene, ViewRange range, const ScenePlace& place, std::span<const double> also) {
    const Analysis& analysis = *scene.analysis;
    const AcrossMode mode = scene.options.acrossMode;
    double from = place.event.isValid() ? acrossOf(*analysis.trace, mode, place.event) : scene.extent().from;
    double to = from;
    Memory memory = Memory::Unknown;
    if (place.lifetime.isValid()) {
        const Lifetime lifetime = analysis.replay.lifetime(place.lifetime);
        const AcrossExtent extent = lifetimeExtent(*analysis.trace, mode, lifetime);
        from = std::min(from, extent.from);
        to = std::max(to, extent.to);
        memory = lifetime.memory;
    }
    for (const double across : also) {
        from = std::min(from, across);
        to = std::max(to, across);
    }
    // At least some events or lines, or the time that so many take on average; and a quarter more on either side.
    constexpr double kFewest = 40;
    const AcrossExtent whole = scene.extent();
    const double each = mode == AcrossMode::Time
                            ? (whole.to - whole.from) / static_cast<double>(analysis.trace->events.count())
                            : 1;
    const double room = std::max(kFewest * each, to - from) / 4;
    range.left = from - room;
    range.right = to + room;
    const std::uint32_t row = scene.rowOf(place.address, memory);
    if (row != LaneLayout::kNoRow) {
        constexpr double kRowsAround = 12;
        const LayoutRow& rows = scene.layout.rows()[row];
        range.top = rows.top - kRowsAround;
        range.bottom = rows.bottom + kRowsAround;
    }
    return range;
}

ViewRange zoomed(ViewRange range, double factor) {
    const double middle = (range.left + range.right) / 2;
    const double half = (range.right - range.left) / 2 / factor;
    range.left = middle - half;
    range.right = middle + half;
    return range;
}

ViewRange panned(ViewRange range, double fractionAcross, double fractionDown) {
    const double across = (range.right - range.left) * fractionAcross;
    const double down = (range.bottom - range.top) * fractionDown;
    return {range.left + across, range.right + across, range.top + down, range.bottom + down};
}

}  // namespace alloclens
