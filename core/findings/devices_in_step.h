// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which devices treated an address as a device whose free was refused did, but refused none themselves. Keys of an
// address are sorted once by their lifetimes, so many devices that ask about one address cost one sort, and many frees
// of one key cost one lookup. Immutable once made; any number of threads may read.
#pragma once

#include <span>
#include <vector>

#include "core/base/task.h"
#include "core/replay/keys_of_addresses.h"

namespace alloclens {

class DevicesInStep {
public:
    /// No server has more devices. The limit keeps a log that names more from comparing each of them with all others.
    static constexpr std::size_t kMostAsked = 256;

    /// Prepares answers for `keys`, in any order. Answers are incomplete if the task is cancelled.
    DevicesInStep(const Replay& replay, std::span<const AddressId> keys, const TaskContext& task);

    /// The keys of the address on other devices with as many lifetimes, of the same sizes and memories, and without a
    /// refused free. At most kMostAsked, by device. Requires: `key` is one of those passed to the constructor.
    [[nodiscard]] std::span<const AddressId> of(AddressId key) const;

private:
    [[nodiscard]] std::span<const AddressId> find(AddressId key) const;

    const Replay& m_replay;
    KeysOfAddresses m_keys;
    std::vector<std::vector<AddressId>> m_clean;  ///< by row of m_keys: keys without refused frees, sorted by lifetimes
    std::vector<AddressId> m_asking;              ///< the keys passed, each once, sorted
    std::vector<std::span<const AddressId>> m_inStep;  ///< the answer for each of them
};

}  // namespace alloclens
