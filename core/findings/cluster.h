// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups findings that look alike, so that a thousand of one sort are one row. The signature is kind, memory, size
// class (power of two) and the process that carries the fault.
#pragma once

#include "core/findings/finding.h"
#include "core/replay/replay.h"

namespace alloclens {

/// Fills Findings::clusters, largest first, and each finding's cluster.
void clusterFindings(const Replay& replay, Findings& findings);

}  // namespace alloclens
