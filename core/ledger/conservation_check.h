// SPDX-License-Identifier: GPL-3.0-or-later
//
// The conservation law, AllocLens against itself: of every key, and of all together, what was allocated and neither
// freed nor removed is what is live. Two walks by two programs have to agree: the replay's and the ledger's table.
// Linear in the keys.
#pragma once

#include "core/ledger/check.h"
#include "core/ledger/live_table.h"
#include "core/replay/replay.h"

namespace alloclens {

/// `table` is at the end of the trace.
void checkConservation(const Replay& replay, const LiveTable& table, CheckList& checks);

}  // namespace alloclens
