// SPDX-License-Identifier: GPL-3.0-or-later
//
// A monochrome SVG as an icon in a given colour: its `currentColor` is replaced, and it is rendered at whatever size
// and device pixel ratio is asked for, so that it is sharp on every screen.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace alloclens {

/// The icon of an SVG resource; an empty icon if there is none of that name.
[[nodiscard]] QIcon tintedIcon(const QString& resource, const QColor& colour, const QColor& disabledColour);

}  // namespace alloclens
