// SPDX-License-Identifier: GPL-3.0-or-later
//
// Flags and answers for 64 rows in a machine word, one bit a row. Terms are evaluated this way because tables have
// millions of rows. Part of term_match.
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

/// Packs 64 answers of 0 or 1 into a word: answers[i] becomes bit i. Requires: each is 0 or 1.
[[nodiscard]] inline Word packed(const std::array<std::uint8_t, kWord>& answers) {
    constexpr std::size_t kByte = 8;
    constexpr Word kGather = 0x0102040810204080;  // moves the lowest bit of each byte into the highest byte
    Word word = 0;
    for (std::size_t i = 0; i < kWord; i += kByte) {
        Word bytes = 0;
        for (std::size_t k = 0; k < kByte; ++k) bytes |= Word{answers[i + k]} << (kByte * k);
        word |= (bytes * kGather) >> (kWord - kByte) << i;
    }
    return word;
}

/// A flag for each id. Events look them up in random order, so the lookup has no branch: rows without an id use an
/// extra flag after the others. Only one thread at a time may write ids of the same word.
class BitsById {
public:
    explicit BitsById(std::size_t count = 0) : m_count(static_cast<std::uint32_t>(count)), m_words(count / kWord + 1) {}
    template <typename Tag>
    [[nodiscard]] std::uint8_t operator[](Id<Tag> id) const {
        const std::uint32_t at = std::min(id.value, m_count);
        return static_cast<std::uint8_t>(m_words[at / kWord] >> (at % kWord) & 1U);
    }
    /// Sets the flag if `value` is 1; does nothing if it is 0.
    template <typename Tag>
    void add(Id<Tag> id, Word value) {
        const std::uint32_t at = std::min(id.value, m_count);
        m_words[at / kWord] |= value << (at % kWord);
    }
    /// The flags of 64 ids, without the extra flag.
    [[nodiscard]] Word word(std::size_t i) const {
        return i == m_count / kWord ? m_words[i] & ((Word{1} << (m_count % kWord)) - 1) : m_words[i];
    }

private:
    std::uint32_t m_count;
    std::vector<Word> m_words;
};

}  // namespace alloclens::query
