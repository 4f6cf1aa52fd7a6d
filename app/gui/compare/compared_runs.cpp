// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/compared_runs.h"

#include <string_view>
#include <unordered_map>
#include <utility>

namespace alloclens {
namespace {

std::vector<ClusterPlace> placesIn(const Analysis& analysis, const Comparison& comparison) {
    std::unordered_map<std::string_view, std::size_t> rowOf;
    for (std::size_t row = 0; row < comparison.clusters.size(); ++row) {
        rowOf.emplace(comparison.clusters[row].signature, row);
    }
    std::vector<std::size_t> rowOfCluster;
    for (const Cluster& cluster : analysis.findings.clusters) rowOfCluster.push_back(rowOf.at(cluster.signature));
    std::vector<ClusterPlace> places(comparison.clusters.size());
    const auto& findings = analysis.findings.rows;  // in the order of their events
    for (std::size_t i = 0; i < findings.size(); ++i) {
        ClusterPlace& place = places[rowOfCluster[findings[i].cluster.index()]];
        if (!place.first.isValid()) {
            place.first = FindingId(i);
            place.from = findings[i].primary;
        }
        place.to = findings[i].primary;
    }
    return places;
}

}  // namespace

Result<std::shared_ptr<const ComparedRuns>> compareAnalyses(std::shared_ptr<const Analysis> before,
                                                            std::shared_ptr<const Analysis> after,
                                                            const TaskContext& task) {
    task.report("comparing", 0);
    auto comparison = compareRuns(*before, *after, task);
    if (!comparison) return comparison.error();
    auto compared = std::make_shared<ComparedRuns>();
    compared->places = {placesIn(*before, *comparison), placesIn(*after, *comparison)};
    compared->comparison = std::move(*comparison);
    compared->runs = {std::move(before), std::move(after)};
    return std::shared_ptr<const ComparedRuns>(std::move(compared));
}

}  // namespace alloclens
