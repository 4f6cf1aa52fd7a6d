// SPDX-License-Identifier: GPL-3.0-or-later
//
// A flag for each row of a table, a bit each: an eighth of the memory that a byte each would take, and 64 rows counted,
// cleared or skipped at once. Bits behind the last row are never set. Throws std::bad_alloc.
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

    /// Only one thread may be setting rows of the same 64.
    void set(std::size_t row) { m_words[row / kRowsOfWord] |= bit(row); }
    /// Sets [begin, end).
    void set(std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end;) {
            const std::size_t rows = std::min(end - row, kRowsOfWord - row % kRowsOfWord);
            m_words[row / kRowsOfWord] |= lowest(rows) << (row % kRowsOfWord);
            row += rows;
        }
    }
    /// By any threads at once. Looking first keeps what many rows set again and again shared between the cores.
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

    // Rows 64 at a time: row 64 * i is the lowest bit of word i.
    [[nodiscard]] std::size_t words() const { return m_words.size(); }
    [[nodiscard]] Word word(std::size_t i) const { return m_words[i]; }
    /// Clears those of 64 rows that `kept` does not have.
    void keep(std::size_t i, Word kept) { m_words[i] &= kept; }
    /// Sets those of 64 rows that `added` has. All of them must be rows.
    void add(std::size_t i, Word added) { m_words[i] |= added; }

    [[nodiscard]] std::uint64_t count() const {
        std::uint64_t sum = 0;
        for (const Word word : m_words) sum += static_cast<std::uint64_t>(std::popcount(word));
        return sum;
    }
    /// Calls `visit(row)` for each row of the words [begin, end) that is set, in order.
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
