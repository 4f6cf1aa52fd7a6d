// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include <ostream>

#include "core/report/parts.h"
#include "core/report/story.h"
#include "core/trace/line_reader.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json orNull(T value, T none) {
    return value == none ? Json(nullptr) : Json(value);
}

Json candidateJson(Cause cause, std::uint8_t confidence, const CandidateWords& evidence) {
    constexpr double kPerCent = 100;
    return {{"cause", causeName(cause)},
            {"confidence", confidence / kPerCent},
            {"for", evidence.evidenceFor},
            {"against", evidence.evidenceAgainst}};
}

// Its evidence is that of its cause, or of the likeliest one; the candidates have theirs.
Json verdictJson(const Findings& findings, FindingId id) {
    const Verdict* verdict = findings.verdicts.of(id);
    if (verdict == nullptr) return candidateJson(Cause::Undetermined, 0, {});
    const auto candidates = candidateWords(findings, id);
    Json json = candidateJson(verdict->cause, verdict->confidence,
                              candidates.empty() ? CandidateWords{} : candidates.front());
    json["candidates"] = Json::array();
    for (const CandidateWords& candidate : candidates)
        json["candidates"].push_back(candidateJson(candidate.cause, candidate.confidence, candidate));
    return json;
}

Result<Json> findingJson(const Analysis& analysis, FindingId id, LineReader& lines) {
    const Findings& findings = analysis.findings;
    const Finding& finding = findings.row(id);
    Json json;
    json["id"] = findingId(analysis.replay, finding);
    json["kind"] = kindInfo(finding.kind).name;
    json["severity"] = severityName(finding.severity);
    json["device"] = nullptr;
    json["address"] = nullptr;
    json["addressHex"] = nullptr;
    if (finding.address.isValid()) {
        const AddressKey& key = analysis.key(finding.address);
        json["device"] = orNull(key.device, kNoDevice);
        json["address"] = key.address;
        json["addressHex"] = formatHex(key.address);
    }
    json["generation"] = finding.generation;
    json["memory"] = finding.memory == Memory::Unknown ? Json(nullptr) : Json(memoryName(finding.memory));
    json["size"] = orNull(finding.size, kNoSize);
    json["pids"] = findingPids(analysis.replay, findings, finding);
    json["events"] = Json::array();
    for (const RoleEvent& role : findings.rolesOf(finding)) {
        const std::uint32_t line = analysis.trace->events.line[role.event.index()];
        const auto text = lines.line(line);
        if (!text) return text.error();
        Json event = {
            {"role", roleName(role.role)}, {"line", line}, {"ordinal", role.event.index() + 1}, {"text", *text}};
        addTimeAndSender(*analysis.trace, role.event, event);
        json["events"].push_back(std::move(event));
    }
    json["cluster"] = clusterName(finding.cluster);
    json["verdict"] = verdictJson(findings, id);
    return json;
}

Json clusterJson(const Cluster& cluster, ClusterId id) {
    Json devices = Json::array();
    for (const std::int32_t device : cluster.devices) devices.push_back(orNull(device, kNoDevice));
    return {{"id", clusterName(id)},
            {"kind", kindInfo(cluster.kind).name},
            {"signature", cluster.signature},
            {"count", cluster.count},
            {"devices", std::move(devices)},
            {"addresses", cluster.addresses},
            {"firstLine", cluster.firstLine},
            {"lastLine", cluster.lastLine},
            {"cause", causeName(cluster.cause)},
            {"pid", orNull(cluster.pid, kNoPid)},
            {"sentence", cluster.sentence}};
}

}  // namespace

Result<void> writeFindingsJson(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const auto rows = rowsShown(analysis.findings.rows.size(), input.filter ? &input.filter->findings : nullptr,
                                input.limit);
    out << "{\n  \"schema\": \"alloclens.findings/1\",\n  \"source\": " << dumpJson(sourceJson(*analysis.trace))
        << ",\n  \"findings\": [\n";
    LineReader lines(*analysis.trace->source);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto json = findingJson(analysis, FindingId(rows[i]), lines);
        if (!json) return json.error();
        out << "    " << dumpJson(*json) << (i + 1 < rows.size() ? ",\n" : "\n");
    }
    // Clusters describe the whole log, whatever is filtered: findings never depend on the view.
    out << "  ],\n  \"clusters\": [\n";
    const auto& clusters = analysis.findings.clusters;
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        out << "    " << dumpJson(clusterJson(clusters[i], ClusterId(i))) << (i + 1 < clusters.size() ? ",\n" : "\n");
    }
    out << "  ]\n}\n";
    return {};
}

}  // namespace alloclens
