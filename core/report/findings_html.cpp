// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings as a page that needs only a browser: a table of clusters, and for each cluster a few findings with the lines
// that prove them.
#include <fmt/format.h>

#include <ostream>

#include "core/base/units.h"
#include "core/report/attributes.h"
#include "core/report/finding_lines.h"
#include "core/report/markup.h"
#include "core/report/parts.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

class FindingsPage {
public:
    FindingsPage(const ReportInput& input, std::ostream& out)
        : m_input(input), m_analysis(*input.analysis), m_lines(*input.analysis), m_out(out) {}

    [[nodiscard]] Result<void> write() {
        const std::vector<ShownCluster> clusters = clustersShown(m_input);
        std::vector<FindingId> examples;
        for (const ShownCluster& cluster : clusters) {
            const auto first = cluster.findings.begin();
            examples.insert(examples.end(), first, first + static_cast<std::ptrdiff_t>(examplesOf(cluster, m_input)));
        }
        m_lines.expect(std::move(examples));
        writePageHead("Findings in " + m_analysis.trace->source->path(), m_out);
        writeTotals(clusters);
        if (!clusters.empty()) writeTable(clusters);
        for (const ShownCluster& cluster : clusters) {
            if (auto done = writeCluster(cluster); !done) return done;
        }
        writePageEnd(m_out);
        return {};
    }

private:
    void writeTotals(const std::vector<ShownCluster>& clusters) {
        const Ledger& ledger = m_analysis.findings.ledger;
        std::size_t shown = 0;
        for (const ShownCluster& cluster : clusters) shown += cluster.findings.size();
        m_out << fmt::format("<p>{}. {}, {}.</p>\n", htmlText(totalSentence(m_input, shown, clusters.size())),
                             formatQuantity(m_analysis.trace->source->lines(), "line"),
                             formatQuantity(m_analysis.replay.totals.total, "event"))
              << fmt::format("<p class=\"soft\">Ledger: {}. {}</p>\n", gradeName(ledger.grade),
                             gradeMeaning(ledger.grade));
        for (const std::string& note : trustNotes(m_analysis)) m_out << "<p>" << htmlText(note) << "</p>\n";
    }

    void writeTable(const std::vector<ShownCluster>& clusters) {
        m_out << "<table>\n<tr><th></th><th class=\"number\">findings</th><th>kind</th><th>what happened</th>"
                 "<th class=\"number\">lines</th></tr>\n";
        for (const ShownCluster& shown : clusters) {
            const Cluster& cluster = m_analysis.findings.clusters[shown.id.index()];
            m_out << fmt::format("<tr><td><a href=\"#{0}\">{0}</a></td><td class=\"number\">{1}</td>"
                                 "<td class=\"kind {2}\">{3}</td><td>{4}</td><td class=\"number\">{5}</td></tr>\n",
                                 clusterName(shown.id), formatCount(shown.findings.size()), classOf(cluster),
                                 kindInfo(cluster.kind).name, htmlText(cluster.sentence), linesText(cluster));
        }
        m_out << "</table>\n";
    }

    [[nodiscard]] static std::string_view classOf(const Cluster& cluster) {
        return kindInfo(cluster.kind).severity == Severity::Error ? "bad" : "";
    }

    [[nodiscard]] Result<void> writeCluster(const ShownCluster& shown) {
        const Cluster& cluster = m_analysis.findings.clusters[shown.id.index()];
        m_out << fmt::format("<details id=\"{}\"><summary><span class=\"{}\">{}</span> {}</summary>\n",
                             clusterName(shown.id), classOf(cluster), kindInfo(cluster.kind).title,
                             htmlText(cluster.sentence))
              << "<p class=\"soft\">" << htmlText(kindInfo(cluster.kind).help) << "</p>\n";
        const std::size_t count = examplesOf(shown, m_input);
        for (std::size_t i = 0; i < count; ++i) {
            if (auto done = writeFinding(shown.findings[i]); !done) return done;
        }
        if (count < shown.findings.size())
            m_out << fmt::format("<p class=\"soft\">and {} more</p>\n", formatCount(shown.findings.size() - count));
        m_out << "</details>\n";
        return {};
    }

    [[nodiscard]] Result<void> writeFinding(FindingId id) {
        m_lines.next();
        const Finding& finding = m_analysis.findings.row(id);
        m_out << fmt::format("<div class=\"finding\"><code>{}</code>\n",
                             htmlText(findingId(m_analysis.replay, finding)));
        const auto sentences = findingSentences(m_analysis, id);
        if (!sentences.empty()) {
            m_out << "<ul>";
            for (const std::string& sentence : sentences) m_out << "<li>" << htmlText(sentence) << "</li>";
            m_out << "</ul>\n";
        }
        const auto roles = m_analysis.findings.rolesOf(finding);
        if (!roles.empty()) m_out << "<pre>";
        for (const RoleEvent& role : roles) {
            const std::uint32_t line = m_analysis.trace->events.line[role.event.index()];
            const auto text = m_lines.of(role.event);
            if (!text) return text.error();
            m_out << fmt::format("{:<15} {:>11}  {}\n", roleWords(finding, role.role), formatCount(line),
                                 htmlText(*text));
            for (const std::string& note : attributeNotes(*m_analysis.trace, role.event))
                m_out << fmt::format("{:>29}{}\n", "", htmlText(note));
        }
        m_out << (roles.empty() ? "</div>\n" : "</pre></div>\n");
        return {};
    }

    const ReportInput& m_input;
    const Analysis& m_analysis;
    FindingLines m_lines;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeFindingsHtml(const ReportInput& input, std::ostream& out) { return FindingsPage(input, out).write(); }

}  // namespace alloclens
