// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/tinted_icon.h"

#include <QByteArray>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace alloclens {
namespace {

class TintedSvgEngine : public QIconEngine {
public:
    TintedSvgEngine(QByteArray svg, const QColor& colour, const QColor& disabledColour)
        : m_svg(std::move(svg)), m_colour(colour), m_disabledColour(disabledColour) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const QColor& colour = mode == QIcon::Disabled ? m_disabledColour : m_colour;
        QSvgRenderer renderer(QByteArray(m_svg).replace("currentColor", colour.name().toLatin1()));
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        renderer.render(painter, QRectF(rect));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new TintedSvgEngine(*this); }

private:
    QByteArray m_svg;
    QColor m_colour;
    QColor m_disabledColour;
};

}  // namespace

QIcon tintedIcon(const QString& resource, const QColor& colour, const QColor& disabledColour) {
    QFile file(resource);
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QIcon(new TintedSvgEngine(file.readAll(), colour, disabledColour));
}

}  // namespace alloclens
