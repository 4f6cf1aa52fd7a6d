// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of each address key over the whole trace: sums, balances and where its lifetimes and events stand in
// their tables. One row a key, in key order.
#pragma once

#include <cstdint>

#include "core/base/id.h"

namespace alloclens {

struct AddressSummary {
    std::uint32_t allocations = 0;         ///< first and aliased ones
    std::uint32_t aliasedAllocations = 0;  ///< those of a live key
    std::uint32_t acceptedFrees = 0;       ///< partial and final ones
    std::uint32_t refusedFrees = 0;
    std::uint32_t peakDepth = 0;
    std::int32_t lowestBalance = 0;  ///< allocations minus frees received, its lowest point on the way
    std::int32_t finalBalance = 0;   ///< the same at the end; a surplus can hide behind a leak here
    LifetimeId firstLifetime;        ///< its lifetimes are [firstLifetime, firstLifetime + lifetimes)
    std::uint32_t lifetimes = 0;
    std::uint32_t firstEvent = 0;  ///< its events are Replay::keyEvents[firstEvent, firstEvent + events)
    std::uint32_t events = 0;
    bool isLiveAtEnd = false;
    bool wasAbandoned = false;  ///< a lifetime ended without a free: swept, or cut off by a restart of the server

    /// Over-freed: at least one free was refused. Unreleased: live at the end, or a lifetime was abandoned. Both may
    /// hold.
    [[nodiscard]] bool isOverFreed() const { return refusedFrees > 0; }
    [[nodiscard]] bool isUnreleased() const { return isLiveAtEnd || wasAbandoned; }
    [[nodiscard]] bool isBalanced() const { return !isOverFreed() && !isUnreleased(); }
};

}  // namespace alloclens
