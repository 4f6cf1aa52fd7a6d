// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fourteen views of the timeline in which frames are timed (docs/performance.md): the whole trace, shorter and
// shorter parts of its time, lower and lower parts of its addresses, and both. Each drawing method has a view in which
// it is slow.
#pragma once

#include <span>
#include <string_view>

#include "core/timeline/axis.h"

namespace alloclens::test {

struct TimedView {
    std::string_view name;    ///< for people: "time 1/10 x address 1/8"
    double timeShare = 1;     ///< of the whole extent across
    double addressShare = 1;  ///< of the whole height
    double events = 0;        ///< where it is not 0: so many events across instead of a share
};

[[nodiscard]] std::span<const TimedView> timedViews();

/// The view's part of a trace; it lies off the middle, so that it begins at no border of anything that is halved.
[[nodiscard]] ViewRange rangeOf(const TimedView& view, AcrossExtent across, double height);

}  // namespace alloclens::test
