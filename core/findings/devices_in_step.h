// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which devices did the same with an address as a device whose free was refused there, and refused none themselves. The
// keys of each address are sorted by what was done with them, once for all that ask, so that many devices which ask
// about one address cost a sort of its lifetimes, and many frees of one key one look at them. Immutable afterwards; any
// number of threads may read.
#pragma once

#include <span>
#include <vector>

#include "core/base/task.h"
#include "core/replay/keys_of_addresses.h"

namespace alloclens {

class DevicesInStep {
public:
    /// No server has more devices, and a log that names more may not make each of them listen to all the others.
    static constexpr std::size_t kMostAsked = 256;

    /// For these keys, in any order. Where the task is cancelled, what is found is of no use.
    DevicesInStep(const Replay& replay, std::span<const AddressId> keys, const TaskContext& task);

    /// The keys of the address on other devices that had as many lifetimes, of the same sizes and memories, and no
    /// refused free: the first kMostAsked in the order of the devices. `key` is one of those that were named.
    [[nodiscard]] std::span<const AddressId> of(AddressId key) const;

private:
    [[nodiscard]] std::span<const AddressId> find(AddressId key) const;

    const Replay& m_replay;
    KeysOfAddresses m_keys;
    std::vector<std::vector<AddressId>> m_clean;       ///< by row of m_keys: sorted by what was done
    std::vector<AddressId> m_asking;                   ///< the keys that were named, each once, sorted
    std::vector<std::span<const AddressId>> m_inStep;  ///< what each of them gets
};

}  // namespace alloclens
