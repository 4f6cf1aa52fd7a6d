// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where everything stands down the timeline: one lane a device, divided by memory, one row a distinct address. Packed,
// the rows follow each other in address order; linear, they lie in proportion to their addresses. What a filter hides
// takes no room. Built once for an analysis, a filter and a mode; linear in the lifetimes; immutable afterwards.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/timeline/axis.h"

namespace alloclens {

struct LayoutRow {
    AddressId address;
    Memory memory = Memory::Unknown;  ///< Unknown: freed but never allocated
    double top = 0;
    double bottom = 0;
    std::uint32_t firstLifetime = 0;  ///< its lifetimes are LaneLayout::lifetimesOf(row)
    std::uint32_t lifetimes = 0;
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
        const std::vector<std::uint8_t>* lifetimesShown = nullptr;  ///< by LifetimeId; null: all
        const std::vector<std::uint8_t>* findingsShown = nullptr;   ///< by FindingId; null: all
    };
    [[nodiscard]] static LaneLayout build(const Analysis& analysis, const Options& options);

    [[nodiscard]] double height() const { return m_height; }
    [[nodiscard]] const std::vector<Lane>& lanes() const { return m_lanes; }
    /// Sorted by top.
    [[nodiscard]] const std::vector<LayoutRow>& rows() const { return m_rows; }
    /// In order of their start.
    [[nodiscard]] std::span<const LifetimeId> lifetimesOf(const LayoutRow& row) const {
        return std::span(m_lifetimes).subspan(row.firstLifetime, row.lifetimes);
    }
    /// The row of a lifetime, or kNoRow where it is hidden.
    [[nodiscard]] std::uint32_t rowOf(LifetimeId id) const { return m_rowOfLifetime[id.index()]; }
    /// The row on which an address stands in a memory, or in any if it has no row in that one; kNoRow if hidden.
    [[nodiscard]] std::uint32_t rowOf(AddressId address, Memory memory) const;
    /// The rows that touch [top, bottom): first and one past the last.
    [[nodiscard]] std::pair<std::size_t, std::size_t> rowsBetween(double top, double bottom) const;
    /// The tallest row; packed rows are all alike.
    [[nodiscard]] double rowHeight() const { return m_rowHeight; }

private:
    void place(const Analysis& analysis, DownMode mode);

    std::vector<LayoutRow> m_rows;
    std::vector<Lane> m_lanes;
    std::vector<LifetimeId> m_lifetimes;
    std::vector<std::uint32_t> m_rowOfLifetime;
    std::vector<std::uint32_t> m_rowsByAddress;  ///< row numbers, ordered by address id
    double m_height = 1;
    double m_rowHeight = 1;
};

/// The lifetime drawn at a place: on the row there, the one that spans `across`, or the nearest within `tolerance`.
[[nodiscard]] LifetimeId lifetimeAt(const Analysis& analysis, const LaneLayout& layout, AcrossMode mode, double across,
                                    double down, double tolerance);

/// Where a lifetime begins and ends across; an open one ends with the trace.
[[nodiscard]] AcrossExtent lifetimeExtent(const Trace& trace, AcrossMode mode, const Lifetime& lifetime);

}  // namespace alloclens
