// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tells at once, for most lines, that they hold none of many words: a line that has a word has any three neighbouring
// letters of it, so a bit for one such triple of each, scattered over a small table, is looked up at every place of the
// line. What passes is searched properly, and only for the groups of words of which a triple was found.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alloclens::server_log {

class WordFilter {
public:
    /// A bit for each group.
    using Groups = std::uint16_t;
    static constexpr std::size_t kMostGroups = 16;

    /// `word` has three bytes or more.
    constexpr void add(std::string_view word, std::size_t group = 0) {
        const std::uint32_t bit = place(triple(word, rarest(word)));
        m_bits[bit / kWordBits] |= std::uint64_t{1} << bit % kWordBits;
        m_groups[bit / kWordBits] |= static_cast<Groups>(1U << group);
    }
    /// Without the bit of a group, none of its words is in the text.
    [[nodiscard]] Groups groupsIn(std::string_view text) const {
        Groups groups = 0;
        if (text.size() < kTriple) return groups;
        std::uint32_t last = triple(text, 0) << 8;
        for (std::size_t i = kTriple - 1; i < text.size(); ++i) {
            last = last >> 8 | static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) << 16;
            if (isSet(last)) groups |= m_groups[place(last) / kWordBits];
        }
        return groups;
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
    /// Where the three letters of a word begin that other text has least: plain words are of small letters and blanks.
    [[nodiscard]] static constexpr std::size_t rarest(std::string_view word) {
        std::size_t best = 0;
        int most = 0;
        for (std::size_t at = 0; at + kTriple <= word.size(); ++at) {
            int rare = 0;
            for (const char c : word.substr(at, kTriple)) rare += c == ' ' || (c >= 'a' && c <= 'z') ? 0 : 1;
            if (rare > most) best = at;
            most = rare > most ? rare : most;
        }
        return best;
    }
    [[nodiscard]] static constexpr std::uint32_t place(std::uint32_t bytes) { return bytes * 0x9e3779b1U >> 16; }
    [[nodiscard]] bool isSet(std::uint32_t bytes) const {
        const std::uint32_t bit = place(bytes);
        return (m_bits[bit / kWordBits] >> bit % kWordBits & 1U) != 0;
    }

    static constexpr std::size_t kWords = (1U << 16) / kWordBits;
    std::array<std::uint64_t, kWords> m_bits{};
    std::array<Groups, kWords> m_groups{};  ///< of all triples that share a word of m_bits
};

}  // namespace alloclens::server_log
