// SPDX-License-Identifier: GPL-3.0-or-later
//
// Evaluates the text: terms of a filter. One pass over the source serves all of them. It reads only the stretches with
// lines of rows that the other terms have left.
#pragma once

#include <span>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/query/flags.h"
#include "core/query/row_loop.h"
#include "core/query/term.h"

namespace alloclens::query {

/// Returns for each term a flag for each event: whether its line matches. Flags of events whose rows are all filtered
/// out in `alive` are undefined; a null `alive` means that no row is. Errors: the source cannot be read; cancelled.
[[nodiscard]] Result<std::vector<Flags>> searchText(const Analysis& analysis, std::span<const Term* const> terms,
                                                    const FilterResult* alive, RowLoop& rows, const TaskContext& task);

}  // namespace alloclens::query
