// SPDX-License-Identifier: GPL-3.0-or-later
//
// Groups findings of one cause, so that a thousand of them are one row. Refused frees go together by what was judged of
// them and where they came from; other kinds by memory, size class and process (docs/verdicts.md, "Clusters").
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills Findings::clusters, by kind and the largest first, and each finding's cluster. The verdicts must be there.
void clusterFindings(const Replay& replay, const SurplusStudy& study, Findings& findings);

}  // namespace alloclens
