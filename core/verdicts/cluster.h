// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups findings of one cause, so that a thousand of them become one row. Refused frees are grouped by their verdict
// and origin, other kinds by memory, size class and process (docs/verdicts.md, "Clusters").
//
//     938 double frees, cause teardown-pool, process 919068, 8 devices  ->  one cluster
//     the same cause in process 919070                                  ->  another one, with the same signature
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills Findings::clusters, by kind and then size, and the cluster of each finding. Requires: the verdicts are filled.
void clusterFindings(const Replay& replay, const SurplusStudy& study, Findings& findings);

}  // namespace alloclens
