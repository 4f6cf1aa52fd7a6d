// SPDX-License-Identifier: GPL-3.0-or-later
//
// A map's entries in a scrambled order, as a hash table has. The order is the same with every standard library. The
// entries point into the map, which must outlive them.
#pragma once

#include <algorithm>
#include <vector>

#include "message.h"

namespace alloclens::generator {

template <typename Map>
[[nodiscard]] std::vector<const typename Map::value_type*> scrambled(const Map& map) {
    std::vector<const typename Map::value_type*> entries;
    entries.reserve(map.size());
    for (const auto& entry : map) {
        entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(), [](const auto* left, const auto* right) {
        const auto rank = [](const AddressKey& key) {
            return Random::mix(key.address * 257U + static_cast<std::uint64_t>(key.device));
        };
        const auto leftRank = rank(left->first);
        const auto rightRank = rank(right->first);
        return leftRank != rightRank ? leftRank < rightRank : left->first < right->first;
    });
    return entries;
}

}  // namespace alloclens::generator
