// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where one timeline goes when the other moves, on the axes that both show. Across, both keep one zoom and the place in
// the middle lies beside its counterpart (core/compare/alignment), so the parts that the runs have in common stand
// above each other, and what one run lacks appears as room beside it. Down, lanes of the same device and memory are
// alike.
#pragma once

#include <array>
#include <optional>

#include "core/compare/alignment.h"
#include "core/timeline/axis.h"
#include "core/timeline/lane_layout.h"

namespace alloclens {

class SideBySide {
public:
    using Runs = std::array<const Analysis*, 2>;

    SideBySide(const Runs& runs, Alignment alignment, const std::array<AcrossMode, 2>& modes);

    [[nodiscard]] const Alignment& alignment() const { return m_alignment; }
    /// The place across of the other run that lies beside `across` of `run`.
    [[nodiscard]] double beside(std::size_t run, double across) const;
    /// What a timeline shows of `run` at most: all of the run, and room for all of the other one beside it.
    [[nodiscard]] AcrossExtent extent(std::size_t run) const { return m_extents[run]; }

    /// Places that are to lie beside each other exactly, by run.
    using Pin = std::array<double, 2>;
    /// The part of the other run beside `range` of `run`, across; the pin is in force where it is in sight.
    [[nodiscard]] AcrossExtent following(std::size_t run, const ViewRange& range, const std::optional<Pin>& pin) const;

private:
    [[nodiscard]] double placeOf(std::size_t run, double across) const;
    [[nodiscard]] double acrossAt(std::size_t run, double place) const;
    [[nodiscard]] double eachEvent(std::size_t run) const;

    Runs m_runs;
    Alignment m_alignment;
    std::array<AcrossMode, 2> m_modes;
    AlignmentLine m_line;
    std::array<AcrossExtent, 2> m_extents;
};

/// The place down of `other` that is alike to a place of `own`: in the lane of the same device and memory, or between
/// those that both have.
[[nodiscard]] double lanesBeside(const LaneLayout& own, const LaneLayout& other, double down);

}  // namespace alloclens
