// SPDX-License-Identifier: GPL-3.0-or-later
//
// Whether the devices of a mesh agree. The programs of a mesh send every device the same messages for an address, so
// devices that mostly do are taken for one, and where a device has something that the others lack, or lacks what they
// have, the very events are named. Devices that go their own way are part of no mesh, and nothing is held against them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/id.h"
#include "core/base/task.h"
#include "core/replay/replay.h"

namespace alloclens {

/// Devices that run in step, in order.
struct Mesh {
    std::vector<std::int32_t> devices;
    std::uint64_t addressesAlike = 0;  ///< the same on all of them
    std::uint64_t addressesApart = 0;  ///< those where some depart from most
    std::uint64_t addressesOther = 0;  ///< without enough devices alike to say who departs from whom
};

/// An event that one device has and those in step lack, or the other way round.
struct DivergentEvent {
    EventId event;           ///< where it is lacking: that of the first device in step
    bool isLacking = false;  ///< the device has none to match it
};

/// One device at one address, where it departs from most of its mesh.
struct MeshDivergence {
    FindingId finding;
    std::uint32_t mesh = 0;
    std::int32_t device = kNoDevice;
    std::uint64_t address = 0;
    AddressId key;               ///< none where the device never had the address
    AddressId sibling;           ///< the key of the first device in step
    std::uint32_t agreeing = 0;  ///< devices in step at the address
    std::uint32_t lackedAllocations = 0;
    std::uint32_t lackedFrees = 0;
    std::uint32_t extraAllocations = 0;
    std::uint32_t extraFrees = 0;
    bool isApart = false;  ///< too different to be told event by event: only where it begins is named
    std::uint32_t firstEvent = 0;
    std::uint32_t eventCount = 0;  ///< its events are MeshParity::events[firstEvent, firstEvent + eventCount)
};

struct MeshParity {
    std::vector<Mesh> meshes;                 ///< by their first device
    std::vector<MeshDivergence> divergences;  ///< in the order of their first events
    std::vector<DivergentEvent> events;

    [[nodiscard]] std::span<const DivergentEvent> eventsOf(const MeshDivergence& divergence) const {
        return std::span(events).subspan(divergence.firstEvent, divergence.eventCount);
    }
    /// Null for findings of other kinds.
    [[nodiscard]] const MeshDivergence* of(FindingId finding) const;
};

/// Linear in keys, lifetimes, and the events of addresses that differ. Empty when cancelled.
[[nodiscard]] MeshParity compareDevices(const Replay& replay, const TaskContext& task);

}  // namespace alloclens
