// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text: terms of a filter. All of them together read the source once, front to back, and only the lines of rows
// that the filter's other terms have left.
#pragma once

#include <span>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/query/row_loop.h"
#include "core/query/term_match.h"

namespace alloclens::query {

/// What each of `terms` matches, rows outside `alive` aside, whose flags mean nothing. Errors: the source cannot be
/// read; cancelled.
[[nodiscard]] Result<std::vector<Hits>> searchText(const Analysis& analysis, std::span<const Term* const> terms,
                                                   const FilterResult& alive, RowLoop& rows);

}  // namespace alloclens::query
