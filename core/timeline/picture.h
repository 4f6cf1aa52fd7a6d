// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is on each pixel of the timeline, without Qt: a class a pixel for the bars, the worst class winning where
// several share it, and how much of the pixel they cover. A part with few lifetimes is drawn bar by bar; of a part with
// many the cells of a grid are drawn, each of which holds the worst class and the cover of what lies in it, so that the
// cost is that of the pixels. A picture of cells lights every pixel that bars would, with that class or a worse one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/column.h"
#include "core/base/task.h"
#include "core/timeline/axis.h"
#include "core/timeline/lane_layout.h"

namespace alloclens {

class Grids;

enum class ColourMode { Memory, SizeClass, Process, Finding };

/// A colour class by LifetimeId, from 1; 0 is an empty pixel. Two classes a colour: 1 + 2 * colour + shade, where the
/// shade alternates with the generation. Larger classes win a shared pixel.
[[nodiscard]] std::vector<std::uint8_t> lifetimeClasses(const Analysis& analysis, ColourMode mode);
/// How many colours a mode uses: classes are below 1 + 2 * colourCount.
[[nodiscard]] int colourCount(ColourMode mode);
/// What colour `index` of a mode stands for: "DRAM", "4 KiB to 64 KiB", "leaked" ...
[[nodiscard]] std::string colourMeaning(const Analysis& analysis, ColourMode mode, int index);

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> classes;  ///< by y * width + x
    std::vector<std::uint8_t> density;  ///< 1 to 255 where there is a class: the covered part of the pixel's area

    [[nodiscard]] std::uint8_t classAt(int x, int y) const {
        return classes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
    }
};

struct PictureSource {
    const Analysis* analysis = nullptr;
    const Bars* bars = nullptr;
    const LaneLayout* layout = nullptr;
    const Column<std::uint8_t>* classes = nullptr;  ///< by bar; 0: hidden
    Grids* grids = nullptr;                         ///< cells that were made before; may be used by many threads
    AcrossMode mode = AcrossMode::EventOrder;
};

/// The pixels of a bar: its row's, less a gap where rows are tall enough, at least one; half-open.
struct BarRows {
    int from = 0;
    int to = 0;
    friend bool operator==(const BarRows&, const BarRows&) = default;
};
/// `map`'s height confines them.
[[nodiscard]] BarRows barRows(const LayoutRow& row, const PixelMap& map);

/// The picture, from bars or from cells, whichever is cheaper. Makes the cells that it needs and does not find.
[[nodiscard]] Picture drawPicture(const PictureSource& source, const PixelMap& map);
/// The same, given up where the task is cancelled.
[[nodiscard]] Result<Picture> drawPicture(const PictureSource& source, const PixelMap& map, const TaskContext& task);
/// Whether the picture takes a few milliseconds at most, however large the trace.
[[nodiscard]] bool isPictureQuick(const PictureSource& source, const PixelMap& map);

/// From bars only: exactly the pixels that each bar covers.
[[nodiscard]] Picture drawBars(const PictureSource& source, const PixelMap& map);
[[nodiscard]] Result<Picture> drawBars(const PictureSource& source, const PixelMap& map, const TaskContext& task);

}  // namespace alloclens
