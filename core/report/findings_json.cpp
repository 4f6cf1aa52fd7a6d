// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>
#include <vector>

#include "core/report/finding_lines.h"
#include "core/report/parts.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

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

// The evidence is that of the cause, or of the likeliest candidate; each candidate has its own as well.
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

Json meshJson(const Analysis& analysis, FindingId id) {
    const MeshDivergence& of = *analysis.findings.mesh.of(id);
    Json events = Json::array();
    for (const DivergentEvent& event : analysis.findings.mesh.eventsOf(of)) {
        events.push_back({{"line", analysis.trace->events.line[event.event.index()]}, {"lacking", event.isLacking}});
    }
    return {{"device", of.device},
            {"devicesInStep", of.agreeing},
            {"lackedAllocations", of.lackedAllocations},
            {"lackedFrees", of.lackedFrees},
            {"extraAllocations", of.extraAllocations},
            {"extraFrees", of.extraFrees},
            {"apart", of.isApart},
            {"events", std::move(events)},
            {"sentence", meshSentence(analysis, id)}};
}

Json suspicionJson(const Analysis& analysis, const Suspicion& suspicion) {
    constexpr double kPerCent = 100;
    const auto line = [&analysis](EventId event) { return analysis.trace->events.line[event.index()]; };
    Json candidates = Json::array();
    for (const SuspectCandidate& candidate : suspicion.candidates) {
        Json evidenceFor = Json::array();
        Json against = Json::array();
        for (const SuspectEvidence& evidence : candidate.evidence)
            (evidence.isFor ? evidenceFor : against).push_back(suspectSentence(evidence));
        candidates.push_back({{"line", line(candidate.free)},
                              {"generation", candidate.generation},
                              {"rightfulLine", line(candidate.rightful)},
                              {"likelihood", candidate.likelihood / kPerCent},
                              {"for", std::move(evidenceFor)},
                              {"against", std::move(against)}});
    }
    const SuspectCandidate& first = suspicion.candidates.front();
    return {{"refusedLine", line(suspicion.refused)},
            {"refusedLikelihood", suspicion.refusedLikelihood / kPerCent},
            {"candidates", std::move(candidates)},
            {"exposure",
             {{"fromLine", line(first.free)},
              {"toLine", line(first.rightful)},
              {"allocations", suspicion.allocationsMeanwhile()}}}};
}

Json sumJson(const FailedCheck& sum) {
    return {{"check", checkInfo(sum.kind).name},
            {"line", sum.line},
            {"subject", sum.subject},
            {"expected", sum.expected},
            {"actual", sum.actual}};
}

Result<Json> findingJson(const Analysis& analysis, FindingId id, FindingLines& lines) {
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
        const auto text = lines.of(role.event);
        if (!text) return text.error();
        Json event = {
            {"role", roleName(role.role)}, {"line", line}, {"ordinal", role.event.index() + 1}, {"text", *text}};
        addOptionalValues(*analysis.trace, role.event, event);
        json["events"].push_back(std::move(event));
    }
    json["cluster"] = clusterName(finding.cluster);
    json["verdict"] = verdictJson(findings, id);
    if (const FailedCheck* sum = findings.sumOf(finding)) json["sum"] = sumJson(*sum);
    if (findings.mesh.of(id) != nullptr) json["mesh"] = meshJson(analysis, id);
    if (const Suspicion* suspicion = findings.suspicionOf(id)) json["suspects"] = suspicionJson(analysis, *suspicion);
    return json;
}

/// `count` is the number of its findings that pass the filter.
Json clusterJson(const Cluster& cluster, ClusterId id, std::uint64_t count) {
    Json devices = Json::array();
    for (const std::int32_t device : cluster.devices) devices.push_back(orNull(device, kNoDevice));
    return {{"id", clusterName(id)},
            {"kind", kindInfo(cluster.kind).name},
            {"signature", cluster.signature},
            {"count", count},
            {"devices", std::move(devices)},
            {"addresses", cluster.addresses},
            {"firstLine", cluster.firstLine},
            {"lastLine", cluster.lastLine},
            {"cause", causeName(cluster.cause)},
            {"pid", orNull(cluster.pid, kNoPid)},
            {"sentence", cluster.sentence}};
}

/// For each cluster, how many of its findings pass the filter.
std::vector<std::uint64_t> clusterCounts(const ReportInput& input) {
    const Findings& findings = input.analysis->findings;
    std::vector<std::uint64_t> counts;
    for (const Cluster& cluster : findings.clusters) counts.push_back(input.filter == nullptr ? cluster.count : 0);
    for (std::size_t i = 0; input.filter != nullptr && i < findings.rows.size(); ++i) {
        if (input.filter->findings[i]) ++counts[findings.rows[i].cluster.index()];
    }
    return counts;
}

Json triageJson(const Triage& triage) {
    Json uses = Json::array();
    for (const SuppressionUse& use : triage.uses) {
        uses.push_back({{"signature", use.suppression.signature},
                        {"reason", use.suppression.reason},
                        {"expires", dayText(use.suppression.expires)},
                        {"state", use.isExpired    ? "expired"
                                  : use.count == 0 ? "unused"
                                                   : "active"},
                        {"count", use.count}});
    }
    return {{"known", triage.known},
            {"gone", triage.gone},
            {"suppressed", triage.suppressed},
            {"suppressions", std::move(uses)}};
}

}  // namespace

Result<void> writeFindingsJson(const ReportInput& input, std::ostream& out) {
    const Analysis& analysis = *input.analysis;
    const auto rows = findingsShown(input, input.limit);
    out << "{\n  \"schema\": \"alloclens.findings/1\",\n  \"source\": " << dumpJson(sourceJson(*analysis.trace));
    if (!input.filterText.empty()) out << ",\n  \"filter\": " << dumpJson(Json(input.filterText));
    if (input.triage != nullptr) out << ",\n  \"triage\": " << dumpJson(triageJson(*input.triage));
    out << ",\n  \"trust\": " << dumpJson(trustJson(analysis));
    out << ",\n  \"findings\": [\n";
    FindingLines lines(analysis);
    lines.expect(std::vector<FindingId>(rows.begin(), rows.end()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        lines.next();
        const auto json = findingJson(analysis, FindingId(rows[i]), lines);
        if (!json) return json.error();
        out << "    " << dumpJson(*json) << (i + 1 < rows.size() ? ",\n" : "\n");
    }
    out << "  ],\n  \"clusters\": [";
    const char* separator = "\n";
    const std::vector<std::uint64_t> counts = clusterCounts(input);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (input.filter != nullptr && counts[i] == 0) continue;
        Json json = clusterJson(analysis.findings.clusters[i], ClusterId(i), counts[i]);
        // The sentence, devices and lines describe the whole log, since a filter does not change findings.
        if (input.filter != nullptr) json["total"] = analysis.findings.clusters[i].count;
        out << std::exchange(separator, ",\n") << "    " << dumpJson(json);
    }
    out << "\n  ]\n}\n";
    return {};
}

}  // namespace alloclens
