// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/timed_views.h"

#include <algorithm>
#include <array>

namespace alloclens::test {
namespace {

constexpr double kTwentyThousand = 20'000;
constexpr std::array<TimedView, 14> kViews{{
    {"full extent"},
    {"time 1/4", 1.0 / 4},
    {"time 1/10", 1.0 / 10},
    {"time 1/20", 1.0 / 20},
    {"time 1/40", 1.0 / 40},
    {"time 1 %", 0.01},
    {"time 0.1 %", 0.001},
    {"time 0.01 %", 0.0001},
    {"20,000 events", 1, 1, kTwentyThousand},
    {"address 1/8", 1, 1.0 / 8},
    {"address 1/16", 1, 1.0 / 16},
    {"address 1/64", 1, 1.0 / 64},
    {"time 1/10 x address 1/8", 1.0 / 10, 1.0 / 8},
    {"time 1/4 x address 1/4", 1.0 / 4, 1.0 / 4},
}};

}  // namespace

std::span<const TimedView> timedViews() { return kViews; }

ViewRange rangeOf(const TimedView& view, AcrossExtent across, double height) {
    constexpr double kPlace = 0.382;
    const double length = across.to - across.from;
    const double wide = view.events > 0 ? std::min(view.events, length) : length * view.timeShare;
    const double tall = height * view.addressShare;
    const double left = across.from + (length - wide) * kPlace;
    const double top = (height - tall) * kPlace;
    return {left, left + wide, top, top + tall};
}

}  // namespace alloclens::test
