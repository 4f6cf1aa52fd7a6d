// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/cluster_sentence.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/units.h"

namespace alloclens {
namespace {

/// What holds for most refused frees of a cluster.
struct Common {
    bool isAlike = true;     ///< the same on all devices in step
    bool isTeardown = true;  ///< after the sender's last allocation
    bool isOneEach = true;   ///< each address once
    bool isSame = true;
    bool isReversed = true;
};

/// Finds the facts of a refused free in [from, end). Doubles its steps, since the next one is usually near.
const SurplusFacts* factsOf(FindingId finding, const SurplusFacts* from, const SurplusFacts* end) {
    const auto isBefore = [](const SurplusFacts& facts, FindingId id) { return facts.finding < id; };
    std::ptrdiff_t step = 1;
    while (end - from > step && isBefore(from[step], finding)) {
        from += step;
        step *= 2;
    }
    return std::lower_bound(from, std::min(from + step + 1, end), finding, isBefore);
}

Common commonOf(const SurplusStudy& study, const Cluster& cluster, std::span<const std::uint32_t> rows) {
    Common common;
    common.isOneEach = cluster.count == cluster.addresses;
    const SurplusFacts* at = study.rows.begin();
    for (const std::uint32_t row : rows) {
        at = factsOf(FindingId(row), at, study.rows.end());
        common.isAlike &= at->siblingsAlike > 0 && at->siblingsClean == 0;
        common.isTeardown &= at->isBehindLastAllocation;
        common.isSame &= at->order == SurplusFacts::Order::Same;
        common.isReversed &= at->order == SurplusFacts::Order::Reversed;
    }
    return common;
}

std::string devicesText(const Cluster& cluster) {
    if (cluster.devices.empty() || cluster.devices.front() == kNoDevice) return {};
    if (cluster.devices.size() == 1) return fmt::format(", on device {}", cluster.devices.front());
    return fmt::format(", on {} devices", cluster.devices.size());
}

/// The devices in step; they may be only some of those in the log.
std::string alikeText(std::size_t devices, std::size_t all) {
    if (devices < all) return fmt::format(", on {} of {} devices alike", devices, all);
    return devices == 2 ? ", on both devices alike" : fmt::format(", on all {} devices alike", devices);
}

/// ", 2,048 B of L1 each"; empty if the memories differ or are unknown.
std::string sortText(const Findings& findings, std::span<const std::uint32_t> rows) {
    const Memory memory = findings.rows[rows.front()].memory;
    std::uint64_t least = kNoSize;
    std::uint64_t most = 0;
    for (const std::uint32_t row : rows) {
        const Finding& finding = findings.rows[row];
        if (finding.memory != memory || finding.size == kNoSize) return {};
        least = std::min(least, finding.size);
        most = std::max(most, finding.size);
    }
    if (memory == Memory::Unknown) return {};
    const std::string size = least == most ? formatBytes(least)
                                           : fmt::format("{} to {}", formatBytes(least), formatBytes(most));
    return fmt::format(", {} of {}{}", size, memoryName(memory), rows.size() > 1 ? " each" : "");
}

std::string processText(const Cluster& cluster, std::string_view preposition) {
    return cluster.pid == kNoPid ? std::string() : fmt::format(" {} process {}", preposition, cluster.pid);
}

/// "938 buffers freed once more", "30 refused frees of 12 buffers".
std::string surplusText(const Cluster& cluster, const Common& common) {
    const std::string buffers = formatQuantity(cluster.addresses, "buffer");
    if (common.isOneEach) return buffers + " freed once more";
    return fmt::format("{} of {}", formatQuantity(cluster.count, "refused free"), buffers);
}

std::string subjectOf(const Cluster& cluster, const Common& common) {
    const std::string frees = formatQuantity(cluster.count, "free");
    switch (cluster.cause) {
    case Cause::StaleOwner: return surplusText(cluster, common) + " by a stale owner," + processText(cluster, "in");
    case Cause::TeardownPool:
        return surplusText(cluster, common)
               + (common.isTeardown ? processText(cluster, "during teardown of")
                                    : " with a container or pool," + processText(cluster, "in"));
    case Cause::MeshLevels:
        return surplusText(cluster, common) + " at another level of the mesh," + processText(cluster, "by");
    case Cause::MeshBackingTwice:
        return surplusText(cluster, common) + " as the backing of a mesh buffer," + processText(cluster, "by");
    case Cause::ViewFreesParent:
        return surplusText(cluster, common) + " at once, as by a view and its parent," + processText(cluster, "in");
    case Cause::Reordered: return frees + " overtook their allocations," + processText(cluster, "in");
    case Cause::LostAllocation: return frees + " whose allocation's message was lost," + processText(cluster, "of");
    case Cause::OlderThanTracker:
        return frees + (cluster.count == 1 ? " of a buffer" : " of buffers") + " older than the tracker,"
               + processText(cluster, "of");
    case Cause::SweptProcess:
        return frees + (cluster.count == 1 ? " of a buffer" : " of buffers") + " that a sweep had removed,"
               + processText(cluster, "sent by");
    case Cause::MergedMemories:
        return frees + " of addresses with buffers in two memories," + processText(cluster, "of");
    case Cause::StrayMessage: return frees + " that no traced program sent," + processText(cluster, "in the name of");
    case Cause::ProtocolMismatch:
        return frees + " of a client whose messages the server misreads," + processText(cluster, "as");
    case Cause::WrongDevice:
        return frees + " sent to a different device than the one that holds the buffer," + processText(cluster, "by");
    case Cause::TornLine: return frees + " on damaged lines," + processText(cluster, "of");
    case Cause::Undetermined: break;
    }
    if (static_cast<FindingKind>(cluster.kind) == FindingKind::UnknownFree)
        return frees + " of addresses never allocated," + processText(cluster, "by");
    return surplusText(cluster, common) + "," + processText(cluster, "in");
}

// Uses the devices of the finding. Its lines may be of other devices if something is lacking.
std::string meshText(const Cluster& cluster, const Findings& findings, FindingId first) {
    const MeshDivergence& divergence = *findings.mesh.of(first);
    const bool isLacking = findings.mesh.eventsOf(divergence).front().isLacking;
    return fmt::format("device {} {} at {}", divergence.device,
                       isLacking ? "lacks events that the devices in step have"
                                 : "has events that the devices in step lack",
                       formatQuantity(cluster.count, "address", "addresses"));
}

std::string otherText(const Cluster& cluster, const Findings& findings, std::span<const std::uint32_t> rows) {
    const std::string sort = sortText(findings, rows);
    const std::string process = processText(cluster, "of");
    switch (static_cast<FindingKind>(cluster.kind)) {
    case FindingKind::Leak: return formatQuantity(cluster.count, "buffer") + process + " never freed" + sort;
    case FindingKind::OpenAtEnd:
        return formatQuantity(cluster.count, "buffer") + process + " open where the log ends, before its server stopped"
               + sort;
    case FindingKind::SweptLeak:
        return formatQuantity(cluster.count, "buffer") + process + " removed after its death" + sort;
    case FindingKind::AliasedAllocation:
        return formatQuantity(cluster.count, "allocation") + process + " of addresses that were live" + sort;
    case FindingKind::ReplayDivergence:
        return formatQuantity(cluster.count, "line") + process + " contradicting the lines before";
    case FindingKind::SuspectFree:
        return formatQuantity(cluster.count, "free") + process + " that a stale owner may have made";
    default: return {};
    }
}

}  // namespace

std::string clusterSentence(const SurplusStudy& study, const Cluster& cluster, const Findings& findings,
                            std::span<const std::uint32_t> rows) {
    const std::size_t allDevices = study.devices;
    if (findings.mesh.of(FindingId(rows.front())) != nullptr)
        return meshText(cluster, findings, FindingId(rows.front()));
    if (const FailedCheck* sum = findings.sumOf(findings.rows[rows.front()]))
        return fmt::format("{} of the log contradicting the lines before, first at line {}",
                           formatQuantity(cluster.count, "sum"), formatCount(sum->line));
    if (!isRefusedFree(findings.rows[rows.front()])) return otherText(cluster, findings, rows) + devicesText(cluster);
    const Common common = commonOf(study, cluster, rows);
    std::string text = subjectOf(cluster, common);
    if (text.ends_with(',')) text.pop_back();
    if (common.isAlike && cluster.devices.size() > 1) {
        text += alikeText(cluster.devices.size(), allDevices);
    } else {
        text += devicesText(cluster);
    }
    if (common.isSame) text += ", in the order of their allocation";
    if (common.isReversed) text += ", in the reverse order of their allocation";
    return text;
}

}  // namespace alloclens
