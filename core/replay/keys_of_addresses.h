// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds the keys of many addresses at once, to compare what the devices did with each address. Looking up one address
// at a time costs a search on every device. Here a device costs as many steps as it has addresses, or as addresses are
// wanted, whichever is less. Immutable once made; any number of threads may read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

class KeysOfAddresses {
public:
    /// `addresses` may come in any order and more than once. Throws std::bad_alloc.
    KeysOfAddresses(const Replay& replay, std::vector<std::uint64_t> addresses);

    /// How many addresses there are.
    [[nodiscard]] std::size_t count() const { return m_addresses.size(); }
    /// One a device that has the address, in the order of the devices. `row` counts the addresses in their order.
    [[nodiscard]] std::span<const AddressId> of(std::size_t row) const {
        return std::span(m_keys).subspan(m_begin[row], m_begin[row + 1] - m_begin[row]);
    }
    /// The row of an address that is wanted.
    [[nodiscard]] std::size_t rowOf(std::uint64_t address) const;

private:
    std::vector<std::uint64_t> m_addresses;  ///< sorted
    std::vector<std::uint32_t> m_begin;      ///< by row, into m_keys; one more tells where the last row ends
    std::vector<AddressId> m_keys;
};

}  // namespace alloclens
