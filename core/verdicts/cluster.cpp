// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <compare>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/base/interner.h"
#include "core/base/parallel.h"
#include "core/base/units.h"
#include "core/verdicts/cluster_sentence.h"

namespace alloclens {
namespace {

constexpr int kNoSizeClass = -1;

/// What the findings of a cluster share.
struct Signature {
    std::uint8_t kind = 0;
    Cause cause = Cause::Undetermined;
    bool isTeardown = false;
    Memory memory = Memory::Unknown;
    int sizeClass = kNoSizeClass;
    std::uint64_t size = kNoSize;  ///< if many of the findings have it
    std::int32_t pid = kNoPid;
    std::int32_t device = kNoDevice;  ///< the device that diverges from its mesh
    bool isLacking = false;           ///< it lacks what the others have
    bool isSum = false;               ///< about a printed sum
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

/// The memory and size of a buffer.
using BufferSort = std::pair<Memory, std::uint64_t>;
struct BufferSortHash {
    [[nodiscard]] std::uint64_t operator()(const BufferSort& of) const {
        return mixBits(of.second + mixBits(static_cast<std::uint64_t>(of.first)));
    }
};

int sizeClassOf(std::uint64_t size) { return size == kNoSize ? kNoSizeClass : static_cast<int>(std::bit_width(size)); }

/// Whether the cause affects single buffers: then another memory or size may be another fault.
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

// Leaves out process and lines, so that another run gets the same text.
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

/// The findings of one signature, as rows.
struct Group {
    Signature signature;
    std::vector<std::uint32_t> rows;
};

class Grouping {
public:
    Grouping(const Replay& replay, const SurplusStudy& study, const Findings& findings)
        : m_replay(replay), m_study(study), m_findings(findings) {}

    /// Sorted by kind, then by size, the largest first.
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
    /// Neighbouring findings; one thread numbers their signatures.
    struct Share {
        std::size_t begin = 0;
        std::size_t end = 0;
        Interner<Signature, SignatureHash> signatures;
        std::vector<std::uint32_t> counts;   ///< findings of each signature of the share
        std::vector<std::uint32_t> groupOf;  ///< the group of each signature of the share
        std::vector<std::uint32_t> placeOf;  ///< where the share's findings begin in that group
    };

    [[nodiscard]] std::vector<Group> group() const {
        constexpr std::size_t kFewest = std::size_t{1} << 14;
        const std::size_t rows = m_findings.rows.size();
        std::vector<Share> shares(shareCount(rows, kFewest));
        std::vector<std::uint32_t> numbers(rows);  // for each finding: its signature's number in the share
        sideBySide(shares.size(), [&](std::size_t i) {
            shares[i].begin = rows * i / shares.size();
            shares[i].end = rows * (i + 1) / shares.size();
            number(shares[i], numbers);
        });
        std::vector<Group> groups = groupsOf(shares);
        sideBySide(shares.size(), [&](std::size_t i) {
            Share& share = shares[i];
            for (std::size_t row = share.begin; row < share.end; ++row) {
                const std::uint32_t signature = numbers[row];
                groups[share.groupOf[signature]].rows[share.placeOf[signature]++] = static_cast<std::uint32_t>(row);
            }
        });
        return groups;
    }

    void number(Share& share, std::vector<std::uint32_t>& numbers) const {
        // Facts and verdicts are in the order of the findings.
        const auto first = std::partition_point(
            m_study.rows.begin(), m_study.rows.end(),
            [&share](const SurplusFacts& facts) { return facts.finding.index() < share.begin; });
        auto refused = static_cast<std::size_t>(first - m_study.rows.begin());
        for (std::size_t row = share.begin; row < share.end; ++row) {
            const Finding& finding = m_findings.rows[row];
            numbers[row] = share.signatures.intern(isRefusedFree(finding) ? ofRefused(finding, refused++)
                                                                          : ofOther(FindingId(row)));
            if (numbers[row] == share.counts.size()) share.counts.push_back(0);
            ++share.counts[numbers[row]];
        }
    }

    /// Makes the groups, with room for their rows, in the order of their first findings.
    [[nodiscard]] static std::vector<Group> groupsOf(std::vector<Share>& shares) {
        Interner<Signature, SignatureHash> signatures;
        std::vector<Group> groups;
        std::vector<std::uint32_t> counts;
        for (Share& share : shares) {
            const auto& own = share.signatures.values();
            for (std::size_t i = 0; i < own.size(); ++i) {
                const std::uint32_t group = signatures.intern(own[i]);
                if (group == groups.size()) {
                    groups.push_back({own[i], {}});
                    counts.push_back(0);
                }
                share.groupOf.push_back(group);
                share.placeOf.push_back(counts[group]);
                counts[group] += share.counts[i];
            }
        }
        for (std::size_t i = 0; i < groups.size(); ++i) groups[i].rows.resize(counts[i]);
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
        // The death of a process is one cause, whichever buffers it had.
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

    // Among few sorts each with some findings gets a cluster, among many each with two fifths of all.
    [[nodiscard]] static bool isOfItsOwn(std::size_t findings, std::size_t all, std::size_t sorts) {
        constexpr std::size_t kFewSorts = 3;
        constexpr std::size_t kFewFindings = 3;
        return sorts <= kFewSorts ? findings >= kFewFindings : findings * 5 >= all * 2;
    }

    // A fault in one kind of buffer makes many findings of the same memory and size. A fault in all buffers makes few
    // of each.
    void splitBySort(Group&& group, std::vector<Group>& out) const {
        const Finding& first = m_findings.rows[group.rows.front()];
        if (!isRefusedFree(first) || !isOfOneBuffer(group.signature.cause)) {
            out.push_back(std::move(group));
            return;
        }
        Interner<BufferSort, BufferSortHash> sorts;
        std::vector<std::uint32_t> counts;
        std::vector<std::uint32_t> sortOf;
        sortOf.reserve(group.rows.size());
        for (const std::uint32_t row : group.rows) {
            const Finding& finding = m_findings.rows[row];
            sortOf.push_back(sorts.intern({finding.memory, finding.size}));
            if (sortOf.back() == counts.size()) counts.push_back(0);
            ++counts[sortOf.back()];
        }
        // parts[0] gets the rest, the others one sort each.
        std::vector<std::uint32_t> own;
        for (std::uint32_t sort = 0; sort < counts.size(); ++sort) {
            if (isOfItsOwn(counts[sort], group.rows.size(), counts.size())) own.push_back(sort);
        }
        std::sort(own.begin(), own.end(),
                  [&sorts](std::uint32_t a, std::uint32_t b) { return sorts.values()[a] < sorts.values()[b]; });
        std::vector<std::uint32_t> partOf(counts.size(), 0);
        std::vector<Group> parts(own.size() + 1, Group{group.signature, {}});
        for (std::size_t i = 0; i < own.size(); ++i) {
            partOf[own[i]] = static_cast<std::uint32_t>(i + 1);
            std::tie(parts[i + 1].signature.memory, parts[i + 1].signature.size) = sorts.values()[own[i]];
        }
        for (std::size_t i = 0; i < sortOf.size(); ++i) parts[partOf[sortOf[i]]].rows.push_back(group.rows[i]);
        out.insert(out.end(), std::make_move_iterator(parts.begin() + 1), std::make_move_iterator(parts.end()));
        Group& rest = parts.front();
        if (rest.rows.empty()) return;
        if (counts.size() - own.size() == 1) {
            rest.signature.memory = m_findings.rows[rest.rows.front()].memory;
            rest.signature.size = m_findings.rows[rest.rows.front()].size;
        }
        out.push_back(std::move(rest));
    }

    const Replay& m_replay;
    const SurplusStudy& m_study;
    const Findings& m_findings;
};

constexpr std::uint32_t kNever = 0xFFFFFFFF;
/// The last cluster that was seen at a key and on a device.
struct LastSeen {
    std::vector<std::uint32_t> atKey;     ///< by AddressId
    std::vector<std::uint32_t> onDevice;  ///< by row of Replay::devices
    explicit LastSeen(const Replay& replay)
        : atKey(replay.addresses.size(), kNever), onDevice(replay.devices.size(), kNever) {}
};

std::size_t deviceRow(const Replay& replay, std::int32_t device) {
    const auto at = std::lower_bound(replay.devices.begin(), replay.devices.end(), device,
                                     [](const DeviceSummary& row, std::int32_t wanted) { return row.device < wanted; });
    return static_cast<std::size_t>(at - replay.devices.begin());
}

/// Sums up a group and sets the cluster of its findings to `number`.
Cluster clusterOf(const Group& group, std::uint32_t number, const Replay& replay, Findings& findings,
                  LastSeen& lastSeen) {
    const EventTable& events = replay.trace->events;
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
        if (!finding.address.isValid() || lastSeen.atKey[finding.address.index()] == number) continue;
        lastSeen.atKey[finding.address.index()] = number;
        ++cluster.addresses;
        const std::int32_t device = replay.trace->key(finding.address).device;
        std::uint32_t& last = lastSeen.onDevice[deviceRow(replay, device)];
        if (last == number) continue;
        last = number;
        cluster.devices.push_back(device);
    }
    std::sort(cluster.devices.begin(), cluster.devices.end());
    return cluster;
}

}  // namespace

void clusterFindings(const Replay& replay, const SurplusStudy& study, Findings& findings) {
    assert(findings.verdicts.rows.size() == study.rows.size());
    const std::vector<Group> groups = Grouping(replay, study, findings).groups();
    findings.clusters.clear();
    findings.clusters.resize(groups.size());
    constexpr unsigned kMostThreads = 4;  // each needs four bytes a key
    const auto makeWorker = [&] {
        return [&, lastSeen = LastSeen(replay)](std::size_t i) mutable {
            findings.clusters[i] = clusterOf(groups[i], static_cast<std::uint32_t>(i), replay, findings, lastSeen);
            findings.clusters[i].sentence = clusterSentence(study, findings.clusters[i], findings, groups[i].rows);
        };
    };
    inParallel(groups.size(), makeWorker, std::min(coreCount(), kMostThreads));
}

}  // namespace alloclens
