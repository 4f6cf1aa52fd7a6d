// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/device_steps.h"

#include <queue>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "core/base/interner.h"
#include "core/base/parallel.h"

namespace alloclens {
namespace {

std::uint64_t fingerprintOf(const Replay& replay, std::size_t key) {
    const AddressSummary& address = replay.addresses[key];
    std::uint64_t print = mixBits(std::uint64_t{address.allocations} << 32
                                  | (address.acceptedFrees + address.refusedFrees));
    const std::size_t first = address.firstLifetime.index();
    for (std::size_t i = first; i < first + address.lifetimes; ++i) {
        const LifetimeTable::Row& row = replay.lifetimes.row(i);
        print = mixBits(print + (std::uint64_t{row.sizeNumber} << 8 | static_cast<std::uint64_t>(row.memory())));
    }
    return print;
}

}  // namespace

DeviceSteps::DeviceSteps(const Replay& replay, const TaskContext& task) : m_replay(replay) {
    const auto& keys = replay.trace->addresses;
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
        if (i > 0 && keys[i].device == m_devices.back()) continue;
        m_devices.push_back(keys[i].device);
        m_firstKey.push_back(i);
    }
    m_firstKey.push_back(static_cast<std::uint32_t>(keys.size()));
    if (m_devices.size() < 2) return;
    constexpr std::size_t kFewestKeys = 4096;
    m_fingerprints.resize(keys.size());
    inShares(keys.size(), kFewestKeys, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return;
            m_fingerprints[i] = fingerprintOf(replay, i);
        }
    });
}

void DeviceSteps::forEachAddress(const std::function<bool(std::uint64_t, std::span<const DeviceKey>)>& visit) const {
    const auto& keys = m_replay.trace->addresses;
    using Next = std::pair<std::uint64_t, std::uint32_t>;  // an address, and the device that has it next
    std::priority_queue<Next, std::vector<Next>, std::greater<>> next;
    std::vector<std::uint32_t> at(m_firstKey.begin(), m_firstKey.end() - 1);
    const auto push = [&](std::uint32_t row) {
        if (at[row] < m_firstKey[row + 1]) next.emplace(keys[at[row]].address, row);
    };
    for (std::uint32_t row = 0; row < m_devices.size(); ++row) push(row);
    std::vector<DeviceKey> same;
    while (!next.empty()) {
        const std::uint64_t address = next.top().first;
        same.clear();
        while (!next.empty() && next.top().first == address) {
            const std::uint32_t row = next.top().second;
            next.pop();
            same.push_back({row, AddressId(at[row]++)});
            push(row);
        }
        if (!visit(address, same)) return;
    }
}

std::vector<std::vector<std::uint32_t>> DeviceSteps::groups(const TaskContext& task) const {
    // Compares only neighbours among the devices with equal keys, which keeps many devices linear.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> alike;
    std::vector<DeviceKey> byPrint;
    std::uint64_t visited = 0;
    forEachAddress([&](std::uint64_t, std::span<const DeviceKey> keys) {
        if (keys.size() < 2) return true;
        byPrint.assign(keys.begin(), keys.end());
        std::stable_sort(byPrint.begin(), byPrint.end(), [this](const DeviceKey& a, const DeviceKey& b) {
            return fingerprint(a.key) < fingerprint(b.key);
        });
        for (std::size_t i = 1; i < byPrint.size(); ++i) {
            if (fingerprint(byPrint[i - 1].key) == fingerprint(byPrint[i].key))
                ++alike[{byPrint[i - 1].row, byPrint[i].row}];
        }
        return ++visited % TaskContext::kPollRows != 0 || !task.isCancelled();
    });

    constexpr std::uint64_t kFewestAddresses = 3;
    std::vector<std::uint32_t> leader(m_devices.size());
    std::iota(leader.begin(), leader.end(), 0U);
    const auto leaderOf = [&leader](std::uint32_t row) {
        while (leader[row] != row) row = leader[row] = leader[leader[row]];
        return row;
    };
    const auto keysOf = [this](std::uint32_t row) { return m_firstKey[row + 1] - m_firstKey[row]; };
    for (const auto& [pair, count] : alike) {
        const std::uint64_t fewer = std::min(keysOf(pair.first), keysOf(pair.second));
        if (count < kFewestAddresses || count * 2 < fewer) continue;
        const std::uint32_t first = leaderOf(pair.first);
        const std::uint32_t second = leaderOf(pair.second);
        leader[std::max(first, second)] = std::min(first, second);
    }
    std::vector<std::vector<std::uint32_t>> all(m_devices.size());
    for (std::uint32_t row = 0; row < m_devices.size(); ++row) all[leaderOf(row)].push_back(row);
    all.erase(std::remove_if(all.begin(), all.end(), [](const auto& group) { return group.size() < 2; }), all.end());
    return all;
}

}  // namespace alloclens
