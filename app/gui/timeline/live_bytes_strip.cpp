// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/live_bytes_strip.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/gui/timeline/lane_plot.h"
#include "core/base/units.h"

namespace alloclens {

void paintLiveBytes(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                    const Theme& theme) {
    painter.fillRect(place, theme.base);
    const QRect columns = place.adjusted(LanePlot::kMargin, 6, -LanePlot::kRightMargin, -4);
    if (columns.width() < 2) return;
    const PixelMap map{range, columns.width(), columns.height()};
    const auto bytes = scene.liveBytes.columns(*scene.analysis->trace, scene.options.acrossMode, map);
    const std::uint64_t most = *std::max_element(bytes.begin(), bytes.end());
    QColor fill = theme.mutedText;
    fill.setAlphaF(0.28F);
    std::vector<QRect> below;
    std::vector<QRect> tops;
    const double scale = columns.height() / std::max(1.0, static_cast<double>(most));
    for (int x = 0; x < columns.width(); ++x) {
        const double tall = static_cast<double>(bytes[static_cast<std::size_t>(x)]) * scale;
        const int top = columns.bottom() + 1 - static_cast<int>(std::lround(tall));
        below.emplace_back(columns.left() + x, top, 1, columns.bottom() + 1 - top);
        tops.emplace_back(columns.left() + x, top, 1, 1);
    }
    // All at once: a call for each column would cost more than its pixels.
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRects(below.data(), static_cast<int>(below.size()));
    painter.setBrush(theme.mutedText);
    painter.drawRects(tops.data(), static_cast<int>(tops.size()));
    const int line = painter.fontMetrics().height();
    const QRect names(place.left() + 6, columns.top(), LanePlot::kMargin - 12, line);
    painter.setPen(theme.mutedText);
    painter.drawText(names, Qt::AlignLeft | Qt::AlignVCenter, QObject::tr("live bytes"));
    painter.drawText(names.translated(0, line), Qt::AlignLeft | Qt::AlignVCenter,
                     QObject::tr("peak %1").arg(QString::fromStdString(formatBytes(most))));
}

LiveBytesStrip::LiveBytesStrip(ViewState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    setObjectName(QStringLiteral("liveBytes"));
    setAccessibleName(tr("Live bytes"));
    setToolTip(tr("Bytes live at each place, of the lifetimes shown; the peak of each pixel"));
    setFixedHeight(kHeight);
}

void LiveBytesStrip::setScene(std::shared_ptr<const Scene> scene) {
    m_scene = std::move(scene);
    update();
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
