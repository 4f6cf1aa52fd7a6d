// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers as the server rounds them, and back. It prints KB and MB as C++ streams print a double: steps of 1,024, six
// significant digits. A number of bytes is compared by the text that it would give, so that nothing is let through
// that the server could not have printed; where only rounded numbers are known, by the range of bytes behind them.
#pragma once

#include <cstdint>
#include <string>

namespace alloclens {

inline constexpr double kBytesPerKb = 1024.0;
inline constexpr double kBytesPerMb = 1024.0 * 1024.0;

/// "98265.5", "1.25829e+07": as `std::cout << value`.
[[nodiscard]] std::string sixDigits(double value);
/// Both give the same six digits. Quick where they are equal.
[[nodiscard]] bool areSixDigitsEqual(double a, double b);

/// The whole numbers of bytes that one printed number may stand for, or that a sum may be: [lowest, highest].
struct ByteRange {
    std::int64_t lowest = 0;
    std::int64_t highest = 0;

    [[nodiscard]] bool isExact() const { return lowest == highest; }
    [[nodiscard]] bool meets(const ByteRange& other) const {
        return lowest <= other.highest && other.lowest <= highest;
    }
    [[nodiscard]] ByteRange plus(const ByteRange& other) const;
    [[nodiscard]] ByteRange minus(const ByteRange& other) const;
    /// What both allow; they must meet.
    [[nodiscard]] ByteRange within(const ByteRange& other) const;
    /// All that a 64-bit counter may hold.
    [[nodiscard]] static ByteRange any();
    /// What prints as `value` MB or KB. A counter that has run below zero prints near 2^64: such a value tells only
    /// that it is negative.
    [[nodiscard]] static ByteRange of(double value, double unit);
    /// "4.5 MB" as far as it is known.
    [[nodiscard]] std::string text() const;
};

}  // namespace alloclens
