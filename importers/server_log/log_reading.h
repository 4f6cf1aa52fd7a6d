// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a log at once, as far as it is there: in stretches, with several threads, torn lines put together. A log whose
// lines a collector cut is read from a copy in which they are whole (frames/unframed_input.h); where that is not to be
// seen at its head, its damage tells, and the log is read anew. The copy goes with the end of reading: the trace's
// source text is the log.
#pragma once

#include <optional>

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/trace/trace_builder.h"
#include "importers/importer.h"
#include "importers/server_log/event_line.h"
#include "importers/server_log/frames/frame_plan.h"

namespace alloclens::server_log {

struct LogReading {
    TraceBuilder builder;
    Generation generation;
    Damage damage;            ///< what had to be put together, or stayed as it was
    bool isUnframed = false;  ///< read from a copy in which lines are whole
};

/// Reads all of the input. Errors: the input's; more than memory or a trace can hold; no line has options.stream.
[[nodiscard]] Result<LogReading> readLog(const Input& input, const ReadOptions& options, const TaskContext& task);

/// Reads a log of which `plain` was read, before `end`, anew if a frame shows in its damage; nothing if none does, or
/// if it gives no more.
[[nodiscard]] Result<std::optional<LogReading>> readFramed(const Input& input, std::uint64_t end, LogReading& plain,
                                                           const ReadOptions& options, const TaskContext& task);

/// Reads before `end` by a plan that is needed.
[[nodiscard]] Result<LogReading> readByPlan(const Input& input, std::uint64_t end, const FramePlan& plan,
                                            const ReadOptions& options, const TaskContext& task);

}  // namespace alloclens::server_log
