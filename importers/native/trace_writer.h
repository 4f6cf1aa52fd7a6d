// SPDX-License-Identifier: GPL-3.0-or-later
//
// Writes a whole trace, of whatever format, as a native one that reads back equal to it: cut into stretches, each with
// its events, facts, diagnostics and the text of its lines, which is read from the source once, in order.
#pragma once

#include <cstdint>

#include "core/base/task.h"
#include "core/trace/trace.h"
#include "importers/native/writer.h"

namespace alloclens::native {

/// Where a stretch ends at the next line; tests make them small.
struct StretchLimits {
    std::uint32_t lines = 65'536;
    std::size_t textBytes = std::size_t{8} << 20;
    std::size_t heldLineBytes = std::size_t{4} << 20;   ///< a longer line is handed on in pieces
    std::size_t attributeBytes = std::size_t{8} << 20;  ///< of names, stacks and what else attributes name
};

/// What a native trace of this one says of its source; the first source where the trace was converted before.
[[nodiscard]] Description descriptionOf(const Trace& trace);

/// Writes everything but the end; the caller finishes. Errors: the source's text cannot be read, the writer's,
/// cancelled.
[[nodiscard]] Result<void> writeTrace(const Trace& trace, Writer& writer, const StretchLimits& limits,
                                      const TaskContext& task);

}  // namespace alloclens::native
