// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells at once, for most lines, that they hold none of many words: a line that has a word has its first three letters
// in a row, so a bit for each such triple, scattered over a small table, is looked up at every place of the line. What
// passes is searched properly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alloclens::server_log {

class WordFilter {
public:
    /// `word` has three bytes or more.
    constexpr void add(std::string_view word) {
        const std::uint32_t bit = place(triple(word, 0));
        m_bits[bit / kWordBits] |= std::uint64_t{1} << bit % kWordBits;
    }
    /// False only if none of the words is in the text.
    [[nodiscard]] bool mayHoldAny(std::string_view text) const {
        if (text.size() < kTriple) return false;
        std::uint32_t last = triple(text, 0);
        if (isSet(last)) return true;
        for (std::size_t i = kTriple; i < text.size(); ++i) {
            last = last >> 8 | static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << 16;
            if (isSet(last)) return true;
        }
        return false;
    }

private:
    static constexpr std::size_t kTriple = 3;
    static constexpr std::uint32_t kWordBits = 64;

    [[nodiscard]] static constexpr std::uint32_t triple(std::string_view text, std::size_t at) {
        std::uint32_t bytes = 0;
        for (std::size_t i = 0; i < kTriple; ++i) {
            bytes |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])) << 8 * i;
        }
        return bytes;
    }
    [[nodiscard]] static constexpr std::uint32_t place(std::uint32_t bytes) { return bytes * 0x9e3779b1U >> 16; }
    [[nodiscard]] bool isSet(std::uint32_t bytes) const {
        const std::uint32_t bit = place(bytes);
        return (m_bits[bit / kWordBits] >> bit % kWordBits & 1U) != 0;
    }

    std::array<std::uint64_t, (1U << 16) / kWordBits> m_bits{};
};

}  // namespace alloclens::server_log
