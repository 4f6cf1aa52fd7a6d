// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paints the lanes with a QPainter: grounds and names of the lanes, the picture of the lifetimes, the marks of refused
// frees with their ties, the selection. Knows no widget, so that the window and exported pictures show the same.
#pragma once

#include <QRect>

#include <optional>

#include "app/gui/document/view_state.h"
#include "app/gui/look/theme.h"
#include "core/timeline/scene.h"

class QPainter;

namespace alloclens {

/// The lanes are in `lanes`; their names left of it, in `margin`.
struct LanePlace {
    QRect lanes;
    int margin = 0;
};

struct SuspectBrackets;

/// A stretch across that the user has dragged over.
struct MarkedRange {
    double from = 0;
    double to = 0;
};

class LanePainter {
public:
    LanePainter(QPainter& painter, const LanePlace& place, const Scene& scene, const ViewRange& range,
                const Theme& theme);

    /// What lies behind the lifetimes; a picture brings its own.
    void paintGrounds();
    /// `image` shows `imageRange`, of which the part in sight is painted where it belongs, on grounds where it is not
    /// that of the lanes; it may have more pixels than the painter's units.
    void paintPicture(const QImage& image, const ViewRange& imageRange);
    /// What lies before the beginning and after the end of the trace.
    void paintRoom();
    void paintSelection(const Selection& selection, const std::optional<MarkedRange>& marked);
    /// `hasBrackets`: those of the selection are painted too.
    void paintMarks(const Selection& selection, bool hasBrackets);
    void paintSuspects(const SuspectBrackets& brackets);
    void paintNames();

private:
    void paintOutline(LifetimeId id, const LayoutRow& row);
    void paintSeparators();
    void paintAddresses(double left);

    QPainter& m_painter;
    LanePlace m_place;
    const Scene& m_scene;
    const Theme& m_theme;
    ViewRange m_range;
    PixelMap m_map;
};

}  // namespace alloclens
