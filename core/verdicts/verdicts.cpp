// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/verdicts.h"

#include <algorithm>
#include <utility>

#include "core/base/parallel.h"
#include "core/verdicts/causes.h"
#include "core/verdicts/cluster.h"

namespace alloclens {
namespace {

/// The lines that are damaged, ascending.
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

/// Limits confidence for addresses where the log contradicts itself, or for all if the log cannot be trusted.
class ConfidenceLimit {
public:
    ConfidenceLimit(const Replay& replay, const Trust& trust) : m_isOfAll(trust.limitsConfidence) {
        if (replay.contradictions.empty()) return;
        m_isContradicted.assign(replay.addresses.size(), false);
        for (const Contradiction& of : replay.contradictions) {
            const AddressId key = replay.trace->events.address[of.event.index()];
            if (key.isValid()) m_isContradicted[key.index()] = true;
        }
    }
    [[nodiscard]] int of(AddressId key) const {
        constexpr int kNone = 100;
        const bool isLimited = m_isOfAll || (!m_isContradicted.empty() && m_isContradicted[key.index()]);
        return isLimited ? kLimitedConfidence : kNone;
    }

private:
    bool m_isOfAll;
    std::vector<bool> m_isContradicted;  ///< by AddressId; empty if no address is
};

// Decides before it limits confidence, since limited values may be equal.
void append(Verdicts& verdicts, FindingId finding, const std::vector<Weighed>& candidates, int limit) {
    Verdict verdict;
    verdict.finding = finding;
    verdict.firstCandidate = static_cast<std::uint32_t>(verdicts.candidates.size());
    verdict.firstEvidence = static_cast<std::uint32_t>(verdicts.evidence.size());
    verdict.candidateCount = static_cast<std::uint8_t>(candidates.size());
    for (const Weighed& weighed : candidates) {
        verdicts.candidates.push_back({weighed.cause, static_cast<std::uint8_t>(std::min(weighed.points, limit)),
                                       static_cast<std::uint8_t>(weighed.evidence().size())});
        for (const Evidence& evidence : weighed.evidence()) verdicts.evidence.push_back(evidence);
    }
    // Two equally likely candidates decide nothing.
    const bool isDecided = !candidates.empty() && candidates[0].points >= kDecided
                           && (candidates.size() == 1 || candidates[1].points < candidates[0].points);
    if (isDecided) {
        verdict.cause = candidates[0].cause;
        verdict.confidence = static_cast<std::uint8_t>(std::min(candidates[0].points, limit));
    }
    ++verdicts.countOf[static_cast<std::size_t>(verdict.cause)];
    verdicts.rows.push_back(verdict);
}

// Frees each share after copying it, so that no verdict is stored twice for long.
Verdicts joined(std::vector<Verdicts> shares) {
    Verdicts all;
    struct Place {
        std::size_t row;
        std::size_t candidate;
        std::size_t evidence;
    };
    std::vector<Place> places;
    Place end{};
    for (const Verdicts& share : shares) {
        places.push_back(end);
        end.row += share.rows.size();
        end.candidate += share.candidates.size();
        end.evidence += share.evidence.size();
        for (std::size_t i = 0; i < all.countOf.size(); ++i) all.countOf[i] += share.countOf[i];
    }
    all.rows.resize(end.row);
    all.candidates.resize(end.candidate);
    all.evidence.resize(end.evidence);
    sideBySide(shares.size(), [&](std::size_t i) {
        const Verdicts share = std::move(shares[i]);
        const Place& place = places[i];
        std::transform(share.rows.begin(), share.rows.end(), all.rows.begin() + place.row, [&place](Verdict verdict) {
            verdict.firstCandidate += static_cast<std::uint32_t>(place.candidate);
            verdict.firstEvidence += static_cast<std::uint32_t>(place.evidence);
            return verdict;
        });
        std::copy(share.candidates.begin(), share.candidates.end(), all.candidates.begin() + place.candidate);
        std::copy(share.evidence.begin(), share.evidence.end(), all.evidence.begin() + place.evidence);
    });
    return all;
}

Result<Verdicts> weighAll(const Replay& replay, const SurplusStudy& study, const Findings& findings,
                          const TaskContext& task) {
    if (study.rows.empty()) return Verdicts{};
    task.report("weighing causes", 0);
    const std::vector<std::uint32_t> damaged = damagedLines(*replay.trace);
    const Trust& trust = findings.ledger.trust;
    const ConfidenceLimit limit(replay, trust);
    constexpr std::size_t kShare = 4096;
    std::vector<Verdicts> shares((study.rows.size() + kShare - 1) / kShare);
    inParallel(shares.size(), [&] {
        return [&, candidates = std::vector<Weighed>()](std::size_t share) mutable {
            const std::size_t end = std::min(study.rows.size(), (share + 1) * kShare);
            for (std::size_t i = share * kShare; i < end; ++i) {
                if (task.isCancelled()) return;
                const SurplusFacts& facts = study.rows[i];
                const std::uint32_t line = replay.trace->events.line[facts.event.index()];
                weighCauses({replay, study, findings.row(facts.finding), facts, countNear(damaged, line),
                             !trust.isOfSeveralServers},
                            candidates);
                append(shares[share], facts.finding, candidates, limit.of(facts.address));
            }
        };
    });
    if (task.isCancelled()) return TaskContext::cancelled();
    return joined(std::move(shares));
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
