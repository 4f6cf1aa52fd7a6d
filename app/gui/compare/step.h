// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two timelines in step: what one does the other does in proportion, whatever part either shows. So runs of different
// length stay in step from end to end, and a place that was brought side by side stays so.
#pragma once

#include "core/timeline/axis.h"

namespace alloclens {

/// Where a timeline that shows `own` goes when the other one goes from `from` to `to`.
[[nodiscard]] inline ViewRange inStep(const ViewRange& own, const ViewRange& from, const ViewRange& to) {
    const double across = (own.right - own.left) / (from.right - from.left);
    const double down = (own.bottom - own.top) / (from.bottom - from.top);
    return {own.left + (to.left - from.left) * across, own.right + (to.right - from.right) * across,
            own.top + (to.top - from.top) * down, own.bottom + (to.bottom - from.bottom) * down};
}

}  // namespace alloclens
