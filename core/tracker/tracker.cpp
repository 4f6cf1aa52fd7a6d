// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tracker/tracker.h"

#include <algorithm>
#include <utility>

namespace alloclens {

Tracker::Store::Link Tracker::Store::exchangeFirst(Owner owner, Link link) {
    if (link != kNone) return std::exchange(m_first[owner], link);
    const auto at = m_first.find(owner);
    if (at == m_first.end()) return kNone;
    const Link first = at->second;
    m_first.erase(at);
    return first;
}

void Tracker::count(const Store::Node& node) {
    const auto& [key, held] = node;
    DeviceTotals& totals = m_totals[key.device];
    ++totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] += held.size;
}

void Tracker::discount(const Store::Node& node) {
    const auto& [key, held] = node;
    DeviceTotals& totals = m_totals[key.device];
    --totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] -= held.size;
}

// The counters add an entry when it is made and subtract it when it ends, and know nothing of what happens between.
Tracker::Verdict Tracker::allocate(const AddressKey& key, std::uint64_t size, Memory memory, std::int32_t sender) {
    Store::Node* const node = m_table.store().findOrMake(key);
    Store::Entry& held = node->second;
    const bool isNew = held.references == 0;
    Verdict verdict{EventKind::Allocation, sender, size, 0, isNew ? 0 : held.size};
    const Store::Entry before = held;
    const Answer answer = m_table.allocate(node, size, sender);
    verdict.refCount = answer.printed;
    if (answer.effect.change == EntryChange::Kept) return verdict;
    if (answer.effect.change == EntryChange::Replaced) discount({key, before});
    held.memory = memory;
    count(*node);
    return verdict;
}

Tracker::Verdict Tracker::release(const AddressKey& key, std::int32_t sender) {
    Store::Node* const node = m_table.store().find(key);
    if (node == nullptr) return {EventKind::RefusedFree, sender, kNoSize, 0, 0};
    const Store::Node before = *node;
    const Store::Entry& held = before.second;
    const Answer answer = m_table.release(node);
    if (answer.effect.change == EntryChange::Ended) discount(before);
    return {answer.kind, held.owner, held.size, answer.printed, held.size};
}

Tracker::Removed Tracker::sweep(std::int32_t owner) {
    Removed removed;
    m_table.sweep(owner, [this, &removed](const Store::Node* node, const Store::Entry& held) {
        discount(*node);
        ++removed.entries;
        removed.bytes += held.size;
    });
    return removed;
}

std::vector<Tracker::Entry> Tracker::entries() const {
    std::vector<Entry> entries;
    entries.reserve(size());
    visit([&entries](const Entry& entry) { entries.push_back(entry); });
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
    return entries;
}

}  // namespace alloclens
