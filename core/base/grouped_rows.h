// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups the rows of a table by a small number, such as each row's key, with a counting sort: linear in rows plus
// groups. Rows of a group keep their order. Immutable but for the order within a group. Throws std::bad_alloc.
//
//     groups of rows 0..4: 1 0 1 1 0  ->  of(0) = {1, 4}, of(1) = {0, 2, 3}
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

namespace alloclens {

class GroupedRows {
public:
    /// Requires: `groupOf(row)` is in [0, groups) for each row of [0, rows), and rows fit 32 bits. It is called twice a
    /// row.
    template <typename GroupOf>
    GroupedRows(std::size_t rows, std::size_t groups, const GroupOf& groupOf) : m_begin(groups + 1, 0), m_rows(rows) {
        assert(rows <= std::numeric_limits<std::uint32_t>::max());
        for (std::size_t row = 0; row < rows; ++row) ++m_begin[groupOf(row)];
        std::partial_sum(m_begin.begin(), m_begin.end(), m_begin.begin());
        // Fills each group from its end, last row first. Afterwards m_begin holds where each group begins.
        for (std::size_t row = rows; row-- > 0;) m_rows[--m_begin[groupOf(row)]] = static_cast<std::uint32_t>(row);
    }

    [[nodiscard]] std::size_t groups() const { return m_begin.size() - 1; }
    /// All rows, group by group.
    [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return m_rows; }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const {
        return std::span(m_rows).subspan(m_begin[group], m_begin[group + 1] - m_begin[group]);
    }
    /// The same, to sort the rows of a group in place.
    [[nodiscard]] std::span<std::uint32_t> of(std::size_t group) {
        return std::span(m_rows).subspan(m_begin[group], m_begin[group + 1] - m_begin[group]);
    }

private:
    std::vector<std::uint32_t> m_begin;  ///< where each group begins in m_rows, and where the last one ends
    std::vector<std::uint32_t> m_rows;
};

}  // namespace alloclens
