// SPDX-License-Identifier: GPL-3.0-or-later
//
// What guards would have done to the run, for scripts: JSON with every silenced finding, CSV with one row for each
// guard.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/guards/guard_replay.h"
#include "core/report/parts.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

Json linesOf(const Trace& trace, const std::vector<EventId>& events) {
    Json lines = Json::array();
    for (const EventId event : events) lines.push_back(trace.events.line[event.index()]);
    return lines;
}

Json leftJson(const LeftBuffers& left) { return {{"buffers", left.buffers}, {"bytes", left.bytes}}; }

Json idsOf(const Analysis& analysis, const std::vector<FindingId>& findings) {
    Json ids = Json::array();
    for (const FindingId finding : findings) ids.push_back(findingId(analysis.replay, analysis.findings.row(finding)));
    return ids;
}

Json causesJson(const GuardOutcome& of) {
    Json causes = Json::object();
    for (std::size_t i = 0; i < of.silencedOf.size(); ++i) {
        if (of.silencedOf[i] > 0) causes[std::string(causeName(static_cast<Cause>(i)))] = of.silencedOf[i];
    }
    return causes;
}

Json clustersJson(const Findings& findings, const GuardOutcome& of) {
    Json clusters = Json::array();
    for (const SilencedCluster& row : of.clusters) {
        const Cluster& cluster = findings.clusters[row.cluster.index()];
        clusters.push_back({{"id", clusterName(row.cluster)},
                            {"signature", cluster.signature},
                            {"cause", causeName(cluster.cause)},
                            {"silenced", row.silenced},
                            {"count", cluster.count}});
    }
    return clusters;
}

Json outcomeJson(const Analysis& analysis, const GuardOutcome& of) {
    return {{"guard", of.guard->name},
            {"title", of.guard->title},
            {"words", of.guard->words},
            {"isBound", of.guard->isBound},
            {"freesDropped", of.dropped},
            {"silenced", of.silenced},
            {"left", of.left},
            {"caused", of.caused},
            {"acceptedInstead", of.acceptedInstead},
            {"mayStay", of.mayStay},
            {"blames",
             {{"program", of.silencedBy(Blame::Program)},
              {"undetermined", of.silencedBy(Blame::Undetermined)},
              {"tracking", of.silencedBy(Blame::Tracking)}}},
            {"causes", causesJson(of)},
            {"clusters", clustersJson(analysis.findings, of)},
            {"programClustersGone", of.clustersGone(analysis.findings, Blame::Program)},
            {"rightfulFreesLost", of.rightfulDropped},
            {"strangersFreesStopped", of.strangersDropped},
            {"mergedAllocations", of.mergedAllocations},
            {"leftLive", leftJson(of.leftLive)},
            {"leftToSweeps", leftJson(of.leftToSweeps)},
            {"leaksHidden", of.leaksHidden},
            {"leaksChanged", of.leaksChanged},
            {"firstRightfulLines", linesOf(*analysis.trace, of.firstRightful)},
            {"firstStrangersLines", linesOf(*analysis.trace, of.firstStrangers)},
            {"firstCausedLines", linesOf(*analysis.trace, of.firstCaused)},
            {"firstHiddenLeaks", idsOf(analysis, of.firstHiddenLeaks)}};
}

/// Refused frees that pass the filter and that some guard silences.
std::vector<std::uint32_t> silencedRows(const ReportInput& input, const GuardStudy& study) {
    std::vector<std::uint32_t> rows;
    const auto& verdicts = input.analysis->findings.verdicts.rows;
    for (std::uint32_t i = 0; i < verdicts.size(); ++i) {
        if (study.silencers[i] == 0) continue;
        if (input.filter != nullptr && !input.filter->findings[verdicts[i].finding.index()]) continue;
        if (input.limit > 0 && rows.size() == input.limit) break;
        rows.push_back(i);
    }
    return rows;
}

Json findingJson(const Analysis& analysis, const GuardStudy& study, std::uint32_t row) {
    const Verdict& verdict = analysis.findings.verdicts.rows[row];
    const Finding& finding = analysis.findings.row(verdict.finding);
    Json names = Json::array();
    for (std::size_t i = 0; i < study.outcomes.size(); ++i) {
        if ((study.silencers[row] >> i & 1U) != 0) names.push_back(study.outcomes[i].guard->name);
    }
    return {{"id", findingId(analysis.replay, finding)},
            {"line", analysis.trace->events.line[finding.primary.index()]},
            {"cause", causeName(verdict.cause)},
            {"cluster", clusterName(finding.cluster)},
            {"silencedBy", std::move(names)}};
}

}  // namespace

Result<void> writeGuardsJson(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const auto study = replayUnderGuards(analysis, guards(), {});
    if (!study) return study.error();
    out << "{\n  \"schema\": \"alloclens.guards/1\",\n  \"source\": " << dumpJson(sourceJson(*analysis.trace))
        << fmt::format(",\n  \"freesReceived\": {},\n  \"refusedFrees\": {},\n  \"leaks\": {},\n  \"assumedSenders\": "
                       "{},\n  \"guards\": [\n",
                       study->freesReceived, study->warnings, study->leaks, study->assumedSenders);
    for (std::size_t i = 0; i < study->outcomes.size(); ++i) {
        out << "    " << dumpJson(outcomeJson(analysis, study->outcomes[i]))
            << (i + 1 < study->outcomes.size() ? ",\n" : "\n");
    }
    out << "  ],\n  \"findings\": [\n";
    const auto rows = silencedRows(input, *study);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << "    " << dumpJson(findingJson(analysis, *study, rows[i])) << (i + 1 < rows.size() ? ",\n" : "\n");
    }
    out << "  ]\n}\n";
    return {};
}

Result<void> writeGuardsCsv(const ReportInput& input, std::ostream& out) {
    const auto study = replayUnderGuards(*input.analysis, guards(), {});
    if (!study) return study.error();
    Table table;
    table.columns = {{"", "guard"},
                     {"", "refusedFrees"},
                     {"", "silenced"},
                     {"", "program"},
                     {"", "undetermined"},
                     {"", "tracking"},
                     {"", "mayStay"},
                     {"", "left"},
                     {"", "caused"},
                     {"", "rightfulFreesLost"},
                     {"", "strangersFreesStopped"},
                     {"", "mergedAllocations"},
                     {"", "leftLiveBuffers"},
                     {"", "leftLiveBytes"},
                     {"", "leftToSweepsBuffers"},
                     {"", "leftToSweepsBytes"},
                     {"", "leaksHidden"},
                     {"", "leaksChanged"},
                     {"", "programClustersGone"}};
    table.rows = study->outcomes.size();
    table.fill = [&](std::size_t row, std::vector<Cell>& cells) {
        const GuardOutcome& of = study->outcomes[row];
        const std::uint64_t numbers[] = {study->warnings,
                                         of.silenced,
                                         of.silencedBy(Blame::Program),
                                         of.silencedBy(Blame::Undetermined),
                                         of.silencedBy(Blame::Tracking),
                                         of.mayStay,
                                         of.left,
                                         of.caused,
                                         of.rightfulDropped,
                                         of.strangersDropped,
                                         of.mergedAllocations,
                                         of.leftLive.buffers,
                                         of.leftLive.bytes,
                                         of.leftToSweeps.buffers,
                                         of.leftToSweeps.bytes,
                                         of.leaksHidden,
                                         of.leaksChanged,
                                         of.clustersGone(input.analysis->findings, Blame::Program)};
        cells[0] = std::string(of.guard->name);
        for (std::size_t i = 0; i < std::size(numbers); ++i) cells[i + 1] = numbers[i];
    };
    writeTableCsv(table, out);
    return {};
}

}  // namespace alloclens
