// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace alloclens {

std::string formatCount(std::uint64_t count) {
    std::string digits = fmt::format_int(count).str();
    for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
        digits.insert(static_cast<std::size_t>(place), 1, ',');
    }
    return digits;
}

std::string formatSignedCount(std::int64_t count) {
    if (count >= 0) return formatCount(static_cast<std::uint64_t>(count));
    return '-' + formatCount(~static_cast<std::uint64_t>(count) + 1);
}

std::string formatBytes(std::uint64_t bytes) {
    constexpr std::uint64_t kExactLimit = 10 * 1024;
    if (bytes < kExactLimit) return formatCount(bytes) + " B";
    constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, value < 100 ? 1 : 0, kUnits[unit]);
}

std::string formatHex(std::uint64_t value) { return fmt::format("{:#x}", value); }

std::string formatAddress(std::uint64_t address, AddressForm form) {
    return form == AddressForm::Hexadecimal ? formatHex(address) : fmt::format_int(address).str();
}

std::string formatQuantity(std::uint64_t count, std::string_view singular, std::string_view plural) {
    if (count == 1) return fmt::format("1 {}", singular);
    if (!plural.empty()) return fmt::format("{} {}", formatCount(count), plural);
    return fmt::format("{} {}s", formatCount(count), singular);
}

std::optional<std::uint64_t> parseUnsigned(std::string_view text) {
    std::string digits;
    digits.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool separator = (text[i] == ',' || text[i] == '_') && i > 0 && i + 1 < text.size();
        if (!separator) digits += text[i];
    }
    int base = 10;
    std::string_view body = digits;
    if (body.size() > 2 && body[0] == '0' && (body[1] == 'x' || body[1] == 'X')) {
        base = 16;
        body.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const auto [end, status] = std::from_chars(body.data(), body.data() + body.size(), value, base);
    if (status != std::errc{} || body.empty() || end != body.data() + body.size()) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> parseByteSize(std::string_view text) {
    if (const auto exact = parseUnsigned(text)) return exact;
    // A unit or a fraction follows, so the number is decimal.
    const auto unitAt = text.find_first_not_of("0123456789._,");
    std::string number(text.substr(0, unitAt));
    std::erase(number, ',');
    std::erase(number, '_');
    std::string unit(unitAt == std::string_view::npos ? std::string_view{} : text.substr(unitAt));
    std::erase(unit, ' ');
    std::transform(unit.begin(), unit.end(), unit.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    int shift = 0;
    if (unit == "k" || unit == "kb" || unit == "kib") {
        shift = 10;
    } else if (unit == "m" || unit == "mb" || unit == "mib") {
        shift = 20;
    } else if (unit == "g" || unit == "gb" || unit == "gib") {
        shift = 30;
    } else if (!unit.empty() && unit != "b") {
        return std::nullopt;
    }
    double value = 0;
    const auto [end, status] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (status != std::errc{} || number.empty() || end != number.data() + number.size() || value < 0)
        return std::nullopt;
    const double bytes = std::ldexp(value, shift);
    constexpr double kLimit = 18446744073709551615.0;
    if (!(bytes < kLimit)) return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(std::min(bytes, 9.2e18)));
}

}  // namespace alloclens
