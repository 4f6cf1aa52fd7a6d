// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lanes as a QCustomPlot: its axis across, and one plottable that paints the scene. Mouse and wheel move the shared
// view; a click selects. The last picture is kept, so that a change of the selection costs no new one. Everything is
// painted straight into the window: QCustomPlot's buffers, which are cleared and then blended over a background, would
// cost more than what is in them.
#pragma once

#include <qcustomplot.h>

#include <memory>
#include <optional>

#include "app/gui/document/view_state.h"
#include "app/gui/timeline/lane_painter.h"
#include "core/timeline/scene.h"

namespace alloclens {

class LifetimePlottable;
struct SuspectBrackets;

class LanePlot : public QCustomPlot {
    Q_OBJECT
public:
    LanePlot(ViewState& state, QWidget* parent = nullptr);

    /// Room right of the axis rectangle; left of it is laneMargin(). The strips keep the same.
    static constexpr int kRightMargin = 12;

    void setScene(std::shared_ptr<const Scene> scene);
    [[nodiscard]] const std::shared_ptr<const Scene>& scene() const { return m_scene; }
    [[nodiscard]] const std::optional<MarkedRange>& markedRange() const { return m_marked; }
    void clearMarkedRange();
    /// The frees in question of the selected finding; none where it has none.
    [[nodiscard]] const SuspectBrackets* brackets() const;
    /// What is painted is exactly what the view state says, and no better picture is on its way.
    [[nodiscard]] bool isExact() const;
    /// Paints as toPainter does, but waits for the exact picture.
    void paintExactly(QCPPainter& painter, QSize size);
    /// Takes over range, selection and theme from the view state and paints.
    void refresh();
    /// Paints soon, however often it is asked until then.
    void requestPainting();
    /// Pixels of the lanes in this widget's coordinates.
    [[nodiscard]] PixelMap pixelMap() const;
    /// Room for the lanes' names, left of them, and of the axis below.
    [[nodiscard]] int margin() const { return axisRect()->margins().left(); }
    [[nodiscard]] int axisHeight() const { return axisRect()->margins().bottom(); }

signals:
    void hovered(const QString& text);
    void markedRangeChanged();
    void itemDoubleClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void styleAxis();
    void setMargins(int width);
    /// As many ticks as have room for their labels.
    void limitTicks();
    void selectAt(QPointF position);
    [[nodiscard]] QPointF inLanes(QPointF position) const;
    [[nodiscard]] bool isInLanes(QPointF position) const;
    [[nodiscard]] bool isOnItem(QPointF position) const;  ///< a mark or a bar
    [[nodiscard]] FindingId markAt(QPointF inLanes) const;
    [[nodiscard]] LifetimeId lifetimeAtPixel(QPointF inLanes) const;
    [[nodiscard]] QString describe(QPointF inLanes) const;
    void panTo(QPointF position);
    void endDrag();

    enum class Drag { None, Pressed, Range, Pan };

    ViewState& m_state;
    std::shared_ptr<const Scene> m_scene;
    LifetimePlottable* m_lifetimes = nullptr;  // owned by QCustomPlot
    std::optional<MarkedRange> m_marked;
    bool m_isPaintingRequested = false;
    Drag m_drag = Drag::None;
    QPointF m_dragFrom;
    ViewRange m_dragRange;
};

}  // namespace alloclens
