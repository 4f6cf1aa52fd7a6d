// SPDX-License-Identifier: GPL-3.0-or-later
//
// A framed log as the server printed it: an unnamed temporary file, in TMPDIR or /tmp, with exactly as many lines as
// the log, so that the number of a line is the same in both. Where blocks of lines begin in the log is kept, for the
// source text, which shows the log as it is. Written by one thread before it is read.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/source_text.h"
#include "importers/input.h"
#include "importers/server_log/frames/frame_plan.h"

namespace alloclens::server_log {

struct UnframedInput {
    Input input;
    std::vector<SourceText::Mark> marks;  ///< of the log
    JoinCounts counts;
};

/// Reads the log before `end`. Errors: the input's, or that the file cannot be made or written; cancelled.
[[nodiscard]] Result<UnframedInput> unframe(const Input& input, std::uint64_t end, const FramePlan& plan,
                                            const TaskContext& task);

}  // namespace alloclens::server_log
