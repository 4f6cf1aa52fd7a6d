// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of all events, one row each, in source order unless it is sorted.
#pragma once

#include "app/gui/panels/table/row_table_model.h"

namespace alloclens {

[[nodiscard]] TableSpec eventsTable();

}  // namespace alloclens
