// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the order in which the parts of a rotated log were written. Times of the lines decide, if there are any.
// Otherwise events do: the next part begins with what the server's table held at the end of this one. Names decide what
// is still open. Reads each part once.
//
//     part 1 ends with address 0x1000 live       part 2 begins with a free of 0x1000
//     part 2 ends with nothing live              so part 1 comes before part 2
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "importers/importer.h"

namespace alloclens {

struct FileOrder {
    std::vector<std::size_t> parts;  ///< positions in the list of parts, the oldest first
    std::string reason;              ///< "by the times of their lines"
};

/// Errors: a part cannot be read; cancelled.
[[nodiscard]] Result<FileOrder> findOrder(const std::vector<Input>& parts, const ReadOptions& options,
                                          const TaskContext& task);

/// Whether a rotation that numbers files ("a.log.2.gz", "a.log.1", "a.log") or dates them ("a.log-20261130") wrote `a`
/// before `b`.
[[nodiscard]] bool isOlderByName(const std::string& a, const std::string& b);

/// The time at the beginning of a line, as text that sorts by time: "2026-11-30 19:40:59.123 ..." ->
/// "2026-11-30T19:40:59.123", "Nov 30 19:40:59 ..." -> "0011-30T19:40:59". Empty if there is none.
[[nodiscard]] std::string stampOf(std::string_view line);

}  // namespace alloclens
