// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that is known about one file: its trace, the replay of it, and the findings. Made once by analyse() and
// immutable, so all views and threads share it. Findings never depend on a filter or a zoom.
#pragma once

#include <memory>

#include "core/findings/detector.h"
#include "core/replay/replay.h"
#include "core/trace/trace.h"

namespace alloclens {

struct Analysis {
    std::shared_ptr<const Trace> trace;
    Replay replay;
    Findings findings;

    [[nodiscard]] const AddressKey& key(AddressId id) const { return trace->key(id); }
    /// The address in the form that the log uses: "0x296db600" or "695055872".
    [[nodiscard]] std::string addressText(AddressId id) const { return trace->addressText(id); }
    /// A lifetime's name: "0x296db600·g17".
    [[nodiscard]] std::string lifetimeText(AddressId id, std::uint32_t generation) const;
};

/// Replays a trace and finds what is wrong in it, on all cores. Requires: `trace` is not null. Errors: it needs more
/// memory than is free; cancelled.
[[nodiscard]] Result<std::shared_ptr<const Analysis>> analyse(std::shared_ptr<const Trace> trace,
                                                              const TaskContext& task);

}  // namespace alloclens
