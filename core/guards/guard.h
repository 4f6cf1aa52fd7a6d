// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of guards that a program's library may put in front of the tracker, so that a free is not sent twice
// (docs/guards.md). A guard decides by what its own process has called for the address before, never by what the server
// answered. To add one: a row in guard.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/findings/verdict.h"

namespace alloclens {

/// What the library of one process has seen of one address before a call. A process that died leaves nothing behind.
struct CallsSoFar {
    std::uint32_t open = 0;  ///< allocations that it has not freed
    bool hasAllocated = false;
    bool hasFreed = false;
    bool isLastAllocation = false;  ///< the last call was an allocation
};

/// A set of causes, one bit each.
using CauseSet = std::uint16_t;
static_assert(kCauseCount <= 16);
[[nodiscard]] constexpr CauseSet causeBit(Cause cause) {
    return static_cast<CauseSet>(1U << static_cast<unsigned>(cause));
}

struct Guard {
    std::string_view name;   ///< stable identifier, such as "object-flag"
    std::string_view title;  ///< for people
    std::string_view words;  ///< what it does, a sentence
    /// Whether a free is not sent.
    bool (*drops)(const CallsSoFar& calls);
    /// Refused frees of these causes that it would drop by the log, and may not: the program knows what the log lacks,
    /// or they do not come through its library, or from another object.
    CauseSet mayStay;
    /// It looks at objects, which the log does not name: what it drops is the most that it could.
    bool isBound = false;
};

/// Those that engineers tried, in the order of the reports. At most eight.
[[nodiscard]] std::span<const Guard> guards();

}  // namespace alloclens
