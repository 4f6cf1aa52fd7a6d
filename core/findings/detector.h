// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of what AllocLens can find. A detector reads a finished replay and adds findings to a sink; it knows no
// other detector. To add one: write its file, declare its function below, and add its row in detector.cpp. Detectors
// run on several threads at once, each with a sink of its own.
#pragma once

#include <cassert>
#include <optional>
#include <span>
#include <string_view>

#include "core/findings/finding.h"
#include "core/replay/replay.h"

namespace alloclens {

/// The name and meaning of a kind of finding. Rows are numbered by FindingKind.
struct FindingKindInfo {
    std::string_view name;   ///< stable identifier, such as "double-free"
    std::string_view title;  ///< for people: "Double free"
    std::string_view help;   ///< one or two sentences
    Severity severity;
};

enum class FindingKind : std::uint8_t {
    DoubleFree,
    UnknownFree,
    FreeAfterSweep,
    Leak,
    SweptLeak,
    AliasedAllocation,
    ReplayDivergence,
    MeshDivergence,
    SuspectFree,
    OpenAtEnd,
};

[[nodiscard]] std::span<const FindingKindInfo> findingKinds();
[[nodiscard]] std::optional<FindingKind> findingKindFromName(std::string_view name);
/// Requires: `kind` is a FindingKind.
[[nodiscard]] inline const FindingKindInfo& kindInfo(std::uint8_t kind) {
    assert(kind < findingKinds().size());
    return findingKinds()[kind];
}

/// Whether a refused free caused it. Each refused free has exactly one finding of these kinds, and a mark on the
/// timeline.
[[nodiscard]] inline bool isRefusedFree(const Finding& finding) {
    const auto kind = static_cast<FindingKind>(finding.kind);
    return kind == FindingKind::DoubleFree || kind == FindingKind::UnknownFree || kind == FindingKind::FreeAfterSweep;
}

/// Collects what detectors find. Used by one thread.
class FindingSink {
public:
    explicit FindingSink(Findings& findings) : m_findings(findings) {}
    /// Reserves room for `count` findings with at most `roles` events each.
    void expect(std::size_t count, std::size_t roles) {
        m_findings.rows.reserve(count);
        m_findings.roles.reserve(count * roles);
    }
    /// Adds a finding and its events. Requires: the finding's own role range is empty.
    void add(FindingKind kind, Finding finding, std::span<const RoleEvent> roles);
    void add(FindingKind kind, const Finding& finding, std::initializer_list<RoleEvent> roles) {
        add(kind, finding, std::span(roles.begin(), roles.size()));
    }
    /// Keeps the details of the findings of a kind. Requires: they are in the order of those findings.
    void keep(MeshParity parity) { m_findings.mesh = std::move(parity); }
    void keep(std::vector<Suspicion> suspicions) { m_findings.suspicions = std::move(suspicions); }
    void keep(Ledger ledger, DivergentSums sums) {
        m_findings.ledger = std::move(ledger);
        m_findings.sums = std::move(sums);
    }

private:
    Findings& m_findings;
};

/// Runs every detector and sorts the findings by primary event. Does not fill verdicts and clusters (core/verdicts
/// does). Errors: cancelled.
[[nodiscard]] Result<Findings> detect(const Replay& replay, const TaskContext& task);

/// An identifier that is the same from run to run and independent of lines, so a baseline survives unrelated changes of
/// the log: "double-free:4:0x296db600:g1:1" is kind, device, address, generation and ordinal.
[[nodiscard]] std::string findingId(const Replay& replay, const Finding& finding);
/// The pids of its events, each once, in order of appearance.
[[nodiscard]] std::vector<std::int32_t> findingPids(const Replay& replay, const Findings& findings,
                                                    const Finding& finding);

// The detectors, one file each. They stop early if the task is cancelled; the caller then drops what they added.
void detectSurplusFrees(const Replay& replay, FindingSink& sink, const TaskContext& task);
void detectLeaks(const Replay& replay, FindingSink& sink, const TaskContext& task);
void detectAliasedAllocations(const Replay& replay, FindingSink& sink, const TaskContext& task);
void detectReplayDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task);
void detectMeshDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task);
void detectSuspectFrees(const Replay& replay, FindingSink& sink, const TaskContext& task);

}  // namespace alloclens
