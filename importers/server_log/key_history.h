// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tracker held for some addresses at any place of a log, from the events that were read of it: enough to tell
// whether one more event fits between them. Sweeps and restarts count.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/trace/trace_builder.h"
#include "core/tracker/rules.h"

namespace alloclens::server_log {

/// A place in the order of events: those read at first stand at odd numbers, others can be put between.
struct EventPlace {
    std::uint64_t number = 0;
    std::uint32_t turn = 0;  ///< among several between the same two
    friend constexpr auto operator<=>(const EventPlace&, const EventPlace&) = default;

    [[nodiscard]] static EventPlace of(std::size_t event) { return {event * 2 + 1, 0}; }
    [[nodiscard]] static EventPlace before(std::size_t event, std::uint32_t turn) { return {event * 2, turn}; }
};

enum class Fit {
    No,      ///< the tracker would not have printed it
    Weak,    ///< nothing speaks against it
    Strong,  ///< and a number of another line confirms it
};

class KeyHistory {
public:
    KeyHistory(const TraceBuilder& builder, const Trace& draft, const TrackerRules& rules)
        : m_builder(builder), m_draft(draft), m_rules(rules) {}

    /// Asks for the events of a key; to be called before collect().
    void want(const AddressKey& key);
    /// Walks once through the events.
    void collect();

    /// As if there were no event of the key at that place yet.
    [[nodiscard]] Fit fit(const TracePart::Event& event, EventPlace at) const;
    [[nodiscard]] bool holds(const AddressKey& key, EventPlace at) const;
    void insert(const TracePart::Event& event, EventPlace at);
    /// False if no event of the key stands there.
    bool remove(const AddressKey& key, EventPlace at);
    /// How many events of a key the tracker cannot have printed after those before them.
    [[nodiscard]] std::size_t contradictions(const AddressKey& key) const;

private:
    using State = Held<std::uint64_t, kNoSize, std::int32_t, kNoPid>;
    struct Entry {
        EventPlace place;
        EventKind kind;
        std::uint32_t refCount;
        std::uint64_t size;
        std::int32_t pid;
        State after;
        bool isContradiction = false;  ///< the tracker cannot have printed it after those before it
    };
    using Entries = std::vector<Entry>;
    struct KeyEvents {
        Entries entries;
        std::size_t contradictions = 0;
    };

    [[nodiscard]] Effect effectOf(const State& before, const Entry& entry) const;
    [[nodiscard]] bool accepts(const State& before, const Entry& entry) const;
    [[nodiscard]] State apply(State state, const Entry& entry) const;
    /// The state at `to` of what was so at `from`: swept, perhaps.
    [[nodiscard]] State at(const State& state, EventPlace from, EventPlace to) const;
    [[nodiscard]] static Entries::const_iterator firstFrom(const Entries& entries, EventPlace at);
    /// Gives an entry the state behind it, and says whether it contradicts those before it.
    void settle(KeyEvents& events, std::size_t i) const;
    /// Settles the entries from the given one on, as far as they can differ now that those before it do.
    void follow(KeyEvents& events, std::size_t from) const;

    const TraceBuilder& m_builder;
    const Trace& m_draft;
    TrackerRules m_rules;
    std::vector<std::uint8_t> m_isWanted;  ///< by number of key
    std::unordered_map<AddressKey, KeyEvents, AddressKeyHash> m_events;
    std::unordered_map<std::int32_t, std::vector<EventPlace>> m_sweeps;
    std::vector<EventPlace> m_restarts;
};

}  // namespace alloclens::server_log
