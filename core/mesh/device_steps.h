// SPDX-License-Identifier: GPL-3.0-or-later
//
// The addresses of a trace, each with its keys on all devices, and which devices run in step. A key's fingerprint sums
// up its allocations, frees, and the sizes and memories of its lifetimes in order: keys of the same fingerprint
// received the same messages, as far as these tell.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/task.h"
#include "core/mesh/mesh_parity.h"

namespace alloclens {

/// A key of an address: on which device (a row of DeviceSteps::devices), and which.
struct DeviceKey {
    std::uint32_t row = 0;
    AddressId key;
};

class DeviceSteps {
public:
    DeviceSteps(const Replay& replay, const TaskContext& task);

    /// Those that have keys, in order.
    [[nodiscard]] const std::vector<std::int32_t>& devices() const { return m_devices; }
    [[nodiscard]] std::uint64_t fingerprint(AddressId key) const { return m_fingerprints[key.index()]; }

    /// Calls `visit` with the keys of each address, in the order of addresses and then of devices, until it gives
    /// false.
    void forEachAddress(const std::function<bool(std::uint64_t address, std::span<const DeviceKey>)>& visit) const;

    /// Groups of two devices and more, each a list of rows of devices().
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> groups(const TaskContext& task) const;

private:
    const Replay& m_replay;
    std::vector<std::int32_t> m_devices;
    std::vector<std::uint32_t> m_firstKey;  ///< of each device; one more for the end
    std::vector<std::uint64_t> m_fingerprints;
};

}  // namespace alloclens
