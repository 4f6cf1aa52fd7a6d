// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time_units.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

namespace alloclens {
namespace {

using std::chrono::sys_days;

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMinute = 60 * kNanosecondsOfSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr int kFractionDigits = 9;

struct Unit {
    std::string_view name;
    std::int64_t nanoseconds;
    int digits;  ///< after the point, to show single nanoseconds
};
constexpr std::array kUnits = {Unit{"s", kNanosecondsOfSecond, kFractionDigits}, Unit{"ms", 1'000'000, 6},
                               Unit{"µs", 1'000, 3}, Unit{"ns", 1, 0}};

/// Takes exactly `digits` digits from the front: "2026-02" and 4 -> 2026, leaves "-02".
std::optional<int> takeNumber(std::string_view& text, std::size_t digits) {
    int value = 0;
    if (text.size() < digits) return std::nullopt;
    const auto [end, status] = std::from_chars(text.data(), text.data() + digits, value);
    if (status != std::errc{} || end != text.data() + digits || text.front() == '-') return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

/// A separator and two digits below `limit`: ":56" -> 56.
std::optional<int> takePart(std::string_view& text, char separator, int limit) {
    if (!take(text, separator)) return std::nullopt;
    const auto value = takeNumber(text, 2);
    return value && *value < limit ? value : std::nullopt;
}

/// The digits after a point, as nanoseconds: "5" -> 500000000.
std::optional<std::int64_t> takeFraction(std::string_view& text) {
    std::int64_t value = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9' && digits < kFractionDigits; ++digits) {
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < kFractionDigits; ++digits) value *= 10;
    return value;
}

std::optional<std::int64_t> takeTimeOfDay(std::string_view& text) {
    const auto hour = takeNumber(text, 2);
    const auto minute = takePart(text, ':', 60);
    if (!hour || *hour >= 24 || !minute) return std::nullopt;
    std::int64_t time = *hour * kHour + *minute * kMinute;
    if (!text.starts_with(':')) return time;
    const auto second = takePart(text, ':', 60);
    if (!second) return std::nullopt;
    time += *second * kNanosecondsOfSecond;
    if (!take(text, '.')) return time;
    const auto fraction = takeFraction(text);
    if (!fraction) return std::nullopt;
    return time + *fraction;
}

/// Formats a duration below a minute.
std::string shortDuration(std::uint64_t nanoseconds) {
    for (const Unit& unit : kUnits) {
        const auto value = static_cast<double>(nanoseconds) / static_cast<double>(unit.nanoseconds);
        constexpr double kRoundsUp = 0.9995;  // so that 999.6 us show as "1.0 ms", not "1000 us"
        if (value < kRoundsUp && unit.nanoseconds > 1) continue;
        return fmt::format("{:.{}f} {}", value, unit.nanoseconds == 1 || value >= 99.95 ? 0 : 1, unit.name);
    }
    return {};
}

/// 65 s -> "1:05 min", as a clock shows it. Only as many decimals as multiples of `step` need.
std::string clockOffset(std::int64_t nanoseconds, std::int64_t step) {
    std::string fraction;
    if (step % kNanosecondsOfSecond != 0) {
        fraction = fmt::format(".{:09}", nanoseconds % kNanosecondsOfSecond);
        for (std::int64_t part = 10; step % part == 0; part *= 10) fraction.pop_back();
    }
    const std::int64_t seconds = nanoseconds / kNanosecondsOfSecond;
    if (nanoseconds < kHour) return fmt::format("{}:{:02}{} min", seconds / 60, seconds % 60, fraction);
    return fmt::format("{}:{:02}:{:02}{} h", seconds / 3600, seconds / 60 % 60, seconds % 60, fraction);
}

std::uint64_t magnitude(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value < 0 ? ~bits + 1 : bits;
}

}  // namespace

std::string formatTime(std::int64_t time) {
    const std::int64_t inDay = time % kDay < 0 ? time % kDay + kDay : time % kDay;
    const std::int64_t days = time / kDay - (time % kDay < 0 ? 1 : 0);
    const std::chrono::year_month_day date{sys_days(std::chrono::days(days))};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), inDay / kHour,
                       inDay / kMinute % 60, inDay / kNanosecondsOfSecond % 60, inDay % kNanosecondsOfSecond);
}

std::string formatDuration(std::int64_t nanoseconds) {
    const std::uint64_t size = magnitude(nanoseconds);
    const std::string_view sign = nanoseconds < 0 ? "-" : "";
    constexpr std::uint64_t kSecond = kNanosecondsOfSecond;
    constexpr std::uint64_t kLastShort = kMinute - kSecond / 20;
    if (size < kLastShort) return fmt::format("{}{}", sign, shortDuration(size));
    const std::uint64_t seconds = (size + kSecond / 2) / kSecond;
    if (seconds < 3600) return fmt::format("{}{} min {:02} s", sign, seconds / 60, seconds % 60);
    const std::uint64_t minutes = (seconds + 30) / 60;
    if (minutes < 24 * 60) return fmt::format("{}{} h {:02} min", sign, minutes / 60, minutes % 60);
    const std::uint64_t hours = (minutes + 30) / 60;
    return fmt::format("{}{} d {:02} h", sign, hours / 24, hours % 24);
}

std::string formatSeconds(std::int64_t nanoseconds) {
    const std::string_view sign = nanoseconds < 0 ? "-" : "";
    const std::uint64_t size = magnitude(nanoseconds);
    constexpr std::uint64_t kSecond = kNanosecondsOfSecond;
    return fmt::format("{}{}.{:09} s", sign, size / kSecond, size % kSecond);
}

std::string formatOffset(std::int64_t nanoseconds, std::int64_t step) {
    assert(step >= 0);
    if (nanoseconds == 0) return "0";
    const Unit* unit = &kUnits.front();
    // The number picks the unit, not the step: a narrow range late in a long trace still shows seconds.
    while (unit->nanoseconds > 1
           && std::abs(static_cast<double>(nanoseconds)) < static_cast<double>(unit->nanoseconds)) {
        ++unit;
    }
    if (nanoseconds >= kMinute) return clockOffset(nanoseconds, step);
    int digits = 0;
    for (std::int64_t part = unit->nanoseconds; digits < unit->digits && step % part != 0; part /= 10) ++digits;
    return fmt::format("{:.{}f} {}", static_cast<double>(nanoseconds) / static_cast<double>(unit->nanoseconds), digits,
                       unit->name);
}

std::optional<std::int64_t> parseTime(std::string_view text) {
    const auto year = takeNumber(text, 4);
    const auto month = takePart(text, '-', 13);
    const auto day = takePart(text, '-', 32);
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    // 64 bits of nanoseconds hold these years.
    if (!date.ok() || *year < 1678 || *year > 2261) return std::nullopt;
    std::int64_t time = std::int64_t{sys_days(date).time_since_epoch().count()} * kDay;
    if (take(text, 'T') || take(text, 't') || take(text, ' ')) {
        const auto inDay = takeTimeOfDay(text);
        if (!inDay) return std::nullopt;
        time += *inDay;
        if (!take(text, 'Z')) take(text, 'z');
    }
    return text.empty() ? std::optional(time) : std::nullopt;
}

std::optional<std::int64_t> parseDuration(std::string_view text) {
    double value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || text.starts_with('-')) return std::nullopt;
    std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
    take(name, ' ');
    std::int64_t unit = 0;
    if (name == "us") unit = 1'000;
    if (name == "min") unit = kMinute;
    if (name == "h") unit = kHour;
    for (const Unit& known : kUnits) {
        if (name == known.name) unit = known.nanoseconds;
    }
    const double nanoseconds = std::round(value * static_cast<double>(unit));
    if (unit == 0 || !(nanoseconds < static_cast<double>(kMost))) return std::nullopt;
    return static_cast<std::int64_t>(nanoseconds);
}

std::int64_t sumOfTimes(std::int64_t time, std::int64_t duration) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(time, duration, &sum)) return duration < 0 ? kLeast : kMost;
    return sum;
}

std::int64_t timeBetween(std::int64_t from, std::int64_t to) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(to, from, &difference)) return from < to ? kMost : kLeast;
    return difference;
}

}  // namespace alloclens
