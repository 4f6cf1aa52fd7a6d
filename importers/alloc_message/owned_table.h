// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table by device and address of what processes hold. The entries of an owner form a list, so sweeping an owner costs
// its entries only, however many there are of others. Used by one thread. Requires: `Held` has a member `owner`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "core/trace/event.h"
#include "core/trace/trace_builder.h"

namespace alloclens::alloc_message {

template <typename Held>
class OwnedTable {
public:
    OwnedTable() = default;
    OwnedTable(const OwnedTable&) = delete;  // entries point at each other
    OwnedTable& operator=(const OwnedTable&) = delete;

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] bool isOwner(std::int32_t pid) const { return m_first.contains(pid); }
    /// Null if nothing is held there.
    [[nodiscard]] const Held* find(const AddressKey& key) const {
        const auto at = m_entries.find(key);
        return at == m_entries.end() ? nullptr : &at->second.held;
    }

    /// Replaces what was held there.
    void put(const AddressKey& key, const Held& held) {
        erase(key);
        Node& node = *m_entries.emplace(key, Entry{held}).first;
        Node*& first = m_first[held.owner];
        node.second.next = std::exchange(first, &node);
        if (node.second.next != nullptr) node.second.next->second.previous = &node;
    }

    void erase(const AddressKey& key) {
        const auto at = m_entries.find(key);
        if (at == m_entries.end()) return;
        const Entry& entry = at->second;
        if (entry.next != nullptr) entry.next->second.previous = entry.previous;
        if (entry.previous != nullptr) {
            entry.previous->second.next = entry.next;
        } else if (entry.next != nullptr) {
            m_first[entry.held.owner] = entry.next;
        } else {
            m_first.erase(entry.held.owner);
        }
        m_entries.erase(at);
    }

    /// Removes all entries of an owner and calls `take` with the key and value of each. Returns how many there were.
    template <typename Take>
    std::size_t sweep(std::int32_t owner, Take take) {
        const auto owned = m_first.find(owner);
        if (owned == m_first.end()) return 0;
        Node* node = owned->second;
        m_first.erase(owned);
        std::size_t steps = 0;
        for (; node != nullptr; ++steps) {
            Node* const next = node->second.next;
            take(node->first, node->second.held);
            m_entries.erase(AddressKey(node->first));
            node = next;
        }
        return steps;
    }

    /// Calls `take` with each key and value, in any order.
    template <typename Take>
    void visit(Take take) const {
        for (const auto& [key, entry] : m_entries) take(key, entry.held);
    }

private:
    struct Entry;
    using Node = std::pair<const AddressKey, Entry>;
    struct Entry {
        Held held;
        Node* previous = nullptr;  ///< of the same owner
        Node* next = nullptr;
    };

    std::unordered_map<AddressKey, Entry, AddressKeyHash> m_entries;
    std::unordered_map<std::int32_t, Node*> m_first;  ///< by owner
};

}  // namespace alloclens::alloc_message
