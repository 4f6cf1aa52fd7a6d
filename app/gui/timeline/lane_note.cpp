// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lane_note.h"

#include <QEvent>

#include <algorithm>

#include "app/gui/look/words.h"
#include "app/gui/timeline/lane_plot.h"

namespace alloclens {

LaneNote::LaneNote(LanePlot& lanes, Place place) : QLabel(&lanes), m_lanes(lanes), m_place(place) {
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setMargin(place == Place::Top ? 4 : 12);
    setAlignment(place == Place::Top ? Qt::AlignLeft : Qt::AlignCenter);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    if (place == Place::Top) setFrameShape(QFrame::Box);
    lanes.installEventFilter(this);
    hide();
}

void LaneNote::say(const QString& text) {
    if (text == this->text() && isHidden() == text.isEmpty()) return;
    setText(text);
    setVisible(!text.isEmpty());
    settle();
}

void LaneNote::settle() {
    if (isHidden()) return;
    constexpr int kEdge = 6;
    const int left = m_lanes.margin() + kEdge;
    const int room = std::max(40, m_lanes.width() - left - LanePlot::kRightMargin - kEdge);
    setMaximumWidth(room);
    const int wanted = fontMetrics().horizontalAdvance(text()) + 2 * margin() + 2 * frameWidth() + 4;
    const int wide = m_place == Place::Top ? std::min(room, wanted) : room;
    const int tall = std::min(heightForWidth(wide), std::max(20, m_lanes.height() - m_lanes.axisHeight() - kEdge));
    const int middle = (m_lanes.height() - m_lanes.axisHeight() - tall) / 2;
    setGeometry(left, m_place == Place::Top ? kEdge : std::max(0, middle), wide, tall);
}

bool LaneNote::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize) settle();
    return QLabel::eventFilter(watched, event);
}

QString emptyTimelineWords(const Scene& scene, const QString& filter) {
    if (!scene.layout.lanes().empty()) return {};
    const auto events = static_cast<std::uint64_t>(scene.analysis->trace->events.count());
    if (events == 0) return QObject::tr("This file has no events of an allocation server.");
    if (filter.isEmpty()) return QObject::tr("None of the events of this file has an address.");
    return QObject::tr("The filter hides every lifetime and every refused free (the file has %1).\n"
                       "Filter: %2\n"
                       "Clear the filter or change it to see them.")
        .arg(quantityText(events, "event"), filter);
}

}  // namespace alloclens
