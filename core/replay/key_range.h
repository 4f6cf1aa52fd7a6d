// SPDX-License-Identifier: GPL-3.0-or-later
//
// The keys that one thread walks. Devices concern each other rarely, so a range is made of whole ones.
#pragma once

#include <cstdint>
#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

/// [first, last), by AddressId.
struct KeyRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

/// Divides the keys of `devices` into at most so many ranges, at least one, with about the same number of events in
/// each. `eventsOf` has those of each device.
[[nodiscard]] std::vector<KeyRange> divideKeys(const std::vector<DeviceSummary>& devices,
                                               const std::vector<std::uint64_t>& eventsOf, std::size_t ranges);

}  // namespace alloclens
