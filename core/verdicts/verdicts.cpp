// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/verdicts.h"

#include <algorithm>
#include <utility>

#include "core/verdicts/causes.h"
#include "core/verdicts/cluster.h"

namespace alloclens {
namespace {

/// Lines of which parts could not be read, in order.
std::vector<std::uint32_t> damagedLines(const Trace& trace) {
    std::vector<std::uint32_t> lines;
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        const bool isDamage = diagnostic.code == DiagnosticCode::TornLine
                              || diagnostic.code == DiagnosticCode::JoinedEvents
                              || diagnostic.code == DiagnosticCode::NumberOutOfRange;
        if (isDamage) lines.push_back(diagnostic.line);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::uint32_t countNear(const std::vector<std::uint32_t>& lines, std::uint32_t line) {
    const auto first = std::lower_bound(lines.begin(), lines.end(), line > 0 ? line - 1 : 0);
    const auto last = std::upper_bound(first, lines.end(), line + 1);
    return static_cast<std::uint32_t>(last - first);
}

void append(Verdicts& verdicts, FindingId finding, const std::vector<Weighed>& candidates) {
    Verdict verdict;
    verdict.finding = finding;
    verdict.firstCandidate = static_cast<std::uint32_t>(verdicts.candidates.size());
    verdict.firstEvidence = static_cast<std::uint32_t>(verdicts.evidence.size());
    verdict.candidateCount = static_cast<std::uint8_t>(candidates.size());
    for (const Weighed& weighed : candidates) {
        verdicts.candidates.push_back({weighed.cause, static_cast<std::uint8_t>(weighed.points),
                                       static_cast<std::uint8_t>(weighed.evidence.size())});
        verdicts.evidence.insert(verdicts.evidence.end(), weighed.evidence.begin(), weighed.evidence.end());
    }
    // Two that are equally likely do not decide.
    const bool isDecided = !candidates.empty() && candidates[0].points >= kDecided
                           && (candidates.size() == 1 || candidates[1].points < candidates[0].points);
    if (isDecided) {
        verdict.cause = candidates[0].cause;
        verdict.confidence = static_cast<std::uint8_t>(candidates[0].points);
    }
    ++verdicts.countOf[static_cast<std::size_t>(verdict.cause)];
    verdicts.rows.push_back(verdict);
}

Result<Verdicts> weighAll(const Replay& replay, const SurplusStudy& study, const Findings& findings,
                          const TaskContext& task) {
    Verdicts verdicts;
    if (study.rows.empty()) return verdicts;
    task.report("weighing causes", 0);
    const std::vector<std::uint32_t> damaged = damagedLines(*replay.trace);
    for (std::size_t i = 0; i < study.rows.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
        const SurplusFacts& facts = study.rows[i];
        const std::uint32_t line = replay.trace->events.line[facts.event.index()];
        append(verdicts, facts.finding,
               weighCauses({replay, study, findings.row(facts.finding), facts, countNear(damaged, line)}));
    }
    return verdicts;
}

}  // namespace

Result<void> judge(const Replay& replay, Findings& findings, const TaskContext& task) {
    auto study = studySurplusFrees(replay, findings, task);
    if (!study) return study.error();
    auto verdicts = weighAll(replay, *study, findings, task);
    if (!verdicts) return verdicts.error();
    findings.verdicts = std::move(*verdicts);
    clusterFindings(replay, *study, findings);
    return {};
}

}  // namespace alloclens
