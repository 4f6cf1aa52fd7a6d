// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of all address keys: what was allocated and freed there, what is left over, and the lifecycle in letters.
#pragma once

#include "app/gui/panels/table/row_table_model.h"

namespace alloclens {

[[nodiscard]] TableSpec addressesTable();

/// The letters of a key's first events, with "..." and how many there are where they are too many to show.
[[nodiscard]] QString shortLifecycle(const Analysis& analysis, AddressId id, std::size_t most);

}  // namespace alloclens
