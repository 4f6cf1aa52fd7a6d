// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one term leaves of the rows that the terms before it left. Terms about the key (device, address, lifecycle) are
// decided once a key and looked up by everything that has the key; terms about events are asked of every event and
// spread to the address, the lifetimes and the findings that the event belongs to. A sweep belongs to every lifetime
// that it removed, and to their addresses. Each term costs one pass over the events and one over the lifetimes, on all
// cores; apart from a flag a lifetime and a key for what is spread, it stores nothing.
#pragma once

#include <span>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/query/flags.h"
#include "core/query/row_loop.h"
#include "core/query/term.h"

namespace alloclens::query {

/// Clears in `alive` what the term does not let through, negation included. Text terms let everything through: they
/// are matchText's. Incomplete when `rows` is cancelled.
void matchTerm(const Analysis& analysis, const Term& term, FilterResult& alive, RowLoop& rows);

/// The same for a text term, from a flag for each event whose line matches it.
void matchText(const Analysis& analysis, const Term& term, const Flags& matchedEvents, FilterResult& alive,
               RowLoop& rows);

}  // namespace alloclens::query
