// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the enhanced server remembers of every address it ever heard of, and prints of it. Kept only for its echo, by
// the state of the server; bounded, so that a long run forgets the oldest.
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

/// Of one address: all events counted, the latest kept, oldest first.
struct History {
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;
    std::vector<PastEvent> events;

    [[nodiscard]] bool isDoubleFreed() const { return frees > allocations; }
};

class Histories {
public:
    using Table = std::unordered_map<AddressKey, History, AddressKeyHash>;

    void remember(const AddressKey& key, const PastEvent& event);
    /// Null where nothing is known of it.
    [[nodiscard]] const History* find(const AddressKey& key) const;
    /// In no order.
    [[nodiscard]] const Table& all() const { return m_table; }

private:
    Table m_table;
    std::size_t m_events = 0;  ///< that are kept in all
};

}  // namespace alloclens::record
