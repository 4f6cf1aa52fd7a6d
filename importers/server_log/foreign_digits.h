// SPDX-License-Identifier: GPL-3.0-or-later
//
// A line that reads well can still be false: another writer's number may stand right before or behind one of the
// server's. These are the events that such a line may have been.
#pragma once

#include <functional>

#include "core/trace/trace_builder.h"

namespace alloclens::server_log {

/// Calls `visit` with the event without some of the first or last digits of one of its numbers, for each such cut.
/// `isHexadecimal` says how its id was printed.
void forEachCut(const TracePart::Event& event, bool isHexadecimal,
                const std::function<void(const TracePart::Event&)>& visit);

}  // namespace alloclens::server_log
