// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a line of a log means only in the company of others: which device and memory a row of a block belongs to,
// whether a start of the server is a restart, and sweeps whose result line is missing. Runs once over the collected
// trace.
#pragma once

#include "core/trace/trace.h"

namespace alloclens::server_log {

void stitch(Trace& trace);

}  // namespace alloclens::server_log
