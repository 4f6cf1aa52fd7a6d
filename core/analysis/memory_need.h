// SPDX-License-Identifier: GPL-3.0-or-later
//
// Estimates how much more memory the steps of an analysis will take, so that a trace which does not fit is refused with
// a message. The trace determines the need of the replay, the replay that of the findings. The constants were measured
// at the peak of each step. Pure; costs nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/replay/replay.h"

namespace alloclens {

/// Bytes that the replay of `trace` will take, about.
[[nodiscard]] std::uint64_t replayNeeds(const Trace& trace);
/// Bytes that the findings and their verdicts will take, about.
[[nodiscard]] std::uint64_t findingsNeed(const Replay& replay);

/// Returns an error with both numbers if `needed` bytes exceed `available`. Everything fits if `available` is none.
[[nodiscard]] Result<void> fitsInMemory(const Trace& trace, std::uint64_t needed,
                                        std::optional<std::uint64_t> available);

}  // namespace alloclens
