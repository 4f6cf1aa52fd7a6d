// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a reading of a torn event leaves of the lines it lies in: other writers' text, which should look like other
// lines of theirs.
#pragma once

#include <string_view>

#include "importers/server_log/foreign_shapes.h"
#include "importers/server_log/torn_event.h"

namespace alloclens::server_log {

struct Residue {
    ForeignShapes::Likeness likeness = ForeignShapes::Likeness::Exact;  ///< of the piece that is least like the others
    /// Its lines end as others do, and where it touches numbers of the event one begins.
    bool isCutSurely = true;
};

/// `from` is where the text begins that belongs to no event before this one.
[[nodiscard]] Residue residueOf(std::string_view text, std::size_t from, const TornReading& reading,
                                const ForeignShapes& shapes);

/// Of the line that is least like others.
[[nodiscard]] ForeignShapes::Likeness likenessOfLines(std::string_view text, const ForeignShapes& shapes);

/// Where an event begins whose kProcessHead stands at `head`: at the symbol before it, in whatever code page.
[[nodiscard]] std::size_t beginOfHead(std::string_view text, std::size_t head);

}  // namespace alloclens::server_log
