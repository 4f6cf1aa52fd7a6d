// SPDX-License-Identifier: GPL-3.0-or-later
//
// The findings that a filter shows, arranged for a tree: clusters, the addresses of each cluster, the findings of
// each address. Three flat arrays, 12 bytes a finding; made by a job, immutable afterwards.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "app/gui/view_state.h"
#include "core/analysis/analysis.h"

namespace alloclens {

enum class FindingSort { Address, Memory, Size, Process, Line, Count };

struct FindingTree {
    /// Findings of one cluster at one address; a single one stands for itself.
    struct Group {
        AddressId address;
        std::uint32_t cluster;  ///< row of `clusters`
        std::uint32_t first;    ///< its findings are order[first, first + count)
        std::uint32_t count;
    };
    struct ClusterRow {
        ClusterId cluster;
        std::uint32_t firstGroup;
        std::uint32_t groupCount;
        std::uint32_t findingCount;
    };

    std::shared_ptr<const Analysis> analysis;
    std::vector<std::uint32_t> order;  ///< finding numbers
    std::vector<Group> groups;
    std::vector<ClusterRow> clusters;
    std::vector<std::uint32_t> groupOf;  ///< by FindingId: row of `groups`, or Id::kNoneValue where it is not shown

    [[nodiscard]] const Finding& finding(std::uint32_t place) const { return analysis->findings.rows[order[place]]; }
};

/// `filter` may be null. Clusters keep their order, by kind and the largest first; what is sorted are addresses within
/// a cluster.
[[nodiscard]] Result<FindingTree> arrangeFindings(const std::shared_ptr<const Analysis>& analysis,
                                                  const FilterResult* filter, FindingSort sort, bool descending,
                                                  const TaskContext& task);

}  // namespace alloclens
