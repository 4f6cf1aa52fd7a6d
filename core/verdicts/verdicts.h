// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the likely cause of each refused free, and groups all findings into clusters (docs/verdicts.md). Uses all
// cores; linear in events and findings but for sorting.
#pragma once

#include "core/findings/detector.h"

namespace alloclens {

/// Fills the verdicts and clusters of `findings`. Errors: cancelled.
[[nodiscard]] Result<void> judge(const Replay& replay, Findings& findings, const TaskContext& task);

}  // namespace alloclens
