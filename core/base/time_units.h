// SPDX-License-Identifier: GPL-3.0-or-later
//
// Times and durations as people read and type them. Times are nanoseconds since 1970 in UTC, written as ISO 8601;
// durations are nanoseconds. Neither the locale nor the machine's time zone matters, so reports are the same
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
/// 4200000 -> "4.2 ms"; 65 s -> "1 min 05 s". Two units from a minute on; negative durations get a "-".
[[nodiscard]] std::string formatDuration(std::int64_t nanoseconds);
/// 3004200000 -> "3.004200000 s": always nine decimals, so that a column of them lines up.
[[nodiscard]] std::string formatSeconds(std::int64_t nanoseconds);
/// A tick of an axis whose ticks are `step` apart, with only the digits in which they differ. 1234500000 with step
/// 500000 -> "1.2345 s"; 65 s -> "1:05 min"; 3605 s -> "1:00:05 h". Requires: step >= 0; 0 shows no decimals.
[[nodiscard]] std::string formatOffset(std::int64_t nanoseconds, std::int64_t step);

/// "1970-01-01T00:01:00.5Z" -> 60500000000. Also "2026-02-26", "2026-02-26T21:56", a blank instead of the T, no Z. None
/// for other texts and for years outside of [1678, 2261], which 64 bits do not hold.
[[nodiscard]] std::optional<std::int64_t> parseTime(std::string_view text);
/// "1.5s" -> 1500000000, "20 ms" -> 20000000: a number, a unit (ns, us, µs, ms, s, min, h), one blank between them or
/// none. None for other texts, for negative numbers and for more than 292 years.
[[nodiscard]] std::optional<std::int64_t> parseDuration(std::string_view text);

/// time + duration, or the largest or least number if 64 bits cannot hold it.
[[nodiscard]] std::int64_t sumOfTimes(std::int64_t time, std::int64_t duration);
/// to - from, with the same limits.
[[nodiscard]] std::int64_t timeBetween(std::int64_t from, std::int64_t to);

}  // namespace alloclens
