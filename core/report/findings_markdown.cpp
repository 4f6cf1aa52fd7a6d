// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings for an issue or a change request: a table of clusters, then a few findings of each with the lines that prove
// them.
#include <fmt/format.h>

#include <ostream>

#include "core/base/units.h"
#include "core/report/attributes.h"
#include "core/report/finding_lines.h"
#include "core/report/markup.h"
#include "core/report/parts.h"
#include "core/trace/attribute_text.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

class FindingsMarkdown {
public:
    FindingsMarkdown(const ReportInput& input, std::ostream& out)
        : m_input(input), m_analysis(*input.analysis), m_lines(*input.analysis), m_out(out) {}

    [[nodiscard]] Result<void> write() {
        const std::vector<ShownCluster> clusters = clustersShown(m_input);
        std::vector<FindingId> examples;
        for (const ShownCluster& cluster : clusters) {
            const auto first = cluster.findings.begin();
            examples.insert(examples.end(), first, first + static_cast<std::ptrdiff_t>(examplesOf(cluster, m_input)));
        }
        m_lines.expect(std::move(examples));
        writeHead(clusters);
        for (const ShownCluster& cluster : clusters) {
            if (auto done = writeExamples(cluster); !done) return done;
        }
        return {};
    }

private:
    void writeHead(const std::vector<ShownCluster>& clusters) {
        const Trace& trace = *m_analysis.trace;
        std::size_t shown = 0;
        for (const ShownCluster& cluster : clusters) shown += cluster.findings.size();
        m_out << fmt::format("{}, {}, ledger: {}\n\n{}.\n", markdownCode(trace.source->path()),
                             formatQuantity(trace.source->lines(), "line"), gradeName(m_analysis.findings.ledger.grade),
                             totalSentence(m_input, shown, clusters.size()));
        for (const std::string& note : trustNotes(m_analysis)) m_out << '\n' << markdownText(note) << '\n';
        if (clusters.empty()) return;
        m_out << "\n| | findings | kind | what happened | lines |\n|---|---:|---|---|---|\n";
        for (const ShownCluster& shownCluster : clusters) {
            const Cluster& cluster = m_analysis.findings.clusters[shownCluster.id.index()];
            m_out << fmt::format("| {} | {} | {} | {} | {} |\n", clusterName(shownCluster.id),
                                 formatCount(shownCluster.findings.size()), kindInfo(cluster.kind).name,
                                 markdownText(cluster.sentence), linesText(cluster));
        }
    }

    [[nodiscard]] Result<void> writeExamples(const ShownCluster& cluster) {
        const Cluster& of = m_analysis.findings.clusters[cluster.id.index()];
        const std::size_t count = examplesOf(cluster, m_input);
        m_out << fmt::format("\n### {}: {}\n", clusterName(cluster.id), markdownText(of.sentence));
        for (std::size_t i = 0; i < count; ++i) {
            if (auto done = writeFinding(cluster.findings[i]); !done) return done;
        }
        if (count < cluster.findings.size())
            m_out << fmt::format("\nand {} more\n", formatCount(cluster.findings.size() - count));
        return {};
    }

    [[nodiscard]] Result<void> writeFinding(FindingId id) {
        m_lines.next();
        const Finding& finding = m_analysis.findings.row(id);
        m_out << fmt::format("\n{}\n\n", markdownCode(findingId(m_analysis.replay, finding)));
        for (const std::string& sentence : findingSentences(m_analysis, id))
            m_out << "- " << markdownText(sentence) << '\n';
        for (const RoleEvent& role : m_analysis.findings.rolesOf(finding)) {
            const std::uint32_t line = m_analysis.trace->events.line[role.event.index()];
            const auto text = m_lines.of(role.event);
            if (!text) return text.error();
            m_out << fmt::format("- {}, line {}: {}\n", roleWords(finding, role.role), formatCount(line),
                                 markdownCode(*text));
            writeAttributes(role.event);
        }
        return {};
    }

    void writeAttributes(EventId event) {
        const Trace& trace = *m_analysis.trace;
        for (const Attribute attribute : attributesOf(trace)) {
            const auto lines = attributeLines(trace, attribute, event);
            if (lines.empty()) continue;
            m_out << "  - " << attributeInfo(attribute).name << ':';
            if (lines.size() == 1) m_out << ' ' << markdownCode(lines.front());
            for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i)
                m_out << fmt::format("\n    {}. {}", i + 1, markdownCode(lines[i]));
            m_out << '\n';
        }
    }

    const ReportInput& m_input;
    const Analysis& m_analysis;
    FindingLines m_lines;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeFindingsMarkdown(const ReportInput& input, std::ostream& out) {
    return FindingsMarkdown(input, out).write();
}

}  // namespace alloclens
