// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/keys_of_addresses.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace alloclens {
namespace {

/// A wanted address, and a key of it.
struct Found {
    std::uint32_t row;
    AddressId key;
};

/// Those of one device, whose keys are in [first, last).
void findKeys(const Replay& replay, std::uint32_t first, std::uint32_t last, const std::vector<std::uint64_t>& wanted,
              std::vector<Found>& found) {
    const auto& keys = replay.trace->addresses;
    if (last - first < wanted.size()) {
        auto at = wanted.begin();
        for (std::uint32_t key = first; key < last; ++key) {
            at = std::lower_bound(at, wanted.end(), keys[key].address);
            if (at == wanted.end()) return;
            if (*at == keys[key].address)
                found.push_back({static_cast<std::uint32_t>(at - wanted.begin()), AddressId(key)});
        }
        return;
    }
    const auto end = keys.begin() + last;
    auto at = keys.begin() + first;
    for (std::uint32_t row = 0; row < wanted.size(); ++row) {
        at = std::lower_bound(at, end, wanted[row],
                              [](const AddressKey& key, std::uint64_t address) { return key.address < address; });
        if (at == end) return;
        if (at->address == wanted[row]) found.push_back({row, AddressId(static_cast<std::size_t>(at - keys.begin()))});
    }
}

}  // namespace

KeysOfAddresses::KeysOfAddresses(const Replay& replay, std::vector<std::uint64_t> addresses)
    : m_addresses(std::move(addresses)) {
    std::sort(m_addresses.begin(), m_addresses.end());
    m_addresses.erase(std::unique(m_addresses.begin(), m_addresses.end()), m_addresses.end());
    std::vector<Found> found;
    std::uint32_t first = 0;
    for (const DeviceSummary& device : replay.devices) {
        const auto last = static_cast<std::uint32_t>(first + device.addresses);
        findKeys(replay, first, last, m_addresses, found);
        first = last;
    }
    m_begin.assign(m_addresses.size() + 1, 0);
    for (const Found& of : found) ++m_begin[of.row];
    std::partial_sum(m_begin.begin(), m_begin.end(), m_begin.begin());
    m_keys.resize(found.size());
    // From the end, each goes to the last free place of its address.
    for (auto of = found.rbegin(); of != found.rend(); ++of) m_keys[--m_begin[of->row]] = of->key;
}

std::size_t KeysOfAddresses::rowOf(std::uint64_t address) const {
    const auto at = std::lower_bound(m_addresses.begin(), m_addresses.end(), address);
    return static_cast<std::size_t>(at - m_addresses.begin());
}

}  // namespace alloclens
