// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/line_stamps.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace alloclens {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kSearchedBytes = 100;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Reads a stamp piece by piece; a piece that is not there leaves it where it is.
class StampText {
public:
    StampText(std::string_view text, std::size_t at) : m_rest(text.substr(at)) {}

    /// Exactly so many digits.
    [[nodiscard]] bool digits(std::size_t count, int& value) {
        if (m_rest.size() < count
            || !std::all_of(m_rest.begin(), m_rest.begin() + static_cast<std::ptrdiff_t>(count), isDigit))
            return false;
        (void)std::from_chars(m_rest.data(), m_rest.data() + count, value);
        m_rest.remove_prefix(count);
        return true;
    }
    [[nodiscard]] bool oneOf(std::string_view letters) {
        if (m_rest.empty() || letters.find(m_rest.front()) == std::string_view::npos) return false;
        m_rest.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool word(std::string_view text) {
        if (!m_rest.starts_with(text)) return false;
        m_rest.remove_prefix(text.size());
        return true;
    }
    /// ".794900" or ",794": up to nine digits count.
    [[nodiscard]] std::int64_t fraction() {
        if (m_rest.size() < 2 || (m_rest[0] != '.' && m_rest[0] != ',') || !isDigit(m_rest[1])) return 0;
        m_rest.remove_prefix(1);
        std::int64_t nanoseconds = 0;
        std::int64_t unit = kSecond / 10;
        while (!m_rest.empty() && isDigit(m_rest.front())) {
            nanoseconds += (m_rest.front() - '0') * unit;
            unit /= 10;
            m_rest.remove_prefix(1);
        }
        return nanoseconds;
    }
    /// "21:56:10.7949"
    [[nodiscard]] std::optional<std::int64_t> timeOfDay() {
        int hours = 0;
        int minutes = 0;
        int seconds = 0;
        const bool isTime = digits(2, hours) && oneOf(":") && digits(2, minutes) && oneOf(":") && digits(2, seconds)
                            && hours < 24 && minutes < 60 && seconds <= 60;
        if (!isTime) return std::nullopt;
        const std::int64_t part = fraction();
        if (!m_rest.empty() && isDigit(m_rest.front())) return std::nullopt;
        return (std::int64_t{hours} * 3600 + minutes * 60 + seconds) * kSecond + part;
    }
    [[nodiscard]] std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

std::optional<std::int64_t> dayOf(int year, int month, int day) {
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * 24 * 3600 * kSecond;
}

// 2026-02-26T21:56:43.794900Z    2026/02/26 21:56:43
std::optional<std::int64_t> isoStamp(std::string_view text, std::size_t at) {
    StampText stamp(text, at);
    int year = 0;
    int month = 0;
    int day = 0;
    const bool isDate = stamp.digits(4, year) && stamp.oneOf("-/") && stamp.digits(2, month) && stamp.oneOf("-/")
                        && stamp.digits(2, day) && stamp.oneOf("T _t");
    if (!isDate) return std::nullopt;
    const auto date = dayOf(year, month, day);
    const auto time = stamp.timeOfDay();
    if (!date || !time) return std::nullopt;
    return *date + *time;
}

// Feb 26 21:56:10    Feb  6 21:56:10; the year, which is missing, is taken to be a leap year
std::optional<std::int64_t> syslogStamp(std::string_view text, std::size_t at) {
    constexpr std::array<std::string_view, 12> kMonths = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                                          "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
    StampText stamp(text, at);
    for (std::size_t month = 0; month < kMonths.size(); ++month) {
        if (!stamp.word(kMonths[month])) continue;
        int day = 0;
        const bool isDay = stamp.oneOf(" ") ? stamp.digits(1, day) : stamp.digits(2, day);
        if (!isDay || !stamp.oneOf(" ")) return std::nullopt;
        const auto date = dayOf(2000, static_cast<int>(month) + 1, day);
        const auto time = stamp.timeOfDay();
        if (!date || !time) return std::nullopt;
        return *date + *time;
    }
    return std::nullopt;
}

// 1772142970.191    [1772142970191]: seconds, milliseconds, microseconds or nanoseconds since 1970, by their digits
std::optional<std::int64_t> epochStamp(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && isDigit(text[end])) ++end;
    const std::size_t count = end - at;
    constexpr std::size_t kSecondsDigits = 10;
    if (count != kSecondsDigits && count != 13 && count != 16 && count != 19) return std::nullopt;
    std::int64_t value = 0;
    if (std::from_chars(text.data() + at, text.data() + end, value).ec != std::errc{}) return std::nullopt;
    for (std::size_t i = count; i < 19; ++i) value *= 10;
    // Of these years only: another number of ten digits is an address or a size.
    constexpr std::int64_t kYear2001 = 1'000'000'000 * kSecond;
    constexpr std::int64_t kYear2065 = 3'000'000'000 * kSecond;
    if (value < kYear2001 || value > kYear2065) return std::nullopt;
    StampText rest(text, end);
    return value + (count == kSecondsDigits ? rest.fraction() : 0);
}

/// Where the server's own words begin; a stamp stands before them.
std::size_t endOfPrefix(std::string_view line) {
    return std::min({line.find("[PID "), line.find("Deallocation for "), kSearchedBytes, line.size()});
}

/// What can be read of a log without being felt.
constexpr std::uint32_t kBlockLines = 64;
constexpr std::uint32_t kMostBlocks = 256;
constexpr std::uint32_t kSmallLog = kBlockLines * kMostBlocks;

class StampSearch {
public:
    explicit StampSearch(const Trace& trace) : m_trace(trace) {}

    [[nodiscard]] std::vector<StampedLine> run() {
        const std::uint32_t lines = m_trace.source->lines();
        if (lines <= kSmallLog) {
            for (std::uint32_t first = 1; first <= lines; first += kBlockLines) {
                if (!take(first)) break;
            }
        } else {
            for (std::uint32_t i = 0; i < kMostBlocks; ++i) {
                const auto first = static_cast<std::uint32_t>(std::uint64_t{lines - kBlockLines} * i
                                                              / (kMostBlocks - 1));
                if (!take(first + 1)) break;
            }
        }
        // A stamp here and there is another program's.
        const bool isStamped = m_stamps.size() * 2 >= m_eventLines;
        return isStamped ? std::move(m_stamps) : std::vector<StampedLine>();
    }

private:
    /// False where it is plain by now that lines have no stamps, or the text cannot be read.
    [[nodiscard]] bool take(std::uint32_t first) {
        const auto& lines = m_trace.events.line;
        const auto begin = std::lower_bound(lines.begin(), lines.end(), first);
        const auto end = std::lower_bound(begin, lines.end(), first + kBlockLines);
        if (begin == end) return true;
        const auto texts = m_trace.source->linesText(first, kBlockLines);
        if (!texts) return false;
        std::uint32_t last = 0;
        for (auto at = begin; at != end; ++at) {
            if (*at == last || *at - first >= texts->size()) continue;
            last = *at;
            ++m_eventLines;
            if (const auto stamp = lineStamp((*texts)[last - first])) m_stamps.push_back({last, *stamp});
        }
        constexpr std::size_t kEnough = 16;
        return m_eventLines < kEnough || !m_stamps.empty();
    }

    const Trace& m_trace;
    std::size_t m_eventLines = 0;
    std::vector<StampedLine> m_stamps;
};

}  // namespace

std::optional<std::int64_t> lineStamp(std::string_view line) {
    const std::string_view prefix = line.substr(0, endOfPrefix(line));
    std::optional<std::int64_t> ofDay;  // a date may stand behind it
    for (std::size_t at = 0; at < prefix.size(); ++at) {
        const bool isInWord = at > 0 && (isDigit(prefix[at - 1]) || prefix[at - 1] == '.' || prefix[at - 1] == ':');
        if (isInWord) continue;
        if (const auto iso = isoStamp(prefix, at)) return iso;
        if (const auto syslog = syslogStamp(prefix, at)) return syslog;
        if (const auto epoch = epochStamp(prefix, at)) return epoch;
        if (!ofDay) ofDay = StampText(prefix, at).timeOfDay();
    }
    return ofDay;
}

std::vector<StampedLine> stampsOf(const Trace& trace) {
    // Lines that are made of records have the server's words and nothing before them.
    if (!trace.source || trace.source->isPadded() || trace.events.count() == 0) return {};
    return StampSearch(trace).run();
}

}  // namespace alloclens
