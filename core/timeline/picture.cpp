// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/picture.h"

#include <algorithm>

#include "core/timeline/bar_raster.h"
#include "core/timeline/grids.h"

namespace alloclens {
namespace {

// A bar costs about 20 ns, a picture of cells as much as this many.
constexpr std::size_t kMostBars = 60'000;

}  // namespace

BarRows barRows(const LayoutRow& row, const PixelMap& map) {
    const BarRows lines = barLines(row, map);
    return {std::clamp(lines.from, 0, map.height), std::clamp(lines.to, 0, map.height)};
}

Result<Picture> drawPicture(const PictureSource& source, const PixelMap& map, const TaskContext& task) {
    if (mostVisibleBars(source, map) <= kMostBars) return drawBars(source, map, task);
    const GridView view = gridViewOf(source, map);
    if (!source.grids->fits(view)) return drawBars(source, map, task);
    return source.grids->draw(source, map, view, task);
}

Picture drawPicture(const PictureSource& source, const PixelMap& map) {
    auto picture = drawPicture(source, map, TaskContext());
    return std::move(*picture);
}

bool isPictureQuick(const PictureSource& source, const PixelMap& map) {
    if (mostVisibleBars(source, map) <= kMostBars) return true;
    const GridView view = gridViewOf(source, map);
    return source.grids->fits(view) && source.grids->has(view);
}

}  // namespace alloclens
