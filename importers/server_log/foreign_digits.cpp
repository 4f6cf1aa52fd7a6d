// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/foreign_digits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace alloclens::server_log {
namespace {

bool isDecimal(std::string_view digits) {
    return std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// What is cut off was printed by another writer, in decimal digits.
template <typename Number>
void cut(Number number, int base, const std::function<void(Number)>& visit) {
    const std::string digits = base == 16 ? fmt::format("{:x}", number) : fmt::format("{}", number);
    const auto tell = [&](std::string_view kept, std::string_view foreign) {
        if (!isDecimal(foreign) || (kept.size() > 1 && kept.front() == '0') || kept.front() == '-') return;
        Number value{};
        const auto [end, status] = std::from_chars(kept.data(), kept.data() + kept.size(), value, base);
        if (status == std::errc{} && end == kept.data() + kept.size()) visit(value);
    };
    const std::string_view all = digits;
    for (std::size_t at = 1; at < all.size(); ++at) {
        tell(all.substr(0, at), all.substr(at));
        tell(all.substr(at), all.substr(0, at));
    }
}

}  // namespace

void forEachCut(const TracePart::Event& event, bool isHexadecimal,
                const std::function<void(const TracePart::Event&)>& visit) {
    TracePart::Event other = event;
    const auto cutInto = [&](auto& number, int base) {
        using Number = std::remove_reference_t<decltype(number)>;
        const Number whole = number;
        cut<Number>(whole, base, [&](Number value) {
            number = value;
            visit(other);
        });
        number = whole;
    };
    constexpr int kDecimal = 10;
    constexpr int kHexadecimal = 16;
    cutInto(other.key.address, isHexadecimal ? kHexadecimal : kDecimal);
    cutInto(other.key.device, kDecimal);
    if (event.size != kNoSize) cutInto(other.size, kDecimal);
    cutInto(other.pid, kDecimal);
    if (event.refCount > 0) cutInto(other.refCount, kDecimal);
}

}  // namespace alloclens::server_log
