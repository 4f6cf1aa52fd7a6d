// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of a trace with their keys on all devices, and which devices run in step. A key's fingerprint hashes
// its allocations, frees, and the sizes and memories of its lifetimes in order. Keys with the same fingerprint received
// the same messages, as far as these show. Immutable once made; linear in keys and lifetimes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/task.h"
#include "core/mesh/mesh_parity.h"

namespace alloclens {

/// One key of an address. `row` is its device in DeviceSteps::devices().
struct DeviceKey {
    std::uint32_t row = 0;
    AddressId key;
};

class DeviceSteps {
public:
    DeviceSteps(const Replay& replay, const TaskContext& task);

    /// The devices that have keys, in ascending order.
    [[nodiscard]] const std::vector<std::int32_t>& devices() const { return m_devices; }
    [[nodiscard]] std::uint64_t fingerprint(AddressId key) const { return m_fingerprints[key.index()]; }

    /// Calls `visit` with the keys of each address, by address and then by device, until it returns false.
    void forEachAddress(const std::function<bool(std::uint64_t address, std::span<const DeviceKey>)>& visit) const;

    /// The groups of two or more devices that run in step, each as rows of devices(). Incomplete if the task is
    /// cancelled.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> groups(const TaskContext& task) const;

private:
    const Replay& m_replay;
    std::vector<std::int32_t> m_devices;
    std::vector<std::uint32_t> m_firstKey;  ///< for each device; one more entry for the end
    std::vector<std::uint64_t> m_fingerprints;
};

}  // namespace alloclens
