// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a refused free looks like by its verdict: a cross for a bug of the program, a ring for an artefact of tracking,
// a lozenge where the evidence does not decide. Timeline, legend and findings show the same; shape and colour say the
// same, so that either is enough.
#pragma once

#include <QIcon>
#include <QPointF>

#include "app/gui/look/theme.h"
#include "core/findings/verdict.h"

class QPainter;

namespace alloclens {

[[nodiscard]] QColor markColour(const Theme& theme, Blame blame);

/// Strokes the shape with the colour; `radius` is that of the cross, the others are drawn as large as it looks.
void strokeMark(QPainter& painter, Blame blame, QPointF centre, double radius, const QColor& colour, double width);

/// The mark beside a line of text; in a selected row it has the colour of the text.
[[nodiscard]] QIcon markIcon(const Theme& theme, Blame blame);

}  // namespace alloclens
