// SPDX-License-Identifier: GPL-3.0-or-later
//
// Removes the rows that one term does not match from those that earlier terms left. A term about keys (device, address,
// lifecycle) is decided once for each key; rows look up the answer of their key. A term about events is decided for
// each event and passed on to the event's address, lifetimes and findings; a sweep belongs to each lifetime that it
// removed. Each term costs one pass over the events and one over the lifetimes, on all cores. It needs a flag for each
// lifetime and key.
//
//     line  event           key  lifetime   size:4096 passes
//     1     allocate 4096   K    L1         the event, so also K and L1
//     2     free            K    L1         the event: a free without a size has its lifetime's
//     3     allocate 8192   K    L2         neither the event nor L2; K has L1 already
#pragma once

#include <span>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/query/flags.h"
#include "core/query/row_loop.h"
#include "core/query/term.h"

namespace alloclens::query {

/// Clears the rows of `alive` that the term does not match, or that a negated term matches. Ignores text terms, which
/// matchText handles. The result is incomplete if `rows` is cancelled.
void matchTerm(const Analysis& analysis, const Term& term, FilterResult& alive, RowLoop& rows);

/// The same for a text term. `matchedEvents` has a flag for each event: whether its line matches.
void matchText(const Analysis& analysis, const Term& term, const Flags& matchedEvents, FilterResult& alive,
               RowLoop& rows);

}  // namespace alloclens::query
