// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paints the marks of refused frees over the lanes: a shape for each by its verdict (verdict_mark.h), the gravest one
// with their number where they crowd, and a tie to where the lifetime had ended. In low lanes they are smaller, in the
// lowest a stroke as tall as the lane. Where there are hundreds the shapes are thin, so that they do not hide what they
// lie on.
#pragma once

#include <vector>

#include "app/gui/document/view_state.h"
#include "app/gui/look/theme.h"
#include "core/timeline/scene.h"

class QImage;
class QPainter;

namespace alloclens {

class MarkPainter {
public:
    /// `painter` has its origin where the lanes begin; `map` is in its units.
    MarkPainter(QPainter& painter, const Scene& scene, const PixelMap& map, const Theme& theme);
    /// `hasBrackets`: the selected one is pointed at already.
    void paint(const Selection& selection, bool hasBrackets);

private:
    template <typename Paint>
    [[nodiscard]] QImage glyphImage(double side, const Paint& paint) const;
    void paintGlyph(Blame blame, double x, double y, double radius);
    void paintGlyphs(const std::vector<MarkBin>& bins, Blame blame);
    void paintField(const std::vector<MarkBin>& bins, Blame blame);
    void paintTies(const Selection& selection);
    void paintSelected(const Selection& selection, bool hasRing);
    void paintTicks(const std::vector<MarkBin>& bins, Blame blame);
    [[nodiscard]] double laneHeight(double y) const;
    [[nodiscard]] bool isTick(const MarkBin& bin) const;
    [[nodiscard]] double radiusOf(const MarkBin& bin) const;

    QPainter& m_painter;
    const Scene& m_scene;
    const Theme& m_theme;
    PixelMap m_map;
};

}  // namespace alloclens
