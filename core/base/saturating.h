// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sums of sizes. A log may print any size up to 2^64 - 1, so sums stop at that number instead of wrapping to 0.
#pragma once

#include <cstdint>
#include <limits>

namespace alloclens {

/// The largest sum; reports show it as "at least".
inline constexpr std::uint64_t kSaturated = std::numeric_limits<std::uint64_t>::max();

/// For sums that are also subtracted from: exact for any number of sizes.
__extension__ using WideSum = unsigned __int128;

[[nodiscard]] constexpr std::uint64_t saturated(WideSum sum) {
    return sum > kSaturated ? kSaturated : static_cast<std::uint64_t>(sum);
}

[[nodiscard]] constexpr std::uint64_t saturatingSum(std::uint64_t a, std::uint64_t b) {
    return a > kSaturated - b ? kSaturated : a + b;
}

}  // namespace alloclens
