// SPDX-License-Identifier: GPL-3.0-or-later
//
// One flag of one byte for each row: threads may write neighbouring rows at once, which bits do not allow. Results of a
// filter are kept as bits (RowFlags).
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace alloclens::query {

using Flags = std::vector<std::uint8_t>;  ///< 0 or 1 each

[[nodiscard]] constexpr std::uint8_t flag(bool value) { return value ? 1 : 0; }

/// Sets a flag; other threads may set it at the same time. It reads first, so that the cache line stays shared between
/// cores if many rows set the same flag.
inline void setShared(Flags& flags, std::size_t row) {
    const std::atomic_ref<std::uint8_t> at(flags[row]);
    if (at.load(std::memory_order_relaxed) == 0) at.store(1, std::memory_order_relaxed);
}

}  // namespace alloclens::query
