// SPDX-License-Identifier: GPL-3.0-or-later
//
// A capture of messages that is still being written. A record counts as soon as the framing of what is behind it leaves
// no doubt; the last few wait for that until following ends, and then all is read once more as a whole.
#pragma once

#include <memory>

#include "importers/importer.h"

namespace alloclens::alloc_message {

[[nodiscard]] std::unique_ptr<GrowingSource> growingCapture(const ReadOptions& options);

}  // namespace alloclens::alloc_message
