// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guarded_table.h"

#include <limits>

namespace alloclens {

GuardedTable::GuardedTable(std::size_t keys, std::size_t owners, TrackerRules rules)
    : m_rules(rules), m_entries(keys), m_first(owners, kNone), m_isListed(owners) {}

bool GuardedTable::allocate(AddressId key, std::uint32_t owner, std::uint32_t sizeNumber) {
    Entry& entry = m_entries[key.index()];
    if (entry.depth == 0) {
        put(key, 1, owner, sizeNumber);
        return false;
    }
    if (!m_rules.countsReferences) {
        put(key, 1, owner, sizeNumber);
        return true;
    }
    if (entry.depth < std::numeric_limits<std::uint32_t>::max()) ++entry.depth;
    if (m_rules.keepsLastSize) entry.sizeNumber = sizeNumber;
    return true;
}

bool GuardedTable::release(AddressId key) {
    Entry& entry = m_entries[key.index()];
    if (entry.depth == 0) return false;
    if (entry.depth == 1) {
        put(key, 0, 0, 0);
    } else {
        --entry.depth;
    }
    return true;
}

void GuardedTable::put(AddressId key, std::uint32_t depth, std::uint32_t owner, std::uint32_t sizeNumber) {
    Entry& entry = m_entries[key.index()];
    if (entry.depth > 0) unchain(key);
    entry = {};
    if (depth == 0) return;
    entry.depth = depth;
    entry.sizeNumber = sizeNumber;
    chain(key, owner);
}

void GuardedTable::chain(AddressId key, std::uint32_t owner) {
    Entry& entry = m_entries[key.index()];
    entry.owner = owner;
    entry.next = std::exchange(m_first[owner], key.value);
    if (entry.next != kNone) m_entries[entry.next].previous = key.value;
    if (m_isListed[owner]) return;
    m_isListed[owner] = true;
    m_owners.push_back(owner);
}

void GuardedTable::unchain(AddressId key) {
    const Entry& entry = m_entries[key.index()];
    if (entry.next != kNone) m_entries[entry.next].previous = entry.previous;
    if (entry.previous != kNone) {
        m_entries[entry.previous].next = entry.next;
    } else {
        m_first[entry.owner] = entry.next;
    }
}

}  // namespace alloclens
