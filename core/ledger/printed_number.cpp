// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/printed_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace alloclens {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 4;

std::int64_t clamped(double bytes) {
    constexpr auto kLimit = static_cast<double>(kMost);
    return static_cast<std::int64_t>(std::clamp(bytes, -kLimit, kLimit));
}

std::int64_t sum(std::int64_t a, std::int64_t b) { return std::clamp(a + b, -kMost, kMost); }

}  // namespace

std::string sixDigits(double value) { return fmt::format("{:.6g}", value); }

bool areSixDigitsEqual(double a, double b) {
    if (a == b) return true;
    constexpr double kFarApart = 2e-5;
    if (!(std::abs(a - b) <= kFarApart * std::max(std::abs(a), std::abs(b)))) return false;
    return sixDigits(a) == sixDigits(b);
}

ByteRange ByteRange::plus(const ByteRange& other) const {
    return {sum(lowest, other.lowest), sum(highest, other.highest)};
}

ByteRange ByteRange::minus(const ByteRange& other) const {
    return {sum(lowest, -other.highest), sum(highest, -other.lowest)};
}

ByteRange ByteRange::within(const ByteRange& other) const {
    return {std::max(lowest, other.lowest), std::min(highest, other.highest)};
}

ByteRange ByteRange::any() { return {-kMost, kMost}; }

ByteRange ByteRange::of(double value, double unit) {
    if (!std::isfinite(value)) return any();
    constexpr double kHalfOfCounter = 9223372036854775808.0;  // 2^63
    if (value * unit >= kHalfOfCounter) return {-kMost, -1};
    constexpr int kDigits = 6;
    const double magnitude = value == 0 ? 0 : std::floor(std::log10(std::abs(value)));
    const double half = value == 0 ? 0 : 0.5 * std::pow(10.0, magnitude - (kDigits - 1));
    constexpr double kSlack = 1e-6;  // what the arithmetic above may be off by
    const double slack = kSlack + std::abs(value) * unit * std::numeric_limits<double>::epsilon() * 4;
    return {clamped(std::ceil((value - half) * unit - slack)), clamped(std::floor((value + half) * unit + slack))};
}

std::string ByteRange::text() const {
    if (isExact()) return fmt::format("{} MB", sixDigits(static_cast<double>(lowest) / kBytesPerMb));
    if (lowest <= -kMost || highest >= kMost) return "any";
    const std::string from = sixDigits(static_cast<double>(lowest) / kBytesPerMb);
    const std::string to = sixDigits(static_cast<double>(highest) / kBytesPerMb);
    return from == to ? from + " MB" : fmt::format("{} to {} MB", from, to);
}

}  // namespace alloclens
