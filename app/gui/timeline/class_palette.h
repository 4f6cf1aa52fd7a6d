// SPDX-License-Identifier: GPL-3.0-or-later
//
// From colour classes and densities to colours: one table a theme and colour mode. Sparse pixels lean towards the
// ground, so that a full extent shows where the lanes are busy and not one solid field.
#pragma once

#include <QColor>
#include <QImage>

#include <vector>

#include "app/gui/look/theme.h"
#include "core/timeline/picture.h"

namespace alloclens {

/// The colour of a mode's colour `index` (not class), odd generations.
[[nodiscard]] QColor modeColour(const Theme& theme, ColourMode mode, int index, bool isShade = false);

/// The colour behind the lifetimes on each line of pixels: lanes alternate, and a line parts them. `map` is in pixels
/// of the picture.
[[nodiscard]] std::vector<QRgb> groundColours(const LaneLayout& layout, const PixelMap& map, const Theme& theme);

/// The picture as an opaque image of the same size in pixels, on `grounds` by line.
[[nodiscard]] QImage colourPicture(const Picture& picture, const std::vector<QRgb>& grounds, const Theme& theme,
                                   ColourMode mode);

}  // namespace alloclens
