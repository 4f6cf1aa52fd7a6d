// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/siblings.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "core/base/grouped_rows.h"
#include "core/base/parallel.h"

namespace alloclens {
namespace {

/// How many surplus frees each generation of each key has.
class SurplusCounts {
public:
    struct Run {
        std::uint32_t generation;
        std::uint32_t count;
    };

    /// Surplus frees come generation by generation.
    SurplusCounts(const Column<SurplusFacts>& rows, const GroupedRows& rowsOf) {
        m_first.reserve(rowsOf.groups() + 1);
        m_first.push_back(0);
        for (std::size_t key = 0; key < rowsOf.groups(); ++key) {
            for (const std::uint32_t row : rowsOf.of(key)) {
                const std::uint32_t generation = rows[row].generation;
                if (m_runs.size() == m_first.back() || m_runs.back().generation != generation)
                    m_runs.push_back({generation, 0});
                ++m_runs.back().count;
            }
            m_first.push_back(static_cast<std::uint32_t>(m_runs.size()));
        }
    }

    /// Goes through the generations of a key, which are asked for in order.
    class Cursor {
    public:
        explicit Cursor(std::span<const Run> runs) : m_rest(runs) {}
        [[nodiscard]] std::uint32_t of(std::uint32_t generation) {
            while (!m_rest.empty() && m_rest.front().generation < generation) m_rest = m_rest.subspan(1);
            return !m_rest.empty() && m_rest.front().generation == generation ? m_rest.front().count : 0;
        }

    private:
        std::span<const Run> m_rest;
    };
    [[nodiscard]] Cursor of(AddressId address) const {
        const std::uint32_t first = m_first[address.index()];
        return Cursor(std::span(m_runs).subspan(first, m_first[address.index() + 1] - first));
    }

private:
    std::vector<std::uint32_t> m_first;  ///< by AddressId, into m_runs; one more tells where the last key's end
    std::vector<Run> m_runs;
};

class SiblingSearch {
public:
    SiblingSearch(const Replay& replay, SurplusStudy& study)
        : m_replay(replay),
          m_trace(*replay.trace),
          m_study(study),
          m_rowsOf(study.rows.size(), m_trace.addresses.size(),
                   [&study](std::size_t row) { return study.rows[row].address.index(); }),
          m_counts(study.rows, m_rowsOf) {
        m_study.aloneOn.assign(replay.devices.size(), 0);
    }

    [[nodiscard]] bool run(const TaskContext& task) {
        // By address, so that its keys are looked up once.
        std::vector<std::pair<std::uint64_t, AddressId>> keys;
        for (std::size_t key = 0; key < m_rowsOf.groups(); ++key) {
            if (!m_rowsOf.of(key).empty()) keys.emplace_back(m_trace.addresses[key].address, key);
        }
        std::sort(keys.begin(), keys.end());
        constexpr std::size_t kShare = 256;
        sideBySide((keys.size() + kShare - 1) / kShare, [&](std::size_t share) {
            if (task.isCancelled()) return;
            std::vector<AddressId> same;
            for (std::size_t i = share * kShare; i < std::min(keys.size(), (share + 1) * kShare); ++i) {
                const auto [address, key] = keys[i];
                if (i % kShare == 0 || address != keys[i - 1].first) same = m_replay.keysOf(address);
                compare(key, same);
            }
        });
        return !task.isCancelled();
    }

private:
    /// The surplus frees of a key against the keys of its address, of which it is one.
    void compare(AddressId key, const std::vector<AddressId>& same) {
        SurplusCounts::Cursor own = m_counts.of(key);
        for (const std::uint32_t row : m_rowsOf.of(key.index())) {
            SurplusFacts& facts = m_study.rows[row];
            facts.inGeneration = own.of(facts.generation);
            facts.isFirstDevice = true;
        }
        bool isBefore = true;
        for (const AddressId sibling : same) {
            if (sibling == key)
                isBefore = false;
            else
                compareWith(sibling, key, isBefore);
        }
        const auto rows = m_rowsOf.of(key.index());
        const bool isAlone = std::any_of(rows.begin(), rows.end(), [this](std::uint32_t row) {
            return m_study.rows[row].siblingsAlike == 0 && m_study.rows[row].siblingsClean > 0;
        });
        if (!isAlone) return;
        const auto& devices = m_replay.devices;
        const auto row = std::lower_bound(
            devices.begin(), devices.end(), m_trace.key(key).device,
            [](const DeviceSummary& a, std::int32_t device) { return a.device < device; });
        std::atomic_ref(m_study.aloneOn[static_cast<std::size_t>(row - devices.begin())]).fetch_add(1);
    }

    void compareWith(AddressId sibling, AddressId key, bool isBefore) {
        const AddressSummary& theirs = m_replay.address(sibling);
        const bool hasIt = theirs.allocations > 0;
        const bool isAhead = isAheadOf(m_replay.address(key), theirs);
        SurplusCounts::Cursor surplus = m_counts.of(sibling);
        for (const std::uint32_t row : m_rowsOf.of(key.index())) {
            SurplusFacts& facts = m_study.rows[row];
            facts.siblingsAllocated += hasIt ? 1 : 0;
            facts.siblingsAhead += isAhead ? 1 : 0;
            if (!isInStep(facts, sibling)) continue;
            if (isBefore) facts.isFirstDevice = false;
            ++(surplus.of(facts.generation) > 0 ? facts.siblingsAlike : facts.siblingsClean);
        }
    }

    // As many frees were received, but for each that was refused here there is an allocation there.
    [[nodiscard]] static bool isAheadOf(const AddressSummary& ours, const AddressSummary& theirs) {
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
    const Trace& m_trace;
    SurplusStudy& m_study;
    GroupedRows m_rowsOf;  ///< by AddressId
    SurplusCounts m_counts;
};

}  // namespace

bool compareSiblings(const Replay& replay, SurplusStudy& study, const TaskContext& task) {
    return SiblingSearch(replay, study).run(task);
}

}  // namespace alloclens
