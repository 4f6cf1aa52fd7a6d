// SPDX-License-Identifier: GPL-3.0-or-later
//
// A parsed filter: one Term for each word of the text. Its values are parsed, so evaluation does not look at text
// again. Immutable; copies are cheap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/lifecycle_pattern.h"

namespace alloclens::query {

enum class Field : std::uint8_t {
    Device,
    Address,
    Memory,
    Pid,
    Sender,
    Size,
    Kind,
    Cause,
    Line,
    Time,
    Lifecycle,
    Text
};
/// The attributes of events are fields too: they stand behind the others.
inline constexpr int kPlainFieldCount = 12;
inline constexpr int kFieldCount = kPlainFieldCount + static_cast<int>(kAttributeCount);
/// None of a field that is no attribute.
[[nodiscard]] constexpr std::optional<Attribute> attributeOf(Field field) {
    const int row = static_cast<int>(field) - kPlainFieldCount;
    if (row < 0) return std::nullopt;
    return attributeAt(static_cast<std::size_t>(row));
}

/// The word before the colon: "device", "address", ...
[[nodiscard]] std::string_view fieldName(Field field);
/// Upper and lower case are equal. None if the name is unknown.
[[nodiscard]] std::optional<Field> fieldFromName(std::string_view name);

/// The values from `first` to `last`, both included.
template <typename T>
struct Range {
    T first;
    T last;
    [[nodiscard]] constexpr bool contains(T value) const {
        return (static_cast<int>(first <= value) & static_cast<int>(value <= last)) != 0;
    }
};

template <typename T>
using Ranges = std::vector<Range<T>>;

/// Has no branch on the value: values come in random order, so branches would be mispredicted.
template <typename T>
[[nodiscard]] bool containsAny(const Ranges<T>& ranges, T value) {
    bool isAny = false;
    for (const Range<T>& range : ranges) isAny |= range.contains(value);
    return isAny;
}

/// A time in a filter: since 1970, or an offset from the start of the trace, which is known when the filter is applied.
struct Moment {
    std::int64_t nanoseconds = 0;
    bool isOffset = false;
    /// An offset and a time since 1970 are not comparable: neither is earlier.
    friend constexpr bool operator<(const Moment& a, const Moment& b) {
        return a.isOffset == b.isOffset && a.nanoseconds < b.nanoseconds;
    }
    friend constexpr bool operator<=(const Moment& a, const Moment& b) { return !(b < a); }
};

/// Devices or pids. Rows without one match the word "none" and no range.
struct IdValues {
    Ranges<std::int64_t> ranges;
    bool matchesNone = false;
};

/// Addresses, sizes in bytes, or lines.
struct NumberValues {
    Ranges<std::uint64_t> ranges;
};

struct TimeValues {
    Ranges<Moment> ranges;
};

struct MemoryValues {
    std::uint8_t bits = 0;  ///< one for each Memory
    [[nodiscard]] bool contains(Memory memory) const { return (bits >> static_cast<unsigned>(memory) & 1U) != 0; }
};

struct KindValues {
    KindSet findings = 0;     ///< kinds of findings
    std::uint8_t events = 0;  ///< one bit for each EventKind
    [[nodiscard]] bool contains(EventKind kind) const { return (events >> static_cast<unsigned>(kind) & 1U) != 0; }
};

struct CauseValues {
    std::uint32_t bits = 0;  ///< one for each Cause
    [[nodiscard]] bool contains(alloclens::Cause cause) const {
        return (bits >> static_cast<unsigned>(cause) & 1U) != 0;
    }
};

struct LifecycleValues {
    std::vector<LifecyclePattern> patterns;
};

struct TextValues {
    std::vector<std::string> needles;  ///< ASCII letters in lower case; none is empty
    /// Whether any of them is in a text.
    [[nodiscard]] bool match(std::string_view text) const;
};

using Values = std::variant<IdValues, NumberValues, TimeValues, MemoryValues, KindValues, CauseValues, LifecycleValues,
                            TextValues>;

/// One word of a filter. It matches a row that has any of the values; negated, a row that has none.
struct Term {
    Field field = Field::Text;
    bool isNegated = false;
    Values values;
    std::size_t column = 0;  ///< its position in the filter's text, in bytes
    std::size_t length = 0;
};

/// ASCII letters become lower case, all other bytes stay.
[[nodiscard]] constexpr char foldCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
[[nodiscard]] std::string foldCase(std::string_view text);

}  // namespace alloclens::query
