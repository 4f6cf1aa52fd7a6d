// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text: terms of a filter. All of them together read the source once, and only the stretches with lines of rows
// that the filter's other terms have left.
#pragma once

#include <span>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/query/flags.h"
#include "core/query/row_loop.h"
#include "core/query/term.h"

namespace alloclens::query {

/// For each of `terms` a flag for each event: whether its line matches. Those of events that nothing alive has mean
/// nothing; null `alive` is everything. Errors: the source cannot be read; cancelled.
[[nodiscard]] Result<std::vector<Flags>> searchText(const Analysis& analysis, std::span<const Term* const> terms,
                                                    const FilterResult* alive, RowLoop& rows, const TaskContext& task);

}  // namespace alloclens::query
