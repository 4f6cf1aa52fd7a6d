// SPDX-License-Identifier: GPL-3.0-or-later
//
// The order in which the parts of a rotated log were written. Where their lines have times, the times decide. Else the
// events do: what the server's table holds at the end of one part is what the next begins with. Names decide where
// neither does. Each part is read once by itself.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "importers/importer.h"

namespace alloclens {

struct FileOrder {
    std::vector<std::size_t> parts;  ///< numbers, the oldest first
    std::string reason;              ///< "by the times of their lines"
};

/// Errors: those of reading a part; the task was cancelled.
[[nodiscard]] Result<FileOrder> findOrder(const std::vector<Input>& parts, const ReadOptions& options,
                                          const TaskContext& task);

/// Whether a rotation that numbers files ("a.log.2.gz", "a.log.1", "a.log") or dates them wrote `a` before `b`.
[[nodiscard]] bool isOlderByName(const std::string& a, const std::string& b);

/// The time that a line begins with, as text that sorts by time: "2026-11-30T19:40:59.123", "Nov 30 19:40:59" as
/// "0011-30T19:40:59". Empty where there is none.
[[nodiscard]] std::string stampOf(std::string_view line);

}  // namespace alloclens
