// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads one torn event: tries every reading of its text and takes the one that the log confirms, or that leaves text
// like other writers' lines, if there is exactly one. Looks at the window where it stands; what it refers to must
// outlive it. All reading of a log shares one budget of steps, so that a file of nothing but damage ends as well.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "importers/server_log/best_readings.h"
#include "importers/server_log/drafted_events.h"
#include "importers/server_log/foreign_shapes.h"
#include "importers/server_log/known_names.h"
#include "importers/server_log/torn_heads.h"

namespace alloclens::server_log {

class TornReader {
public:
    TornReader(const LogWindow& window, const ForeignShapes& shapes, const KnownNames& names,
               const DraftedEvents& drafted, const KeyHistory& history);
    TornReader(const TornReader&) = delete;  // the filters refer to it
    TornReader& operator=(const TornReader&) = delete;
    ~TornReader() = default;

    /// The addresses that any reading names, some of them more than once.
    void forEachKey(const TornExtent& extent, const std::function<void(const AddressKey&)>& visit);
    /// The one reading that fits at the place.
    [[nodiscard]] std::optional<TornReading> read(const TornExtent& extent, EventPlace place);
    /// The one reading that leaves nothing but text exactly like other lines, whether it fits or not.
    [[nodiscard]] std::optional<TornReading> readByText(const TornExtent& extent);
    /// No steps are left.
    [[nodiscard]] bool isExhausted() const { return m_budget == 0; }
    /// Something else was done for a torn event: its lines were shown.
    void spend(std::size_t steps) { m_budget -= std::min(m_budget, steps); }

private:
    [[nodiscard]] bool findBest(const TornExtent& extent, EventPlace place, const ReadingFilter& filter,
                                BestReadings& best);
    [[nodiscard]] ReadingRank rankOf(const TornReading& reading, Fit fit, const TornExtent& extent) const;
    [[nodiscard]] std::optional<TornReading> theOneWithSiblings(const std::vector<TornReading>& readings,
                                                                EventPlace place) const;

    const LogWindow& m_window;
    const ForeignShapes& m_shapes;
    const DraftedEvents& m_drafted;
    const KeyHistory& m_history;
    ReadingFilter m_clean;    ///< lets pass what leaves text that looks like other lines
    ReadingFilter m_cutting;  ///< the same, and takes digits from whole numbers
    ReadingFilter m_any;
    std::string m_left;
    std::size_t m_budget = kMostTornSteps;
};

}  // namespace alloclens::server_log
