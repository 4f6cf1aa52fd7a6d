// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/range_carry.h"

namespace alloclens {
namespace {

/// The visible range in a scene of more of the same file: an end that was the trace's follows it, any other stays where
/// it is. `isFollowing`: a range that shows the newest goes on showing it, as wide as it is.
void growAcross(const Scene& previous, const Scene& scene, RangeOnAxes& shown, bool isFollowing) {
    const AcrossExtent extentBefore = acrossExtent(*previous.analysis->trace, shown.across);
    const AcrossExtent extent = acrossExtent(*scene.analysis->trace, shown.across);
    const ViewRange whole = wholeRange(extentBefore, shown.height);
    ViewRange& range = shown.range;
    if (range.left <= whole.left && range.right >= whole.right) {
        const ViewRange full = wholeRange(extent, shown.height);
        range.left = full.left;
        range.right = full.right;
    } else if (isFollowing && range.right >= extentBefore.to) {
        const double grown = extent.to - extentBefore.to;
        range.left += grown;
        range.right += grown;
    }
}

/// Down, what was in the middle stays there, as rows have come in between.
void growDown(const Scene& previous, const Scene& scene, ViewRange& range) {
    const double tall = range.bottom - range.top;
    if (tall >= previous.layout.height()) {
        range.top = 0;
        range.bottom = scene.layout.height();
        return;
    }
    const auto [first, end] = previous.layout.rowsBetween((range.top + range.bottom) / 2, range.bottom);
    if (first >= end) return;
    const LayoutRow& old = previous.layout.rows()[first];
    const AddressId address = scene.analysis->trace->findAddress(previous.analysis->key(old.address));
    const std::uint32_t row = address.isValid() ? scene.rowOf(address, old.memory) : LaneLayout::kNoRow;
    if (row == LaneLayout::kNoRow) return;
    const double shift = scene.layout.rows()[row].top - old.top;
    range.top += shift;
    range.bottom += shift;
}

/// The same part on the axis of the scene.
void convertAcross(const Scene& scene, RangeOnAxes& shown) {
    const Trace& trace = *scene.analysis->trace;
    const ViewRange full = scene.fullRange();
    const ViewRange whole = wholeRange(acrossExtent(trace, shown.across), shown.height);
    const auto convert = [&](double across, double otherwise) {
        const EventId event = eventAt(trace, shown.across, across);
        return event.isValid() ? acrossOf(trace, scene.options.acrossMode, event) : otherwise;
    };
    ViewRange& range = shown.range;
    range.left = range.left <= whole.left ? full.left : convert(range.left, full.left);
    range.right = range.right >= whole.right ? full.right : convert(range.right, full.right);
}

}  // namespace

ViewRange carriedRange(const Scene* previous, const Scene& scene, const std::optional<RangeOnAxes>& left,
                       bool isFollowing) {
    if (!left || !hasAxis(*scene.analysis->trace, left->across)) return scene.fullRange();
    RangeOnAxes shown = *left;
    const bool hasGrown = previous != nullptr && previous->analysis != scene.analysis;
    const bool isOfPrevious = previous != nullptr && shown.down == previous->options.downMode
                              && shown.height == previous->layout.height();
    if (hasGrown) growAcross(*previous, scene, shown, isFollowing);
    if (shown.across != scene.options.acrossMode) convertAcross(scene, shown);
    if (hasGrown && isOfPrevious && shown.down == scene.options.downMode) {
        growDown(*previous, scene, shown.range);
    } else if (shown.down != scene.options.downMode || shown.height != scene.layout.height()) {
        shown.range.top = 0;  // other rows: what was in sight has moved, so all of them are shown
        shown.range.bottom = scene.layout.height();
    }
    return confined(shown.range, scene.extent(), scene.layout.height());
}

}  // namespace alloclens
