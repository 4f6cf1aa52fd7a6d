// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds times that cannot be right by those of the other events: of a clock that was not set yet, in another unit, or
// far in the future, and clocks that were set back. An odd time is taken away, so that its event stands where its
// neighbours do; after a step back times go on from where they were. Runs once when a trace is complete; free function,
// linear in the events.
#pragma once

#include <cstdint>

#include "core/base/column.h"
#include "core/trace/diagnostics.h"

namespace alloclens {

/// Changes `times` as said above, and says in `diagnostics` what was found. `lines` has a row for each time, or is
/// empty.
void mendTimes(Column<std::int64_t>& times, const Column<std::uint32_t>& lines, Diagnostics& diagnostics);

}  // namespace alloclens
