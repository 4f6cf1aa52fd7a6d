// SPDX-License-Identifier: GPL-3.0-or-later
//
// Builds lines, counts them, and passes them on in blocks of whole lines. It never holds a whole log. Formats numbers
// as a C++ stream does by default, without a locale.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace alloclens::generator {

// Receives text in order; each piece ends with a newline.
using TextSink = std::function<void(std::string_view)>;

struct Hex {
    std::uint64_t value;
};

class LineWriter {
public:
    explicit LineWriter(TextSink sink) : m_sink(std::move(sink)) {}

    LineWriter& operator<<(std::string_view text) {
        m_block += text;
        return *this;
    }

    LineWriter& operator<<(std::integral auto number) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        m_block.append(digits, end);
        return *this;
    }

    LineWriter& operator<<(Hex number) {
        char digits[24] = "0x";
        const auto end = std::to_chars(digits + 2, digits + sizeof digits, number.value, 16).ptr;
        m_block.append(digits, end);
        return *this;
    }

    // Six significant digits, as `std::cout << double` prints: 98265.5, 1.25829e+07.
    LineWriter& operator<<(double number) {
        char digits[40];
        const auto end = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::general, 6).ptr;
        m_block.append(digits, end);
        return *this;
    }

    // Ends the line and returns its number, from 1 on.
    std::uint64_t endLine() {
        m_block += '\n';
        if (m_block.size() >= kBlockBytes) {
            flush();
        }
        return ++m_lines;
    }

    std::uint64_t line(std::string_view text) { return (*this << text).endLine(); }

    void flush() {
        m_sink(m_block);
        m_block.clear();
    }

    [[nodiscard]] std::uint64_t lines() const { return m_lines; }

private:
    static constexpr std::size_t kBlockBytes = std::size_t{1} << 18U;

    TextSink m_sink;
    std::string m_block;
    std::uint64_t m_lines = 0;
};

}  // namespace alloclens::generator
