// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the enhanced server (G1e) remembers of each key: totals of allocations and frees, and the latest fifty events. A
// free that it refuses is an event of size 0, and can be a key's only one.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>

#include "message.h"

namespace alloclens::generator {

struct HistoryEvent {
    std::string_view what;  // ALLOC, FREE or REUSE
    std::uint64_t size;
    int process;  // the sender; event lines name the owner instead
    std::int64_t references;
};

struct BufferHistory {
    static constexpr std::size_t kKept = 50;

    std::deque<HistoryEvent> events;
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;

    void add(const HistoryEvent& event) {
        ++(event.what == "FREE" ? frees : allocations);
        events.push_back(event);
        if (events.size() > kKept) {
            events.pop_front();
        }
    }

    [[nodiscard]] bool doubleFreed() const { return frees > allocations; }
};

using HistoryBook = std::unordered_map<AddressKey, BufferHistory, AddressKeyHash>;

}  // namespace alloclens::generator
