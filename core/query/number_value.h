// SPDX-License-Identifier: GPL-3.0-or-later
//
// The numbers of a filter: 7, a..b (both included), a.., ..b, >a, >=a, <b, <=b, =a. A comparison that nothing can meet,
// such as <0 of sizes, gives a range whose end lies before its beginning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/query/term.h"

namespace alloclens::query {

/// What is wrong in a value, and where in it.
struct RangeError {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string message;
    std::string suggestion;  ///< what to write in place of the part, or empty
};

template <typename T>
using RangeOrError = std::variant<Range<T>, RangeError>;

/// Devices and pids, which may be negative.
[[nodiscard]] RangeOrError<std::int64_t> parseIdRange(std::string_view text);
/// Addresses and lines: decimal, or hexadecimal behind 0x.
[[nodiscard]] RangeOrError<std::uint64_t> parseNumberRange(std::string_view text);
/// The same with units: 1.5MiB (parseByteSize).
[[nodiscard]] RangeOrError<std::uint64_t> parseSizeRange(std::string_view text);
/// Times as ISO text, or durations from the start of the trace (core/base/time_units.h).
[[nodiscard]] RangeOrError<Moment> parseTimeRange(std::string_view text);

}  // namespace alloclens::query
