// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each event's own line says, held to the replay: that its address was live or not, its reference count, and the
// size and owner on an accepted free. The replay has recorded every contradiction; here they are counted against all
// that could have contradicted.
#pragma once

#include "core/ledger/check.h"
#include "core/replay/replay.h"

namespace alloclens {

void checkEventLines(const Replay& replay, CheckList& checks);

}  // namespace alloclens
