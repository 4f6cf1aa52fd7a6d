// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one key's events have that another's lack, message by message: an allocation matches one of the same size and
// memory, a free any free whatever the tracker made of it, a sweep a sweep. The fewest events that explain the whole
// difference are named; of several equal ones, those that lie closest in the trace.
#pragma once

#include <vector>

#include "core/mesh/mesh_parity.h"

namespace alloclens {

struct KeyDifference {
    std::vector<DivergentEvent> events;  ///< in the order of the keys' events
    bool isApart = false;                ///< more than kMostDiffering: events has the first only
    static constexpr std::size_t kMostDiffering = 32;
};

/// `reference` is the key that is right, `key` may be none. Linear, but for the square of the events that differ.
[[nodiscard]] KeyDifference differenceOf(const Replay& replay, AddressId reference, AddressId key);

}  // namespace alloclens
