// SPDX-License-Identifier: GPL-3.0-or-later
//
// Numbers the faults of a lifetime in the order of the events: the first surplus free behind its end, the second ...
// Faults of one address come lifetime by lifetime, so the last one of each address is all that is kept.
#pragma once

#include <cstdint>
#include <vector>

#include "core/replay/replay.h"

namespace alloclens {

class LifetimeOrdinals {
public:
    explicit LifetimeOrdinals(const Replay& replay) : m_last(replay.addresses.size()) {}

    /// 1 for the first fault of `lifetime` at its address, and so on. Faults without a lifetime are counted together.
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
