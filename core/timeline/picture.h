// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is on each pixel of the timeline, without Qt: a class a pixel for the bars, the worst class winning where
// several share it, how densely the pixel is covered, and the marks of refused frees from a table of their own, so that
// no zoom can lose one. The cost is the visible lifetimes plus the pixels they cover.
#pragma once

#include <cstdint>
#include <vector>

#include "core/timeline/axis.h"
#include "core/timeline/lane_layout.h"

namespace alloclens {

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
    std::vector<std::uint8_t> density;  ///< 1 to 255 where there is a class: 255 is fully covered

    [[nodiscard]] std::uint8_t classAt(int x, int y) const {
        return classes[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
    }
};

struct PictureSource {
    const Analysis* analysis = nullptr;
    const LaneLayout* layout = nullptr;
    const std::vector<std::uint8_t>* classes = nullptr;
    AcrossMode mode = AcrossMode::EventOrder;
};

/// The pixels of a bar: its row's, less a gap where rows are tall enough, at least one; half-open.
struct BarRows {
    int from = 0;
    int to = 0;
};
[[nodiscard]] BarRows barRows(const LayoutRow& row, const PixelMap& map);

[[nodiscard]] Picture drawPicture(const PictureSource& source, const PixelMap& map);

/// A refused free on the timeline: at its event, on the row of the lifetime that had ended.
struct Mark {
    FindingId finding;
    double across = 0;
    double tiedTo = 0;  ///< where that lifetime ended; equal to across if there is none
    double down = 0;    ///< the middle of the row
};
/// All marks of the layout's shown findings, ordered across.
[[nodiscard]] std::vector<Mark> findMarks(const PictureSource& source, const std::vector<std::uint8_t>* findingsShown);

/// Marks that fall into one cell of pixels, drawn as one glyph with their number.
struct MarkBin {
    double x = 0;
    double y = 0;
    std::uint32_t count = 0;
    std::size_t firstMark = 0;  ///< the first of them in the list of marks
};
/// The visible marks in cells of `cellPixels`; every visible mark is in exactly one bin.
[[nodiscard]] std::vector<MarkBin> binMarks(const std::vector<Mark>& marks, const PixelMap& map, int cellPixels);

}  // namespace alloclens
