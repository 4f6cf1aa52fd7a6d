// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/key_history.h"

#include <algorithm>

namespace alloclens::server_log {
namespace {

bool agree(std::uint64_t held, std::uint64_t printed) {
    return held == kNoSize || printed == kNoSize || held == printed;
}
bool agree(std::int32_t held, std::int32_t printed) { return held == kNoPid || printed == kNoPid || held == printed; }

bool anyWithin(const std::vector<EventPlace>& places, EventPlace from, EventPlace to) {
    const auto at = std::upper_bound(places.begin(), places.end(), from);
    return at != places.end() && *at < to;
}

bool isAccepted(EventKind kind) { return kind == EventKind::FinalFree || kind == EventKind::PartialFree; }

}  // namespace

void KeyHistory::want(const AddressKey& key) {
    const std::uint32_t number = m_builder.numberOf(key);
    if (number == AddressId::kNoneValue) return;
    if (m_isWanted.empty()) m_isWanted.resize(m_builder.keys().size());
    m_isWanted[number] = 1;
}

void KeyHistory::collect() {
    const EventTable& events = m_draft.events;
    for (std::size_t i = 0; i < events.count(); ++i) {
        const EventKind kind = events.kind[i];
        if (kind == EventKind::Sweep) {
            m_sweeps[m_draft.pid(events.process[i])].push_back(EventPlace::of(i));
        } else if (kind == EventKind::Restart) {
            m_restarts.push_back(EventPlace::of(i));
        } else if (const AddressId id = events.address[i];
                   id.isValid() && !m_isWanted.empty() && m_isWanted[id.index()] != 0) {
            m_entries[m_builder.keys()[id.index()]].push_back({EventPlace::of(i), kind, events.refCount[i],
                                                               m_builder.sizeOf(i), m_draft.pid(events.process[i]),
                                                               State{}});
        }
    }
    for (auto& [key, entries] : m_entries) follow(entries, 0);
}

KeyHistory::State KeyHistory::at(const State& state, EventPlace from, EventPlace to) const {
    if (!state.isLive) return state;
    if (anyWithin(m_restarts, from, to)) return {};
    const auto sweeps = m_sweeps.find(state.pid);
    return sweeps != m_sweeps.end() && anyWithin(sweeps->second, from, to) ? State{} : state;
}

bool KeyHistory::accepts(const State& before, const Entry& entry) const {
    switch (entry.kind) {
    case EventKind::Allocation:
        if (entry.refCount == 0) return !before.isLive || !m_rules.countsReferences;
        return entry.refCount > 1 && before.isLive && before.depth == entry.refCount - 1;
    case EventKind::PartialFree:
        return entry.refCount > 0 && before.isLive && before.depth == entry.refCount + 1
               && agree(before.size, entry.size) && agree(before.pid, entry.pid);
    case EventKind::FinalFree:
        return before.isLive && (before.depth == 1 || !m_rules.countsReferences) && agree(before.size, entry.size)
               && agree(before.pid, entry.pid);
    case EventKind::RefusedFree: return !before.isLive;
    default: return true;
    }
}

// What the line says is believed, as the replay does.
KeyHistory::State KeyHistory::apply(const State& before, const Entry& entry) const {
    State after = before;
    switch (entry.kind) {
    case EventKind::Allocation:
        if (entry.refCount == 0) return {true, 1, entry.size, entry.pid};
        after.isLive = true;
        after.depth = entry.refCount;
        if (m_rules.keepsLastSize) after.size = entry.size;
        return after;
    case EventKind::PartialFree: return {true, entry.refCount, entry.size, entry.pid};
    default: return {};
    }
}

void KeyHistory::follow(Entries& entries, std::size_t from) const {
    State state = from == 0 ? State{} : entries[from - 1].after;
    for (std::size_t i = from; i < entries.size(); ++i) {
        if (i > 0) state = at(state, entries[i - 1].place, entries[i].place);
        state = apply(state, entries[i]);
        entries[i].after = state;
    }
}

Fit KeyHistory::fit(const TracePart::Event& event, EventPlace place) const {
    const Entry added{place, event.kind, event.refCount, event.size, event.pid, {}};
    const auto found = m_entries.find(event.key);
    static const Entries kNone;
    const Entries& entries = found == m_entries.end() ? kNone : found->second;
    auto next = std::partition_point(entries.begin(), entries.end(),
                                     [place](const Entry& entry) { return entry.place < place; });
    const State before = next == entries.begin() ? State{} : at((next - 1)->after, (next - 1)->place, place);
    if (!accepts(before, added)) return Fit::No;

    // The size and process of an allocation are confirmed by the free of its lifetime, however many shared it
    // meanwhile.
    bool isConfirmed = isAccepted(event.kind) && before.size != kNoSize;
    isConfirmed |= event.kind == EventKind::Allocation && event.refCount > 1;
    State state = apply(before, added);
    EventPlace last = place;
    constexpr int kFarthest = 64;
    for (int i = 0; i < kFarthest && next != entries.end(); ++i, ++next) {
        state = at(state, last, next->place);
        if (!accepts(state, *next)) return Fit::No;
        const bool isOfThisLifetime = state.isLive;
        if (event.kind == EventKind::Allocation && isOfThisLifetime && isAccepted(next->kind)) isConfirmed = true;
        const bool goesOn = isOfThisLifetime && next->kind == EventKind::Allocation && next->refCount > 1;
        if (!goesOn) break;
        state = apply(state, *next);
        last = next->place;
    }
    // Only the first generation prints an allocation of a live address like any other.
    const bool isDoubtful = event.kind == EventKind::Allocation && event.refCount == 0 && before.isLive;
    return isConfirmed && !isDoubtful ? Fit::Strong : Fit::Weak;
}

void KeyHistory::insert(const TracePart::Event& event, EventPlace place) {
    Entries& entries = m_entries[event.key];
    const auto next = std::partition_point(entries.begin(), entries.end(),
                                           [place](const Entry& entry) { return entry.place < place; });
    const auto index = static_cast<std::size_t>(next - entries.begin());
    entries.insert(next, {place, event.kind, event.refCount, event.size, event.pid, {}});
    follow(entries, index);
}

bool KeyHistory::remove(const AddressKey& key, EventPlace place) {
    Entries& entries = m_entries[key];
    const auto found = std::partition_point(entries.begin(), entries.end(),
                                            [place](const Entry& entry) { return entry.place < place; });
    if (found == entries.end() || found->place != place) return false;
    const auto index = static_cast<std::size_t>(found - entries.begin());
    entries.erase(found);
    follow(entries, index);
    return true;
}

std::size_t KeyHistory::contradictions(const AddressKey& key) const {
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) return 0;
    std::size_t count = 0;
    State state;
    EventPlace last;
    for (const Entry& entry : found->second) {
        if (!accepts(at(state, last, entry.place), entry)) ++count;
        state = entry.after;
        last = entry.place;
    }
    return count;
}

}  // namespace alloclens::server_log
