// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline's picture by a plain loop over all lifetimes and all pixels: what every faster way is held against.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/timeline/scene.h"

namespace alloclens::test {

struct PlainPicture {
    std::vector<std::uint8_t> classes;  ///< by y * width + x
    std::vector<double> area;           ///< of the pixel's, covered by bars; above 1 where they lie on each other
};

[[nodiscard]] inline PlainPicture plainPicture(const Scene& scene, const PixelMap& map) {
    const auto pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
    PlainPicture picture{std::vector<std::uint8_t>(pixels, 0), std::vector<double>(pixels, 0)};
    const auto classes = lifetimeClasses(*scene.analysis, scene.options.colourMode);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const std::uint32_t number = scene.rowOf(LifetimeId(i));
        if (number == LaneLayout::kNoRow) continue;
        const LayoutRow& row = scene.layout.rows()[number];
        if (row.bottom <= map.range.top || row.top >= map.range.bottom) continue;
        const Lifetime lifetime = scene.analysis->replay.lifetime(LifetimeId(i));
        const AcrossExtent extent = lifetimeExtent(*scene.analysis->trace, scene.options.acrossMode, lifetime);
        // Lit are the pixel in which it begins and all before the one in which it ends.
        const double first = std::floor(map.x(extent.from));
        const double end = std::max(first + 1, std::floor(map.x(extent.to)));
        const BarRows lines = barRows(row, map);
        for (int y = lines.from; y < lines.to; ++y) {
            for (int x = 0; x < map.width; ++x) {
                const auto pixel = static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width)
                                   + static_cast<std::size_t>(x);
                const double part = std::min(map.x(extent.to), x + 1.0) - std::max(map.x(extent.from), double(x));
                picture.area[pixel] += std::max(0.0, part) * std::min(1.0, map.yScale());
                if (x >= first && x < end) picture.classes[pixel] = std::max(picture.classes[pixel], classes[i]);
            }
        }
    }
    return picture;
}

}  // namespace alloclens::test
