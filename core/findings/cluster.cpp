// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <tuple>

#include "core/base/units.h"
#include "core/findings/detector.h"

namespace alloclens {
namespace {

constexpr int kNoSizeClass = -1;

using Signature = std::tuple<std::uint8_t, Memory, int, std::int32_t>;  // kind, memory, size class, pid

int sizeClass(std::uint64_t size) { return size == kNoSize ? kNoSizeClass : static_cast<int>(std::bit_width(size)); }

std::string describe(const Signature& signature) {
    const auto& [kind, memory, classOf, pid] = signature;
    std::string text(kindInfo(kind).name);
    if (memory != Memory::Unknown) text += fmt::format(" {}", memoryName(memory));
    if (classOf > 0) {
        const std::uint64_t low = std::uint64_t{1} << (classOf - 1);
        text += fmt::format(" {}..{}", formatBytes(low), formatBytes(low * 2 - 1 + (classOf < 64 ? 1 : 0)));
    }
    if (pid != kNoPid) text += fmt::format(" process {}", pid);
    return text;
}

}  // namespace

void clusterFindings(const Replay& replay, Findings& findings) {
    const EventTable& events = replay.trace->events;
    std::map<Signature, std::vector<std::uint32_t>> groups;
    for (std::uint32_t i = 0; i < findings.rows.size(); ++i) {
        const Finding& finding = findings.rows[i];
        const std::int32_t pid = replay.trace->pid(events.process[finding.primary.index()]);
        groups[{finding.kind, finding.memory, sizeClass(finding.size), pid}].push_back(i);
    }
    std::vector<std::map<Signature, std::vector<std::uint32_t>>::const_iterator> order;
    for (auto group = groups.cbegin(); group != groups.cend(); ++group) order.push_back(group);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
        if (std::get<0>(a->first) != std::get<0>(b->first)) return std::get<0>(a->first) < std::get<0>(b->first);
        return a->second.size() > b->second.size();
    });

    for (const auto& group : order) {
        Cluster cluster;
        cluster.kind = std::get<0>(group->first);
        cluster.signature = describe(group->first);
        cluster.count = group->second.size();
        std::vector<AddressId> keys;
        for (const std::uint32_t row : group->second) {
            Finding& finding = findings.rows[row];
            finding.cluster = ClusterId(findings.clusters.size());
            if (finding.address.isValid()) keys.push_back(finding.address);
            const std::uint32_t line = events.line[finding.primary.index()];
            if (cluster.firstLine == 0 || line < cluster.firstLine) cluster.firstLine = line;
            cluster.lastLine = std::max(cluster.lastLine, line);
        }
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        cluster.addresses = keys.size();
        for (const AddressId key : keys) {  // keys are sorted by device
            const std::int32_t device = replay.trace->key(key).device;
            if (cluster.devices.empty() || cluster.devices.back() != device) cluster.devices.push_back(device);
        }
        findings.clusters.push_back(std::move(cluster));
    }
}

}  // namespace alloclens
