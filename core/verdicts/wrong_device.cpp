// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/wrong_device.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/replay/keys_of_addresses.h"

namespace alloclens {
namespace {

class MissedBuffers {
public:
    MissedBuffers(const Replay& replay, SurplusStudy& study)
        : m_replay(replay), m_trace(*replay.trace), m_table(replay.lifetimes), m_study(study) {
        for (const LifetimeId id : replay.unfreed) {
            const LifetimeEnd end = replay.lifetimes.end(id.index());
            const bool isLeft = end == LifetimeEnd::Open || end == LifetimeEnd::Restarted || end == LifetimeEnd::Swept;
            if (isLeft) m_unfreed.emplace_back(addressOf(replay.lifetimes.address(id.index())), id);
        }
        std::sort(m_unfreed.begin(), m_unfreed.end());
    }

    void run() {
        std::unordered_map<std::uint32_t, std::uint32_t> claims;  // by lifetime
        std::vector<std::uint64_t> addresses;
        for (SurplusFacts& row : m_study.rows) {
            row.missed = onlyUnfreedElsewhere(row);
            if (!row.missed.isValid()) continue;
            ++claims[row.missed.value];
            addresses.push_back(addressOf(row.address));
        }
        const KeysOfAddresses keys(m_replay, std::move(addresses));
        for (SurplusFacts& row : m_study.rows) {
            if (!row.missed.isValid()) continue;
            // If several frees fit a buffer, none fits better than the others.
            if (claims[row.missed.value] > 1 || isLiveOnThird(row, keys)) {
                row.missed = {};
            } else if (row.sender.isValid() && row.generation == 0) {
                ++m_study.senders[row.sender.index()].misses;
            }
        }
    }

private:
    [[nodiscard]] std::uint64_t addressOf(AddressId key) const { return m_trace.key(key).address; }

    [[nodiscard]] bool isLiveAt(std::size_t lifetime, EventId event) const {
        const EventId last = m_table.last(lifetime);
        return m_table.first(lifetime) < event && (!last.isValid() || event < last);
    }

    // The lifetime on another device that is live at the refused free and that the sender may free; none if there are
    // two.
    [[nodiscard]] LifetimeId onlyUnfreedElsewhere(const SurplusFacts& row) const {
        constexpr std::ptrdiff_t kMostLookedAt = 64;  // an address that is unfreed this often is not on one device only
        const std::uint64_t address = addressOf(row.address);
        const auto first = std::lower_bound(m_unfreed.begin(), m_unfreed.end(), std::pair(address, LifetimeId(0U)));
        const bool isOnMany = m_unfreed.end() - first > kMostLookedAt && first[kMostLookedAt].first == address;
        if (isOnMany) return {};
        LifetimeId found;
        for (auto at = first; at != m_unfreed.end() && at->first == address; ++at) {
            const std::size_t lifetime = at->second.index();
            if (m_table.address(lifetime) == row.address || !isLiveAt(lifetime, row.event)) continue;
            if (found.isValid()) return {};
            found = at->second;
        }
        if (!found.isValid()) return {};
        const ProcessId owner = m_replay.ownerOf(found);
        const bool isOthers = owner.isValid() && row.sender.isValid() && owner != row.sender;
        return isOthers ? LifetimeId{} : found;
    }

    [[nodiscard]] bool isLiveOnThird(const SurplusFacts& row, const KeysOfAddresses& keys) const {
        const AddressId missedKey = m_table.address(row.missed.index());
        for (const AddressId key : keys.of(keys.rowOf(addressOf(row.address)))) {
            if (key == row.address || key == missedKey) continue;
            const std::size_t first = m_replay.address(key).firstLifetime.index();
            std::size_t low = first;  // the first lifetime that begins after the free
            for (std::size_t high = first + m_replay.address(key).lifetimes; low < high;) {
                const std::size_t middle = (low + high) / 2;
                if (m_table.first(middle) < row.event)
                    low = middle + 1;
                else
                    high = middle;
            }
            if (low > first && isLiveAt(low - 1, row.event)) return true;
        }
        return false;
    }

    const Replay& m_replay;
    const Trace& m_trace;
    const LifetimeTable& m_table;
    SurplusStudy& m_study;
    std::vector<std::pair<std::uint64_t, LifetimeId>> m_unfreed;  ///< by address
};

}  // namespace

void findMissedBuffers(const Replay& replay, SurplusStudy& study) {
    // With one device nothing can be sent to the wrong one.
    if (study.rows.empty() || replay.devices.size() < 2 || replay.unfreed.empty()) return;
    MissedBuffers(replay, study).run();
}

}  // namespace alloclens
