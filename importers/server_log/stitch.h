// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a line of a log means only in the company of others: which device and memory a row of a block belongs to,
// whether a start of the server is a restart, and sweeps whose result line is missing. Runs once over the collected
// trace.
#pragma once

#include "core/trace/trace.h"
#include "importers/server_log/event_line.h"

namespace alloclens::server_log {

void stitch(Trace& trace);

/// Stitches what was collected of a log and gives it the rules of the server that wrote it.
void complete(Trace& trace, const Generation& generation);

}  // namespace alloclens::server_log
