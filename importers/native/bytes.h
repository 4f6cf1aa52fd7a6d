// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whole numbers as little-endian bytes, whatever the machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace alloclens::native {

/// Appends the bytes of a number, the lowest first.
template <typename T>
void putNumber(std::string& out, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        out += static_cast<char>(static_cast<std::make_unsigned_t<T>>(value) >> 8 * i & 0xffU);
    }
}

/// The number at `at`, which must lie within the bytes.
template <typename T>
[[nodiscard]] T numberAt(std::string_view bytes, std::size_t at) {
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
        const auto byte = static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(bytes[at + i]));
        value = static_cast<std::make_unsigned_t<T>>(value | static_cast<std::make_unsigned_t<T>>(byte << 8 * i));
    }
    return static_cast<T>(value);
}

}  // namespace alloclens::native
