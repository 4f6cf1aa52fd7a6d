// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/finding_tree.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace alloclens {
namespace {

std::uint64_t sortKey(const FindingTree& tree, const FindingTree::Group& group, FindingSort sort) {
    const Finding& first = tree.finding(group.first);
    const EventTable& events = tree.analysis->trace->events;
    switch (sort) {
    case FindingSort::Address: return group.address.value;
    case FindingSort::Memory: return static_cast<std::uint64_t>(first.memory);
    case FindingSort::Size: return first.size;
    case FindingSort::Process: return events.process[first.primary.index()].value;
    case FindingSort::Line: return events.line[first.primary.index()];
    case FindingSort::Count: return group.count;
    }
    return 0;
}

// Sorts the groups of each cluster by a key that is computed once a group.
void sortGroups(FindingTree& tree, FindingSort sort, bool descending) {
    struct Keyed {
        std::uint32_t cluster;
        std::uint64_t key;
        std::uint32_t first;  // ties stay in the order of addresses
        FindingTree::Group group;
    };
    std::vector<Keyed> keyed;
    keyed.reserve(tree.groups.size());
    for (const FindingTree::Group& group : tree.groups) {
        const std::uint64_t key = sortKey(tree, group, sort);
        keyed.push_back({group.cluster, descending ? ~key : key, group.first, group});
    }
    std::sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) {
        return std::tie(a.cluster, a.key, a.first) < std::tie(b.cluster, b.key, b.first);
    });
    std::transform(keyed.begin(), keyed.end(), tree.groups.begin(), [](const Keyed& k) { return k.group; });
}

}  // namespace

Result<FindingTree> arrangeFindings(const std::shared_ptr<const Analysis>& analysis, const FilterResult* filter,
                                    FindingSort sort, bool descending, const TaskContext& task) {
    const auto& rows = analysis->findings.rows;
    FindingTree tree;
    tree.analysis = analysis;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (filter == nullptr || filter->findings[i]) tree.order.push_back(static_cast<std::uint32_t>(i));
    }
    // By cluster, address and, as findings are numbered by their events, by event.
    std::sort(tree.order.begin(), tree.order.end(), [&rows](std::uint32_t a, std::uint32_t b) {
        return std::tie(rows[a].cluster, rows[a].address, a) < std::tie(rows[b].cluster, rows[b].address, b);
    });
    if (task.isCancelled()) return TaskContext::cancelled();

    for (std::uint32_t place = 0; place < tree.order.size(); ++place) {
        const Finding& finding = tree.finding(place);
        const bool isNew = tree.clusters.empty() || tree.clusters.back().cluster != finding.cluster;
        if (isNew) {
            tree.clusters.push_back({finding.cluster, static_cast<std::uint32_t>(tree.groups.size()), 0, 0});
        }
        // A finding without an address has nothing in common with its neighbour.
        if (isNew || tree.groups.back().address != finding.address || !finding.address.isValid()) {
            tree.groups.push_back({finding.address, static_cast<std::uint32_t>(tree.clusters.size() - 1), place, 0});
            ++tree.clusters.back().groupCount;
        }
        ++tree.groups.back().count;
        ++tree.clusters.back().findingCount;
    }
    if (task.isCancelled()) return TaskContext::cancelled();
    if (sort != FindingSort::Address || descending) sortGroups(tree, sort, descending);

    tree.groupOf.assign(rows.size(), FindingId::kNoneValue);
    for (std::uint32_t group = 0; group < tree.groups.size(); ++group) {
        const FindingTree::Group& of = tree.groups[group];
        for (std::uint32_t i = 0; i < of.count; ++i) tree.groupOf[tree.order[of.first + i]] = group;
    }
    return tree;
}

}  // namespace alloclens
