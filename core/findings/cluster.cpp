// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <compare>

#include "core/base/interner.h"
#include "core/base/units.h"
#include "core/findings/detector.h"

namespace alloclens {
namespace {

constexpr int kNoSizeClass = -1;

/// What the findings of a cluster have in common.
struct Signature {
    std::uint8_t kind = 0;
    Memory memory = Memory::Unknown;
    int sizeClass = kNoSizeClass;
    std::int32_t pid = kNoPid;
    friend auto operator<=>(const Signature&, const Signature&) = default;
};
struct SignatureHash {
    [[nodiscard]] std::uint64_t operator()(const Signature& signature) const {
        return mixBits(std::uint64_t{static_cast<std::uint32_t>(signature.pid)} << 32
                       | static_cast<std::uint64_t>(signature.sizeClass + 1) << 16
                       | static_cast<std::uint64_t>(signature.memory) << 8 | signature.kind);
    }
};

int sizeClassOf(std::uint64_t size) { return size == kNoSize ? kNoSizeClass : static_cast<int>(std::bit_width(size)); }

std::string describe(const Signature& signature) {
    std::string text(kindInfo(signature.kind).name);
    if (signature.memory != Memory::Unknown) text += fmt::format(" {}", memoryName(signature.memory));
    if (signature.sizeClass > 0) {
        const std::uint64_t low = std::uint64_t{1} << (signature.sizeClass - 1);
        text += fmt::format(" {}..{}", formatBytes(low), formatBytes(low * 2 - 1 + (signature.sizeClass < 64 ? 1 : 0)));
    }
    if (signature.pid != kNoPid) text += fmt::format(" process {}", signature.pid);
    return text;
}

/// The findings of each signature, by row.
struct Group {
    Signature signature;
    std::vector<std::uint32_t> rows;
};

/// Ordered by kind, then the largest first.
std::vector<Group> groupFindings(const Replay& replay, const Findings& findings) {
    Interner<Signature, SignatureHash> signatures;
    std::vector<Group> groups;
    for (std::uint32_t row = 0; row < findings.rows.size(); ++row) {
        const Finding& finding = findings.rows[row];
        const std::int32_t pid = replay.trace->pid(replay.trace->events.process[finding.primary.index()]);
        const Signature signature{finding.kind, finding.memory, sizeClassOf(finding.size), pid};
        const std::uint32_t group = signatures.intern(signature);
        if (group == groups.size()) groups.push_back({signature, {}});
        groups[group].rows.push_back(row);
    }
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        if (a.signature.kind != b.signature.kind) return a.signature.kind < b.signature.kind;
        if (a.rows.size() != b.rows.size()) return a.rows.size() > b.rows.size();
        return a.signature < b.signature;
    });
    return groups;
}

}  // namespace

void clusterFindings(const Replay& replay, Findings& findings) {
    const EventTable& events = replay.trace->events;
    constexpr std::uint32_t kNever = 0xFFFFFFFF;
    std::vector<std::uint32_t> lastSeen(replay.addresses.size(), kNever);  // of each key: the last cluster that has it
    for (const Group& group : groupFindings(replay, findings)) {
        const auto number = static_cast<std::uint32_t>(findings.clusters.size());
        Cluster cluster;
        cluster.kind = group.signature.kind;
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
        findings.clusters.push_back(std::move(cluster));
    }
}

}  // namespace alloclens
