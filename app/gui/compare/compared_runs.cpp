// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/compared_runs.h"

#include <algorithm>
#include <utility>

namespace alloclens {
namespace {

/// By cluster of an analysis: its row in the comparison.
std::vector<std::size_t> rowsOf(const Analysis& analysis, const Comparison& comparison,
                                ClusterSide ComparedCluster::*side) {
    std::vector<std::size_t> rows(analysis.findings.clusters.size());
    for (std::size_t row = 0; row < comparison.clusters.size(); ++row) {
        for (const std::uint32_t cluster : (comparison.clusters[row].*side).members) rows[cluster] = row;
    }
    return rows;
}

std::vector<ClusterPlace> placesIn(const Analysis& analysis, const std::vector<std::size_t>& rowOfCluster,
                                   std::size_t rows) {
    std::vector<ClusterPlace> places(rows);
    const auto& findings = analysis.findings.rows;  // in the order of their events
    for (std::size_t i = 0; i < findings.size(); ++i) {
        ClusterPlace& place = places[rowOfCluster[findings[i].cluster.index()]];
        if (!place.shown.isValid()) {
            place.shown = FindingId(i);
            place.from = findings[i].primary;
        }
        place.to = findings[i].primary;
    }
    return places;
}

/// The first finding of an event, or none.
FindingId findingOf(const Analysis& analysis, EventId event) {
    const auto& findings = analysis.findings.rows;
    const auto at = std::partition_point(findings.begin(), findings.end(),
                                         [event](const Finding& finding) { return finding.primary < event; });
    if (at == findings.end() || at->primary != event) return {};
    return FindingId(static_cast<std::size_t>(at - findings.begin()));
}

}  // namespace

Result<std::shared_ptr<const ComparedRuns>> compareAnalyses(std::shared_ptr<const Analysis> before,
                                                            std::shared_ptr<const Analysis> after,
                                                            const TaskContext& task) {
    task.report("comparing", 0);
    auto comparison = compareRuns(*before, *after, task);
    if (!comparison) return comparison.error();
    auto compared = std::make_shared<ComparedRuns>();
    auto aligned = alignRuns(*before, *after, task);
    if (!aligned) return aligned.error();
    compared->alignment = std::move(aligned->alignment);
    const std::size_t rows = comparison->clusters.size();
    const std::array rowOfCluster = {rowsOf(*before, *comparison, &ComparedCluster::before),
                                     rowsOf(*after, *comparison, &ComparedCluster::after)};
    compared->places = {placesIn(*before, rowOfCluster[0], rows), placesIn(*after, rowOfCluster[1], rows)};
    // The same finding in both is what one wants to see side by side.
    std::vector<bool> isPaired(rows);
    for (const Match& match : aligned->matches) {
        const std::array found = {findingOf(*before, EventId(match.before)), findingOf(*after, EventId(match.after))};
        if (!found[0].isValid() || !found[1].isValid()) continue;
        const std::size_t row = rowOfCluster[0][before->findings.row(found[0]).cluster.index()];
        if (isPaired[row] || row != rowOfCluster[1][after->findings.row(found[1]).cluster.index()]) continue;
        isPaired[row] = true;
        for (std::size_t run = 0; run < found.size(); ++run) compared->places[run][row].shown = found[run];
    }
    compared->comparison = std::move(*comparison);
    compared->runs = {std::move(before), std::move(after)};
    return std::shared_ptr<const ComparedRuns>(std::move(compared));
}

}  // namespace alloclens
