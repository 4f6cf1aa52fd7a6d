// SPDX-License-Identifier: GPL-3.0-or-later
//
// Paints the scene inside a QCustomPlot: grounds, lifetimes, selection, marks, names. What every pixel shows is decided
// by core/timeline; this only paints it, and keeps the picture while range, size and theme stay the same.
#pragma once

#include <qcustomplot.h>

#include <memory>

#include "app/gui/timeline/lane_painter.h"
#include "core/timeline/scene.h"

namespace alloclens {

class LifetimePlottable : public QCPAbstractPlottable {
    Q_OBJECT
public:
    LifetimePlottable(QCPAxis* across, QCPAxis* down);

    void setScene(std::shared_ptr<const Scene> scene);
    void setSelection(const Selection& selection, const std::optional<MarkedRange>& marked);

    double selectTest(const QPointF& position, bool onlySelectable, QVariant* details) const override;
    QCPRange getKeyRange(bool& isFound, QCP::SignDomain domain) const override;
    QCPRange getValueRange(bool& isFound, QCP::SignDomain domain, const QCPRange& keys) const override;

protected:
    void draw(QCPPainter* painter) override;
    void drawLegendIcon(QCPPainter* painter, const QRectF& rectangle) const override;
    [[nodiscard]] QRect clipRect() const override;  // the names stand outside the axis rectangle

private:
    [[nodiscard]] ViewRange range() const;

    std::shared_ptr<const Scene> m_scene;
    Selection m_selection;
    std::optional<MarkedRange> m_marked;

    // The picture that was drawn last and what it was drawn for.
    QImage m_image;
    std::shared_ptr<const Scene> m_imageScene;
    ViewRange m_imageRange;
    bool m_imageIsDark = false;
};

}  // namespace alloclens
