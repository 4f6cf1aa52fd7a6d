// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names beside the lanes: which text stands where in the margin, without painting it. Every lane tells its device
// at any size of the font: as room shrinks, "device 12" becomes "d12", then "12", then smaller and side by side. The
// name of a memory stands beside its rows, smaller where room is short, and is left out where no legible one has room
// in the lane.
#pragma once

#include <QFont>
#include <QFontMetricsF>
#include <QRectF>
#include <QString>
#include <QStringList>

#include <vector>

#include "core/timeline/scene.h"

namespace alloclens {

struct LaneName {
    QString text;
    QRectF place;  ///< in the margin, whose left upper corner is the origin
    QFont font;
    bool isDevice = true;
    std::size_t lane = 0;
};

/// How wide the margin is in a timeline of that font and width. It does not depend on what is shown, so that timelines
/// above each other have the same.
[[nodiscard]] int laneMargin(const QFont& font, int width);
/// The height of what is one line high, and has `least` at small fonts.
[[nodiscard]] int lineHeightFor(const QFont& font, int least);

/// The first of some names of one thing, the longest first, that has room; the last is cut if none has.
[[nodiscard]] QString nameThatFits(const QFontMetricsF& metrics, double room, const QStringList& names);

struct LaneNames {
    std::vector<LaneName> names;
    double addressLeft = 0;  ///< where the addresses of tall rows may begin
};
/// `hasAddresses`: the right part of the margin is theirs.
[[nodiscard]] LaneNames laneNames(const Scene& scene, const PixelMap& map, int margin, const QFont& font,
                                  bool hasAddresses);

}  // namespace alloclens
