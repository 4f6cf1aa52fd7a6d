// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/siblings.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/base/interner.h"

namespace alloclens {
namespace {

/// Counts surplus frees by key and generation.
class SurplusCounts {
public:
    void add(AddressId address, std::uint32_t generation) { ++m_counts[codeOf(address, generation)]; }
    [[nodiscard]] std::uint32_t of(AddressId address, std::uint32_t generation) const {
        const auto at = m_counts.find(codeOf(address, generation));
        return at == m_counts.end() ? 0 : at->second;
    }

private:
    struct Hash {
        [[nodiscard]] std::size_t operator()(std::uint64_t code) const { return mixBits(code); }
    };
    [[nodiscard]] static std::uint64_t codeOf(AddressId address, std::uint32_t generation) {
        return std::uint64_t{address.value} << 32 | generation;
    }
    std::unordered_map<std::uint64_t, std::uint32_t, Hash> m_counts;
};

/// The keys of one address on all devices that ever had it.
class SameAddress {
public:
    explicit SameAddress(const Trace& trace) : m_trace(trace) {
        for (std::size_t i = 0; i < trace.addresses.size();) {
            const std::int32_t device = trace.addresses[i].device;
            m_devices.push_back(device);
            const AddressKey past{device, ~std::uint64_t{0}};
            i = static_cast<std::size_t>(
                std::upper_bound(trace.addresses.begin() + static_cast<std::ptrdiff_t>(i), trace.addresses.end(), past)
                - trace.addresses.begin());
        }
    }

    [[nodiscard]] const std::vector<AddressId>& keysOf(std::uint64_t address) {
        if (m_isFilled && address == m_address) return m_keys;
        m_address = address;
        m_isFilled = true;
        m_keys.clear();
        for (const std::int32_t device : m_devices) {
            const AddressId id = m_trace.findAddress({device, address});
            if (id.isValid()) m_keys.push_back(id);
        }
        return m_keys;
    }
    [[nodiscard]] std::size_t deviceRow(std::int32_t device) const {
        return static_cast<std::size_t>(std::lower_bound(m_devices.begin(), m_devices.end(), device)
                                        - m_devices.begin());
    }
    [[nodiscard]] std::size_t deviceCount() const { return m_devices.size(); }

private:
    const Trace& m_trace;
    std::vector<std::int32_t> m_devices;
    std::uint64_t m_address = 0;
    std::vector<AddressId> m_keys;
    bool m_isFilled = false;
};

class SiblingSearch {
public:
    SiblingSearch(const Replay& replay, SurplusStudy& study) : m_replay(replay), m_study(study), m_same(*replay.trace) {
        for (const SurplusFacts& row : study.rows) m_counts.add(row.address, row.generation);
        m_study.aloneOn.assign(m_same.deviceCount(), 0);
    }

    [[nodiscard]] bool run(const TaskContext& task) {
        // By address, so that its keys are looked up once.
        std::vector<std::tuple<std::uint64_t, AddressId, std::uint32_t, std::uint32_t>> order;
        order.reserve(m_study.rows.size());
        for (const SurplusFacts& row : m_study.rows) {
            order.emplace_back(m_replay.trace->key(row.address).address, row.address, row.generation,
                               static_cast<std::uint32_t>(order.size()));
        }
        std::sort(order.begin(), order.end());
        AddressId lastAlone;
        for (std::size_t i = 0; i < order.size(); ++i) {
            if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return false;
            SurplusFacts& row = m_study.rows[std::get<3>(order[i])];
            compare(row);
            const bool isAlone = row.siblingsAlike == 0 && row.siblingsClean > 0;
            if (!isAlone || row.address == lastAlone) continue;
            lastAlone = row.address;
            ++m_study.aloneOn[m_same.deviceRow(m_replay.trace->key(row.address).device)];
        }
        return true;
    }

private:
    void compare(SurplusFacts& row) {
        row.inGeneration = m_counts.of(row.address, row.generation);
        row.isFirstDevice = true;
        bool isBefore = true;  // keys come in the order of their devices
        for (const AddressId sibling : m_same.keysOf(m_replay.trace->key(row.address).address)) {
            if (sibling == row.address) {
                isBefore = false;
                continue;
            }
            const AddressSummary& theirs = m_replay.address(sibling);
            row.siblingsAllocated += theirs.allocations > 0 ? 1 : 0;
            row.siblingsAhead += isAhead(m_replay.address(row.address), theirs) ? 1 : 0;
            if (!isInStep(row, sibling)) continue;
            if (isBefore) row.isFirstDevice = false;
            const std::uint32_t surplus = m_counts.of(sibling, row.generation);
            row.siblingsAlike += surplus > 0 ? 1 : 0;
            row.siblingsClean += surplus == 0 ? 1 : 0;
        }
    }

    // As many frees were received, but for each that was refused here there is an allocation there.
    [[nodiscard]] static bool isAhead(const AddressSummary& ours, const AddressSummary& theirs) {
        return theirs.refusedFrees == 0 && theirs.acceptedFrees == ours.acceptedFrees + ours.refusedFrees
               && theirs.allocations == ours.allocations + ours.refusedFrees;
    }

    [[nodiscard]] bool isInStep(const SurplusFacts& row, AddressId sibling) const {
        const AddressSummary& theirs = m_replay.address(sibling);
        if (row.generation == 0) return theirs.allocations == 0 && theirs.refusedFrees > 0;
        const AddressSummary& ours = m_replay.address(row.address);
        if (theirs.lifetimes != ours.lifetimes || theirs.lifetimes < row.generation) return false;
        const LifetimeTable& table = m_replay.lifetimes;
        const std::size_t there = theirs.firstLifetime.index() + row.generation - 1;
        const std::size_t here = row.lifetime.index();
        return table.sizeNumber(there) == table.sizeNumber(here) && table.memory(there) == table.memory(here);
    }

    const Replay& m_replay;
    SurplusStudy& m_study;
    SurplusCounts m_counts;
    SameAddress m_same;
};

}  // namespace

bool compareSiblings(const Replay& replay, SurplusStudy& study, const TaskContext& task) {
    return SiblingSearch(replay, study).run(task);
}

}  // namespace alloclens
