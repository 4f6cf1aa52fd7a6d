// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rows of a table of the analysis are shown, and in what order. In source order without a filter nothing is
// stored; else one 32-bit number a row, made by a job. Both filtering and sorting are linear in the rows: a stable
// radix sort of their keys, digit by digit, as far as the keys differ.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/base/row_flags.h"
#include "core/base/task.h"

namespace alloclens {

struct RowOrder {
    std::uint64_t total = 0;  ///< how many pass the filter; more than `count` where a view cannot show all
    std::uint32_t count = 0;  ///< how many are shown
    bool isIdentity = true;   ///< row i is i, and `rows` is empty
    bool isAscending = true;  ///< `rows` ascends, so that it can be bisected
    std::vector<std::uint32_t> rows;

    [[nodiscard]] std::uint32_t at(std::size_t place) const {
        return isIdentity ? static_cast<std::uint32_t>(place) : rows[place];
    }
    /// Where a row stands, or `count` if it is not shown.
    [[nodiscard]] std::uint32_t placeOf(std::uint32_t row) const;
};

/// What a table can show at most: beyond it, a view's pixel positions overflow.
inline constexpr std::uint32_t kMostShownRows = 40'000'000;

/// `flags` may be null (all rows); `key` may be empty (source order) and is called from several threads.
[[nodiscard]] Result<RowOrder> orderRows(std::size_t count, const RowFlags* flags,
                                         const std::function<std::uint64_t(std::uint32_t)>& key, bool descending,
                                         const TaskContext& task);

}  // namespace alloclens
