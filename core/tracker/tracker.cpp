// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tracker/tracker.h"

#include <algorithm>

namespace alloclens {

void Tracker::count(std::int32_t device, const Held& held) {
    DeviceTotals& totals = m_totals[device];
    ++totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] += held.size;
    ++m_owned[held.owner];
}

void Tracker::discount(std::int32_t device, const Held& held) {
    DeviceTotals& totals = m_totals[device];
    --totals.entries;
    totals.bytes[static_cast<std::size_t>(held.memory)] -= held.size;
    const auto owned = m_owned.find(held.owner);
    if (--owned->second == 0) m_owned.erase(owned);
}

Tracker::Verdict Tracker::allocate(const AddressKey& key, std::uint64_t size, Memory memory, std::int32_t sender) {
    const auto [at, isNew] = m_entries.try_emplace(key, Held{size, sender, 1, memory});
    Held& held = at->second;
    Verdict verdict{EventKind::Allocation, sender, size, 0, isNew ? 0 : held.size, held.memory};
    if (isNew) {
        count(key.device, held);
    } else if (!m_rules.countsReferences) {
        discount(key.device, held);
        held = {size, sender, 1, memory};
        count(key.device, held);
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
        discount(key.device, held);
        m_entries.erase(at);
    }
    return verdict;
}

Tracker::Removed Tracker::sweep(std::int32_t owner) {
    Removed removed;
    if (!isOwner(owner)) return removed;
    for (auto at = m_entries.begin(); at != m_entries.end();) {
        if (at->second.owner != owner) {
            ++at;
            continue;
        }
        ++removed.entries;
        removed.bytes += at->second.size;
        discount(at->first.device, at->second);
        at = m_entries.erase(at);
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
