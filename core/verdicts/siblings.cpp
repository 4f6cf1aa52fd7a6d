// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/siblings.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "core/base/grouped_rows.h"
#include "core/base/parallel.h"
#include "core/replay/keys_of_addresses.h"

namespace alloclens {
namespace {

/// The surplus frees of one key and generation: consecutive rows of SurplusRuns.
struct Run {
    std::uint32_t generation;
    std::uint32_t begin;
    std::uint32_t end;
};

/// Surplus frees by key, then by generation.
class SurplusRuns {
public:
    /// Requires: the rows of a key are in the order of generations.
    SurplusRuns(const Column<SurplusFacts>& rows, std::size_t keys)
        : m_rowsOf(rows.size(), keys, [&rows](std::size_t row) { return rows[row].address.index(); }) {
        m_first.reserve(keys + 1);
        m_first.push_back(0);
        std::uint32_t at = 0;
        for (std::size_t key = 0; key < keys; ++key) {
            for (const std::uint32_t row : m_rowsOf.of(key)) {
                const std::uint32_t generation = rows[row].generation;
                if (m_runs.size() == m_first.back() || m_runs.back().generation != generation)
                    m_runs.push_back({generation, at, at});
                m_runs.back().end = ++at;
            }
            m_first.push_back(static_cast<std::uint32_t>(m_runs.size()));
        }
    }

    [[nodiscard]] std::span<const Run> of(AddressId key) const {
        const std::uint32_t first = m_first[key.index()];
        return std::span(m_runs).subspan(first, m_first[key.index() + 1] - first);
    }
    [[nodiscard]] std::span<const std::uint32_t> rowsOf(const Run& run) const {
        return std::span(m_rowsOf.rows()).subspan(run.begin, run.end - run.begin);
    }

private:
    GroupedRows m_rowsOf;                ///< by AddressId
    std::vector<std::uint32_t> m_first;  ///< by AddressId, into m_runs; one more entry for the end
    std::vector<Run> m_runs;
};

/// Compares the keys of one address. It counts keys by what they share, so many devices cost a sort of their lifetimes,
/// not a comparison of each pair.
class AddressComparison {
public:
    /// Counts in `aloneOn`, by device, the addresses with a surplus on that device only while all in step are clean.
    AddressComparison(const Replay& replay, SurplusStudy& study, const SurplusRuns& runs,
                      std::vector<std::uint32_t>& aloneOn)
        : m_replay(replay), m_study(study), m_runs(runs), m_aloneOn(aloneOn) {}

    /// Requires: `keys` are in the order of the devices.
    void run(std::span<const AddressId> keys) {
        m_keys = keys;
        for (const AddressId key : keys) {
            for (const Run& run : m_runs.of(key)) {
                for (const std::uint32_t row : m_runs.rowsOf(run)) m_study.rows[row].inGeneration = run.end - run.begin;
            }
        }
        countWhole();
        compareFirstUses();
        compareGenerations();
        for (const AddressId key : keys) countAlone(key);
    }

private:
    /// What a device did with a generation of the address. Devices that agree in the first two members are in step.
    struct Use {
        std::uint32_t sizeNumber;
        Memory memory;
        std::uint32_t position;  ///< in m_keys
        const Run* run;          ///< its surplus frees of that generation, or null

        [[nodiscard]] auto step() const { return std::tuple(sizeNumber, memory); }
    };
    /// The counts of a group of devices in step.
    struct Sum {
        std::uint32_t alike = 0;
        std::uint32_t clean = 0;
        std::uint32_t first = std::numeric_limits<std::uint32_t>::max();

        void add(std::uint32_t position, bool isAlike) {
            ++(isAlike ? alike : clean);
            first = std::min(first, position);
        }
    };

    void write(const Run& run, const Sum& others, bool isFirst) {
        for (const std::uint32_t row : m_runs.rowsOf(run)) {
            SurplusFacts& facts = m_study.rows[row];
            facts.siblingsAlike = others.alike;
            facts.siblingsClean = others.clean;
            facts.isFirstDevice = isFirst;
        }
    }

    /// Counts the devices that have the address. Also counts those with as many frees, and one allocation more for each
    /// free that was refused elsewhere.
    void countWhole() {
        std::uint32_t allocated = 0;
        m_balances.clear();
        for (const AddressId key : m_keys) {
            const AddressSummary& address = m_replay.address(key);
            allocated += address.allocations > 0 ? 1 : 0;
            if (address.refusedFrees == 0) m_balances.emplace_back(address.acceptedFrees, address.allocations);
        }
        std::sort(m_balances.begin(), m_balances.end());
        for (const AddressId key : m_keys) {
            const std::span<const Run> runs = m_runs.of(key);
            if (runs.empty()) continue;
            const AddressSummary& address = m_replay.address(key);
            const std::pair wanted(address.acceptedFrees + address.refusedFrees,
                                   address.allocations + address.refusedFrees);
            const auto [first, last] = std::equal_range(m_balances.begin(), m_balances.end(), wanted);
            for (const Run& run : runs) {
                for (const std::uint32_t row : m_runs.rowsOf(run)) {
                    m_study.rows[row].siblingsAllocated = allocated - (address.allocations > 0 ? 1 : 0);
                    m_study.rows[row].siblingsAhead = static_cast<std::uint32_t>(last - first);
                }
            }
        }
    }

    /// For frees before any allocation, the devices that never allocated are in step.
    void compareFirstUses() {
        const auto runOf = [this](AddressId key) -> const Run* {
            const std::span<const Run> runs = m_runs.of(key);
            return runs.empty() || runs.front().generation != 0 ? nullptr : &runs.front();
        };
        const auto isInStep = [this](AddressId key) {
            return m_replay.address(key).allocations == 0 && m_replay.address(key).refusedFrees > 0;
        };
        Sum all;
        for (std::uint32_t i = 0; i < m_keys.size(); ++i) {
            if (isInStep(m_keys[i])) all.add(i, runOf(m_keys[i]) != nullptr);
        }
        for (std::uint32_t i = 0; i < m_keys.size(); ++i) {
            const Run* run = runOf(m_keys[i]);
            if (run == nullptr) continue;
            Sum others = all;
            if (isInStep(m_keys[i])) --others.alike;
            write(*run, others, all.first >= i);
        }
    }

    /// Of the keys with as many lifetimes, those with the same size and memory in a generation are in step.
    void compareGenerations() {
        m_byLifetimes.clear();
        for (std::uint32_t i = 0; i < m_keys.size(); ++i) {
            if (const std::uint32_t lifetimes = m_replay.address(m_keys[i]).lifetimes; lifetimes > 0)
                m_byLifetimes.emplace_back(lifetimes, i);
        }
        std::sort(m_byLifetimes.begin(), m_byLifetimes.end());
        for (std::size_t begin = 0, end = 0; begin < m_byLifetimes.size(); begin = end) {
            while (end < m_byLifetimes.size() && m_byLifetimes[end].first == m_byLifetimes[begin].first) ++end;
            compareMembers(std::span(m_byLifetimes).subspan(begin, end - begin));
        }
    }

    // A key has no more generations than lifetimes, so all uses together stay linear in the lifetimes.
    void compareMembers(std::span<const std::pair<std::uint32_t, std::uint32_t>> members) {
        m_generations.clear();
        for (const auto& [lifetimes, position] : members) {
            for (const Run& run : m_runs.of(m_keys[position])) {
                if (run.generation > 0) m_generations.push_back(run.generation);
            }
        }
        if (m_generations.empty()) return;
        std::sort(m_generations.begin(), m_generations.end());
        m_generations.erase(std::unique(m_generations.begin(), m_generations.end()), m_generations.end());
        listUses(members);
        for (std::size_t begin = 0; begin < m_uses.size(); begin += members.size())
            compareUses(std::span(m_uses).subspan(begin, members.size()));
    }

    // Generation by generation, and in each in the order of the devices.
    void listUses(std::span<const std::pair<std::uint32_t, std::uint32_t>> members) {
        const LifetimeTable& table = m_replay.lifetimes;
        m_uses.resize(members.size() * m_generations.size());
        for (std::size_t member = 0; member < members.size(); ++member) {
            const std::uint32_t position = members[member].second;
            const std::size_t before = m_replay.address(m_keys[position]).firstLifetime.index();
            std::span<const Run> runs = m_runs.of(m_keys[position]);
            for (std::size_t i = 0; i < m_generations.size(); ++i) {
                const std::uint32_t generation = m_generations[i];
                while (!runs.empty() && runs.front().generation < generation) runs = runs.subspan(1);
                const bool hasSurplus = !runs.empty() && runs.front().generation == generation;
                const std::size_t lifetime = before + generation - 1;
                m_uses[i * members.size() + member] = {table.sizeNumber(lifetime), table.memory(lifetime), position,
                                                       hasSurplus ? &runs.front() : nullptr};
            }
        }
    }

    // Nearly always all are in step.
    void compareUses(std::span<Use> uses) {
        const auto isSame = [&uses](const Use& use) { return use.step() == uses.front().step(); };
        if (!std::all_of(uses.begin(), uses.end(), isSame))
            std::stable_sort(uses.begin(), uses.end(), [](const Use& a, const Use& b) { return a.step() < b.step(); });
        for (std::size_t begin = 0, end = 0; begin < uses.size(); begin = end) {
            Sum all;
            for (; end < uses.size() && uses[end].step() == uses[begin].step(); ++end)
                all.add(uses[end].position, uses[end].run != nullptr);
            for (const Use& use : uses.subspan(begin, end - begin)) {
                if (use.run != nullptr) write(*use.run, {all.alike - 1, all.clean, 0}, all.first == use.position);
            }
        }
    }

    void countAlone(AddressId key) {
        const std::span<const Run> runs = m_runs.of(key);
        const bool isAlone = std::any_of(runs.begin(), runs.end(), [this](const Run& run) {
            const SurplusFacts& facts = m_study.rows[m_runs.rowsOf(run).front()];  // the same for the whole run
            return facts.siblingsAlike == 0 && facts.siblingsClean > 0;
        });
        if (!isAlone) return;
        const auto& devices = m_replay.devices;
        const auto row = std::lower_bound(
            devices.begin(), devices.end(), m_replay.trace->key(key).device,
            [](const DeviceSummary& a, std::int32_t device) { return a.device < device; });
        std::atomic_ref(m_aloneOn[static_cast<std::size_t>(row - devices.begin())]).fetch_add(1);
    }

    const Replay& m_replay;
    SurplusStudy& m_study;
    const SurplusRuns& m_runs;
    std::vector<std::uint32_t>& m_aloneOn;
    std::span<const AddressId> m_keys;
    // Scratch memory, reused for the next address.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_balances;     ///< frees and allocations
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_byLifetimes;  ///< lifetimes and position
    std::vector<std::uint32_t> m_generations;
    std::vector<Use> m_uses;
};

}  // namespace

bool compareSiblings(const Replay& replay, SurplusStudy& study, const TaskContext& task) {
    if (replay.devices.empty()) return true;
    std::vector<std::uint32_t> aloneOn(replay.devices.size(), 0);
    study.devices = replay.devices.size();
    const SurplusRuns runs(study.rows, replay.addresses.size());
    std::vector<std::uint64_t> addresses;
    for (std::size_t key = 0; key < replay.addresses.size(); ++key) {
        if (!runs.of(AddressId(key)).empty()) addresses.push_back(replay.trace->addresses[key].address);
    }
    const KeysOfAddresses keys(replay, std::move(addresses));
    constexpr std::size_t kShare = 256;
    inParallel((keys.count() + kShare - 1) / kShare, [&] {
        return [&, comparison = AddressComparison(replay, study, runs, aloneOn)](std::size_t share) mutable {
            if (task.isCancelled()) return;
            const std::size_t end = std::min(keys.count(), (share + 1) * kShare);
            for (std::size_t row = share * kShare; row < end; ++row) comparison.run(keys.of(row));
        };
    });
    study.mostAloneOn = *std::max_element(aloneOn.begin(), aloneOn.end());
    return !task.isCancelled();
}

}  // namespace alloclens
