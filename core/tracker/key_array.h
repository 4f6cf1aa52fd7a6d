// SPDX-License-Identifier: GPL-3.0-or-later
//
// A store for TrackerTable whose keys, owners and sizes are numbers of a trace: an entry a key in an array, so that
// several tables can follow one trace at 20 bytes a key each. Belongs to its table.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

class KeyArray {
public:
    using Link = std::uint32_t;   ///< the number of an AddressId
    using Size = std::uint32_t;   ///< a row of the trace's sizes
    using Owner = std::uint32_t;  ///< below the number of owners; the last is the owner that is not known
    static constexpr Link kNone = AddressId::kNoneValue;

    struct Entry {
        std::uint32_t references = 0;  ///< 0 where the key is not live
        Size size = 0;
        Owner owner = 0;
        Link previous = kNone;  ///< keys of the same owner
        Link next = kNone;
    };

    KeyArray(std::size_t keys, std::size_t owners) : m_entries(keys), m_first(owners, kNone), m_isListed(owners) {}

    [[nodiscard]] Entry& at(Link key) { return m_entries[key]; }
    [[nodiscard]] const Entry& at(Link key) const { return m_entries[key]; }
    [[nodiscard]] static constexpr Size unknownSize() { return 0; }
    [[nodiscard]] Owner unknownOwner() const { return static_cast<Owner>(m_first.size() - 1); }
    void erase(Link key) { m_entries[key] = {}; }

    Link exchangeFirst(Owner owner, Link key) {
        if (key != kNone && !m_isListed[owner]) {
            m_isListed[owner] = true;
            m_owners.push_back(owner);
        }
        return std::exchange(m_first[owner], key);
    }
    /// Who has owned something since the last call: to look at the others is not worth it.
    [[nodiscard]] std::vector<Owner> takeOwners() {
        for (const Owner owner : m_owners) m_isListed[owner] = false;
        return std::exchange(m_owners, {});
    }

private:
    std::vector<Entry> m_entries;  ///< by AddressId
    std::vector<Link> m_first;     ///< by owner: the first key of its chain
    std::vector<Owner> m_owners;   ///< who owned something since takeOwners()
    std::vector<bool> m_isListed;  ///< by owner: it is one of m_owners
};

}  // namespace alloclens
