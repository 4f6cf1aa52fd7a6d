// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/number_value.h"

#include <fmt/format.h>

#include <limits>
#include <optional>

#include "core/base/time_units.h"
#include "core/base/units.h"

namespace alloclens::query {
namespace {

std::optional<std::int64_t> parseId(std::string_view text) {
    const bool isNegative = text.starts_with('-');
    const auto magnitude = parseUnsigned(text.substr(isNegative ? 1 : 0));
    if (!magnitude || *magnitude > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
    const auto value = static_cast<std::int64_t>(*magnitude);
    return isNegative ? -value : value;
}

std::optional<Moment> parseMoment(std::string_view text) {
    if (const auto time = parseTime(text)) return Moment{*time, false};
    if (const auto offset = parseDuration(text)) return Moment{*offset, true};
    return std::nullopt;
}

/// The least and the largest value, and the neighbours of one.
template <typename T>
struct Bounds {
    static constexpr T kLowest = std::numeric_limits<T>::min();
    static constexpr T kHighest = std::numeric_limits<T>::max();
    static constexpr bool isLowest(T value) { return value == kLowest; }
    static constexpr bool isHighest(T value) { return value == kHighest; }
    static constexpr T moved(T value, int by) { return static_cast<T>(value + static_cast<T>(by)); }
};
template <>
struct Bounds<Moment> {
    using Number = Bounds<std::int64_t>;
    static constexpr Moment kLowest = {Number::kLowest, false};
    static constexpr Moment kHighest = {Number::kHighest, false};
    static constexpr bool isLowest(const Moment& value) { return Number::isLowest(value.nanoseconds); }
    static constexpr bool isHighest(const Moment& value) { return Number::isHighest(value.nanoseconds); }
    static constexpr Moment moved(const Moment& value, int by) { return {value.nanoseconds + by, value.isOffset}; }
};

template <typename T>
class RangeParser {
public:
    using ParseNumber = std::optional<T> (*)(std::string_view);
    RangeParser(std::string_view text, std::string_view noun, ParseNumber parse)
        : m_text(text), m_noun(noun), m_parse(parse) {}

    [[nodiscard]] RangeOrError<T> run() const {
        if (m_text.starts_with(">=")) return from(2, [](T value) { return Range<T>{value, kHighest}; });
        if (m_text.starts_with("<=")) return from(2, [](T value) { return Range<T>{kLowest, value}; });
        if (m_text.starts_with('>')) {
            return from(1, [](T value) {
                return Limits::isHighest(value) ? kNothing : Range<T>{Limits::moved(value, 1), kHighest};
            });
        }
        if (m_text.starts_with('<')) {
            return from(1, [](T value) {
                return Limits::isLowest(value) ? kNothing : Range<T>{kLowest, Limits::moved(value, -1)};
            });
        }
        if (m_text.starts_with('=')) return from(1, [](T value) { return Range<T>{value, value}; });
        const std::size_t dots = m_text.find("..");
        if (dots == std::string_view::npos) return from(0, [](T value) { return Range<T>{value, value}; });
        return between(dots);
    }

private:
    using Limits = Bounds<T>;
    static constexpr T kLowest = Limits::kLowest;
    static constexpr T kHighest = Limits::kHighest;
    static constexpr Range<T> kNothing = {kHighest, kLowest};

    template <typename Make>
    [[nodiscard]] RangeOrError<T> from(std::size_t offset, Make make) const {
        const std::string_view number = m_text.substr(offset);
        if (number.empty()) return RangeError{0, m_text.size(), fmt::format("'{}' has no number", m_text), {}};
        if (const auto value = m_parse(number)) return make(*value);
        return noNumber(offset, number);
    }

    [[nodiscard]] RangeOrError<T> between(std::size_t dots) const {
        const std::string_view left = m_text.substr(0, dots);
        const std::string_view right = m_text.substr(dots + 2);
        if (left.empty() && right.empty()) return RangeError{0, m_text.size(), "the range has no ends", {}};
        const auto first = left.empty() ? std::optional<T>(kLowest) : m_parse(left);
        if (!first) return noNumber(0, left);
        const auto last = right.empty() ? std::optional<T>(kHighest) : m_parse(right);
        if (!last) return noNumber(dots + 2, right);
        if (*last < *first) {
            return RangeError{0, m_text.size(), fmt::format("the range '{}' ends before it begins", m_text),
                              fmt::format("{}..{}", right, left)};
        }
        return Range<T>{*first, *last};
    }

    [[nodiscard]] RangeOrError<T> noNumber(std::size_t offset, std::string_view number) const {
        return RangeError{offset, number.size(), fmt::format("'{}' is not a {}", number, m_noun), {}};
    }

    std::string_view m_text;
    std::string_view m_noun;
    ParseNumber m_parse;
};

}  // namespace

RangeOrError<std::int64_t> parseIdRange(std::string_view text) {
    return RangeParser<std::int64_t>(text, "number", parseId).run();
}
RangeOrError<std::uint64_t> parseNumberRange(std::string_view text) {
    return RangeParser<std::uint64_t>(text, "number", parseUnsigned).run();
}
RangeOrError<std::uint64_t> parseSizeRange(std::string_view text) {
    return RangeParser<std::uint64_t>(text, "size", parseByteSize).run();
}
RangeOrError<Moment> parseTimeRange(std::string_view text) {
    return RangeParser<Moment>(text, "time", parseMoment).run();
}

}  // namespace alloclens::query
