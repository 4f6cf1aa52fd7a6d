// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/key_history.h"

#include <algorithm>

namespace alloclens::server_log {
namespace {

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
            m_events[m_builder.keys()[id.index()]].entries.push_back({EventPlace::of(i), kind, events.refCount[i],
                                                                      m_builder.sizeOf(i),
                                                                      m_draft.pid(events.process[i]), State{}});
        }
    }
    for (auto& [key, all] : m_events) {
        for (std::size_t i = 0; i < all.entries.size(); ++i) settle(all, i);
    }
}

KeyHistory::State KeyHistory::at(const State& state, EventPlace from, EventPlace to) const {
    if (state.references == 0) return state;
    if (anyWithin(m_restarts, from, to)) return {};
    const auto sweeps = m_sweeps.find(state.owner);
    return sweeps != m_sweeps.end() && anyWithin(sweeps->second, from, to) ? State{} : state;
}

// A torn line that prints a count is of a server that counts, even if no whole line shows that.
Effect KeyHistory::effectOf(const State& before, const Entry& entry) const {
    TrackerRules rules = m_rules;
    if (entry.refCount > 0) rules.countsReferences = true;
    return believe(rules, before.references, entry.kind, entry.refCount);
}

bool KeyHistory::accepts(const State& before, const Entry& entry) const {
    const Effect effect = effectOf(before, entry);
    if (effect.contradiction || effect.isOddCount) return false;
    return !isAccepted(entry.kind) || before.allows(entry.size, entry.pid);
}

// What the line says is believed, as the replay does.
KeyHistory::State KeyHistory::apply(State state, const Entry& entry) const {
    state.settle(effectOf(state, entry), entry.size, entry.pid);
    return state;
}

KeyHistory::Entries::const_iterator KeyHistory::firstFrom(const Entries& entries, EventPlace at) {
    return std::partition_point(entries.begin(), entries.end(), [at](const Entry& entry) { return entry.place < at; });
}

void KeyHistory::settle(KeyEvents& events, std::size_t i) const {
    Entry& entry = events.entries[i];
    const Entry* const last = i == 0 ? nullptr : &events.entries[i - 1];
    const State before = last == nullptr ? State{} : at(last->after, last->place, entry.place);
    events.contradictions -= entry.isContradiction ? 1 : 0;
    entry.isContradiction = !accepts(before, entry);
    events.contradictions += entry.isContradiction ? 1 : 0;
    entry.after = apply(before, entry);
}

// What is behind an entry depends on the state after it and on nothing else before.
void KeyHistory::follow(KeyEvents& events, std::size_t from) const {
    for (std::size_t i = from; i < events.entries.size(); ++i) {
        const State after = events.entries[i].after;
        settle(events, i);
        if (events.entries[i].after == after) return;
    }
}

Fit KeyHistory::fit(const TracePart::Event& event, EventPlace place) const {
    const Entry added{place, event.kind, event.refCount, event.size, event.pid, {}};
    const auto found = m_events.find(event.key);
    static const Entries kNone;
    const Entries& entries = found == m_events.end() ? kNone : found->second.entries;
    auto next = firstFrom(entries, place);
    const State before = next == entries.begin() ? State{} : at((next - 1)->after, (next - 1)->place, place);
    if (next != entries.end() && next->place == place) ++next;
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
        const bool isOfThisLifetime = state.references > 0;
        if (event.kind == EventKind::Allocation && isOfThisLifetime && isAccepted(next->kind)) isConfirmed = true;
        const bool goesOn = isOfThisLifetime && next->kind == EventKind::Allocation && next->refCount > 1;
        if (!goesOn) break;
        state = apply(state, *next);
        last = next->place;
    }
    // Only the first generation prints an allocation of a live address like any other.
    const bool isDoubtful = event.kind == EventKind::Allocation && event.refCount == 0 && before.references > 0;
    return isConfirmed && !isDoubtful ? Fit::Strong : Fit::Weak;
}

bool KeyHistory::holds(const AddressKey& key, EventPlace place) const {
    const auto found = m_events.find(key);
    if (found == m_events.end()) return false;
    const auto entry = firstFrom(found->second.entries, place);
    return entry != found->second.entries.end() && entry->place == place;
}

void KeyHistory::insert(const TracePart::Event& event, EventPlace place) {
    KeyEvents& events = m_events[event.key];
    const auto next = firstFrom(events.entries, place);
    const auto index = static_cast<std::size_t>(next - events.entries.begin());
    events.entries.insert(next, {place, event.kind, event.refCount, event.size, event.pid, {}});
    settle(events, index);
    follow(events, index + 1);
}

bool KeyHistory::remove(const AddressKey& key, EventPlace place) {
    if (!holds(key, place)) return false;
    KeyEvents& events = m_events[key];
    const auto entry = firstFrom(events.entries, place);
    const auto index = static_cast<std::size_t>(entry - events.entries.begin());
    events.contradictions -= entry->isContradiction ? 1 : 0;
    events.entries.erase(entry);
    follow(events, index);
    return true;
}

std::size_t KeyHistory::contradictions(const AddressKey& key) const {
    const auto found = m_events.find(key);
    return found == m_events.end() ? 0 : found->second.contradictions;
}

}  // namespace alloclens::server_log
