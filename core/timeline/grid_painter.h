// SPDX-License-Identifier: GPL-3.0-or-later
//
// From cells to pixels. Groups of rows are first put together to pixel lines, cell by cell, which the compiler turns
// into vector instructions; then each line is read once across.
#pragma once

#include <memory>
#include <span>

#include "core/timeline/grids.h"

namespace alloclens {

/// `tiles` by stripe of the view, then segment.
[[nodiscard]] Picture paintTiles(const PictureSource& source, const PixelMap& map, const GridView& view,
                                 std::span<const std::shared_ptr<const GridTile>> tiles);

}  // namespace alloclens
