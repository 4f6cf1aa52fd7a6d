// SPDX-License-Identifier: GPL-3.0-or-later
//
// Describes a cluster for people: "938 buffers freed once more during teardown of process 919068, on all 8 devices
// alike, in the order of their allocation".
#pragma once

#include <span>
#include <string>

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Requires: `rows` are the cluster's findings in order, and the cluster's sums are filled.
[[nodiscard]] std::string clusterSentence(const SurplusStudy& study, const Cluster& cluster, const Findings& findings,
                                          std::span<const std::uint32_t> rows);

}  // namespace alloclens
