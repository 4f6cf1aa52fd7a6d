// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/detector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>
#include <tuple>

#include "core/base/parallel.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

constexpr std::array kKinds = {
    FindingKindInfo{
        "double-free", "Double free",
        "A free of an address whose last lifetime already ended with a free. Each one in a row is a finding of its "
        "own.",
        Severity::Error},
    FindingKindInfo{
        "unknown-free", "Unknown free",
        "A free of an address that this trace never saw allocated. The buffer is older than the tracker, or the "
        "message is stray.",
        Severity::Warning},
    FindingKindInfo{
        "free-after-sweep", "Free after sweep",
        "A free of an address whose last lifetime ended in a sweep: the tracker removed its entry because its process "
        "had died.",
        Severity::Warning},
    FindingKindInfo{"leak", "Leak", "A buffer that is still live when its server stops or its trace ends.",
                    Severity::Warning},
    FindingKindInfo{"swept-leak", "Swept leak", "A buffer that a sweep removed: its process died without freeing it.",
                    Severity::Note},
    FindingKindInfo{
        "aliased-allocation", "Aliased allocation",
        "An allocation of an address that is already live. Two buffers then share one entry of the tracker.",
        Severity::Note},
    FindingKindInfo{
        "replay-divergence", "Replay divergence",
        "A line, or a sum that the log prints, contradicts the lines before it. Lines were lost, torn or reordered, "
        "or the line itself is damaged.",
        Severity::Note},
    FindingKindInfo{
        "mesh-divergence", "Mesh divergence",
        "Devices that run in step differ at an address: one lacks an allocation or a free that the others have, or "
        "has an extra one.",
        Severity::Warning},
    FindingKindInfo{
        "suspect-free", "Suspect free",
        "A free before a double free that a stale owner may have made. The refused free is then the rightful one.",
        Severity::Note},
    FindingKindInfo{
        "open-at-end", "Open at the end",
        "A buffer that is live where the log ends, and the log ends before its server: the server still ran, or the "
        "log was cut. The buffer may be freed later.",
        Severity::Note},
};

using Detector = void (*)(const Replay&, FindingSink&, const TaskContext&);
constexpr std::array<Detector, 6> kDetectors = {
    detectReplayDivergences,  // the longest first; it and the last ones share their work among the cores
    detectLeaks,
    detectSurplusFrees,
    detectAliasedAllocations,
    detectSuspectFrees,
    detectMeshDivergences,
};
using Parts = std::array<Findings, kDetectors.size()>;

/// The order of findings. Findings that compare equal keep the order of the detectors.
bool comesFirst(const Finding& a, const Finding& b) {
    return std::tie(a.primary, a.kind, a.address) < std::tie(b.primary, b.kind, b.address);
}

/// Merges the findings of the detectors, each of which is sorted.
class Merging {
public:
    explicit Merging(Parts& parts) : m_parts(parts) {}

    [[nodiscard]] Findings run(std::size_t events) {
        std::size_t roles = 0;
        std::size_t rows = 0;
        for (std::size_t part = 0; part < m_parts.size(); ++part) {
            m_firstRole[part] = static_cast<std::uint32_t>(roles);
            roles += m_parts[part].roles.size();
            rows += m_parts[part].rows.size();
        }
        m_findings.rows.resize(rows);
        m_findings.roles.resize(roles);
        // Each core merges the findings of its share of the events.
        constexpr std::size_t kFewestRows = std::size_t{1} << 14;
        const std::size_t shares = shareCount(rows, kFewestRows);
        sideBySide(shares, [&](std::size_t i) { mergeRows(events * i / shares, events * (i + 1) / shares); });
        sideBySide(m_parts.size(), [this](std::size_t part) {
            std::copy(m_parts[part].roles.begin(), m_parts[part].roles.end(),
                      m_findings.roles.begin() + m_firstRole[part]);
        });
        for (std::size_t part = 0; part < m_parts.size(); ++part) takeDetails(m_parts[part], kDetectors[part]);
        return std::move(m_findings);
    }

private:
    using Places = std::array<std::size_t, std::tuple_size_v<Parts>>;

    /// For each detector: the position of its first finding at or after an event.
    [[nodiscard]] Places placesOf(std::size_t event) const {
        Places places{};
        for (std::size_t part = 0; part < m_parts.size(); ++part) {
            const auto& rows = m_parts[part].rows;
            const auto at = std::partition_point(
                rows.begin(), rows.end(), [event](const Finding& finding) { return finding.primary.index() < event; });
            places[part] = static_cast<std::size_t>(at - rows.begin());
        }
        return places;
    }

    void mergeRows(std::size_t firstEvent, std::size_t lastEvent) {
        Places next = placesOf(firstEvent);
        const Places end = placesOf(lastEvent);
        Finding* out = m_findings.rows.begin() + std::accumulate(next.begin(), next.end(), std::size_t{0});
        for (;;) {
            const Finding* first = nullptr;
            std::size_t from = 0;
            for (std::size_t part = 0; part < m_parts.size(); ++part) {
                if (next[part] == end[part]) continue;
                const Finding& candidate = m_parts[part].rows[next[part]];
                if (first != nullptr && !comesFirst(candidate, *first)) continue;
                first = &candidate;
                from = part;
            }
            if (first == nullptr) return;
            *out = *first;
            out->firstRole += m_firstRole[from];
            ++out;
            ++next[from];
        }
    }

    void takeDetails(Findings& part, Detector detector) {
        if (!part.mesh.meshes.empty()) m_findings.mesh = std::move(part.mesh);
        if (!part.suspicions.empty()) m_findings.suspicions = std::move(part.suspicions);
        if (detector == detectReplayDivergences) {
            m_findings.ledger = std::move(part.ledger);
            m_findings.sums = std::move(part.sums);
        }
    }

    Parts& m_parts;
    std::array<std::uint32_t, std::tuple_size_v<Parts>> m_firstRole{};
    Findings m_findings;
};

/// Links findings to their details. Requires: both are in the same order.
void linkDetails(Findings& findings) {
    std::size_t divergence = 0;
    std::size_t suspicion = 0;
    for (std::uint32_t row = 0; row < findings.rows.size(); ++row) {
        const auto kind = static_cast<FindingKind>(findings.rows[row].kind);
        if (kind == FindingKind::MeshDivergence) findings.mesh.divergences[divergence++].finding = FindingId(row);
        if (kind == FindingKind::SuspectFree) findings.suspicions[suspicion++].finding = FindingId(row);
    }
}

}  // namespace

std::string_view severityName(Severity severity) {
    switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Note: return "note";
    }
    return {};
}

std::string_view roleName(Role role) {
    static constexpr std::array<std::string_view, 6> kNames = {"allocated",   "aliased", "released",
                                                               "freed-again", "swept",   "candidate"};
    return kNames[static_cast<std::size_t>(role)];
}

EventId Findings::eventIn(const Finding& finding, Role role) const {
    for (const RoleEvent& entry : rolesOf(finding)) {
        if (entry.role == role) return entry.event;
    }
    return {};
}

const Suspicion* Findings::suspicionOf(FindingId finding) const {
    const auto at = std::lower_bound(suspicions.begin(), suspicions.end(), finding,
                                     [](const Suspicion& of, FindingId id) { return of.finding < id; });
    return at != suspicions.end() && at->finding == finding ? &*at : nullptr;
}

const FailedCheck* Findings::sumOf(const Finding& finding) const {
    if (static_cast<FindingKind>(finding.kind) != FindingKind::ReplayDivergence || finding.address.isValid())
        return nullptr;
    const std::size_t row = std::size_t{finding.ordinal} - sums.firstOrdinal;
    return finding.ordinal >= sums.firstOrdinal && row < sums.failures.size() ? &ledger.failures[sums.failures[row]]
                                                                              : nullptr;
}

const Suspicion* Findings::suspicionOfRefused(EventId refused) const {
    const auto at = std::find_if(suspicions.begin(), suspicions.end(),
                                 [refused](const Suspicion& of) { return of.refused == refused; });
    return at == suspicions.end() ? nullptr : &*at;
}

std::optional<Blame> Findings::blameOfRefused(EventId refused) const {
    auto at = std::lower_bound(rows.begin(), rows.end(), refused,
                               [](const Finding& finding, EventId event) { return finding.primary < event; });
    while (at != rows.end() && at->primary == refused && !isRefusedFree(*at)) ++at;
    if (at == rows.end() || at->primary != refused) return std::nullopt;
    const Verdict* verdict = verdicts.of(FindingId(static_cast<std::size_t>(at - rows.begin())));
    return verdict == nullptr ? Blame::Undetermined : blameOf(verdict->cause);
}

std::span<const FindingKindInfo> findingKinds() { return kKinds; }

std::optional<FindingKind> findingKindFromName(std::string_view name) {
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        if (kKinds[i].name == name) return static_cast<FindingKind>(i);
    }
    return std::nullopt;
}

void FindingSink::add(FindingKind kind, Finding finding, std::span<const RoleEvent> roles) {
    assert(finding.roleCount == 0);
    finding.kind = static_cast<std::uint8_t>(kind);
    finding.severity = kKinds[finding.kind].severity;
    finding.firstRole = static_cast<std::uint32_t>(m_findings.roles.size());
    for (const RoleEvent& role : roles) {
        if (role.event.isValid()) m_findings.roles.push_back(role);
    }
    finding.roleCount = static_cast<std::uint32_t>(m_findings.roles.size()) - finding.firstRole;
    m_findings.rows.push_back(finding);
}

Result<Findings> detect(const Replay& replay, const TaskContext& task) {
    task.report("looking for findings", 0);
    Parts parts;
    sideBySide(kDetectors.size(), [&](std::size_t i) {
        FindingSink sink(parts[i]);
        kDetectors[i](replay, sink, task);
        auto& rows = parts[i].rows;
        if (!std::is_sorted(rows.begin(), rows.end(), comesFirst))
            std::stable_sort(rows.begin(), rows.end(), comesFirst);
    });
    if (task.isCancelled()) return TaskContext::cancelled();
    Findings findings = Merging(parts).run(replay.trace->events.count());
    linkDetails(findings);
    findings.countOf.assign(kKinds.size(), 0);
    for (const Finding& finding : findings.rows) ++findings.countOf[finding.kind];
    return findings;
}

std::string findingId(const Replay& replay, const Finding& finding) {
    const std::string_view kind = kindInfo(finding.kind).name;
    if (!finding.address.isValid()) return fmt::format("{}:{}", kind, finding.ordinal);
    const AddressKey& key = replay.trace->key(finding.address);
    const std::string device = key.device == kNoDevice ? "none" : fmt::format("{}", key.device);
    return fmt::format("{}:{}:{}:g{}:{}", kind, device, formatHex(key.address), finding.generation, finding.ordinal);
}

std::vector<std::int32_t> findingPids(const Replay& replay, const Findings& findings, const Finding& finding) {
    std::vector<std::int32_t> pids;
    for (const RoleEvent& role : findings.rolesOf(finding)) {
        const std::int32_t pid = replay.trace->pid(replay.trace->events.process[role.event.index()]);
        if (pid != kNoPid && std::find(pids.begin(), pids.end(), pid) == pids.end()) pids.push_back(pid);
    }
    return pids;
}

}  // namespace alloclens
