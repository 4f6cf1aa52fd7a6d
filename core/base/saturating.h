// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sums of sizes. A log may print any sizes up to 2^64 - 1, so a sum of them stops there instead of starting again at 0.
#pragma once

#include <cstdint>
#include <limits>

namespace alloclens {

/// The largest sum; shown as "at least".
inline constexpr std::uint64_t kSaturated = std::numeric_limits<std::uint64_t>::max();

/// For sums that are subtracted from as well: exact for any number of sizes.
__extension__ using WideSum = unsigned __int128;

[[nodiscard]] constexpr std::uint64_t saturated(WideSum sum) {
    return sum > kSaturated ? kSaturated : static_cast<std::uint64_t>(sum);
}

[[nodiscard]] constexpr std::uint64_t saturatingSum(std::uint64_t a, std::uint64_t b) {
    return a > kSaturated - b ? kSaturated : a + b;
}

}  // namespace alloclens
