// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/comparison.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/markup.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"

namespace alloclens {
std::string_view clusterStateHelp(ClusterState state) {
    switch (state) {
    case ClusterState::New: return "only in the second run";
    case ClusterState::Changed: return "in both runs, but with another count or on other devices";
    case ClusterState::Same: return "the same in both runs";
    case ClusterState::Fixed: return "gone, although the second run did what led to it";
    case ClusterState::NotExercised:
        return "gone, but the second run did not do what led to it, or the logs do not show whether it did";
    }
    return {};
}

std::string comparedSentence(const ComparedCluster& cluster) {
    const ClusterSide& side = cluster.after.count > 0 ? cluster.after : cluster.before;
    if (side.clusters <= 1) return side.sentence;
    return fmt::format("{}; and {} like it", side.sentence, formatQuantity(side.clusters - 1, "cluster"));
}

std::string exerciseSentence(const ComparedCluster& cluster) {
    if (cluster.after.count > 0 || cluster.before.count == 0) return {};
    if (!cluster.exercise.isKnown)
        return "the log has no allocation of these buffers: nothing shows whether the second run reached them";
    return fmt::format("{} of its memories and sizes in the second run, {} in the first",
                       formatQuantity(cluster.exercise.after, "lifetime"), formatCount(cluster.exercise.before));
}

namespace {

using Json = nlohmann::ordered_json;

void writeText(const ComparisonInput& input, std::ostream& out) {
    const TextStyle style(input.colour);
    out << "before  " << showable(input.before->trace->source->path()) << '\n'
        << "after   " << showable(input.after->trace->source->path()) << '\n';
    if (input.comparison->clusters.empty()) out << "\nNo findings in either run.\n";
    const ComparedCluster* last = nullptr;
    for (const ComparedCluster& cluster : input.comparison->clusters) {
        if (last == nullptr || last->state != cluster.state) {
            const auto count = input.comparison->countOf[static_cast<std::size_t>(cluster.state)];
            out << '\n'
                << style.strong(
                       fmt::format("{}: {}", clusterStateName(cluster.state), formatQuantity(count, "cluster")))
                << style.muted(fmt::format("  {}", clusterStateHelp(cluster.state))) << '\n';
        }
        last = &cluster;
        out << fmt::format("  {:>9} -> {:<9}  {}: {}\n", formatCount(cluster.before.count),
                           formatCount(cluster.after.count), kindInfo(cluster.kind).name, comparedSentence(cluster));
        if (const std::string text = exerciseSentence(cluster); !text.empty())
            out << std::string(26, ' ') << style.muted(text) << '\n';
    }
}

void writeMarkdown(const ComparisonInput& input, std::ostream& out) {
    out << fmt::format("Before: {}, after: {}\n\n| state | before | after | findings |\n|---|---:|---:|---|\n",
                       markdownCode(input.before->trace->source->path()),
                       markdownCode(input.after->trace->source->path()));
    for (const ComparedCluster& cluster : input.comparison->clusters) {
        out << fmt::format("| {} | {} | {} | {}: {} |\n", clusterStateName(cluster.state),
                           formatCount(cluster.before.count), formatCount(cluster.after.count),
                           kindInfo(cluster.kind).name, comparedSentence(cluster));
    }
}

Json sideJson(const ClusterSide& side) {
    Json devices = Json::array();
    for (const std::int32_t device : side.devices)
        devices.push_back(device == kNoDevice ? Json(nullptr) : Json(device));
    return {{"count", side.count}, {"devices", std::move(devices)}, {"firstLine", side.firstLine}};
}

void writeJson(const ComparisonInput& input, std::ostream& out) {
    out << "{\n  \"schema\": \"alloclens.compare/1\",\n  \"before\": " << dumpJson(sourceJson(*input.before->trace))
        << ",\n  \"after\": " << dumpJson(sourceJson(*input.after->trace)) << ",\n  \"clusters\": [\n";
    const auto& clusters = input.comparison->clusters;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        const ComparedCluster& cluster = clusters[i];
        Json json = {{"state", clusterStateName(cluster.state)}, {"kind", kindInfo(cluster.kind).name},
                     {"signature", cluster.signature},           {"sentence", comparedSentence(cluster)},
                     {"before", sideJson(cluster.before)},       {"after", sideJson(cluster.after)}};
        json["exercise"] = nullptr;
        if (cluster.exercise.isKnown)
            json["exercise"] = {{"before", cluster.exercise.before}, {"after", cluster.exercise.after}};
        out << "    " << dumpJson(json) << (i + 1 < clusters.size() ? ",\n" : "\n");
    }
    out << "  ]\n}\n";
}

}  // namespace

WriteComparison findComparisonWriter(std::string_view format) {
    if (format == "text") return writeText;
    if (format == "json") return writeJson;
    if (format == "markdown") return writeMarkdown;
    if (format == "html") return writeComparisonHtml;
    return nullptr;
}

}  // namespace alloclens
