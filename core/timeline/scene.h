// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the timeline draws of one analysis under one filter and one choice of axes: the layout, the colour
// classes, the marks and the curve of live bytes. Built off the GUI thread, linear in the lifetimes; immutable, so a
// picture can be drawn from it on any thread.
#pragma once

#include <memory>

#include "core/base/task.h"
#include "core/timeline/lane_layout.h"
#include "core/timeline/live_bytes.h"
#include "core/timeline/picture.h"

namespace alloclens {

struct SceneOptions {
    AcrossMode acrossMode = AcrossMode::EventOrder;
    DownMode downMode = DownMode::Packed;
    ColourMode colourMode = ColourMode::Memory;
    friend bool operator==(const SceneOptions&, const SceneOptions&) = default;
};

/// What a filter lets through; null flags let everything through.
struct SceneFilter {
    std::shared_ptr<const std::vector<std::uint8_t>> lifetimes;  ///< by LifetimeId
    std::shared_ptr<const std::vector<std::uint8_t>> findings;   ///< by FindingId
};

struct Scene {
    std::shared_ptr<const Analysis> analysis;
    SceneOptions options;
    SceneFilter filter;
    LaneLayout layout;
    std::vector<std::uint8_t> classes;  ///< by LifetimeId
    std::vector<Mark> marks;
    LiveBytes liveBytes;

    [[nodiscard]] PictureSource source() const { return {analysis.get(), &layout, &classes, options.acrossMode}; }
    [[nodiscard]] AcrossExtent extent() const { return acrossExtent(*analysis->trace, options.acrossMode); }
    /// The whole trace.
    [[nodiscard]] ViewRange fullRange() const;
};

[[nodiscard]] Result<std::shared_ptr<const Scene>> buildScene(std::shared_ptr<const Analysis> analysis,
                                                              SceneFilter filter, const SceneOptions& options,
                                                              const TaskContext& task);

}  // namespace alloclens
