// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lane_painter.h"

#include <QFontMetrics>
#include <QImage>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>

#include "app/gui/timeline/class_palette.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/mark_painter.h"
#include "app/gui/timeline/suspect_brackets.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

QString text(std::string_view utf8) { return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())); }

QString acrossName(AcrossMode mode) {
    switch (mode) {
    case AcrossMode::EventOrder: return QObject::tr("event");
    case AcrossMode::LineNumber: return QObject::tr("line");
    case AcrossMode::Time: return QObject::tr("time");
    }
    return {};
}

}  // namespace

LanePainter::LanePainter(QPainter& painter, const LanePlace& place, const Scene& scene, const ViewRange& range,
                         const Theme& theme)
    : m_painter(painter),
      m_place(place),
      m_scene(scene),
      m_theme(theme),
      m_range(range),
      m_map{range, std::max(1, place.lanes.width()), std::max(1, place.lanes.height())} {}

void LanePainter::paintGrounds() {
    const auto colours = groundColours(m_scene.layout, m_map, m_theme);
    for (int from = 0, to = 0; from < m_map.height; from = to) {
        const QRgb colour = colours[static_cast<std::size_t>(from)];
        while (to < m_map.height && colours[static_cast<std::size_t>(to)] == colour) ++to;
        m_painter.fillRect(m_place.lanes.left(), m_place.lanes.top() + from, m_map.width, to - from, QColor(colour));
    }
}

void LanePainter::paintPicture(const QImage& image, const ViewRange& imageRange) {
    if (imageRange == m_range) return m_painter.drawImage(m_place.lanes, image);
    paintGrounds();
    const PixelMap pixels{imageRange, image.width(), image.height()};
    const double left = std::max(imageRange.left, m_range.left);
    const double right = std::min(imageRange.right, m_range.right);
    const double top = std::max(imageRange.top, m_range.top);
    const double bottom = std::min(imageRange.bottom, m_range.bottom);
    if (left >= right || top >= bottom) return;
    const QRectF part(QPointF(pixels.x(left), pixels.y(top)), QPointF(pixels.x(right), pixels.y(bottom)));
    const QRectF place(QPointF(m_map.x(left), m_map.y(top)), QPointF(m_map.x(right), m_map.y(bottom)));
    m_painter.drawImage(place.translated(m_place.lanes.topLeft()), image, part);
}

// Beside the trace there is nothing, which is not the same as nothing being live.
void LanePainter::paintRoom() {
    const AcrossExtent own = acrossExtent(*m_scene.analysis->trace, m_scene.options.acrossMode);
    const double from = std::clamp(m_map.x(own.from), 0.0, static_cast<double>(m_map.width));
    const double to = std::clamp(m_map.x(own.to), 0.0, static_cast<double>(m_map.width));
    const QRectF lanes = m_place.lanes;
    m_painter.fillRect(QRectF(lanes.left(), lanes.top(), from, lanes.height()), m_theme.window);
    m_painter.fillRect(QRectF(lanes.left() + to, lanes.top(), m_map.width - to, lanes.height()), m_theme.window);
}

void LanePainter::paintSelection(const Selection& selection, const std::optional<MarkedRange>& marked) {
    m_painter.save();
    m_painter.setClipRect(m_place.lanes);
    m_painter.translate(m_place.lanes.topLeft());
    const Trace& trace = *m_scene.analysis->trace;
    const AcrossMode mode = m_scene.options.acrossMode;
    QColor veil = m_theme.accent;
    if (marked) {
        veil.setAlphaF(0.16F);
        const double from = m_map.x(marked->from);
        m_painter.fillRect(QRectF(from, 0, std::max(1.0, m_map.x(marked->to) - from), m_map.height), veil);
    }
    if (selection.event.isValid()) {
        QColor line = m_theme.accent;
        line.setAlphaF(0.55F);
        const double x = m_map.x(acrossOf(trace, mode, selection.event)) + 0.5;
        m_painter.setPen(QPen(line, 1));
        m_painter.drawLine(QPointF(x, 0), QPointF(x, m_map.height));
    }
    if (selection.address.isValid()) {
        veil.setAlphaF(0.14F);
        for (int memory = 0; memory < kMemoryCount; ++memory) {
            const std::uint32_t row = m_scene.rowOf(selection.address, static_cast<Memory>(memory));
            if (row == LaneLayout::kNoRow) break;
            const LayoutRow& place = m_scene.layout.rows()[row];
            if (static_cast<int>(place.memory) != memory) continue;
            if (place.bottom <= m_range.top || place.top >= m_range.bottom) continue;
            constexpr int kRoom = 3;  // around the bar, on rows that are taller than it
            const BarRows bar = barRows(place, m_map);
            const double top = std::max(m_map.y(place.top), static_cast<double>(bar.from - kRoom));
            const double bottom = std::min(m_map.y(place.bottom), static_cast<double>(bar.to + kRoom));
            m_painter.fillRect(QRectF(0, top, m_map.width, std::max(1.0, bottom - top)), veil);
        }
    }
    const std::uint32_t row = selection.lifetime.isValid() ? m_scene.rowOf(selection.lifetime) : LaneLayout::kNoRow;
    if (row != LaneLayout::kNoRow) paintOutline(selection.lifetime, m_scene.layout.rows()[row]);
    m_painter.restore();
}

void LanePainter::paintOutline(LifetimeId id, const LayoutRow& row) {
    if (row.bottom <= m_range.top || row.top >= m_range.bottom) return;
    const Lifetime lifetime = m_scene.analysis->replay.lifetime(id);
    const AcrossExtent extent = lifetimeExtent(*m_scene.analysis->trace, m_scene.options.acrossMode, lifetime);
    const BarRows bar = barRows(row, m_map);
    const double left = m_map.x(extent.from);
    const QRectF outline(left, bar.from, std::max(2.0, m_map.x(extent.to) - left), std::max(2, bar.to - bar.from));
    m_painter.setPen(QPen(m_theme.accent, 1.5));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawRect(outline.adjusted(-1, -1, 1, 1));
}

void LanePainter::paintMarks(const Selection& selection, bool hasBrackets) {
    m_painter.save();
    m_painter.setClipRect(m_place.lanes.adjusted(-5, -2, 5, 5));  // a mark on the edge stays whole
    m_painter.translate(m_place.lanes.topLeft());
    MarkPainter(m_painter, m_scene, m_map, m_theme).paint(selection, hasBrackets);
    m_painter.restore();
}

void LanePainter::paintSuspects(const SuspectBrackets& brackets) {
    m_painter.save();
    m_painter.setClipRect(m_place.lanes.adjusted(-5, 0, 5, 0));
    m_painter.translate(m_place.lanes.topLeft());
    QFont font = m_painter.font();
    font.setPointSizeF(std::max(6.0, font.pointSizeF() * 0.85));
    m_painter.setFont(font);
    paintBrackets(m_painter, brackets, m_map, m_theme);
    m_painter.restore();
}

// In the margin; those of the lanes are a part of their grounds.
void LanePainter::paintSeparators() {
    m_painter.setPen(QPen(m_theme.line, 1));
    const auto& lanes = m_scene.layout.lanes();
    for (std::size_t i = 1; i < lanes.size(); ++i) {
        const double y = m_map.y((lanes[i - 1].bottom + lanes[i].top) / 2);
        if (y < 0 || y > m_map.height) continue;
        m_painter.drawLine(0, static_cast<int>(y), m_place.margin, static_cast<int>(y));
    }
}

void LanePainter::paintNames() {
    const QRect margin(m_place.lanes.left() - m_place.margin, m_place.lanes.top(), m_place.margin, m_map.height);
    m_painter.save();
    m_painter.setClipRect(margin);
    m_painter.translate(margin.topLeft());
    paintSeparators();
    constexpr double kAddressRow = 12;
    const QFont plain = m_painter.font();
    const double rowHeight = m_map.yScale() * m_scene.layout.rowHeight();
    const bool showsAddresses = rowHeight >= std::max(kAddressRow, m_painter.fontMetrics().ascent() * 1.0);
    const LaneNames names = laneNames(m_scene, m_map, m_place.margin, plain, showsAddresses);
    for (const LaneName& name : names.names) {
        m_painter.setFont(name.font);
        m_painter.setPen(name.isDevice ? m_theme.text : m_theme.mutedText);
        m_painter.drawText(name.place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, name.text);
    }
    m_painter.setFont(plain);
    if (showsAddresses) paintAddresses(names.addressLeft);
    m_painter.restore();
    const double lineHeight = m_painter.fontMetrics().height();
    m_painter.setPen(m_theme.mutedText);
    m_painter.drawText(QRectF(margin.left() + 6, margin.bottom() + 4, margin.width() - 12, lineHeight),
                       Qt::AlignLeft | Qt::AlignVCenter, acrossName(m_scene.options.acrossMode));
}

void LanePainter::paintAddresses(double left) {
    const auto [first, last] = m_scene.layout.rowsBetween(m_map.range.top, m_map.range.bottom);
    const double lineHeight = m_painter.fontMetrics().height();
    double free = -1;
    for (std::size_t i = first; i < last; ++i) {
        const LayoutRow& row = m_scene.layout.rows()[i];
        const double middle = m_map.y((row.top + row.bottom) / 2);
        if (middle - lineHeight / 2 < free) continue;
        m_painter.setPen(m_theme.mutedText);
        m_painter.drawText(QRectF(left, middle - lineHeight / 2, m_place.margin - left - 6, lineHeight),
                           Qt::AlignRight | Qt::AlignVCenter, text(m_scene.analysis->addressText(row.address)));
        free = middle + lineHeight / 2;
    }
}

}  // namespace alloclens
