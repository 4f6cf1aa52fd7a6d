// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/devices_in_step.h"

#include <algorithm>
#include <cassert>
#include <tuple>

#include "core/base/parallel.h"

namespace alloclens {
namespace {

std::vector<std::uint64_t> addressesOf(const Replay& replay, std::span<const AddressId> keys) {
    std::vector<std::uint64_t> addresses;
    addresses.reserve(keys.size());
    for (const AddressId key : keys) addresses.push_back(replay.trace->key(key).address);
    return addresses;
}

/// An order that puts keys with equal lifetimes next to each other.
struct ByLifetimes {
    const Replay& replay;

    [[nodiscard]] bool operator()(AddressId a, AddressId b) const {
        const AddressSummary& left = replay.address(a);
        const AddressSummary& right = replay.address(b);
        if (left.lifetimes != right.lifetimes) return left.lifetimes < right.lifetimes;
        const LifetimeTable& table = replay.lifetimes;
        const auto sortOf = [&table](std::size_t i) { return std::tuple(table.sizeNumber(i), table.memory(i)); };
        for (std::uint32_t i = 0; i < left.lifetimes; ++i) {
            const auto here = sortOf(left.firstLifetime.index() + i);
            const auto there = sortOf(right.firstLifetime.index() + i);
            if (here != there) return here < there;
        }
        return false;
    }
};

}  // namespace

DevicesInStep::DevicesInStep(const Replay& replay, std::span<const AddressId> keys, const TaskContext& task)
    : m_replay(replay), m_keys(replay, addressesOf(replay, keys)), m_clean(m_keys.count()) {
    constexpr std::size_t kFewestAddresses = 64;
    inShares(m_keys.count(), kFewestAddresses, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end && !task.isCancelled(); ++row) {
            m_clean[row].reserve(m_keys.of(row).size());
            for (const AddressId key : m_keys.of(row)) {
                if (replay.address(key).refusedFrees == 0) m_clean[row].push_back(key);
            }
            // Nearly always all are alike, and a stable sort asks for memory.
            if (!std::is_sorted(m_clean[row].begin(), m_clean[row].end(), ByLifetimes{replay}))
                std::stable_sort(m_clean[row].begin(), m_clean[row].end(), ByLifetimes{replay});
        }
    });
    m_asking.assign(keys.begin(), keys.end());
    std::sort(m_asking.begin(), m_asking.end());
    m_asking.erase(std::unique(m_asking.begin(), m_asking.end()), m_asking.end());
    m_inStep.resize(m_asking.size());
    inShares(m_asking.size(), kFewestAddresses, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !task.isCancelled(); ++i) m_inStep[i] = find(m_asking[i]);
    });
}

std::span<const AddressId> DevicesInStep::of(AddressId key) const {
    const auto at = std::lower_bound(m_asking.begin(), m_asking.end(), key);
    assert(at != m_asking.end() && *at == key);
    return m_inStep[static_cast<std::size_t>(at - m_asking.begin())];
}

std::span<const AddressId> DevicesInStep::find(AddressId key) const {
    const std::vector<AddressId>& clean = m_clean[m_keys.rowOf(m_replay.trace->key(key).address)];
    const auto [first, last] = std::equal_range(clean.begin(), clean.end(), key, ByLifetimes{m_replay});
    return std::span(first, last).first(std::min(static_cast<std::size_t>(last - first), kMostAsked));
}

}  // namespace alloclens
