// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <compare>
#include <map>
#include <tuple>
#include <utility>

#include "core/base/interner.h"
#include "core/base/units.h"
#include "core/verdicts/cluster_sentence.h"

namespace alloclens {
namespace {

constexpr int kNoSizeClass = -1;

/// What the findings of a cluster have in common.
struct Signature {
    std::uint8_t kind = 0;
    Cause cause = Cause::Undetermined;
    bool isTeardown = false;
    Memory memory = Memory::Unknown;
    int sizeClass = kNoSizeClass;
    std::uint64_t size = kNoSize;  ///< of a sort of buffers that many of the findings are about
    std::int32_t pid = kNoPid;
    std::int32_t device = kNoDevice;  ///< that leaves its mesh
    bool isLacking = false;           ///< it lacks what the others have
    bool isSum = false;               ///< about a sum that the log prints
    friend auto operator<=>(const Signature&, const Signature&) = default;
};
struct SignatureHash {
    [[nodiscard]] std::uint64_t operator()(const Signature& of) const {
        const std::uint64_t small = static_cast<std::uint64_t>(of.sizeClass + 1) << 32
                                    | static_cast<std::uint64_t>(of.memory) << 24
                                    | static_cast<std::uint64_t>(of.cause) << 16
                                    | static_cast<std::uint64_t>(of.isSum) << 11
                                    | static_cast<std::uint64_t>(of.isLacking) << 10
                                    | static_cast<std::uint64_t>(of.isTeardown) << 9 | of.kind;
        const std::uint64_t place = std::uint64_t{static_cast<std::uint32_t>(of.device)} << 32
                                    | static_cast<std::uint32_t>(of.pid);
        return mixBits(small ^ mixBits(of.size + mixBits(place)));
    }
};

int sizeClassOf(std::uint64_t size) { return size == kNoSize ? kNoSizeClass : static_cast<int>(std::bit_width(size)); }

/// Causes that come buffer by buffer: another memory or size may be another fault.
bool isOfOneBuffer(Cause cause) {
    switch (cause) {
    case Cause::StaleOwner:
    case Cause::ViewFreesParent:
    case Cause::MeshBackingTwice:
    case Cause::MergedMemories:
    case Cause::Undetermined: return true;
    default: return false;
    }
}

// Without process and lines, so that it is the same in another run.
std::string describe(const Signature& signature) {
    std::string text(kindInfo(signature.kind).name);
    const auto add = [&text](std::string_view word) {
        if (!word.empty()) text += fmt::format(" {}", word);
    };
    if (signature.cause != Cause::Undetermined) add(causeName(signature.cause));
    if (signature.isTeardown) add("teardown");
    if (signature.isSum) add("sum");
    if (static_cast<FindingKind>(signature.kind) == FindingKind::MeshDivergence) {
        add(signature.isLacking ? "lacking" : "extra");
        add(fmt::format("device {}", signature.device));
    }
    if (signature.memory != Memory::Unknown) add(memoryName(signature.memory));
    if (signature.size != kNoSize) {
        add(formatBytes(signature.size));
    } else if (signature.sizeClass > 0) {
        const std::uint64_t low = std::uint64_t{1} << (signature.sizeClass - 1);
        add(fmt::format("{}..{}", formatBytes(low), formatBytes(low * 2 - 1 + (signature.sizeClass < 64 ? 1 : 0))));
    }
    return text;
}

/// The findings of one signature, by row.
struct Group {
    Signature signature;
    std::vector<std::uint32_t> rows;
};

class Grouping {
public:
    Grouping(const Replay& replay, const SurplusStudy& study, const Findings& findings)
        : m_replay(replay), m_study(study), m_findings(findings) {}

    /// Ordered by kind, then the largest first.
    [[nodiscard]] std::vector<Group> groups() {
        std::vector<Group> coarse = group();
        std::vector<Group> fine;
        for (Group& group : coarse) splitBySort(std::move(group), fine);
        std::sort(fine.begin(), fine.end(), [](const Group& a, const Group& b) {
            if (a.signature.kind != b.signature.kind) return a.signature.kind < b.signature.kind;
            if (a.rows.size() != b.rows.size()) return a.rows.size() > b.rows.size();
            return a.signature < b.signature;
        });
        return fine;
    }

private:
    [[nodiscard]] std::vector<Group> group() {
        Interner<Signature, SignatureHash> signatures;
        std::vector<Group> groups;
        std::size_t refused = 0;  // facts and verdicts are in the order of the findings
        for (std::uint32_t row = 0; row < m_findings.rows.size(); ++row) {
            const Finding& finding = m_findings.rows[row];
            const Signature signature = isRefusedFree(finding) ? ofRefused(finding, refused++)
                                                               : ofOther(FindingId(row));
            const std::uint32_t number = signatures.intern(signature);
            if (number == groups.size()) groups.push_back({signature, {}});
            groups[number].rows.push_back(row);
        }
        return groups;
    }

    [[nodiscard]] Signature ofOther(FindingId id) const {
        const Finding& finding = m_findings.row(id);
        Signature signature;
        signature.kind = finding.kind;
        if (const MeshDivergence* divergence = m_findings.mesh.of(id)) {
            signature.device = divergence->device;
            signature.isLacking = m_findings.mesh.eventsOf(*divergence).front().isLacking;
            return signature;
        }
        if (m_findings.sumOf(finding) != nullptr) {
            signature.isSum = true;
            return signature;
        }
        // The death of a process is one cause, whatever the process had.
        const auto kind = static_cast<FindingKind>(finding.kind);
        if (kind != FindingKind::SuspectFree && kind != FindingKind::SweptLeak) {
            signature.memory = finding.memory;
            signature.sizeClass = sizeClassOf(finding.size);
        }
        signature.pid = m_replay.trace->pid(m_replay.trace->events.process[finding.primary.index()]);
        return signature;
    }

    [[nodiscard]] Signature ofRefused(const Finding& finding, std::size_t number) const {
        const SurplusFacts& facts = m_study.rows[number];
        Signature signature;
        signature.kind = finding.kind;
        signature.cause = m_findings.verdicts.rows[number].cause;
        signature.pid = m_replay.trace->pid(facts.sender);
        signature.isTeardown = signature.cause == Cause::TeardownPool && facts.isBehindLastAllocation;
        return signature;
    }

    // Among few sorts those with some findings, among many those with two fifths of all.
    [[nodiscard]] static bool isOfItsOwn(std::size_t findings, std::size_t all, std::size_t sorts) {
        constexpr std::size_t kFewSorts = 3;
        constexpr std::size_t kFewFindings = 3;
        return sorts <= kFewSorts ? findings >= kFewFindings : findings * 5 >= all * 2;
    }

    // A fault of one sort of buffer, of a memory and a size, makes many findings of it; one that hits buffers of all
    // sorts few of each.
    void splitBySort(Group&& group, std::vector<Group>& out) const {
        const Finding& first = m_findings.rows[group.rows.front()];
        if (!isRefusedFree(first) || !isOfOneBuffer(group.signature.cause)) {
            out.push_back(std::move(group));
            return;
        }
        std::map<std::pair<Memory, std::uint64_t>, std::vector<std::uint32_t>> bySort;
        for (const std::uint32_t row : group.rows) {
            const Finding& finding = m_findings.rows[row];
            bySort[{finding.memory, finding.size}].push_back(row);
        }
        Group rest{group.signature, {}};
        std::size_t sortsInRest = 0;
        for (auto& [sort, rows] : bySort) {
            if (!isOfItsOwn(rows.size(), group.rows.size(), bySort.size())) {
                ++sortsInRest;
                rest.rows.insert(rest.rows.end(), rows.begin(), rows.end());
                continue;
            }
            Signature signature = group.signature;
            std::tie(signature.memory, signature.size) = sort;
            out.push_back({signature, std::move(rows)});
        }
        if (rest.rows.empty()) return;
        std::sort(rest.rows.begin(), rest.rows.end());
        if (sortsInRest == 1) {
            rest.signature.memory = m_findings.rows[rest.rows.front()].memory;
            rest.signature.size = m_findings.rows[rest.rows.front()].size;
        }
        out.push_back(std::move(rest));
    }

    const Replay& m_replay;
    const SurplusStudy& m_study;
    const Findings& m_findings;
};

}  // namespace

void clusterFindings(const Replay& replay, const SurplusStudy& study, Findings& findings) {
    const EventTable& events = replay.trace->events;
    constexpr std::uint32_t kNever = 0xFFFFFFFF;
    std::vector<std::uint32_t> lastSeen(replay.addresses.size(), kNever);  // of each key: the last cluster that has it
    findings.clusters.clear();
    for (const Group& group : Grouping(replay, study, findings).groups()) {
        const auto number = static_cast<std::uint32_t>(findings.clusters.size());
        Cluster cluster;
        cluster.kind = group.signature.kind;
        cluster.cause = group.signature.cause;
        cluster.pid = group.signature.pid;
        cluster.signature = describe(group.signature);
        cluster.count = group.rows.size();
        for (const std::uint32_t row : group.rows) {
            Finding& finding = findings.rows[row];
            finding.cluster = ClusterId(number);
            const std::uint32_t line = events.line[finding.primary.index()];
            if (cluster.firstLine == 0 || line < cluster.firstLine) cluster.firstLine = line;
            cluster.lastLine = std::max(cluster.lastLine, line);
            if (!finding.address.isValid() || lastSeen[finding.address.index()] == number) continue;
            lastSeen[finding.address.index()] = number;
            ++cluster.addresses;
            const std::int32_t device = replay.trace->key(finding.address).device;
            const auto at = std::lower_bound(cluster.devices.begin(), cluster.devices.end(), device);
            if (at == cluster.devices.end() || *at != device) cluster.devices.insert(at, device);
        }
        cluster.sentence = clusterSentence(study, cluster, findings, group.rows);
        findings.clusters.push_back(std::move(cluster));
    }
}

}  // namespace alloclens
