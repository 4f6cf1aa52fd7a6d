// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one term matches, as a flag for each row of each table. Terms about the key (device, address, lifecycle) are
// decided once a key and handed to everything that has the key; terms about events are decided once an event and
// spread to the address, the lifetimes and the findings that the event belongs to. A sweep belongs to every lifetime
// that it removed, and to their addresses. Each term costs a few linear passes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/row_loop.h"
#include "core/query/term.h"

namespace alloclens::query {

using Flags = std::vector<std::uint8_t>;  ///< 0 or 1 each

struct Hits {
    explicit Hits(const Analysis& analysis);
    Flags events;
    Flags addresses;
    Flags lifetimes;
    Flags findings;
};

/// What a term matches, its negation aside; nothing for text terms. Incomplete when `rows` is cancelled.
[[nodiscard]] Hits matchTerm(const Analysis& analysis, const Term& term, RowLoop& rows);

/// Sets the flags of the addresses, lifetimes and findings that have an event with its flag set.
void spreadEvents(const Analysis& analysis, Hits& hits, RowLoop& rows);

}  // namespace alloclens::query
