// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a source goes on to its own end. A buffer that is live at a server's end was leaked; one that is live where a
// log merely stops may be freed a moment later.
#pragma once

#include "core/trace/trace.h"

namespace alloclens {

/// The lines are a server's, read from its log or kept in a trace that was made of it.
[[nodiscard]] bool isServerLog(const Trace& trace);

/// A server's log ends where its server says that it stopped, after its last start and with no more than a few events
/// after that: a server that is interrupted under load still handles a message of each client. A capture, and a trace
/// that its recorder finished, end where they end. Nothing that is cut, or still being written or read, has an end.
[[nodiscard]] bool hasOwnEnd(const Trace& trace);

}  // namespace alloclens
