// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tracker/tracker.h"

#include <algorithm>
#include <utility>

namespace alloclens {

void Tracker::count(Node& node) {
    auto& [key, held] = node;
    DeviceTotals& totals = m_totals[key.device];
    ++totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] += held.size;
    held.previous = nullptr;
    held.next = std::exchange(m_owned[held.owner], &node);
    if (held.next != nullptr) held.next->second.previous = &node;
}

void Tracker::discount(Node& node) {
    auto& [key, held] = node;
    DeviceTotals& totals = m_totals[key.device];
    --totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] -= held.size;
    if (held.next != nullptr) held.next->second.previous = held.previous;
    if (held.previous != nullptr) {
        held.previous->second.next = held.next;
    } else if (held.next != nullptr) {
        m_owned[held.owner] = held.next;
    } else {
        m_owned.erase(held.owner);
    }
}

Tracker::Verdict Tracker::allocate(const AddressKey& key, std::uint64_t size, Memory memory, std::int32_t sender) {
    const auto [at, isNew] = m_entries.try_emplace(key, Held{size, sender, 1, memory});
    Node& node = *at;
    Held& held = node.second;
    Verdict verdict{EventKind::Allocation, sender, size, 0, isNew ? 0 : held.size, held.memory};
    if (isNew) {
        count(node);
    } else if (!m_rules.countsReferences) {
        discount(node);
        held = {size, sender, 1, memory};
        count(node);
    } else {
        verdict.refCount = ++held.refCount;
        if (m_rules.keepsLastSize) held.size = size;
    }
    return verdict;
}

Tracker::Verdict Tracker::release(const AddressKey& key, std::int32_t sender) {
    const auto at = m_entries.find(key);
    if (at == m_entries.end()) return {EventKind::RefusedFree, sender, kNoSize, 0, 0, Memory::Unknown};
    Held& held = at->second;
    Verdict verdict{EventKind::PartialFree, held.owner, held.size, --held.refCount, held.size, held.memory};
    if (held.refCount == 0) {
        verdict.kind = EventKind::FinalFree;
        discount(*at);
        m_entries.erase(at);
    }
    return verdict;
}

Tracker::Removed Tracker::sweep(std::int32_t owner) {
    Removed removed;
    const auto owned = m_owned.find(owner);
    if (owned == m_owned.end()) return removed;
    Node* node = owned->second;
    m_owned.erase(owned);
    while (node != nullptr) {
        const auto& [key, held] = *node;
        DeviceTotals& totals = m_totals[key.device];
        --totals.entries;
        totals.bytes[static_cast<std::size_t>(held.memory)] -= held.size;
        ++removed.entries;
        removed.bytes += held.size;
        Node* const next = held.next;
        m_entries.erase(AddressKey(key));
        node = next;
    }
    return removed;
}

std::vector<Tracker::Entry> Tracker::entries() const {
    std::vector<Entry> entries;
    entries.reserve(m_entries.size());
    for (const auto& [key, held] : m_entries)
        entries.push_back({key, held.size, held.memory, held.owner, held.refCount});
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return entries;
}

}  // namespace alloclens
