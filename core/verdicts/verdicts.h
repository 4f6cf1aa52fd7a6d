// SPDX-License-Identifier: GPL-3.0-or-later
//
// Says of every refused free what it may have come from, and of all findings which belong together (docs/verdicts.md).
#pragma once

#include "core/findings/detector.h"

namespace alloclens {

/// Fills the verdicts and the clusters of the findings. Errors: cancelled.
[[nodiscard]] Result<void> judge(const Replay& replay, Findings& findings, const TaskContext& task);

}  // namespace alloclens
