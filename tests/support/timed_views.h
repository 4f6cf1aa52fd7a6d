// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fourteen timeline views whose frames are timed (docs/performance.md): the whole trace, ever shorter parts of its
// time, ever smaller parts of its addresses, and both. Each drawing method has a view in which it is slow.
#pragma once

#include <span>
#include <string_view>

#include "core/timeline/axis.h"

namespace alloclens::test {

struct TimedView {
    std::string_view name;    ///< for people: "time 1/10 x address 1/8"
    double timeShare = 1;     ///< of the whole time
    double addressShare = 1;  ///< of all addresses
    double events = 0;        ///< events in the view instead of a share; 0 uses the share
};

[[nodiscard]] std::span<const TimedView> timedViews();

/// The view's range in a trace. It is off the middle, so that it does not begin where something is halved.
[[nodiscard]] ViewRange rangeOf(const TimedView& view, AcrossExtent across, double height);

}  // namespace alloclens::test
