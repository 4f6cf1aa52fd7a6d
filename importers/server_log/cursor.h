// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks a line from left to right, taking literals, numbers and words. A take that does not fit leaves the cursor where
// it was and returns false. Never allocates.
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

namespace alloclens {

class Cursor {
public:
    explicit Cursor(std::string_view text, std::size_t at = 0)
        : m_at(text.data() + at), m_end(text.data() + text.size()) {}

    [[nodiscard]] bool literal(std::string_view word) {
        if (!rest().starts_with(word)) return false;
        m_at += word.size();
        return true;
    }
    /// The same for words whose length the compiler knows, which makes it a few comparisons of whole numbers.
    template <std::size_t kSize>
    [[nodiscard]] bool literal(const char (&word)[kSize]) {
        constexpr std::size_t kLength = kSize - 1;
        if (static_cast<std::size_t>(m_end - m_at) < kLength || !equal<kLength>(m_at, word)) return false;
        m_at += kLength;
        return true;
    }
    /// Digits of the base. False, with isOutOfRange set, where there are digits that do not fit T.
    template <typename T>
    [[nodiscard]] bool number(T& value, int base = 10) {
        if (base == 10 && shortNumber(value)) return true;
        const auto [end, status] = std::from_chars(m_at, m_end, value, base);
        if (status == std::errc::result_out_of_range) m_outOfRange = true;
        if (status != std::errc{}) return false;
        // The least number stands for "none" (kNoDevice, kNoPid), which a line that prints it does not mean.
        if (std::is_signed_v<T> && value == std::numeric_limits<T>::min()) {
            m_outOfRange = true;
            return false;
        }
        m_at = end;
        return true;
    }
    /// A buffer id: decimal, or hexadecimal behind 0x.
    [[nodiscard]] bool bufferId(std::uint64_t& value, bool& isHexadecimal) {
        const char* const start = m_at;
        isHexadecimal = literal("0x");
        if (number(value, isHexadecimal ? 16 : 10)) return true;
        m_at = start;
        return false;
    }
    [[nodiscard]] bool real(double& value) {
        const auto [end, status] = std::from_chars(m_at, m_end, value);
        if (status != std::errc{}) return false;
        m_at = end;
        return true;
    }
    /// Letters, digits and underscores, at least one.
    [[nodiscard]] bool word(std::string_view& value) {
        const char* at = m_at;
        while (at < m_end && isWordCharacter(*at)) ++at;
        if (at == m_at) return false;
        value = std::string_view(m_at, static_cast<std::size_t>(at - m_at));
        m_at = at;
        return true;
    }
    void skip(std::size_t bytes) { m_at += std::min(bytes, static_cast<std::size_t>(m_end - m_at)); }
    void skipSpace() {
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\r')) ++m_at;
    }
    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    [[nodiscard]] std::string_view rest() const { return {m_at, static_cast<std::size_t>(m_end - m_at)}; }
    [[nodiscard]] const char* position() const { return m_at; }
    [[nodiscard]] bool isOutOfRange() const { return m_outOfRange; }

private:
    // Pieces as large as fit, the last of which may overlap the one before.
    template <std::size_t kLength>
    [[nodiscard]] static bool equal(const char* a, const char* b) {
        constexpr std::size_t kPiece = std::min<std::size_t>(std::bit_floor(kLength), sizeof(std::uint64_t));
        using Piece = std::conditional_t<
            kPiece == 8, std::uint64_t,
            std::conditional_t<kPiece == 4, std::uint32_t, std::conditional_t<kPiece == 2, std::uint16_t, char>>>;
        const auto differ = [a, b](std::size_t at) {
            Piece x;
            Piece y;
            std::memcpy(&x, a + at, sizeof x);
            std::memcpy(&y, b + at, sizeof y);
            return x ^ y;
        };
        auto differs = differ(kLength - kPiece);
        for (std::size_t at = 0; at + kPiece < kLength; at += kPiece) differs |= differ(at);
        return differs == 0;
    }

    // Nearly every number is decimal and has no more digits than always fit. Eight of them are read at a time: what is
    // left of '0' in each byte is added up in pairs, pairs of pairs and so on. False for all else.
    template <typename T>
    [[nodiscard]] bool shortNumber(T& value) {
        std::uint64_t sum = 0;
        int digits = 0;
        const char* at = m_at;
        if constexpr (std::endian::native == std::endian::little) {
            std::uint64_t bytes = 0;
            if (m_end - at < static_cast<std::ptrdiff_t>(sizeof bytes)) return false;
            std::memcpy(&bytes, at, sizeof bytes);
            bytes ^= 0x3030303030303030ULL;
            const std::uint64_t others = ((bytes + 0x7676767676767676ULL) | bytes) & 0x8080808080808080ULL;
            digits = std::countr_zero(others) / 8;  // 8 where all are digits
            if (digits == 0) return false;
            bytes <<= 64 - 8 * digits;
            bytes = bytes * 10 + (bytes >> 8);
            sum = ((bytes & 0x000000FF000000FFULL) * 0x000F424000000064ULL
                   + (bytes >> 16 & 0x000000FF000000FFULL) * 0x0000271000000001ULL)
                  >> 32;
            at += digits;
        }
        for (; at < m_end && isDigit(*at); ++at) {
            if (++digits > std::numeric_limits<T>::digits10) return false;
            sum = sum * 10 + static_cast<std::uint64_t>(*at - '0');
        }
        if (digits == 0) return false;
        value = static_cast<T>(sum);
        m_at = at;
        return true;
    }

    [[nodiscard]] static bool isDigit(char c) { return c >= '0' && c <= '9'; }
    [[nodiscard]] static bool isWordCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    const char* m_at;
    const char* m_end;
    bool m_outOfRange = false;
};

}  // namespace alloclens
