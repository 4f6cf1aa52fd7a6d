// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds a text in the source, from a line onwards in either direction and around its end, ignoring the case of
// letters. Reads the file piece by piece; meant for a job.
#pragma once

#include <QString>

#include <cstdint>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"

namespace alloclens {

enum class SearchDirection { Down, Up };

/// The next line with `text` that is not `from` itself (but for it after a whole round); 0 if there is none.
[[nodiscard]] Result<std::uint32_t> findInSource(const SourceText& source, const QString& text, std::uint32_t from,
                                                 SearchDirection direction, const TaskContext& task);

}  // namespace alloclens
