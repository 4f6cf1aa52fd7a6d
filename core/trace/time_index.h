// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where events stand in time, in the order of the source: at the latest time known up to them. An event without a time
// thus shares that of its neighbour before it, and one whose clock was behind does not go back. Only the latest time
// before each block of events is kept, half a byte an event; a place is found with one look at a block, the event at a
// time by binary search. Made once with the trace, of which the column of times is given to each call; immutable.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/column.h"

namespace alloclens {

class TimeIndex {
public:
    TimeIndex() = default;  ///< of a source without time
    explicit TimeIndex(const Column<std::int64_t>& times);

    /// No event has a time.
    [[nodiscard]] bool isEmpty() const { return m_before.size() == 0; }
    /// The first time that is known, at which all events before it stand too; 0 without any.
    [[nodiscard]] std::int64_t start() const { return m_start; }
    /// The latest.
    [[nodiscard]] std::int64_t end() const { return m_end; }

    [[nodiscard]] std::int64_t placeOf(const Column<std::int64_t>& times, std::size_t event) const {
        std::int64_t latest = m_before[event / kBlock];
        // Events without a time have the least of all numbers.
        for (std::size_t i = event / kBlock * kBlock; i <= event; ++i) latest = std::max(latest, times[i]);
        return latest;
    }
    /// The first event that stands at `time` or later; the number of events if there is none.
    [[nodiscard]] std::size_t firstFrom(const Column<std::int64_t>& times, std::int64_t time) const;

private:
    static constexpr std::size_t kBlock = 16;
    Column<std::int64_t> m_before;  ///< by block: the place of the last event before it
    std::int64_t m_start = 0;
    std::int64_t m_end = 0;
};

}  // namespace alloclens
