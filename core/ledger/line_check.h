// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each event's own line says, held to the replay: that its address was live or not, its reference count, and the
// size and owner on an accepted free. The replay has recorded every contradiction; here they are counted against all
// that could have contradicted.
#pragma once

#include "core/analysis/analysis.h"
#include "core/ledger/check.h"

namespace alloclens {

void checkEventLines(const Analysis& analysis, CheckList& checks);

}  // namespace alloclens
