// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/verdicts.h"

#include <algorithm>
#include <utility>

#include "core/base/parallel.h"
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

Verdicts joined(std::vector<Verdicts>& shares, std::size_t rows) {
    Verdicts all;
    all.rows.reserve(rows);
    for (Verdicts& share : shares) {
        for (Verdict verdict : share.rows) {
            verdict.firstCandidate += static_cast<std::uint32_t>(all.candidates.size());
            verdict.firstEvidence += static_cast<std::uint32_t>(all.evidence.size());
            all.rows.push_back(verdict);
        }
        all.candidates.insert(all.candidates.end(), share.candidates.begin(), share.candidates.end());
        all.evidence.insert(all.evidence.end(), share.evidence.begin(), share.evidence.end());
        for (std::size_t i = 0; i < all.countOf.size(); ++i) all.countOf[i] += share.countOf[i];
        share = Verdicts{};
    }
    return all;
}

Result<Verdicts> weighAll(const Replay& replay, const SurplusStudy& study, const Findings& findings,
                          const TaskContext& task) {
    if (study.rows.empty()) return Verdicts{};
    task.report("weighing causes", 0);
    const std::vector<std::uint32_t> damaged = damagedLines(*replay.trace);
    constexpr std::size_t kShare = 4096;
    std::vector<Verdicts> shares((study.rows.size() + kShare - 1) / kShare);
    sideBySide(shares.size(), [&](std::size_t share) {
        const std::size_t end = std::min(study.rows.size(), (share + 1) * kShare);
        for (std::size_t i = share * kShare; i < end; ++i) {
            if (task.isCancelled()) return;
            const SurplusFacts& facts = study.rows[i];
            const std::uint32_t line = replay.trace->events.line[facts.event.index()];
            append(shares[share], facts.finding,
                   weighCauses({replay, study, findings.row(facts.finding), facts, countNear(damaged, line)}));
        }
    });
    if (task.isCancelled()) return TaskContext::cancelled();
    return joined(shares, study.rows.size());
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
