// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs held against each other, with what a view of both needs: the analyses, what became of each cluster, and
// where each lies in either run. Made by a job, immutable afterwards.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "core/compare/compare.h"

namespace alloclens {

/// Where the findings of a cluster lie in one run; all none if the run has none of them.
struct ClusterPlace {
    FindingId first;
    EventId from;  ///< the events of its first and last finding
    EventId to;
};

struct ComparedRuns {
    std::array<std::shared_ptr<const Analysis>, 2> runs;  ///< before, after
    Comparison comparison;
    std::array<std::vector<ClusterPlace>, 2> places;  ///< by run, then by row of the comparison
};

/// Linear in both. Errors: cancelled.
[[nodiscard]] Result<std::shared_ptr<const ComparedRuns>> compareAnalyses(std::shared_ptr<const Analysis> before,
                                                                          std::shared_ptr<const Analysis> after,
                                                                          const TaskContext& task);

}  // namespace alloclens
