// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times and durations as people read and type them. Times are nanoseconds since 1970 in UTC, written as ISO 8601;
// durations are nanoseconds. Locale-independent and without the machine's time zone, so that reports are the same
// everywhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alloclens {

inline constexpr std::int64_t kNanosecondsOfSecond = 1'000'000'000;

/// 1772142970191000123 -> "2026-02-26T21:56:10.191000123Z".
[[nodiscard]] std::string formatTime(std::int64_t time);
/// 4200000 -> "4.2 ms"; from a minute on in two units: "1 min 05 s". Negative ones have a sign.
[[nodiscard]] std::string formatDuration(std::int64_t nanoseconds);
/// 3004200000 -> "3.004200000 s": all digits, so that such numbers stand below each other.
[[nodiscard]] std::string formatSeconds(std::int64_t nanoseconds);
/// With no more digits than tell multiples of `step` apart, for the ticks of an axis: 1234500000 by steps of 500000 ->
/// "1.2345 s"; from a minute on "1:05 min", from an hour on "1:00:05 h".
[[nodiscard]] std::string formatOffset(std::int64_t nanoseconds, std::int64_t step);

/// "2026-02-26", "2026-02-26T21:56", with seconds, fractions of up to nine digits, a blank for the T, a Z behind.
[[nodiscard]] std::optional<std::int64_t> parseTime(std::string_view text);
/// "1.5s", "20 ms": a number and ns, us, µs, ms, s, min or h.
[[nodiscard]] std::optional<std::int64_t> parseDuration(std::string_view text);

/// The sum, or the largest or least number where it would lie beyond.
[[nodiscard]] std::int64_t sumOfTimes(std::int64_t time, std::int64_t duration);
/// Likewise the time from `from` to `to`.
[[nodiscard]] std::int64_t timeBetween(std::int64_t from, std::int64_t to);

}  // namespace alloclens
