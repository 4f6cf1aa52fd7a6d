// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's table of live buffers over a store of entries: the rules of rules.h, and the entries of each owner
// chained, so that a sweep costs what it removes. A store says what keys, sizes and owners are and where entries lie:
// by a hash of the key where keys come with the messages, in an array where a trace has numbered them. Belongs to one
// thread; a table is moved, not copied, since entries point at each other.
//
// A Store has the types Link (names an entry; kNone none), Size and Owner with unknownSize() and unknownOwner(), and an
// Entry with references, size, owner, previous and next. at(link) gives an entry, exchangeFirst(owner, link) the first
// of an owner's chain and makes `link` it, erase(link) takes an entry out.
#pragma once

#include <utility>

#include "core/tracker/rules.h"

namespace alloclens {

template <typename Store>
class TrackerTable {
public:
    using Link = typename Store::Link;
    using Entry = typename Store::Entry;
    using Size = typename Store::Size;
    using Owner = typename Store::Owner;

    TrackerTable(TrackerRules rules, Store store) : m_rules(rules), m_store(std::move(store)) {}

    [[nodiscard]] Store& store() { return m_store; }
    [[nodiscard]] const Store& store() const { return m_store; }

    /// `at` is the key's entry, without references where the key is not live.
    Answer allocate(Link at, Size size, Owner owner) {
        const Answer answer = decideAllocation(m_rules, m_store.at(at).references);
        settle(at, answer.effect, size, owner);
        return answer;
    }
    /// `at` may be none.
    Answer release(Link at) {
        const Answer answer = decideFree(m_rules, at == Store::kNone ? 0 : m_store.at(at).references);
        if (answer.effect.change != EntryChange::None) settle(at, answer.effect, {}, {});
        return answer;
    }
    /// Completes a live entry by what an accepted free prints.
    void learn(Link at, Size size, Owner owner) {
        Effect effect;
        effect.references = m_store.at(at).references;
        effect.size = effect.owner = TakenFrom::EntryOrEvent;
        settle(at, effect, size, owner);
    }
    /// Makes the key's entry what a source shows it to be; without references it goes.
    void put(Link at, std::uint32_t references, Size size, Owner owner) {
        Effect effect;
        effect.references = references;
        effect.size = effect.owner = TakenFrom::Event;
        if (references > 0 || m_store.at(at).references > 0) settle(at, effect, size, owner);
    }

    /// Removes the owner's entries; `take` gets the link and the entry of each.
    template <typename Take>
    void sweep(Owner owner, const Take& take) {
        Link at = m_store.exchangeFirst(owner, Store::kNone);
        while (at != Store::kNone) {
            const Entry& removed = m_store.at(at);
            take(at, removed);
            const Link next = removed.next;
            m_store.erase(at);
            at = next;
        }
    }

private:
    void settle(Link at, const Effect& effect, Size size, Owner owner) {
        Entry& entry = m_store.at(at);
        const bool wasLive = std::exchange(entry.references, effect.references) > 0;
        if (effect.references == 0) {
            unchain(entry);
            return m_store.erase(at);
        }
        entry.size = taken(effect.size, entry.size, size, m_store.unknownSize());
        owner = taken(effect.owner, entry.owner, owner, m_store.unknownOwner());
        if (wasLive && owner == entry.owner) return;
        if (wasLive) unchain(entry);
        entry.owner = owner;
        entry.previous = Store::kNone;
        entry.next = m_store.exchangeFirst(owner, at);
        if (entry.next != Store::kNone) m_store.at(entry.next).previous = at;
    }
    void unchain(const Entry& entry) {
        if (entry.next != Store::kNone) m_store.at(entry.next).previous = entry.previous;
        if (entry.previous != Store::kNone) {
            m_store.at(entry.previous).next = entry.next;
        } else {
            m_store.exchangeFirst(entry.owner, entry.next);
        }
    }

    TrackerRules m_rules;
    Store m_store;
};

}  // namespace alloclens
