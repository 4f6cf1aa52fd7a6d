// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server log that its server is still writing: whole lines are read as they come, in one thread, since a server
// writes far slower than one thread reads.
#pragma once

#include <memory>

#include "importers/importer.h"

namespace alloclens::server_log {

[[nodiscard]] std::unique_ptr<GrowingSource> growingLog(const ReadOptions& options);

}  // namespace alloclens::server_log
