// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/mesh_parity.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/mesh/device_steps.h"
#include "core/mesh/key_difference.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kNoMesh = 0xFFFFFFFF;

class ParitySearch {
public:
    ParitySearch(const Replay& replay, const TaskContext& task)
        : m_replay(replay), m_task(task), m_steps(replay, task) {}

    [[nodiscard]] MeshParity run() {
        if (m_steps.devices().size() < 2) return {};
        m_groups = m_steps.groups(m_task);
        m_meshOf.assign(m_steps.devices().size(), kNoMesh);
        for (std::uint32_t mesh = 0; mesh < m_groups.size(); ++mesh) {
            Mesh& made = m_parity.meshes.emplace_back();
            for (const std::uint32_t row : m_groups[mesh]) {
                made.devices.push_back(m_steps.devices()[row]);
                m_meshOf[row] = mesh;
            }
        }
        m_byMesh.resize(m_groups.size());
        std::uint64_t visited = 0;
        m_steps.forEachAddress([&](std::uint64_t address, std::span<const DeviceKey> keys) {
            for (const DeviceKey& key : keys) {
                const std::uint32_t mesh = m_meshOf[key.row];
                if (mesh == kNoMesh) continue;
                if (m_byMesh[mesh].empty()) m_concerned.push_back(mesh);
                m_byMesh[mesh].push_back(key);
            }
            for (const std::uint32_t mesh : m_concerned) {
                compare(mesh, address, m_byMesh[mesh]);
                m_byMesh[mesh].clear();
            }
            m_concerned.clear();
            return ++visited % TaskContext::kPollRows != 0 || !m_task.isCancelled();
        });
        if (m_task.isCancelled()) return {};
        order();
        return std::move(m_parity);
    }

private:
    /// The largest group of devices that agree at an address.
    struct Most {
        AddressId key;            ///< of the first device in step
        std::uint32_t count = 0;  ///< devices in step
    };

    void compare(std::uint32_t mesh, std::uint64_t address, std::span<const DeviceKey> keys) {
        Mesh& counts = m_parity.meshes[mesh];
        const std::size_t members = m_groups[mesh].size();
        const Most most = mostAlike(keys);
        if (most.count == members) {
            ++counts.addressesAlike;
            return;
        }
        // If two devices differ, the one with more events counts as right.
        const bool isPair = members == 2 && keys.size() == 2;
        if (most.count * 2 <= members && !isPair) {
            ++counts.addressesOther;
            return;
        }
        const std::size_t before = m_parity.divergences.size();
        for (const DeviceKey& key : keys) {
            if (m_steps.fingerprint(key.key) != m_steps.fingerprint(most.key))
                add(mesh, address, key.row, key.key, most);
        }
        // An absent address counts only if few devices lack it. Otherwise it belongs to a part of the mesh.
        if (keys.size() < members && most.count * 4 > members * 3) addAbsent(mesh, address, keys, most);
        ++(m_parity.divergences.size() > before ? counts.addressesApart : counts.addressesOther);
    }

    [[nodiscard]] Most mostAlike(std::span<const DeviceKey> keys) {
        m_prints.clear();
        for (std::uint32_t i = 0; i < keys.size(); ++i) m_prints.emplace_back(m_steps.fingerprint(keys[i].key), i);
        std::sort(m_prints.begin(), m_prints.end());
        Most most;
        std::size_t mostEvents = 0;
        for (std::size_t i = 0; i < m_prints.size();) {
            std::size_t end = i;
            while (end < m_prints.size() && m_prints[end].first == m_prints[i].first) ++end;
            const auto count = static_cast<std::uint32_t>(end - i);
            const AddressId key = keys[m_prints[i].second].key;
            const std::size_t events = m_replay.address(key).events;
            if (count > most.count
                || (count == most.count && std::tuple(events, most.key) > std::tuple(mostEvents, key))) {
                most = {key, count};
                mostEvents = events;
            }
            i = end;
        }
        return most;
    }

    void addAbsent(std::uint32_t mesh, std::uint64_t address, std::span<const DeviceKey> keys, const Most& most) {
        std::size_t next = 0;
        for (const std::uint32_t row : m_groups[mesh]) {
            if (next < keys.size() && keys[next].row == row) {
                ++next;
            } else {
                add(mesh, address, row, {}, most);
            }
        }
    }

    void add(std::uint32_t mesh, std::uint64_t address, std::uint32_t row, AddressId key, const Most& most) {
        KeyDifference difference = differenceOf(m_replay, most.key, key);
        auto& events = difference.events;
        if (!difference.isApart)
            events.erase(std::remove_if(events.begin(), events.end(),
                                        [&](const DivergentEvent& event) { return isOfTheEnd(mesh, event); }),
                         events.end());
        if (events.empty() || (!difference.isApart && isBesideTheMesh(mesh, events))) return;
        MeshDivergence divergence;
        divergence.mesh = mesh;
        divergence.device = m_steps.devices()[row];
        divergence.address = address;
        divergence.key = key;
        divergence.sibling = most.key;
        divergence.agreeing = most.count;
        divergence.isApart = difference.isApart;
        divergence.firstEvent = static_cast<std::uint32_t>(m_parity.events.size());
        divergence.eventCount = static_cast<std::uint32_t>(events.size());
        for (const DivergentEvent& event : events) {
            const bool isAllocation = m_replay.trace->events.kind[event.event.index()] == EventKind::Allocation;
            if (event.isLacking) ++(isAllocation ? divergence.lackedAllocations : divergence.lackedFrees);
            if (!event.isLacking) ++(isAllocation ? divergence.extraAllocations : divergence.extraFrees);
            m_parity.events.push_back(event);
        }
        m_parity.divergences.push_back(divergence);
    }

    // A lifetime that only one device has belongs to a program that uses this device alone. With two devices nobody can
    // tell which one that is.
    [[nodiscard]] bool isBesideTheMesh(std::uint32_t mesh, const std::vector<DivergentEvent>& events) const {
        std::map<LifetimeId, std::size_t> eventsOfLifetime;
        int open = 0;
        bool areSimple = true;  // if each has one allocation and one free, it does not matter which were named
        for (const DivergentEvent& event : events) {
            if (event.isLacking && m_groups[mesh].size() > 2) return false;
            const std::size_t i = event.event.index();
            const LifetimeId lifetime = m_replay.lifetimeOf[i];
            if (m_replay.letters[i] == Letter::Refused || !lifetime.isValid()) return false;
            ++eventsOfLifetime[lifetime];
            areSimple = areSimple && m_replay.lifetime(lifetime).peakDepth == 1;
            open += m_replay.trace->events.kind[i] == EventKind::Allocation ? 1 : -1;
        }
        if (areSimple) return open >= 0;
        return std::all_of(eventsOfLifetime.begin(), eventsOfLifetime.end(),
                           [this](const auto& entry) { return countOf(entry.first) == entry.second; });
    }

    [[nodiscard]] std::size_t countOf(LifetimeId lifetime) const {
        const auto events = m_replay.eventsOf(m_replay.lifetimes.address(lifetime.index()));
        return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](EventId event) {
            return m_replay.lifetimeOf[event.index()] == lifetime && m_replay.letters[event.index()] != Letter::Refused;
        }));
    }

    // A message for a mesh reaches device after device, so the end of the trace may cut off the last one.
    [[nodiscard]] bool isOfTheEnd(std::uint32_t mesh, const DivergentEvent& event) const {
        const std::size_t left = m_replay.trace->events.count() - event.event.index();
        return left <= m_groups[mesh].size() * 2;
    }

    void order() {
        const auto key = [this](const MeshDivergence& of) {
            const AddressId shown = of.key.isValid() ? of.key : of.sibling;
            return std::tuple(m_parity.eventsOf(of).front().event, shown, of.device);
        };
        std::sort(m_parity.divergences.begin(), m_parity.divergences.end(),
                  [&](const MeshDivergence& a, const MeshDivergence& b) { return key(a) < key(b); });
    }

    const Replay& m_replay;
    const TaskContext& m_task;
    DeviceSteps m_steps;
    std::vector<std::vector<std::uint32_t>> m_groups;
    std::vector<std::uint32_t> m_meshOf;           ///< by device row
    std::vector<std::vector<DeviceKey>> m_byMesh;  ///< the keys of the current address
    std::vector<std::uint32_t> m_concerned;        ///< meshes that have any of them
    std::vector<std::pair<std::uint64_t, std::uint32_t>> m_prints;
    MeshParity m_parity;
};

}  // namespace

const MeshDivergence* MeshParity::of(FindingId finding) const {
    const auto at = std::lower_bound(divergences.begin(), divergences.end(), finding,
                                     [](const MeshDivergence& of, FindingId id) { return of.finding < id; });
    return at != divergences.end() && at->finding == finding ? &*at : nullptr;
}

MeshParity compareDevices(const Replay& replay, const TaskContext& task) { return ParitySearch(replay, task).run(); }

}  // namespace alloclens
