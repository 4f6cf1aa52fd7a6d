// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lifetime_plottable.h"

#include "app/gui/timeline/class_palette.h"
#include "app/gui/timeline/lane_plot.h"

namespace alloclens {

LifetimePlottable::LifetimePlottable(QCPAxis* across, QCPAxis* down) : QCPAbstractPlottable(across, down) {
    setSelectable(QCP::stNone);
    setAntialiased(false);
}

void LifetimePlottable::setScene(std::shared_ptr<const Scene> scene) {
    m_scene = std::move(scene);
    m_shown = {};
    m_requested = {};  // which holds its scene
    m_selection = {};
    m_brackets.reset();
    m_job.cancel();
}

void LifetimePlottable::setSelection(const Selection& selection, const std::optional<MarkedRange>& marked) {
    m_marked = marked;
    if (selection == m_selection) return;
    m_selection = selection;
    m_brackets.reset();
    if (m_scene) m_brackets = suspectBrackets(*m_scene, selection);
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
    const auto* plot = static_cast<const LanePlot*>(parentPlot());
    return mKeyAxis->axisRect()->rect().adjusted(-plot->margin(), 0, 0, plot->axisHeight());
}

Result<LifetimePlottable::Shown> LifetimePlottable::made(Shown wanted, const TaskContext& task) {
    const PixelMap map{wanted.range, wanted.pixels.width(), wanted.pixels.height(), wanted.ratio};
    const auto picture = drawPicture(wanted.scene->source(), map, task);
    if (!picture) return picture.error();
    const Theme& theme = wanted.isDark ? Theme::dark() : Theme::light();
    const auto grounds = groundColours(wanted.scene->layout, map, theme);
    wanted.image = colourPicture(*picture, grounds, theme, wanted.scene->options.colourMode);
    return wanted;
}

void LifetimePlottable::find(const Shown& wanted) {
    if (m_shown.isLike(wanted)) return m_job.cancel();
    const PixelMap map{wanted.range, wanted.pixels.width(), wanted.pixels.height(), wanted.ratio};
    if (!m_isWaiting && !isPictureQuick(m_scene->source(), map)) return request(wanted);
    m_job.cancel();
    auto picture = made(wanted, {});
    if (picture) m_shown = std::move(*picture);
}

// Only the newest request is answered; cells that an older one has made are kept, so that it was not in vain.
void LifetimePlottable::request(const Shown& wanted) {
    if (m_job.isRunning() && m_requested.isLike(wanted)) return;
    m_requested = wanted;
    m_job.start([wanted](const TaskContext& task) { return made(wanted, task); },
                [this](Result<Shown> picture) {
                    m_requested = {};
                    if (!picture || picture->scene != m_scene) return;
                    m_shown = std::move(*picture);
                    m_isPainted = false;
                    static_cast<LanePlot*>(parentPlot())->requestPainting();
                });
}

void LifetimePlottable::findPicture() { findPicture(parentPlot()->devicePixelRatioF()); }

void LifetimePlottable::findPicture(double ratio) {
    m_isPainted = true;
    const QSize lanes = mKeyAxis->axisRect()->rect().size();
    if (!m_scene || lanes.width() < 2 || lanes.height() < 2) return;
    find({{}, m_scene, range(), (QSizeF(lanes) * ratio).toSize(), ratio, Theme::current().isDark});
}

void LifetimePlottable::draw(QCPPainter* painter) {
    // As many pixels as the device has; a vector picture gets a fine raster.
    constexpr double kVectorRatio = 3;
    const bool isVector = painter->modes().testFlag(QCPPainter::pmVectorized);
    findPicture(isVector ? kVectorRatio : painter->device()->devicePixelRatioF());
    const Theme& theme = Theme::current();
    const QRect lanes = mKeyAxis->axisRect()->rect();
    if (!m_scene || lanes.width() < 2 || lanes.height() < 2) return;
    const int margin = static_cast<const LanePlot*>(parentPlot())->margin();
    LanePainter lanePainter(*painter, {lanes, margin}, *m_scene, range(), theme);
    if (m_shown.scene == m_scene) {
        lanePainter.paintPicture(m_shown.image, m_shown.range);
    } else {
        lanePainter.paintGrounds();
    }
    lanePainter.paintRoom();
    lanePainter.paintSelection(m_selection, m_marked);
    lanePainter.paintMarks(m_selection, m_brackets.has_value());
    if (m_brackets) lanePainter.paintSuspects(*m_brackets);
    lanePainter.paintNames();
}

void LifetimePlottable::drawLegendIcon(QCPPainter* painter, const QRectF& rectangle) const {
    painter->fillRect(rectangle, Theme::current().memory[0]);
}

}  // namespace alloclens
