// SPDX-License-Identifier: GPL-3.0-or-later
//
// A native trace that its recorder is still writing: whole blocks are read as they come, in one thread, since a
// recorder writes far slower than one thread reads. Of a recording in several files the first part goes on in the next.
#pragma once

#include <memory>

#include "importers/importer.h"

namespace alloclens::native {

[[nodiscard]] std::unique_ptr<GrowingSource> growingTrace(const ReadOptions& options);

}  // namespace alloclens::native
