// SPDX-License-Identifier: GPL-3.0-or-later
//
// About how much memory the steps of an analysis will take beside what is there, so that one which cannot be held is
// refused with a sentence. What a trace will come to is known before its replay, what its findings will before they are
// looked for. Constants are measured at the peak of each step.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/result.h"
#include "core/replay/replay.h"

namespace alloclens {

/// Bytes that the replay will take.
[[nodiscard]] std::uint64_t replayNeeds(const Trace& trace);
/// Bytes that its findings and the verdicts on them will take.
[[nodiscard]] std::uint64_t findingsNeed(const Replay& replay);

/// An error that names both where more is needed than there is. `available` is none where the system does not tell.
[[nodiscard]] Result<void> fitsInMemory(const Trace& trace, std::uint64_t needed,
                                        std::optional<std::uint64_t> available);

}  // namespace alloclens
