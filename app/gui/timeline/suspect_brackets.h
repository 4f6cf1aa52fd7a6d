// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which free is the wrong one, shown where it stands: while a suspect free or a refused one is selected, the frees in
// question are bracketed on the row of their address, with their likelihoods, and a line under them runs over the
// exposure window, from the suspected free to the rightful one. Brackets have the same size at every zoom, stay inside
// the lanes, and what lies beside the visible part is pointed at from its edge.
#pragma once

#include <QRectF>
#include <QString>

#include <optional>
#include <vector>

#include "app/gui/document/selection.h"
#include "app/gui/look/theme.h"
#include "core/timeline/scene.h"

class QPainter;

namespace alloclens {

/// A free in question.
struct Bracket {
    EventId free;
    double across = 0;
    QString label;  ///< "72 %", "refused 28 %", "freed"
    QString words;  ///< for whoever points at it
};

struct SuspectBrackets {
    FindingId finding;
    LayoutRow row;
    std::vector<Bracket> frees;  ///< the likeliest first
    double exposedFrom = 0;      ///< across; equal to exposedTo where nothing was exposed
    double exposedTo = 0;
    QString exposedWords;
};

/// None where the selected finding has no free in question, or its row is hidden.
[[nodiscard]] std::optional<SuspectBrackets> suspectBrackets(const Scene& scene, const Selection& selection);

/// Where they are painted, in the lanes' pixels.
[[nodiscard]] QRectF bracketRect(const SuspectBrackets& brackets, const Bracket& bracket, const PixelMap& map);
[[nodiscard]] QRectF exposureRect(const SuspectBrackets& brackets, const PixelMap& map);
/// What stands there, or nothing.
[[nodiscard]] QString bracketWordsAt(const SuspectBrackets& brackets, const PixelMap& map, QPointF position);

/// `painter` has its origin where the lanes begin; `map` is in its units.
void paintBrackets(QPainter& painter, const SuspectBrackets& brackets, const PixelMap& map, const Theme& theme);
/// A bracket as the legend shows it.
void paintBracket(QPainter& painter, const QRectF& place, const Theme& theme);

}  // namespace alloclens
