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

/// The number of an interned value, such as a text. 0 is none, so that a column in which most rows have none is narrow.
template <typename Tag>
struct Number {
    std::uint32_t value = 0;

    constexpr Number() = default;
    constexpr explicit Number(std::uint32_t v) : value(v) {}
    [[nodiscard]] static constexpr Number ofIndex(std::size_t index) {
        return Number(static_cast<std::uint32_t>(index + 1));
    }
    [[nodiscard]] constexpr bool isValid() const { return value != 0; }
    /// Only of a valid one.
    [[nodiscard]] constexpr std::size_t index() const { return value - 1; }
    friend constexpr auto operator<=>(const Number&, const Number&) = default;
};

using StringId = Number<struct StringTag>;  ///< of a StringTable
using FrameId = Number<struct FrameTag>;    ///< of a StackTable: one call
using StackId = Number<struct StackTag>;    ///< of a StackTable: the innermost call of a stack

}  // namespace alloclens
