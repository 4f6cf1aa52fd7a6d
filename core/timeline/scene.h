// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the timeline draws of one analysis under one filter and one choice of axes: the layout, the colour
// classes, the marks and the curve of live bytes. Built off the GUI thread, linear in the lifetimes, on all cores;
// immutable but for cells and live bytes, which are made when they are first asked for, on whatever thread. What does
// not depend on the filter is taken over from the scene before.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "core/base/column.h"
#include "core/base/row_flags.h"
#include "core/base/task.h"
#include "core/timeline/grids.h"
#include "core/timeline/lane_layout.h"
#include "core/timeline/live_bytes.h"
#include "core/timeline/marks.h"
#include "core/timeline/picture.h"

namespace alloclens {

struct SceneOptions {
    AcrossMode acrossMode = AcrossMode::EventOrder;
    DownMode downMode = DownMode::Packed;
    ColourMode colourMode = ColourMode::Memory;
    /// Empty room beside the trace that may be shown too, as where another run beside it is longer.
    std::optional<AcrossExtent> room = {};
    friend bool operator==(const SceneOptions&, const SceneOptions&) = default;
};

/// What a filter lets through; null flags let everything through.
struct SceneFilter {
    std::shared_ptr<const RowFlags> lifetimes;  ///< by LifetimeId
    std::shared_ptr<const RowFlags> findings;   ///< by FindingId
};

struct Scene {
    using Classes = std::shared_ptr<const Column<std::uint8_t>>;

    std::shared_ptr<const Analysis> analysis;
    SceneOptions options;
    SceneFilter filter;
    std::shared_ptr<const Bars> bars;
    Classes allClasses;             ///< by bar
    Classes classes;                ///< the same, 0 where the filter hides it
    std::uint32_t classesUsed = 0;  ///< a bit for each class that a shown lifetime has
    LaneLayout layout;
    std::vector<Mark> marks;
    std::array<bool, kBlameCount> hasMarksOf{};  ///< by Blame
    MarkIndex markIndex;
    LiveBytes liveBytes;
    std::unique_ptr<Grids> grids = std::make_unique<Grids>();

    [[nodiscard]] PictureSource source() const {
        return {analysis.get(), bars.get(), &layout, classes.get(), grids.get(), options.acrossMode};
    }
    /// Of what can be shown: of the trace, and of the room beside it.
    [[nodiscard]] AcrossExtent extent() const;
    /// The whole trace, with that room.
    [[nodiscard]] ViewRange fullRange() const;
    [[nodiscard]] bool shows(LifetimeId id) const { return !filter.lifetimes || (*filter.lifetimes)[id.index()]; }
    /// The row of a lifetime, or LaneLayout::kNoRow where it is hidden.
    [[nodiscard]] std::uint32_t rowOf(LifetimeId id) const;
    /// The row on which an address stands in a memory, or in any if it has no row in that one; kNoRow if hidden.
    [[nodiscard]] std::uint32_t rowOf(AddressId address, Memory memory) const {
        return layout.rowOf(*bars, address, memory);
    }
    /// The lifetime drawn at a place: on the row there, the one that spans `across`, or the nearest within `tolerance`.
    [[nodiscard]] LifetimeId lifetimeAt(double across, double down, double tolerance) const;
};

/// `previous`: a scene of which parts may be used again; null or of another analysis: none are.
[[nodiscard]] Result<std::shared_ptr<const Scene>> buildScene(std::shared_ptr<const Analysis> analysis,
                                                              SceneFilter filter, const SceneOptions& options,
                                                              const TaskContext& task, const Scene* previous = nullptr);

}  // namespace alloclens
