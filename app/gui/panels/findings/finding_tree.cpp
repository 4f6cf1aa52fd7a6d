// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/findings/finding_tree.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "core/findings/detector.h"

namespace alloclens {
namespace {

// A signed number as one that is ordered alike.
std::uint64_t ordered(std::int32_t value) { return static_cast<std::uint32_t>(value) ^ 0x8000'0000U; }

// Sorts as the first eight letters do.
std::uint64_t lifecycleKey(const Analysis& analysis, AddressId address) {
    if (!address.isValid()) return 0;
    constexpr std::size_t kLetters = 8;
    std::uint64_t key = 0;
    const auto events = analysis.replay.eventsOf(address);
    for (std::size_t i = 0; i < kLetters; ++i) {
        key <<= 8;
        if (i < events.size()) key |= static_cast<unsigned char>(analysis.replay.letters[events[i].index()]);
    }
    return key;
}

std::uint64_t causeKey(const Analysis& analysis, const Finding& finding) {
    const Verdict* verdict = analysis.findings.verdicts.of(
        FindingId(static_cast<std::size_t>(&finding - analysis.findings.rows.data())));
    return verdict == nullptr
               ? 0
               : (std::uint64_t{1} + static_cast<std::uint8_t>(verdict->cause)) << 8 | verdict->confidence;
}

std::uint64_t sortKey(const FindingTree& tree, const FindingTree::Group& group, FindingSort sort) {
    const Finding& first = tree.finding(group.first);
    const Analysis& analysis = *tree.analysis;
    const EventTable& events = analysis.trace->events;
    switch (sort) {
    case FindingSort::Standard: break;
    case FindingSort::What: return group.address.isValid() ? analysis.key(group.address).address : 0;
    case FindingSort::Device: return group.address.isValid() ? ordered(analysis.key(group.address).device) : 0;
    case FindingSort::Memory: return static_cast<std::uint64_t>(first.memory);
    case FindingSort::Size: return first.size;
    case FindingSort::Process: return ordered(analysis.trace->pid(events.process[first.primary.index()]));
    case FindingSort::Line: return events.line[first.primary.index()];
    case FindingSort::Count: return group.count;
    case FindingSort::Cause: return causeKey(analysis, first);
    case FindingSort::Lifecycle: return lifecycleKey(analysis, group.address);
    }
    return group.address.value;
}

// What the columns show of a cluster: its first device, its largest size, and so on. Texts are sorted as texts.
std::pair<std::string, std::uint64_t> sortKey(const FindingTree& tree, const FindingTree::ClusterRow& row,
                                              FindingSort sort) {
    const Cluster& cluster = tree.cluster(row);
    switch (sort) {
    case FindingSort::Standard: break;
    case FindingSort::What: return {std::string(kindInfo(cluster.kind).title) + ' ' + cluster.sentence, 0};
    case FindingSort::Device: return {{}, row.devices.empty() ? 0 : ordered(row.devices.front())};
    case FindingSort::Memory: return {{}, row.memories};
    case FindingSort::Size: return {{}, row.leastSize == kNoSize ? 0 : row.mostSize};
    case FindingSort::Process: return {{}, ordered(cluster.pid)};
    case FindingSort::Line: return {{}, row.firstLine};
    case FindingSort::Count: return {{}, row.findingCount};
    case FindingSort::Cause:
        return {isRefusedFree(tree.finding(tree.groups[row.firstGroup].first)) ? std::string(causeName(cluster.cause))
                                                                               : std::string(),
                0};
    case FindingSort::Lifecycle: return {{}, lifecycleKey(*tree.analysis, tree.groups[row.firstGroup].address)};
    }
    return {};
}

// Also the groups, which lie in the order of the clusters.
void sortClusters(FindingTree& tree, FindingSort sort, bool descending) {
    std::vector<std::pair<std::string, std::uint64_t>> keys;
    keys.reserve(tree.clusters.size());
    for (const auto& row : tree.clusters) keys.push_back(sortKey(tree, row, sort));
    std::vector<std::size_t> places(tree.clusters.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return descending ? keys[b] < keys[a] : keys[a] < keys[b]; });
    std::vector<FindingTree::ClusterRow> clusters;
    std::vector<FindingTree::Group> groups;
    groups.reserve(tree.groups.size());
    for (const std::size_t place : places) {
        FindingTree::ClusterRow row = std::move(tree.clusters[place]);
        const std::size_t first = groups.size();
        for (std::uint32_t i = 0; i < row.groupCount; ++i) {
            groups.push_back(tree.groups[row.firstGroup + i]);
            groups.back().cluster = static_cast<std::uint32_t>(clusters.size());
        }
        row.firstGroup = static_cast<std::uint32_t>(first);
        clusters.push_back(std::move(row));
    }
    tree.clusters = std::move(clusters);
    tree.groups = std::move(groups);
}

void add(FindingTree::ClusterRow& row, const Finding& finding, const Analysis& analysis) {
    ++row.findingCount;
    row.memories |= 1U << static_cast<unsigned>(finding.memory);
    if (finding.size != kNoSize) {
        row.leastSize = std::min(row.leastSize, finding.size);
        row.mostSize = std::max(row.mostSize, finding.size);
    }
    const std::uint32_t line = analysis.trace->events.line[finding.primary.index()];
    row.firstLine = row.firstLine == 0 ? line : std::min(row.firstLine, line);
    if (!finding.address.isValid()) return;
    // Findings come in the order of addresses, which is that of devices.
    const std::int32_t device = analysis.key(finding.address).device;
    if (row.devices.empty() || row.devices.back() != device) row.devices.push_back(device);
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
            tree.clusters.push_back({finding.cluster, static_cast<std::uint32_t>(tree.groups.size())});
        }
        // A finding without an address has nothing in common with its neighbour.
        if (isNew || tree.groups.back().address != finding.address || !finding.address.isValid()) {
            tree.groups.push_back({finding.address, static_cast<std::uint32_t>(tree.clusters.size() - 1), place, 0});
            ++tree.clusters.back().groupCount;
        }
        ++tree.groups.back().count;
        add(tree.clusters.back(), finding, *analysis);
    }
    if (task.isCancelled()) return TaskContext::cancelled();
    if (sort != FindingSort::Standard) {
        sortGroups(tree, sort, descending);
        sortClusters(tree, sort, descending);
    }

    tree.groupOf.assign(rows.size(), FindingId::kNoneValue);
    for (std::uint32_t group = 0; group < tree.groups.size(); ++group) {
        const FindingTree::Group& of = tree.groups[group];
        for (std::uint32_t i = 0; i < of.count; ++i) tree.groupOf[tree.order[of.first + i]] = group;
    }
    return tree;
}

}  // namespace alloclens
