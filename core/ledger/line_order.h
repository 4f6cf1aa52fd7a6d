// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the lines of a log are in the order in which they were written. Collectors hand out logs newest first, put
// rotated parts together in the wrong order, or give a stretch twice; the replay of such a log finds faults that never
// happened. Stamps before the lines show it where there are any, else the events do: they fit each other in one order
// only. Linear in the events, and mostly far less: without contradictions only stamps and restarts are looked at.
#pragma once

#include <vector>

#include "core/ledger/line_stamps.h"
#include "core/replay/replay.h"

namespace alloclens {

/// NewestFirst, PartsOutOfOrder and RepeatedStretch, with the lines that show them.
[[nodiscard]] std::vector<Diagnostic> findOrderFaults(const Replay& replay);

/// By stamps alone.
[[nodiscard]] std::vector<Diagnostic> orderFaultsByStamps(const Trace& trace, std::vector<StampedLine> stamps);
/// By the events alone.
[[nodiscard]] std::vector<Diagnostic> orderFaultsByEvents(const Replay& replay);

/// How many events from `a` and from `b` on are alike, one after the other; `most` at most.
[[nodiscard]] std::size_t countAlike(const EventTable& events, std::size_t a, std::size_t b, std::size_t most);

}  // namespace alloclens
