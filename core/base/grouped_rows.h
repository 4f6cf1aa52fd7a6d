// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of a table by a small number that each has, such as its key: counted, then placed, without a sort. Within a
// group rows keep their order. Throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace alloclens {

class GroupedRows {
public:
    /// `groupOf(row)` is in [0, groups) for each row of [0, rows).
    template <typename GroupOf>
    GroupedRows(std::size_t rows, std::size_t groups, const GroupOf& groupOf) : m_begin(groups + 1, 0), m_rows(rows) {
        for (std::size_t row = 0; row < rows; ++row) ++m_begin[groupOf(row)];
        std::partial_sum(m_begin.begin(), m_begin.end(), m_begin.begin());
        // From behind, each row goes to the last free place of its group, which then is where the group begins.
        for (std::size_t row = rows; row-- > 0;) m_rows[--m_begin[groupOf(row)]] = static_cast<std::uint32_t>(row);
    }

    [[nodiscard]] std::size_t groups() const { return m_begin.size() - 1; }
    /// All rows, group by group.
    [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return m_rows; }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const {
        return std::span(m_rows).subspan(m_begin[group], m_begin[group + 1] - m_begin[group]);
    }
    /// The same, for who wants them in another order.
    [[nodiscard]] std::span<std::uint32_t> of(std::size_t group) {
        return std::span(m_rows).subspan(m_begin[group], m_begin[group + 1] - m_begin[group]);
    }

private:
    std::vector<std::uint32_t> m_begin;  ///< of each group in m_rows, and where the last one ends
    std::vector<std::uint32_t> m_rows;
};

}  // namespace alloclens
