// SPDX-License-Identifier: GPL-3.0-or-later
//
// One bit for each row of a table: an eighth of the memory of a byte each, and 64 rows are counted, cleared or skipped
// at once. Bits after the last row are never set. Threads may read at once; each writing function says what it allows.
// Throws std::bad_alloc.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace alloclens {

class RowFlags {
public:
    using Word = std::uint64_t;
    static constexpr std::size_t kRowsOfWord = 64;

    RowFlags() = default;
    explicit RowFlags(std::size_t rows, bool value = false)
        : m_rows(rows), m_words((rows + kRowsOfWord - 1) / kRowsOfWord, value ? ~Word{0} : Word{0}) {
        if (value && rows % kRowsOfWord != 0) m_words.back() = lowest(rows % kRowsOfWord);
    }

    [[nodiscard]] std::size_t size() const { return m_rows; }
    [[nodiscard]] bool empty() const { return m_rows == 0; }
    [[nodiscard]] bool operator[](std::size_t row) const {
        return (m_words[row / kRowsOfWord] >> (row % kRowsOfWord) & 1U) != 0;
    }
    friend bool operator==(const RowFlags&, const RowFlags&) = default;

    /// Requires: no other thread sets a row of the same word (64 rows).
    void set(std::size_t row) { m_words[row / kRowsOfWord] |= bit(row); }
    /// Sets [begin, end). Requires: as set(row).
    void set(std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end;) {
            const std::size_t rows = std::min(end - row, kRowsOfWord - row % kRowsOfWord);
            m_words[row / kRowsOfWord] |= lowest(rows) << (row % kRowsOfWord);
            row += rows;
        }
    }
    /// Any threads may call it at once. It reads first, so the cache line stays shared between cores if many threads
    /// set the same rows.
    void setShared(std::size_t row) {
        const std::atomic_ref<Word> word(m_words[row / kRowsOfWord]);
        if ((word.load(std::memory_order_relaxed) & bit(row)) == 0) word.fetch_or(bit(row), std::memory_order_relaxed);
    }

    /// Whether any of [begin, end) is set.
    [[nodiscard]] bool any(std::size_t begin, std::size_t end) const {
        for (std::size_t row = begin; row < end;) {
            const std::size_t rows = std::min(end - row, kRowsOfWord - row % kRowsOfWord);
            if ((m_words[row / kRowsOfWord] >> (row % kRowsOfWord) & lowest(rows)) != 0) return true;
            row += rows;
        }
        return false;
    }

    // Access by word: row 64 * i is the lowest bit of word i.
    [[nodiscard]] std::size_t words() const { return m_words.size(); }
    [[nodiscard]] Word word(std::size_t i) const { return m_words[i]; }
    /// Clears the bits of word i that `kept` lacks.
    void keep(std::size_t i, Word kept) { m_words[i] &= kept; }
    /// Sets the bits of `added` in word i. Requires: each of them is a row.
    void add(std::size_t i, Word added) { m_words[i] |= added; }

    [[nodiscard]] std::uint64_t count() const {
        std::uint64_t sum = 0;
        for (const Word word : m_words) sum += static_cast<std::uint64_t>(std::popcount(word));
        return sum;
    }
    /// Calls `visit(row)` in order for each row that is set in the words [begin, end).
    template <typename Visit>
    void forEach(std::size_t begin, std::size_t end, const Visit& visit) const {
        for (std::size_t i = begin; i < end; ++i) {
            for (Word rest = m_words[i]; rest != 0; rest &= rest - 1) {
                visit(i * kRowsOfWord + static_cast<std::size_t>(std::countr_zero(rest)));
            }
        }
    }

private:
    static Word bit(std::size_t row) { return Word{1} << (row % kRowsOfWord); }
    static Word lowest(std::size_t rows) { return ~Word{0} >> (kRowsOfWord - rows); }

    std::size_t m_rows = 0;
    std::vector<Word> m_words;
};

}  // namespace alloclens
