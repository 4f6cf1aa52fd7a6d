// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether a source goes on to its own end. A buffer that is live at a server's end was leaked; one that is live where a
// log merely stops may be freed a moment later.
#pragma once

#include "core/trace/trace.h"

namespace alloclens {

/// The lines are a server's, read from its log or kept in a trace that was made of it.
[[nodiscard]] bool isServerLog(const Trace& trace);

/// Whether the source reaches its own end. A server's log does if the server says after its last start that it stopped.
/// A few events may follow that line: an interrupted server handles one more message of each client. A capture does,
/// and so does a trace that its recorder finished. A source that was cut, or is still being written or read, does not.
[[nodiscard]] bool hasOwnEnd(const Trace& trace);

}  // namespace alloclens
