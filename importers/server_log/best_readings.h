// SPDX-License-Identifier: GPL-3.0-or-later
//
// The choice among the readings of one torn event: only the best founded ones count, and a choice is clear only if they
// all say the same. A value that is filled reading by reading; holds a bounded number of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "importers/server_log/key_history.h"
#include "importers/server_log/torn_event.h"

namespace alloclens::server_log {

/// How well a reading is founded: what the log says of it (Fit), then how like other lines the rest of its text is.
enum class ReadingRank { None, WeakLoose, WeakExact, Strong, StrongLoose, StrongExact };

/// The best readings of a torn event so far, of those that say the same the shortest.
class BestReadings {
public:
    static constexpr std::size_t kMost = 32;

    void offer(ReadingRank rank, const TornReading& reading);
    /// A reading that does not fit. The log may lack another event that would make it fit, so what nothing confirms is
    /// not taken only for want of this one.
    void doubt(ReadingRank rank) { m_doubt = std::max(m_doubt, rank); }
    [[nodiscard]] bool isClear() const {
        return m_readings.size() == 1 && (m_rank >= ReadingRank::Strong || m_doubt < m_rank);
    }
    [[nodiscard]] bool isConfirmed() const { return m_rank >= ReadingRank::Strong; }
    /// Whether a reading that fits so may be among the best.
    [[nodiscard]] bool canTake(Fit fit) const { return fit == Fit::Strong || m_rank < ReadingRank::Strong; }
    [[nodiscard]] const std::vector<TornReading>& readings() const { return m_readings; }

private:
    ReadingRank m_rank = ReadingRank::None;
    ReadingRank m_doubt = ReadingRank::None;
    std::vector<TornReading> m_readings;
};

}  // namespace alloclens::server_log
