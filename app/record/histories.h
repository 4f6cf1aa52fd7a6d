// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the enhanced server remembers and prints about each address. Kept for its echo only, by ServerState and on its
// thread. Bounded: a long run forgets the oldest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/trace/trace_builder.h"

namespace alloclens::record {

struct PastEvent {
    enum class Kind : std::uint8_t { Allocation, Free, Reuse };
    Kind kind = Kind::Allocation;
    std::uint64_t size = 0;
    std::int32_t pid = 0;
    std::uint32_t refCount = 0;
};

/// The history of one address: counts all events and keeps the latest, oldest first.
struct History {
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;
    std::vector<PastEvent> events;

    [[nodiscard]] bool isDoubleFreed() const { return frees > allocations; }
};

class Histories {
public:
    using Table = std::unordered_map<AddressKey, History, AddressKeyHash>;

    /// Adds an event to the history of an address.
    void remember(const AddressKey& key, const PastEvent& event);
    /// Null if the address is unknown.
    [[nodiscard]] const History* find(const AddressKey& key) const;
    /// In any order.
    [[nodiscard]] const Table& all() const { return m_table; }

private:
    Table m_table;
    std::size_t m_events = 0;  ///< events kept for all addresses
};

}  // namespace alloclens::record
