// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parses the numbers of a filter. Both ends of a range belong to it. A comparison that no value meets gives an empty
// range, whose first is above its last. Pure; any thread may call.
//
//     7 or =7   [7, 7]          >5   [6, max]      <5   [0, 4]
//     3..9      [3, 9]          >=5  [5, max]      <=5  [0, 5]
//     3..       [3, max]        ..9  [0, 9]        <0   empty for sizes
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/query/term.h"

namespace alloclens::query {

/// What is wrong in a value; `offset` and `length` mark the part, in bytes.
struct RangeError {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string message;
    std::string suggestion;  ///< what to write instead of that part, or empty
};

template <typename T>
using RangeOrError = std::variant<Range<T>, RangeError>;

/// Devices and pids, which may be negative: "-1..3" -> [-1, 3].
[[nodiscard]] RangeOrError<std::int64_t> parseIdRange(std::string_view text);
/// Addresses and lines, decimal or hexadecimal after 0x: "0x10..0x1F" -> [16, 31].
[[nodiscard]] RangeOrError<std::uint64_t> parseNumberRange(std::string_view text);
/// Sizes with units (parseByteSize): ">1MiB" -> [1048577, max].
[[nodiscard]] RangeOrError<std::uint64_t> parseSizeRange(std::string_view text);
/// ISO times or offsets from the start of the trace (time_units.h): "1.5s..2s", ">2026-02-26T21:56".
[[nodiscard]] RangeOrError<Moment> parseTimeRange(std::string_view text);

}  // namespace alloclens::query
