// SPDX-License-Identifier: GPL-3.0-or-later
//
// A flag a row, one byte each: as wide as the least that threads can write side by side. What only passes a filter is
// kept in bits (RowFlags).
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace alloclens::query {

using Flags = std::vector<std::uint8_t>;  ///< 0 or 1 each

[[nodiscard]] constexpr std::uint8_t flag(bool value) { return value ? 1 : 0; }

/// Sets a flag that other threads may be setting too. Reading it first keeps its cache line shared where many rows set
/// the same few flags.
inline void setShared(Flags& flags, std::size_t row) {
    const std::atomic_ref<std::uint8_t> at(flags[row]);
    if (at.load(std::memory_order_relaxed) == 0) at.store(1, std::memory_order_relaxed);
}

}  // namespace alloclens::query
