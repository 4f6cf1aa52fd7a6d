// SPDX-License-Identifier: GPL-3.0-or-later
//
// Answers to 64 rows at a time, a bit each: how a term is asked of tables of millions of rows.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/base/row_flags.h"

namespace alloclens::query {

using Word = RowFlags::Word;
inline constexpr std::size_t kWord = RowFlags::kRowsOfWord;

/// Answers of 0 or 1 to as many rows as a word has bits, in a bit each.
[[nodiscard]] inline Word packed(const std::array<std::uint8_t, kWord>& answers) {
    constexpr std::size_t kByte = 8;
    constexpr Word kGather = 0x0102040810204080;  // brings the lowest bit of each byte to the highest byte
    Word word = 0;
    for (std::size_t i = 0; i < kWord; i += kByte) {
        Word bytes = 0;
        for (std::size_t k = 0; k < kByte; ++k) bytes |= Word{answers[i + k]} << (kByte * k);
        word |= (bytes * kGather) >> (kWord - kByte) << i;
    }
    return word;
}

/// Flags by id, which events ask for in no order. What has no id has a flag of its own behind the others, so that
/// asking needs no branch. Rows of the same word belong to one thread at a time.
class BitsById {
public:
    explicit BitsById(std::size_t count = 0) : m_count(static_cast<std::uint32_t>(count)), m_words(count / kWord + 1) {}
    template <typename Tag>
    [[nodiscard]] std::uint8_t operator[](Id<Tag> id) const {
        const std::uint32_t at = std::min(id.value, m_count);
        return static_cast<std::uint8_t>(m_words[at / kWord] >> (at % kWord) & 1U);
    }
    /// Sets the bit if `value` is 1, not if it is 0.
    template <typename Tag>
    void add(Id<Tag> id, Word value) {
        const std::uint32_t at = std::min(id.value, m_count);
        m_words[at / kWord] |= value << (at % kWord);
    }
    /// Of ids alone.
    [[nodiscard]] Word word(std::size_t i) const {
        return i == m_count / kWord ? m_words[i] & ((Word{1} << (m_count % kWord)) - 1) : m_words[i];
    }

private:
    std::uint32_t m_count;
    std::vector<Word> m_words;
};

}  // namespace alloclens::query
