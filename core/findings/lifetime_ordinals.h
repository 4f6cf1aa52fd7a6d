// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers the faults of a lifetime in the order of events: the first surplus free after its end, the second, and so on.
// Faults of an address come lifetime by lifetime, so it keeps only the last one of each address. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

class LifetimeOrdinals {
public:
    explicit LifetimeOrdinals(const Replay& replay) : m_last(replay.addresses.size()) {}

    /// Returns 1 for the first fault of `lifetime` at its address, then 2, ... Faults without a lifetime share one
    /// count. Requires: all faults of a lifetime come before those of the next one.
    [[nodiscard]] std::uint32_t next(AddressId address, LifetimeId lifetime) {
        Last& last = m_last[address.index()];
        last.count = lifetime == last.lifetime ? last.count + 1 : 1;
        last.lifetime = lifetime;
        return last.count;
    }

private:
    struct Last {
        LifetimeId lifetime;
        std::uint32_t count = 0;
    };
    std::vector<Last> m_last;  ///< by AddressId
};

}  // namespace alloclens
