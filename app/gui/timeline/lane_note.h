// SPDX-License-Identifier: GPL-3.0-or-later
//
// Words on the lanes that take no room from them: what a marked range sums up to, and why there is nothing to see. The
// mouse goes through them.
#pragma once

#include <QLabel>

#include "core/timeline/scene.h"

namespace alloclens {

class LanePlot;

class LaneNote : public QLabel {
    Q_OBJECT
public:
    enum class Place { Top, Middle };

    LaneNote(LanePlot& lanes, Place place);
    /// An empty text hides it.
    void say(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void settle();

    LanePlot& m_lanes;
    Place m_place;
};

/// Why a timeline shows no lane, and what to do; empty where it shows some. `filter`: the text of the one in force.
[[nodiscard]] QString emptyTimelineWords(const Scene& scene, const QString& filter);

}  // namespace alloclens
