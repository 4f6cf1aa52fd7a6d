// SPDX-License-Identifier: GPL-3.0-or-later
//
// The columns of an events block that hold attributes of its events: tables of texts, calls and stacks, and a column an
// attribute, which the block names, so that a reader passes over those that it does not know. A block without
// attributes has none of these columns. Free functions, for any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "importers/native/block.h"
#include "importers/native/columns.h"

namespace alloclens::native {

void writeAttributes(const Block& block, ColumnWriter& columns);

/// Adds what the block has to `tables`, and fills `values`, one for each of its events or none at all. False where a
/// number is out of its range.
[[nodiscard]] bool readAttributes(const ColumnReader& columns, std::size_t events, AttributeTables& tables,
                                  std::vector<Attributes>& values);

}  // namespace alloclens::native
