// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server log that its server is still writing: whole lines are read as they come, in one thread, since a server
// writes far slower than one thread reads. Of a log whose lines a collector cut, each trace is read anew from the log's
// beginning, since its frame may only show later on.
#pragma once

#include <memory>

#include "importers/importer.h"

namespace alloclens::server_log {

[[nodiscard]] std::unique_ptr<GrowingSource> growingLog(const ReadOptions& options);

}  // namespace alloclens::server_log
