// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs compared, with what a view of both needs: the analyses, what became of each cluster, where each lies in
// either run, and which places of the runs lie beside each other. Made by a job, immutable afterwards.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "core/compare/alignment.h"
#include "core/compare/compare.h"

namespace alloclens {

/// Where the findings of a cluster lie in one run; all none if the run has none of them.
struct ClusterPlace {
    FindingId shown;  ///< the first that both runs have; without one, the first
    EventId from;     ///< the events of its first and last finding
    EventId to;
};

struct ComparedRuns {
    std::array<std::shared_ptr<const Analysis>, 2> runs;  ///< before, after
    Comparison comparison;
    Alignment alignment;
    std::array<std::vector<ClusterPlace>, 2> places;  ///< by run, then by row of the comparison
};

/// n log n in the events of both. Errors: cancelled.
[[nodiscard]] Result<std::shared_ptr<const ComparedRuns>> compareAnalyses(std::shared_ptr<const Analysis> before,
                                                                          std::shared_ptr<const Analysis> after,
                                                                          const TaskContext& task);

}  // namespace alloclens
