// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracking server's table of live buffers, message by message, for sources that hold messages and no verdicts:
// what the server would have printed of each (docs/formats/server-log.md, "Rules"). The replay does the opposite: it
// takes what was printed and checks it. A sweep costs what it removes.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/trace/event.h"
#include "core/trace/trace_builder.h"
#include "core/tracker/tracker_table.h"

namespace alloclens {

class Tracker {
public:
    /// What the server prints of a message, field by field as in TracePart::Event.
    struct Verdict {
        EventKind kind = EventKind::RefusedFree;
        std::int32_t pid = kNoPid;     ///< the sender, on accepted frees the owner: who allocated the key first
        std::uint64_t size = kNoSize;  ///< of an accepted free: what the table holds
        std::uint32_t refCount = 0;    ///< as printed: 0 for a first allocation, a final free, a refused one
        std::uint64_t heldBefore = 0;  ///< the size that the table held for a live key; 0 for others
    };
    struct Entry {
        AddressKey key;
        std::uint64_t size = 0;
        Memory memory = Memory::Unknown;
        std::int32_t owner = kNoPid;
        std::uint32_t refCount = 0;
    };
    struct Removed {
        std::uint64_t entries = 0;
        std::uint64_t bytes = 0;
    };
    /// Live entries and bytes of one device as the server counts them: an entry is added when it is made and subtracted
    /// when it ends, with the size of that moment, which may differ under the enhanced server's rules.
    struct DeviceTotals {
        std::uint64_t entries = 0;
        std::uint64_t bytes[kMemoryCount] = {};  ///< by Memory; wraps around below 0, as the server's counters do
    };

    explicit Tracker(TrackerRules rules = {}) : m_table(rules, {}) {}
    // Entries point at each other.
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;
    Tracker(Tracker&&) = default;
    Tracker& operator=(Tracker&&) = default;
    ~Tracker() = default;

    Verdict allocate(const AddressKey& key, std::uint64_t size, Memory memory, std::int32_t sender);
    Verdict release(const AddressKey& key, std::int32_t sender);
    /// Drops all entries that a dead process owns, however often they are referenced.
    Removed sweep(std::int32_t owner);

    /// Whether the process owns an entry.
    [[nodiscard]] bool isOwner(std::int32_t pid) const { return store().owns(pid); }
    [[nodiscard]] std::size_t size() const { return store().entries().size(); }
    [[nodiscard]] bool holds(const AddressKey& key) const { return store().entries().contains(key); }
    /// Calls `take` with each Entry, in no order.
    template <typename Take>
    void visit(Take take) const {
        for (const auto& [key, held] : store().entries())
            take(Entry{key, held.size, held.memory, held.owner, held.references});
    }
    /// All entries, by key.
    [[nodiscard]] std::vector<Entry> entries() const;
    /// By device; devices that never had an entry are missing.
    [[nodiscard]] const std::map<std::int32_t, DeviceTotals>& totals() const { return m_totals; }

private:
    /// Entries by a hash of their key; links are places of the map's nodes, which do not move.
    class Store {
    public:
        struct Entry;
        using Entries = std::unordered_map<AddressKey, Entry, AddressKeyHash>;
        using Node = std::pair<const AddressKey, Entry>;
        using Link = Node*;
        using Size = std::uint64_t;
        using Owner = std::int32_t;
        static constexpr Link kNone = nullptr;
        struct Entry {
            std::uint32_t references = 0;
            Memory memory = Memory::Unknown;
            Owner owner = kNoPid;
            Size size = kNoSize;
            Link previous = kNone;  ///< of the same owner
            Link next = kNone;
        };

        [[nodiscard]] static constexpr Size unknownSize() { return kNoSize; }
        [[nodiscard]] static constexpr Owner unknownOwner() { return kNoPid; }
        [[nodiscard]] static Entry& at(Link link) { return link->second; }
        [[nodiscard]] Link find(const AddressKey& key) {
            const auto at = m_entries.find(key);
            return at == m_entries.end() ? kNone : &*at;
        }
        [[nodiscard]] Link findOrMake(const AddressKey& key) { return &*m_entries.try_emplace(key).first; }
        void erase(Link link) { m_entries.erase(AddressKey(link->first)); }
        Link exchangeFirst(Owner owner, Link link);
        [[nodiscard]] bool owns(Owner owner) const { return m_first.contains(owner); }
        [[nodiscard]] const Entries& entries() const { return m_entries; }

    private:
        Entries m_entries;
        std::unordered_map<Owner, Link> m_first;  ///< of those that own something
    };

    [[nodiscard]] const Store& store() const { return m_table.store(); }
    void count(const Store::Node& node);
    void discount(const Store::Node& node);

    TrackerTable<Store> m_table;
    std::map<std::int32_t, DeviceTotals> m_totals;
};

}  // namespace alloclens
