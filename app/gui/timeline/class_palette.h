// SPDX-License-Identifier: GPL-3.0-or-later
//
// From colour classes and densities to colours: one table a theme and colour mode. Sparse pixels lean towards the
// ground, so that a full extent shows where the lanes are busy and not one solid field.
#pragma once

#include <QColor>
#include <QImage>

#include "app/gui/theme.h"
#include "core/timeline/picture.h"

namespace alloclens {

/// The colour of a mode's colour `index` (not class), odd generations.
[[nodiscard]] QColor modeColour(const Theme& theme, ColourMode mode, int index, bool isShade = false);

/// The picture as an opaque-where-covered image of the same size in pixels.
[[nodiscard]] QImage colourPicture(const Picture& picture, const Theme& theme, ColourMode mode);

}  // namespace alloclens
