// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compares two runs of a program: which clusters of findings are new, fixed, changed or the same. Clusters are matched
// by signature, never by line, address or process, since those differ from run to run. A cluster that is gone counts as
// fixed only if the second run did what led to it: if it freed buffers of the same memories and sizes about as often
// (docs/compare.md). Pure; any thread may call.
//
//     before          after           second run frees such buffers    state
//     938 findings    938 findings    -                                same
//     938 findings    12 findings     -                                changed
//     938 findings    none            yes                              fixed
//     938 findings    none            no                               not exercised
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

enum class ClusterState : std::uint8_t { New, Changed, Same, Fixed, NotExercised };
inline constexpr int kClusterStateCount = 5;
/// The stable name: "new", "changed", "same", "fixed", "not-exercised".
[[nodiscard]] std::string_view clusterStateName(ClusterState state);
/// The position of a state in a list for people, from 0: new, changed, fixed, not exercised, same.
[[nodiscard]] int displayRank(ClusterState state);

/// The clusters of one signature in one run.
struct ClusterSide {
    std::uint64_t count = 0;
    std::uint32_t clusters = 0;  ///< with this signature, such as one for each process
    std::vector<std::int32_t> devices;
    std::uint32_t firstLine = 0;
    std::string sentence;                ///< describes the largest cluster
    std::vector<std::uint32_t> members;  ///< rows of the run's own clusters
};

/// How often each run did what led to a cluster.
struct Exercise {
    bool isKnown = false;      ///< false if the findings have no size to look for
    std::uint64_t before = 0;  ///< lifetimes with the cluster's memories and sizes
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

/// Linear in the lifetimes of both runs. Errors: cancelled.
[[nodiscard]] Result<Comparison> compareRuns(const Analysis& before, const Analysis& after, const TaskContext& task);

}  // namespace alloclens
