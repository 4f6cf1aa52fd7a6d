// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where everything stands down the timeline: one lane a device, divided by memory, one row a distinct address. Packed,
// the rows follow each other in address order; linear, they lie in proportion to their addresses. What a filter hides
// takes no room. Built once for an analysis, a filter and a mode; linear in the slots; immutable afterwards.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/base/row_flags.h"
#include "core/timeline/axis.h"
#include "core/timeline/bars.h"

namespace alloclens {

struct LayoutRow {
    AddressId address;
    Memory memory = Memory::Unknown;  ///< Unknown: freed but never allocated
    double top = 0;
    double bottom = 0;
};

struct SubLane {
    Memory memory = Memory::Unknown;
    double top = 0;
    double bottom = 0;
    std::uint32_t firstRow = 0;
    std::uint32_t rows = 0;
};

struct Lane {
    std::int32_t device = kNoDevice;
    double top = 0;
    double bottom = 0;
    std::vector<SubLane> subLanes;
};

class LaneLayout {
public:
    static constexpr std::uint32_t kNoRow = 0xFFFFFFFF;

    struct Options {
        DownMode mode = DownMode::Packed;
        const std::vector<std::uint8_t>* slotsShown = nullptr;  ///< by slot: has a shown lifetime; null: all
        const RowFlags* findingsShown = nullptr;                ///< by FindingId; null: all
    };
    [[nodiscard]] static LaneLayout build(const Analysis& analysis, const Bars& bars, const Options& options);

    [[nodiscard]] double height() const { return m_height; }
    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    /// Sorted by top.
    [[nodiscard]] const std::vector<LayoutRow>& rows() const { return m_rows; }
    /// The row of a slot, or kNoRow where it is hidden.
    [[nodiscard]] std::uint32_t rowOf(std::uint32_t slot) const { return m_rowOfSlot[slot]; }
    /// The row on which an address stands in a memory, or in any if it has no row in that one; kNoRow if hidden.
    [[nodiscard]] std::uint32_t rowOf(const Bars& bars, AddressId address, Memory memory) const;
    /// The rows of a stripe of the bars, by its number: first and one past the last.
    [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> rowsOfStripe(std::size_t stripe) const {
        return m_rowsOfStripe[stripe];
    }
    /// The rows that touch [top, bottom): first and one past the last.
    [[nodiscard]] std::pair<std::size_t, std::size_t> rowsBetween(double top, double bottom) const;
    /// The tallest row; packed rows are all alike.
    [[nodiscard]] double rowHeight() const { return m_rowHeight; }

private:
    static std::vector<std::uint8_t> slotsNeeded(const Analysis& analysis, const Bars& bars, const Options& options);
    void place(const Analysis& analysis, DownMode mode);

    std::vector<LayoutRow> m_rows;
    std::vector<Lane> m_lanes;
    std::vector<std::uint32_t> m_rowOfSlot;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_rowsOfStripe;
    double m_height = 1;
    double m_rowHeight = 1;
};

/// Where a lifetime begins and ends across; an open one ends with the trace.
[[nodiscard]] AcrossExtent lifetimeExtent(const Trace& trace, AcrossMode mode, EventId first, EventId last);
[[nodiscard]] inline AcrossExtent lifetimeExtent(const Trace& trace, AcrossMode mode, const Lifetime& lifetime) {
    return lifetimeExtent(trace, mode, lifetime.first, lifetime.last);
}

}  // namespace alloclens
