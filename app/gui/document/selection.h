// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is selected, and how it follows from what was clicked. Ids belong to one analysis. While a file is still being
// read it has several, one after the other, of which only event ids and lines agree: a selection is carried over by
// its events. Everything here costs a few bisections.
#pragma once

#include <cstdint>

#include "core/analysis/analysis.h"

namespace alloclens {

/// What is selected. The parts agree: an event's address is the selected address, and so on; parts that do not follow
/// from what was clicked are none.
struct Selection {
    EventId event;
    LifetimeId lifetime;
    AddressId address;
    FindingId finding;
    std::uint32_t line = 0;  ///< of the source, 1-based; 0 is none
    [[nodiscard]] bool isEmpty() const { return !event.isValid() && !address.isValid() && line == 0; }
    friend bool operator==(const Selection&, const Selection&) = default;
};

// What is selected with each; the id must be one of `analysis`.
[[nodiscard]] Selection selectionOf(const Analysis& analysis, EventId id);
[[nodiscard]] Selection selectionOf(const Analysis& analysis, LifetimeId id);
[[nodiscard]] Selection selectionOf(const Analysis& analysis, AddressId id);
[[nodiscard]] Selection selectionOf(const Analysis& analysis, FindingId id);
/// A line, and the first event on it if there is one.
[[nodiscard]] Selection selectionOfLine(const Analysis& analysis, std::uint32_t line);

/// The same selection in a later analysis of the same file, of which more has been read. A finding that has turned out
/// to be none, such as the leak of what was freed later, is left out.
[[nodiscard]] Selection carriedOver(const Selection& selection, const Analysis& from, const Analysis& to);

/// Whether `later` may be of the same file as `earlier`, of which it has as many events or more: then selections can be
/// carried over. Looks at some thousand events.
[[nodiscard]] bool continues(const Analysis& earlier, const Analysis& later);

}  // namespace alloclens
