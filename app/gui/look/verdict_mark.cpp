// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/verdict_mark.h"

#include <QGuiApplication>
#include <QPainter>
#include <QPixmap>
#include <QPixmapCache>
#include <QPolygonF>

namespace alloclens {

QColor markColour(const Theme& theme, Blame blame) {
    switch (blame) {
    case Blame::Program: return theme.refusedFree;
    case Blame::Undetermined: return theme.undetermined;
    case Blame::Tracking: return theme.trackingArtefact;
    }
    return theme.refusedFree;
}

void strokeMark(QPainter& painter, Blame blame, QPointF centre, double radius, const QColor& colour, double width) {
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (blame) {
    case Blame::Program:
        painter.drawLine(centre + QPointF(-radius, -radius), centre + QPointF(radius, radius));
        painter.drawLine(centre + QPointF(-radius, radius), centre + QPointF(radius, -radius));
        return;
    case Blame::Tracking: painter.drawEllipse(centre, radius, radius); return;
    case Blame::Undetermined: {
        const double reach = radius * 1.15;
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({centre + QPointF(0, -reach), centre + QPointF(reach, 0),
                                       centre + QPointF(0, reach), centre + QPointF(-reach, 0)}));
        painter.setBrush(Qt::NoBrush);
        return;
    }
    }
}

namespace {

QPixmap markPixmap(Blame blame, const QColor& colour) {
    constexpr int kSide = 12;
    const double ratio = qGuiApp->devicePixelRatio();
    const QString key = QStringLiteral("mark-%1-%2-%3").arg(static_cast<int>(blame)).arg(colour.name()).arg(ratio);
    QPixmap picture;
    if (QPixmapCache::find(key, &picture)) return picture;  // lists ask for them row by row
    picture = QPixmap((QSizeF(kSide, kSide) * ratio).toSize());
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    strokeMark(painter, blame, QPointF(kSide / 2.0, kSide / 2.0), 3, colour, 1.8);
    painter.end();
    QPixmapCache::insert(key, picture);
    return picture;
}

}  // namespace

QIcon markIcon(const Theme& theme, Blame blame) {
    QIcon icon(markPixmap(blame, markColour(theme, blame)));
    const QColor selected = theme.palette().color(QPalette::HighlightedText);
    icon.addPixmap(markPixmap(blame, selected), QIcon::Selected);
    return icon;
}

}  // namespace alloclens
