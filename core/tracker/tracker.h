// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracking server's table of live buffers, message by message, for sources that hold messages and no verdicts:
// what the server would have printed of each (docs/formats/server-log.md, "Rules"). The replay does the opposite: it
// takes what was printed and checks it. A sweep costs what it removes: the entries of an owner are chained.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/trace/event.h"
#include "core/trace/trace_builder.h"

namespace alloclens {

class Tracker {
public:
    /// What the server prints of a message, field by field as in TracePart::Event.
    struct Verdict {
        EventKind kind = EventKind::RefusedFree;
        std::int32_t pid = kNoPid;      ///< the sender, on accepted frees the owner: who allocated the key first
        std::uint64_t size = kNoSize;   ///< of an accepted free: what the table holds
        std::uint32_t refCount = 0;     ///< as printed: 0 for a first allocation, a final free, a refused one
        std::uint64_t heldBefore = 0;   ///< the size that the table held for a live key; 0 for others
        Memory held = Memory::Unknown;  ///< the memory that it holds or held
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

    explicit Tracker(TrackerRules rules = {}) : m_rules(rules) {}
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
    [[nodiscard]] bool isOwner(std::int32_t pid) const { return m_owned.contains(pid); }
    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] bool holds(const AddressKey& key) const { return m_entries.contains(key); }
    /// Calls `take` with each Entry, in no order.
    template <typename Take>
    void visit(Take take) const {
        for (const auto& [key, held] : m_entries) take(Entry{key, held.size, held.memory, held.owner, held.refCount});
    }
    /// All entries, by key.
    [[nodiscard]] std::vector<Entry> entries() const;
    /// By device; devices that never had an entry are missing.
    [[nodiscard]] const std::map<std::int32_t, DeviceTotals>& totals() const { return m_totals; }

private:
    struct Held;
    using Node = std::pair<const AddressKey, Held>;
    struct Held {
        std::uint64_t size;
        std::int32_t owner;
        std::uint32_t refCount;
        Memory memory;
        Node* previous = nullptr;  ///< of the same owner
        Node* next = nullptr;
    };

    void count(Node& node);
    void discount(Node& node);

    TrackerRules m_rules;
    std::unordered_map<AddressKey, Held, AddressKeyHash> m_entries;
    std::unordered_map<std::int32_t, Node*> m_owned;  ///< by owner: the first of its entries
    std::map<std::int32_t, DeviceTotals> m_totals;
};

}  // namespace alloclens
