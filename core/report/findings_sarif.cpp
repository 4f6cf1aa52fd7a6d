// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0), which code hosts and editors show.
// Each finding is a result; the faulty line is its location, earlier lines are related locations.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

#include "core/report/parts.h"
#include "core/trace/attribute_text.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

using Json = nlohmann::ordered_json;

/// "my log.txt" -> "my%20log.txt": a path as a URI reference (RFC 3986). Encodes all but unreserved characters and '/'.
std::string uriOf(std::string_view path) {
    std::string uri;
    for (const char c : path) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                             || std::string_view("-._~/").find(c) != std::string_view::npos;
        uri += isPlain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

std::string_view levelOf(Severity severity) {
    switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
    }
    return "none";
}

Json rulesJson() {
    Json rules = Json::array();
    for (const FindingKindInfo& kind : findingKinds()) {
        rules.push_back({{"id", kind.name},
                         {"name", kind.title},
                         {"shortDescription", {{"text", kind.title}}},
                         {"fullDescription", {{"text", kind.help}}},
                         {"defaultConfiguration", {{"level", levelOf(kind.severity)}}}});
    }
    return rules;
}

/// The doubts about the log as notifications of the run; empty if there are none.
std::string invocationsOf(const Analysis& analysis) {
    Json notifications = Json::array();
    for (const std::string& note : trustNotes(analysis))
        notifications.push_back({{"level", "warning"}, {"message", {{"text", note}}}});
    if (notifications.empty()) return {};
    return ",\n    \"invocations\": "
           + dumpJson(Json::array(
               {{{"executionSuccessful", true}, {"toolExecutionNotifications", std::move(notifications)}}}));
}

class Results {
public:
    explicit Results(const Analysis& analysis) : m_analysis(analysis), m_uri(uriOf(analysis.trace->source->path())) {}

    /// The files that results point into; one for each part of a log.
    [[nodiscard]] Json artifacts() const {
        Json files = Json::array();
        for (const SourceFile& file : m_analysis.trace->source->files())
            files.push_back({{"location", {{"uri", uriOf(file.path)}}}});
        if (files.empty()) files.push_back({{"location", {{"uri", m_uri}}}});
        return files;
    }

    [[nodiscard]] Json of(FindingId id) const {
        const Findings& findings = m_analysis.findings;
        const Finding& finding = findings.row(id);
        const Cluster& cluster = findings.clusters[finding.cluster.index()];
        Json result = {{"ruleId", kindInfo(finding.kind).name},
                       {"ruleIndex", finding.kind},
                       {"level", levelOf(finding.severity)},
                       {"message", {{"text", messageOf(id)}}}};
        const FailedCheck* sum = findings.sumOf(finding);
        const std::uint32_t line = sum != nullptr ? sum->line : lineOf(finding.primary);
        result["locations"] = Json::array({locationOf(line)});
        Json related = Json::array();
        for (const RoleEvent& role : findings.rolesOf(finding)) {
            if (role.event == finding.primary) continue;
            Json location = locationOf(lineOf(role.event));
            location["message"] = {{"text", roleWords(finding, role.role)}};
            related.push_back(std::move(location));
        }
        if (!related.empty()) result["relatedLocations"] = std::move(related);
        if (Json stacks = stacksOf(finding); !stacks.empty()) result["stacks"] = std::move(stacks);
        result["partialFingerprints"] = {{"allocLensFinding/v1", findingId(m_analysis.replay, finding)}};
        result["properties"] = {{"cluster", clusterName(finding.cluster)}, {"signature", cluster.signature}};
        if (const Verdict* verdict = findings.verdicts.of(id)) {
            constexpr double kPerCent = 100;
            result["properties"]["cause"] = causeName(verdict->cause);
            result["properties"]["confidence"] = verdict->confidence / kPerCent;
        }
        return result;
    }

private:
    [[nodiscard]] std::uint32_t lineOf(EventId event) const { return m_analysis.trace->events.line[event.index()]; }

    // The calls that led to the events of a finding, where the source tells of them.
    [[nodiscard]] Json stacksOf(const Finding& finding) const {
        const Trace& trace = *m_analysis.trace;
        Json stacks = Json::array();
        for (const RoleEvent& role : m_analysis.findings.rolesOf(finding)) {
            const StackId stack(trace.events.attributes.of(Attribute::Stack, role.event.index()));
            if (!stack.isValid()) continue;
            Json frames = Json::array();
            for (const FrameId frame : trace.attributeTables.stacks.framesOf(stack)) {
                frames.push_back({{"location", callOf(trace.attributeTables, frame)}});
            }
            stacks.push_back({{"message", {{"text", roleWords(finding, role.role)}}}, {"frames", std::move(frames)}});
        }
        return stacks;
    }

    [[nodiscard]] static Json callOf(const AttributeTables& tables, FrameId id) {
        const Frame& frame = tables.stacks.frame(id);
        Json location = {{"message", {{"text", frameText(tables, id)}}}};
        if (!frame.file.isValid()) return location;
        Json& place = location["physicalLocation"];
        place["artifactLocation"] = {{"uri", uriOf(std::string(tables.strings.text(frame.file)))}};
        if (frame.line != 0) place["region"] = {{"startLine", frame.line}};
        return location;
    }

    [[nodiscard]] std::string messageOf(FindingId id) const {
        const Finding& finding = m_analysis.findings.row(id);
        std::string text(kindInfo(finding.kind).title);
        if (finding.address.isValid()) text += ": " + findingPlace(m_analysis, finding);
        for (const std::string& sentence : findingSentences(m_analysis, id)) text += "; " + sentence;
        return text;
    }

    [[nodiscard]] Json locationOf(std::uint32_t line) const {
        std::string uri = m_uri;
        std::uint32_t lineInFile = line;
        const std::vector<SourceFile>& files = m_analysis.trace->source->files();
        auto file = std::upper_bound(files.begin(), files.end(), line,
                                     [](std::uint32_t at, const SourceFile& of) { return at < of.firstLine; });
        while (file != files.begin() && (--file)->lines == 0) {}  // an empty one begins where the next does
        if (file != files.end() && line >= file->firstLine && line - file->firstLine < file->lines) {
            uri = uriOf(file->path);
            lineInFile = line - file->firstLine + 1;
        }
        return {{"physicalLocation", {{"artifactLocation", {{"uri", uri}}}, {"region", {{"startLine", lineInFile}}}}}};
    }

    const Analysis& m_analysis;
    std::string m_uri;
};

}  // namespace

Result<void> writeFindingsSarif(const ReportInput& input, std::ostream& out) {
    const Results results(*input.analysis);
    const Json driver = {{"name", "AllocLens"}, {"semanticVersion", ALLOCLENS_VERSION}, {"rules", rulesJson()}};
    out << "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n"
        << "  \"runs\": [ {\n    \"tool\": { \"driver\": " << dumpJson(driver)
        << " },\n    \"artifacts\": " << dumpJson(results.artifacts()) << invocationsOf(*input.analysis)
        << ",\n    \"results\": [\n";
    const auto rows = findingsShown(input, input.limit);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << "      " << dumpJson(results.of(FindingId(rows[i]))) << (i + 1 < rows.size() ? ",\n" : "\n");
    }
    out << "    ]\n  } ]\n}\n";
    return {};
}

}  // namespace alloclens
