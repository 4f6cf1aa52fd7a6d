// SPDX-License-Identifier: GPL-3.0-or-later
//
// Walks a line from left to right, taking literals, numbers and words. A take that does not fit leaves the cursor where
// it was and returns false. Never allocates.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

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
    /// Digits of the base. False, with isOutOfRange set, where there are digits that do not fit T.
    template <typename T>
    [[nodiscard]] bool number(T& value, int base = 10) {
        const auto [end, status] = std::from_chars(m_at, m_end, value, base);
        if (status == std::errc::result_out_of_range) m_outOfRange = true;
        if (status != std::errc{}) return false;
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
    void skipSpace() {
        while (m_at < m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\r')) ++m_at;
    }
    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    [[nodiscard]] std::string_view rest() const { return {m_at, static_cast<std::size_t>(m_end - m_at)}; }
    [[nodiscard]] const char* position() const { return m_at; }
    [[nodiscard]] bool isOutOfRange() const { return m_outOfRange; }

private:
    [[nodiscard]] static bool isWordCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    const char* m_at;
    const char* m_end;
    bool m_outOfRange = false;
};

}  // namespace alloclens
