// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the devices of a mesh agree. The programs of a mesh send every device the same messages for an address, so
// devices that mostly received the same are one mesh. If a device has an event that the others lack, or lacks one, that
// event is named. Devices that run on their own belong to no mesh and get no findings.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/id.h"
#include "core/base/task.h"
#include "core/replay/replay.h"

namespace alloclens {

/// Devices that run in step, ascending.
struct Mesh {
    std::vector<std::int32_t> devices;
    std::uint64_t addressesAlike = 0;  ///< the same on all of them
    std::uint64_t addressesApart = 0;  ///< most devices agree, some diverge
    std::uint64_t addressesOther = 0;  ///< too few devices agree to say which ones diverge
};

/// An event that one device has and the agreeing devices lack, or the other way round.
struct DivergentEvent {
    EventId event;           ///< if it is lacking: that of the first agreeing device
    bool isLacking = false;  ///< the device lacks a match for it
};

/// One device at one address at which it diverges from most of its mesh.
struct MeshDivergence {
    FindingId finding;
    std::uint32_t mesh = 0;
    std::int32_t device = kNoDevice;
    std::uint64_t address = 0;
    AddressId key;               ///< none if the device never had the address
    AddressId sibling;           ///< the key of the first agreeing device
    std::uint32_t agreeing = 0;  ///< devices that agree at the address
    std::uint32_t lackedAllocations = 0;
    std::uint32_t lackedFrees = 0;
    std::uint32_t extraAllocations = 0;
    std::uint32_t extraFrees = 0;
    bool isApart = false;  ///< too different to compare event by event: names only where the difference begins
    std::uint32_t firstEvent = 0;
    std::uint32_t eventCount = 0;  ///< its events are MeshParity::events[firstEvent, firstEvent + eventCount)
};

struct MeshParity {
    std::vector<Mesh> meshes;                 ///< in the order of their first device
    std::vector<MeshDivergence> divergences;  ///< in the order of their first events
    std::vector<DivergentEvent> events;

    [[nodiscard]] std::span<const DivergentEvent> eventsOf(const MeshDivergence& divergence) const {
        return std::span(events).subspan(divergence.firstEvent, divergence.eventCount);
    }
    /// The divergence of a finding, or null for findings of other kinds.
    [[nodiscard]] const MeshDivergence* of(FindingId finding) const;
};

/// Linear in keys, lifetimes, and the events of addresses that differ. Empty if cancelled.
[[nodiscard]] MeshParity compareDevices(const Replay& replay, const TaskContext& task);

}  // namespace alloclens
