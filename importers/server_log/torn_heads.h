// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the torn events of a damaged line begin, and how much text may belong to each. A head is kept from one pass
// over the damaged lines to the next, its text is not: the window is moved back to the line and the extents are found
// again.
#pragma once

#include <cstddef>
#include <vector>

#include "importers/server_log/damage.h"
#include "importers/server_log/key_history.h"
#include "importers/server_log/log_window.h"

namespace alloclens::server_log {

/// The beginning of an event that does not go on as one.
struct TornHead {
    DamagedLine where;
    std::size_t ordinal = 0;  ///< among the torn heads of its line
    EventPlace place;
    bool isRead = false;
};

/// The text of one torn head, as offsets in the window.
struct TornExtent {
    std::size_t from = 0;  ///< behind the event before it, or 0
    std::size_t head = 0;
    std::size_t end = 0;
    std::size_t eventsBefore = 0;  ///< whole ones of the same line
};

inline constexpr std::size_t kMostTornHeads = 16;  ///< of a line; others are not looked at

/// The torn heads of the window's first line, in their order, and where each one's text ends.
[[nodiscard]] std::vector<TornExtent> tornExtents(const LogWindow& window);

}  // namespace alloclens::server_log
