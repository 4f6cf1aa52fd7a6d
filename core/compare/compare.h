// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two runs of one program held against each other: which clusters of findings went away, came, stayed or changed.
// Clusters are matched by their signature, never by line, address or process, which differ from run to run. What went
// away counts as fixed only where the second run did what brought it about: where it freed as many buffers of the same
// memories and sizes (docs/compare.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

enum class ClusterState : std::uint8_t { New, Changed, Same, Fixed, NotExercised };
inline constexpr int kClusterStateCount = 5;
/// The stable word: "new", "changed", "same", "fixed", "not-exercised".
[[nodiscard]] std::string_view clusterStateName(ClusterState state);
/// Where a state stands in a list for people, from 0: new, changed, fixed, not exercised, same.
[[nodiscard]] int displayRank(ClusterState state);

/// The clusters of one signature in one run.
struct ClusterSide {
    std::uint64_t count = 0;
    std::uint32_t clusters = 0;  ///< that have the signature, such as one a process
    std::vector<std::int32_t> devices;
    std::uint32_t firstLine = 0;
    std::string sentence;                ///< of the largest
    std::vector<std::uint32_t> members;  ///< rows of the run's own clusters
};

/// How often the path that led to a cluster was taken.
struct Exercise {
    bool isKnown = false;      ///< false where the findings have no size to look for
    std::uint64_t before = 0;  ///< lifetimes of its memories and sizes
    std::uint64_t after = 0;
};

struct ComparedCluster {
    ClusterState state = ClusterState::Same;
    std::uint8_t kind = 0;
    std::string signature;
    ClusterSide before;
    ClusterSide after;
    Exercise exercise;
};

struct Comparison {
    std::vector<ComparedCluster> clusters;  ///< by state, then kind, the largest first
    std::uint64_t countOf[kClusterStateCount] = {};
};

/// Linear in the lifetimes of both. Errors: cancelled.
[[nodiscard]] Result<Comparison> compareRuns(const Analysis& before, const Analysis& after, const TaskContext& task);

}  // namespace alloclens
