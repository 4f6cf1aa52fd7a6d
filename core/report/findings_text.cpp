// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings for the terminal, grouped by kind, the gravest first. Each shows the lines that prove it, the newest first,
// then the numbered earlier lifetimes of the address. The LLVM offload runtime reports bad frees in the same order: the
// offence, the last deallocation, the last allocation, prior allocations.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <span>

#include "core/base/showable.h"
#include "core/base/units.h"
#include "core/report/attributes.h"
#include "core/report/finding_lines.h"
#include "core/report/markup.h"
#include "core/report/parts.h"
#include "core/report/text_style.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kPriorShown = 5;

class FindingsText {
public:
    FindingsText(const ReportInput& input, std::ostream& out)
        : m_input(input), m_analysis(*input.analysis), m_style(input.colour), m_lines(*input.analysis), m_out(out) {}

    [[nodiscard]] Result<void> write() {
        const Findings& findings = m_analysis.findings;
        const auto rows = findingsShown(m_input, 0);
        const auto notes = trustNotes(m_analysis);
        for (const std::string& note : notes) m_out << note << '\n';
        if (!notes.empty()) m_out << '\n';
        std::vector<std::vector<std::uint32_t>> byKind(findingKinds().size());
        for (const std::uint32_t row : rows) byKind[findings.rows[row].kind].push_back(row);
        std::vector<FindingId> inOrder;
        for (const auto& ofKind : byKind) {
            for (const std::uint32_t row : shownOf(ofKind)) inOrder.emplace_back(row);
        }
        m_lines.expect(std::move(inOrder));
        for (std::size_t kind = 0; kind < byKind.size(); ++kind) {
            if (byKind[kind].empty()) continue;
            if (const auto done = writeKind(findingKinds()[kind], byKind[kind]); !done) return done.error();
        }
        writeTotals(byKind, rows.size());
        return {};
    }

private:
    [[nodiscard]] std::span<const std::uint32_t> shownOf(std::span<const std::uint32_t> rows) const {
        return m_input.limit > 0 ? rows.first(std::min(m_input.limit, rows.size())) : rows;
    }

    [[nodiscard]] Result<void> writeKind(const FindingKindInfo& kind, const std::vector<std::uint32_t>& rows) {
        m_out << m_style.strong(fmt::format("{}: {}", kind.title, formatQuantity(rows.size(), "finding"))) << '\n'
              << m_style.muted(std::string(kind.help)) << "\n\n";
        const auto shown = shownOf(rows);
        for (const std::uint32_t row : shown) {
            if (const auto done = writeFinding(FindingId(row)); !done) return done.error();
        }
        if (shown.size() < rows.size()) {
            m_out << m_style.muted(
                fmt::format("... and {} more (raise --limit)", formatCount(rows.size() - shown.size())))
                  << "\n\n";
        }
        return {};
    }

    [[nodiscard]] Result<void> writeFinding(FindingId id) {
        m_lines.next();
        const Finding& finding = m_analysis.findings.row(id);
        const bool isRefused = m_analysis.findings.eventIn(finding, Role::FreedAgain).isValid();
        const std::string kind(kindInfo(finding.kind).name);
        m_out << (isRefused ? m_style.refused(kind) : m_style.strong(kind)) << "  " << findingPlace(m_analysis, finding)
              << m_style.muted("  " + findingId(m_analysis.replay, finding)) << '\n';
        const auto roles = m_analysis.findings.rolesOf(finding);
        for (auto role = roles.rbegin(); role != roles.rend(); ++role) {
            const std::uint32_t line = m_analysis.trace->events.line[role->event.index()];
            const auto text = m_lines.of(role->event);
            if (!text) return text.error();
            const std::string_view words = roleWords(finding, role->role);
            constexpr std::size_t kWidth = 15;
            m_out << fmt::format("    {:<{}} line {:>10}  ", words, words.size() > kWidth ? words.size() + 1 : kWidth,
                                 formatCount(line))
                  << placeColumn(*m_analysis.trace, line) << timeColumn(*m_analysis.trace, role->event)
                  << showable(*text) << '\n';
            for (const std::string& note : attributeNotes(*m_analysis.trace, role->event))
                m_out << m_style.muted("      " + note) << '\n';
        }
        if (const std::string sentence = surplusSentence(m_analysis, finding); !sentence.empty()) {
            m_out << "    " << sentence << '\n';
        }
        writeVerdict(id);
        writeSuspicion(id);
        if (const std::string sentence = meshSentence(m_analysis, id); !sentence.empty()) {
            m_out << "    " << sentence << '\n';
        }
        writeContradictions(finding);
        if (isRefused) writePrior(finding);
        m_out << '\n';
        return {};
    }

    // Writes the verdict, and the evidence for and against its cause, or the likeliest one.
    void writeVerdict(FindingId id) {
        const std::string verdict = verdictSentence(m_analysis.findings, id);
        if (verdict.empty()) return;
        m_out << "    cause: " << verdict << '\n';
        const auto candidates = candidateWords(m_analysis.findings, id);
        if (candidates.empty()) return;
        writeEvidence("for", candidates.front().evidenceFor);
        writeEvidence("against", candidates.front().evidenceAgainst);
    }

    void writeSuspicion(FindingId id) {
        const Suspicion* suspicion = m_analysis.findings.suspicionOf(id);
        if (suspicion == nullptr) return;
        for (const SuspectCandidate& candidate : suspicion->candidates) {
            m_out << "    suspect: " << suspectSentence(m_analysis, *suspicion, candidate) << '\n';
            std::vector<std::string> evidenceFor;
            std::vector<std::string> against;
            for (const SuspectEvidence& evidence : candidate.evidence)
                (evidence.isFor ? evidenceFor : against).push_back(suspectSentence(evidence));
            writeEvidence("for", evidenceFor);
            writeEvidence("against", against);
        }
        m_out << "    " << exposureSentence(m_analysis, *suspicion) << '\n';
    }

    void writeEvidence(std::string_view side, const std::vector<std::string>& sentences) {
        if (sentences.empty()) return;
        m_out << m_style.muted(fmt::format("      {}: {}", side, fmt::join(sentences, "; "))) << '\n';
    }

    void writeContradictions(const Finding& finding) {
        for (const std::string& sentence : divergenceSentences(m_analysis, finding))
            m_out << "    " << sentence << '\n';
    }

    void writePrior(const Finding& finding) {
        if (finding.generation <= 1) return;
        m_out << "    earlier lifetimes of this address:\n";
        const auto lifetimes = m_analysis.replay.lifetimesOf(finding.address);
        std::uint32_t number = 0;
        for (std::uint32_t generation = finding.generation - 1; generation >= 1; --generation) {
            if (number == kPriorShown) {
                m_out << fmt::format("      and {} more (alloclens-cli history)\n", formatCount(generation));
                break;
            }
            m_out << fmt::format("      #{} g{}: {}\n", ++number, generation,
                                 lifetimeSentence(m_analysis, lifetimes[generation - 1]));
        }
    }

    void writeTotals(const std::vector<std::vector<std::uint32_t>>& byKind, std::size_t shown) {
        const std::size_t total = m_analysis.findings.rows.size();
        if (total == 0) {
            m_out << "No findings.\n";
            return;
        }
        m_out << m_style.strong(formatQuantity(shown, "finding")) << hiddenClauses(m_input, shown) << '\n';
        for (std::size_t kind = 0; kind < byKind.size(); ++kind) {
            if (byKind[kind].empty()) continue;
            m_out << fmt::format("  {:<20}{:>12}\n", findingKinds()[kind].name, formatCount(byKind[kind].size()));
        }
        if (m_input.triage != nullptr && !m_input.triage->gone.empty()) {
            const std::size_t gone = m_input.triage->gone.size();
            m_out << fmt::format("{} of the baseline {} gone: fixed, or not exercised by this run.\n",
                                 formatQuantity(gone, "finding"), gone == 1 ? "is" : "are");
        }
    }

    const ReportInput& m_input;
    const Analysis& m_analysis;
    TextStyle m_style;
    FindingLines m_lines;
    std::ostream& m_out;
};

}  // namespace

Result<void> writeFindingsText(const ReportInput& input, std::ostream& out) { return FindingsText(input, out).write(); }

}  // namespace alloclens
