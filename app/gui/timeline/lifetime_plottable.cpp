// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lifetime_plottable.h"

#include "app/gui/timeline/class_palette.h"
#include "app/gui/timeline/lane_plot.h"

namespace alloclens {

LifetimePlottable::LifetimePlottable(QCPAxis* across, QCPAxis* down) : QCPAbstractPlottable(across, down) {
    setSelectable(QCP::stNone);
    setAntialiased(false);
}

void LifetimePlottable::setScene(std::shared_ptr<const Scene> scene) { m_scene = std::move(scene); }

void LifetimePlottable::setSelection(const Selection& selection, const std::optional<MarkedRange>& marked) {
    m_selection = selection;
    m_marked = marked;
}

double LifetimePlottable::selectTest(const QPointF& /*position*/, bool /*onlySelectable*/,
                                     QVariant* /*details*/) const {
    return -1;  // selection is the view state's
}

QCPRange LifetimePlottable::getKeyRange(bool& isFound, QCP::SignDomain /*domain*/) const {
    isFound = m_scene != nullptr;
    if (!isFound) return {};
    const ViewRange full = m_scene->fullRange();
    return {full.left, full.right};
}

QCPRange LifetimePlottable::getValueRange(bool& isFound, QCP::SignDomain /*domain*/, const QCPRange& /*keys*/) const {
    isFound = m_scene != nullptr;
    return isFound ? QCPRange(0, m_scene->layout.height()) : QCPRange();
}

ViewRange LifetimePlottable::range() const {
    const QCPRange across = mKeyAxis->range();
    const QCPRange down = mValueAxis->range();
    return {across.lower, across.upper, down.lower, down.upper};
}

QRect LifetimePlottable::clipRect() const {
    return mKeyAxis->axisRect()->rect().adjusted(-LanePlot::kMargin, 0, 0, LanePlot::kAxisHeight);
}

void LifetimePlottable::draw(QCPPainter* painter) {
    if (!m_scene) return;
    const Theme& theme = Theme::current();
    const QRect lanes = mKeyAxis->axisRect()->rect();
    if (lanes.width() < 2 || lanes.height() < 2) return;
    // As many pixels as the device has; a vector picture gets a fine raster.
    constexpr double kVectorRatio = 3;
    const bool isVector = painter->modes().testFlag(QCPPainter::pmVectorized);
    const double ratio = isVector ? kVectorRatio : parentPlot()->bufferDevicePixelRatio();
    const QSize pixels = (QSizeF(lanes.size()) * ratio).toSize();
    const ViewRange visible = range();
    if (m_imageScene != m_scene || m_imageRange != visible || m_image.size() != pixels
        || m_imageIsDark != theme.isDark) {
        const Picture picture = drawPicture(m_scene->source(), {visible, pixels.width(), pixels.height()});
        m_image = colourPicture(picture, theme, m_scene->options.colourMode);
        m_imageScene = m_scene;
        m_imageRange = visible;
        m_imageIsDark = theme.isDark;
    }
    LanePainter lanePainter(*painter, {lanes, LanePlot::kMargin}, *m_scene, visible, theme);
    lanePainter.paintGrounds();
    lanePainter.paintPicture(m_image);
    lanePainter.paintSelection(m_selection, m_marked);
    lanePainter.paintMarks(m_selection);
    lanePainter.paintNames();
}

void LifetimePlottable::drawLegendIcon(QCPPainter* painter, const QRectF& rectangle) const {
    painter->fillRect(rectangle, Theme::current().memory[0]);
}

}  // namespace alloclens
