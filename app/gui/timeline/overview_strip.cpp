// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/overview_strip.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "app/gui/look/verdict_mark.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/lane_plot.h"

namespace alloclens {
namespace {

QRect columnsOf(const QRect& place, const QFont& font) {
    return place.adjusted(laneMargin(font, place.width()), 4, -LanePlot::kRightMargin, -4);
}

/// Refused frees in one pixel column, by Blame.
using MarkCounts = std::array<std::uint32_t, kBlameCount>;

std::uint32_t sumOf(const MarkCounts& counts) { return std::accumulate(counts.begin(), counts.end(), 0U); }

/// How many refused frees fall into each pixel column of the whole trace.
std::vector<MarkCounts> countMarks(const Scene& scene, const PixelMap& map) {
    std::vector<MarkCounts> counts(static_cast<std::size_t>(map.width));
    for (const Mark& mark : scene.marks) {
        const int x = std::clamp(static_cast<int>(map.x(mark.across)), 0, map.width - 1);
        ++counts[static_cast<std::size_t>(x)][static_cast<std::size_t>(mark.blame)];
    }
    return counts;
}

/// One column of refused frees, `tall` pixels from `bottom` up: the gravest below, each as tall as its share and seen.
void paintColumn(QPainter& painter, int x, int bottom, int tall, const MarkCounts& counts, const Theme& theme) {
    constexpr int kLeast = 2;
    const std::uint32_t all = sumOf(counts);
    int left = tall;
    for (int blame = kBlameCount - 1; blame >= 0 && left > 0; --blame) {
        const std::uint32_t count = counts[static_cast<std::size_t>(blame)];
        if (count == 0) continue;
        const bool isRest = std::all_of(counts.begin(), counts.begin() + blame, [](std::uint32_t n) { return n == 0; });
        const int share = static_cast<int>(std::lround(static_cast<double>(tall) * count / all));
        const int part = isRest ? left : std::clamp(share, kLeast, std::max(kLeast, left - kLeast));
        left -= part;
        painter.fillRect(x, bottom - tall + left + 1, 2, part, markColour(theme, static_cast<Blame>(blame)));
    }
}

void paintGround(QPainter& painter, const QRect& place, const Scene& scene, const Theme& theme, bool hasBytes) {
    painter.fillRect(place, theme.base);
    const QRect columns = columnsOf(place, painter.font());
    if (columns.width() < 2) return;
    const PixelMap map{scene.fullRange(), columns.width(), columns.height()};
    painter.setPen(theme.mutedText);
    const int room = columns.left() - place.left() - 10;
    painter.drawText(QRect(place.left() + 6, columns.top(), room, columns.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     nameThatFits(painter.fontMetrics(), room, {QObject::tr("whole trace"), QObject::tr("whole")}));

    // Live bytes as a quiet ground tell where the run is busy.
    std::vector<std::uint64_t> bytes;
    if (hasBytes) bytes = scene.liveBytes.columns(*scene.analysis->trace, scene.options.acrossMode, map);
    const double most = hasBytes ? std::max(1.0, static_cast<double>(scene.liveBytes.peak())) : 1;
    for (int x = 0; x < static_cast<int>(bytes.size()); ++x) {
        const double share = static_cast<double>(bytes[static_cast<std::size_t>(x)]) / most;
        const int tall = static_cast<int>(std::lround(share * columns.height()));
        painter.fillRect(columns.left() + x, columns.bottom() + 1 - tall, 1, tall, theme.line);
    }
    // Refused frees: taller where there are more, in steps of magnitude, and never less than a third of the strip.
    const auto counts = countMarks(scene, map);
    constexpr std::uint32_t kMany = 12;  // a column with fewer is not full, even where none has more
    std::uint32_t highest = kMany;
    for (const MarkCounts& column : counts) highest = std::max(highest, sumOf(column));
    for (int x = 0; x < columns.width(); ++x) {
        const MarkCounts& column = counts[static_cast<std::size_t>(x)];
        if (sumOf(column) == 0) continue;
        const double share = std::log1p(sumOf(column)) / std::log1p(highest);
        const int tall = static_cast<int>(std::lround(columns.height() * (0.34 + 0.66 * share)));
        paintColumn(painter, columns.left() + x, columns.bottom(), tall, column, theme);
    }
}

void paintVisiblePart(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                      const Theme& theme) {
    const QRect columns = columnsOf(place, painter.font());
    if (columns.width() < 2) return;
    const PixelMap map{scene.fullRange(), columns.width(), columns.height()};
    const double left = map.x(range.left);
    const double right = map.x(range.right);
    QColor veil = theme.window;
    veil.setAlphaF(0.72F);
    painter.fillRect(QRectF(columns.left(), columns.top(), std::max(0.0, left), columns.height()), veil);
    painter.fillRect(
        QRectF(columns.left() + right, columns.top(), std::max(0.0, columns.width() - right), columns.height()), veil);
    painter.setPen(QPen(theme.accent, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(columns.left() + left, columns.top(), std::max(3.0, right - left), columns.height() - 1));
}

}  // namespace

void paintOverview(QPainter& painter, const QRect& place, const Scene& scene, const ViewRange& range,
                   const Theme& theme) {
    paintGround(painter, place, scene, theme, true);
    paintVisiblePart(painter, place, scene, range, theme);
}

OverviewStrip::OverviewStrip(ViewState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    setObjectName(QStringLiteral("overview"));
    setAccessibleName(tr("Overview of the whole trace"));
    setToolTip(tr("The whole trace: live bytes, refused frees and the visible part. Drag to move it."));
    setFixedHeight(kHeight);
    setCursor(Qt::PointingHandCursor);
}

void OverviewStrip::setScene(std::shared_ptr<const Scene> scene) {
    m_scene = std::move(scene);
    m_ground = {};
    update();
}

const QPixmap& OverviewStrip::ground(const Theme& theme) {
    const double ratio = devicePixelRatioF();
    const bool hasBytes = m_scene->liveBytes.isPrepared();
    const QSize pixels = (QSizeF(size()) * ratio).toSize();
    if (m_ground.size() == pixels && m_groundIsDark == theme.isDark && m_groundHasBytes == hasBytes) return m_ground;
    m_ground = QPixmap(pixels);
    m_ground.setDevicePixelRatio(ratio);
    m_groundIsDark = theme.isDark;
    m_groundHasBytes = hasBytes;
    QPainter painter(&m_ground);
    painter.setFont(font());
    paintGround(painter, rect(), *m_scene, theme, hasBytes);
    return m_ground;
}

void OverviewStrip::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& theme = Theme::current();
    if (m_scene) {
        painter.drawPixmap(0, 0, ground(theme));
        paintVisiblePart(painter, rect(), *m_scene, m_state.range(), theme);
    } else {
        painter.fillRect(rect(), theme.base);
    }
    painter.setPen(theme.line);
    painter.drawLine(0, height() - 1, width(), height() - 1);
}

void OverviewStrip::centreOn(double x) {
    if (!m_scene) return;
    const QRect columns = columnsOf(rect(), font());
    const PixelMap map{m_scene->fullRange(), std::max(1, columns.width()), 1};
    ViewRange range = m_state.range();
    const double half = (range.right - range.left) / 2;
    const double middle = map.across(x - columns.left());
    range.left = middle - half;
    range.right = middle + half;
    m_state.setRange(confined(range, m_scene->extent(), m_scene->layout.height()), *m_scene);
}

void OverviewStrip::mousePressEvent(QMouseEvent* event) { centreOn(event->position().x()); }

void OverviewStrip::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() != Qt::NoButton) centreOn(event->position().x());
}

}  // namespace alloclens
