// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which events of one key another key lacks, message by message. An allocation matches one of the same size and memory,
// a free matches any free whatever the tracker answered, a sweep a sweep. Names the fewest events that explain the
// whole difference; of several equal choices, those that are closest in the trace. Pure.
//
//     reference  A4096 F A2048 F
//     key        A4096   A2048 F F     lacks the first F and has one F too many at its end
#pragma once

#include <vector>

#include "core/mesh/mesh_parity.h"

namespace alloclens {

struct KeyDifference {
    std::vector<DivergentEvent> events;  ///< in the order of the keys' events
    bool isApart = false;                ///< more than kMostDiffering: `events` has the first one only
    static constexpr std::size_t kMostDiffering = 32;
};

/// `reference` is the key taken to be right; an invalid `key` has no events. Linear, plus the square of the events that
/// differ.
[[nodiscard]] KeyDifference differenceOf(const Replay& replay, AddressId reference, AddressId key);

}  // namespace alloclens
