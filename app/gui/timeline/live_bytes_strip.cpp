// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/live_bytes_strip.h"

#include <QImage>
#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/lane_plot.h"

namespace alloclens {

namespace {

/// Fills each column from below, with its top in a stronger colour.
void paintColumns(QImage& image, const std::vector<std::uint64_t>& bytes, std::uint64_t most, const Theme& theme) {
    constexpr double kShare = 0.28;  // of the ink, on the ground
    const auto mix = [](int ground, int ink) {
        return static_cast<int>(std::lround(ground + (ink - ground) * kShare));
    };
    const QRgb ground = theme.base.rgb();
    const QRgb ink = theme.mutedText.rgb();
    const QRgb fill = qRgb(mix(qRed(ground), qRed(ink)), mix(qGreen(ground), qGreen(ink)),
                           mix(qBlue(ground), qBlue(ink)));
    const double scale = image.height() / std::max(1.0, static_cast<double>(most));
    std::vector<int> tops;
    for (const std::uint64_t value : bytes) {
        const int tall = static_cast<int>(std::lround(static_cast<double>(value) * scale));
        tops.push_back(std::min(image.height() - tall, image.height() - 1));
    }
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (std::size_t x = 0; x < tops.size(); ++x) line[x] = y < tops[x] ? ground : y > tops[x] ? fill : ink;
    }
}

}  // namespace

void paintLiveBytes(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                    const Theme& theme) {
    painter.fillRect(place, theme.base);
    const QRect columns = place.adjusted(laneMargin(painter.font(), place.width()), 6, -LanePlot::kRightMargin, -4);
    if (columns.width() < 2) return;
    // One image: a call for each column would cost more than its pixels. A vector picture gets a fine raster.
    constexpr double kVectorRatio = 3;
    const bool isRaster = painter.paintEngine()->type() == QPaintEngine::Raster;
    const double ratio = isRaster ? painter.device()->devicePixelRatioF() : kVectorRatio;
    QImage image((QSizeF(columns.size()) * ratio).toSize(), QImage::Format_RGB32);
    const PixelMap map{range, image.width(), image.height()};
    const auto bytes = scene.liveBytes.columns(*scene.analysis->trace, scene.options.acrossMode, map);
    const std::uint64_t most = *std::max_element(bytes.begin(), bytes.end());
    paintColumns(image, bytes, most, theme);
    painter.drawImage(columns, image);
    const int line = painter.fontMetrics().height();
    const QRect names(place.left() + 6, columns.top(), columns.left() - place.left() - 10, line);
    const QFontMetrics metrics = painter.fontMetrics();
    const QString peak = QString::fromStdString(liveBytesText(most));
    painter.setPen(theme.mutedText);
    painter.drawText(names, Qt::AlignLeft | Qt::AlignVCenter,
                     nameThatFits(metrics, names.width(), {QObject::tr("live bytes"), QObject::tr("live")}));
    painter.drawText(names.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter,
                     nameThatFits(metrics, names.width(), {QObject::tr("peak %1").arg(peak), peak}));
}

LiveBytesStrip::LiveBytesStrip(ViewState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    setObjectName(QStringLiteral("liveBytes"));
    setAccessibleName(tr("Live bytes"));
    setToolTip(tr("Live bytes of the lifetimes that the filter shows. Each pixel shows its peak."));
    setFixedHeight(heightFor(font()));
}

void LiveBytesStrip::setScene(std::shared_ptr<const Scene> scene) {
    m_scene = std::move(scene);
    update();
}

// Two lines of text, at least.
int LiveBytesStrip::heightFor(const QFont& font) {
    constexpr int kLeast = 56;
    return std::max(kLeast, 2 * QFontMetrics(font).height() + 12);
}

void LiveBytesStrip::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange) setFixedHeight(heightFor(font()));
}

void LiveBytesStrip::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    if (m_scene && m_scene->liveBytes.isPrepared()) {
        paintLiveBytes(painter, rect(), *m_scene, m_state.range(), theme);
    } else {
        painter.fillRect(rect(), theme.base);
    }
    painter.setPen(theme.line);
    painter.drawLine(0, 0, width(), 0);
}

}  // namespace alloclens
