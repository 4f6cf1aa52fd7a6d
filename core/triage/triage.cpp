// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/triage.h"

#include <fmt/format.h>

#include <unordered_set>

namespace alloclens {
namespace {

/// The first suppression that matches and has not expired; else the first that matches.
std::optional<std::size_t> matchOf(const std::string& signature, const std::vector<SuppressionUse>& uses) {
    std::optional<std::size_t> expired;
    for (std::size_t i = 0; i < uses.size(); ++i) {
        if (!uses[i].suppression.matches(signature)) continue;
        if (!uses[i].isExpired) return i;
        if (!expired) expired = i;
    }
    return expired;
}

/// The identifier in the baseline that covers a finding. A known leak also covers the buffer that a log which stops
/// early shows as open. A known open buffer does not cover a leak.
std::optional<std::string> knownAs(const Baseline& baseline, const Replay& replay, const Finding& finding) {
    std::string id = findingId(replay, finding);
    if (baseline.contains(id)) return id;
    if (static_cast<FindingKind>(finding.kind) != FindingKind::OpenAtEnd) return std::nullopt;
    Finding leak = finding;
    leak.kind = static_cast<std::uint8_t>(FindingKind::Leak);
    id = findingId(replay, leak);
    if (baseline.contains(id)) return id;
    return std::nullopt;
}

}  // namespace

Triage triage(const Analysis& analysis, const std::optional<Baseline>& baseline,
              const std::vector<Suppression>& suppressions, std::chrono::year_month_day today) {
    const Findings& findings = analysis.findings;
    Triage triage;
    triage.shown.assign(findings.rows.size(), 1);
    triage.hasBaseline = baseline.has_value();
    for (const Suppression& suppression : suppressions)
        triage.uses.push_back({suppression, suppression.isExpired(today), 0});
    std::vector<std::optional<std::size_t>> ofCluster;
    for (const Cluster& cluster : findings.clusters) ofCluster.push_back(matchOf(cluster.signature, triage.uses));
    std::unordered_set<std::string> seen;
    for (std::size_t row = 0; row < findings.rows.size(); ++row) {
        const Finding& finding = findings.rows[row];
        if (baseline) {
            if (auto id = knownAs(*baseline, analysis.replay, finding)) {
                ++triage.known;
                triage.shown[row] = 0;
                seen.insert(std::move(*id));
            }
        }
        const auto suppression = ofCluster[finding.cluster.index()];
        if (!suppression) continue;
        SuppressionUse& use = triage.uses[*suppression];
        ++use.count;
        if (use.isExpired || triage.shown[row] == 0) continue;
        triage.shown[row] = 0;
        ++triage.suppressed;
    }
    if (!baseline) return triage;
    for (const std::string& id : baseline->ids()) {
        if (!seen.contains(id)) triage.gone.push_back(id);
    }
    return triage;
}

std::vector<std::string> staleSuppressions(const Triage& triage) {
    std::vector<std::string> sentences;
    for (const SuppressionUse& use : triage.uses) {
        if (use.isExpired) {
            sentences.push_back(fmt::format("the suppression of '{}' ({}) expired on {} and hides nothing",
                                            use.suppression.signature, use.suppression.reason,
                                            dayText(use.suppression.expires)));
        } else if (use.count == 0) {
            sentences.push_back(fmt::format("the suppression of '{}' ({}) matches nothing in this log",
                                            use.suppression.signature, use.suppression.reason));
        }
    }
    return sentences;
}

}  // namespace alloclens
