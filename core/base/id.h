// SPDX-License-Identifier: GPL-3.0-or-later
//
// Typed 32-bit row numbers. The compiler rejects a row of one table where a row of another is expected. A default Id
// means "none". An Id costs as much as the integer that it holds.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace alloclens {

template <typename Tag>
struct Id {
    static constexpr std::uint32_t kNoneValue = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t value = kNoneValue;

    constexpr Id() = default;
    constexpr explicit Id(std::uint32_t v) : value(v) {}
    constexpr explicit Id(std::size_t v) : value(static_cast<std::uint32_t>(v)) {}
    [[nodiscard]] constexpr bool isValid() const { return value != kNoneValue; }
    [[nodiscard]] constexpr std::size_t index() const { return value; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using EventId = Id<struct EventTag>;        ///< a row of EventTable: the order of the source
using AddressId = Id<struct AddressTag>;    ///< a row of the address keys: ordered by device, then address
using ProcessId = Id<struct ProcessTag>;    ///< a row of the trace's processes, not a pid
using LifetimeId = Id<struct LifetimeTag>;  ///< a row of LifetimeTable: ordered by address key, then start
using FindingId = Id<struct FindingTag>;    ///< a row of the findings
using ClusterId = Id<struct ClusterTag>;    ///< a row of the clusters

}  // namespace alloclens
