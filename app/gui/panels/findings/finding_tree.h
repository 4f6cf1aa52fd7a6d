// SPDX-License-Identifier: GPL-3.0-or-later
//
// The findings that a filter shows, arranged for a tree: clusters, the addresses of each cluster, the findings of
// each address. Flat arrays, 12 bytes a finding, and the sums of each cluster; made by a job, immutable afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/gui/document/view_state.h"
#include "core/analysis/analysis.h"

namespace alloclens {

/// By what clusters and the addresses within each are sorted. Standard: clusters by kind and the largest first, their
/// addresses in order.
enum class FindingSort { Standard, What, Device, Memory, Size, Process, Line, Count, Cause, Lifecycle };

struct FindingTree {
    /// Findings of one cluster at one address; a single one stands for itself.
    struct Group {
        AddressId address;
        std::uint32_t cluster;  ///< row of `clusters`
        std::uint32_t first;    ///< its findings are order[first, first + count)
        std::uint32_t count;
    };
    /// What is shown of a cluster, and what its findings that are shown have in common.
    struct ClusterRow {
        ClusterId cluster;
        std::uint32_t firstGroup = 0;
        std::uint32_t groupCount = 0;
        std::uint32_t findingCount = 0;
        std::uint32_t firstLine = 0;
        std::uint32_t memories = 0;         ///< a bit for each Memory
        std::uint64_t leastSize = kNoSize;  ///< none where no finding has one
        std::uint64_t mostSize = 0;
        std::vector<std::int32_t> devices = {};  ///< each once, in order
    };

    std::shared_ptr<const Analysis> analysis;
    std::vector<std::uint32_t> order;  ///< finding numbers
    std::vector<Group> groups;
    std::vector<ClusterRow> clusters;
    std::vector<std::uint32_t> groupOf;  ///< by FindingId: row of `groups`, or Id::kNoneValue where it is not shown

    [[nodiscard]] const Finding& finding(std::uint32_t place) const { return analysis->findings.rows[order[place]]; }
    [[nodiscard]] const Cluster& cluster(const ClusterRow& row) const {
        return analysis->findings.clusters[row.cluster.index()];
    }
};

/// `filter` may be null. Errors: cancelled.
[[nodiscard]] Result<FindingTree> arrangeFindings(const std::shared_ptr<const Analysis>& analysis,
                                                  const FilterResult* filter, FindingSort sort, bool descending,
                                                  const TaskContext& task);

}  // namespace alloclens
