// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/mark_painter.h"

#include <QFontMetrics>
#include <QImage>
#include <QPaintEngine>
#include <QPainter>
#include <QPen>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/gui/look/verdict_mark.h"
#include "core/base/units.h"

namespace alloclens {
namespace {

constexpr int kMarkCell = 10;        // marks closer than this share a glyph
constexpr double kMarkRadius = 3.5;  // half of the smallest glyph
constexpr double kCrowdRadius = 4.5;
constexpr double kLeastRadius = 2.5;
constexpr double kLanesShare = 4;   // a glyph is at most half as tall as its lane
constexpr double kTickLane = 12;    // lower ones have strokes
constexpr double kNumberLane = 18;  // and no numbers
constexpr std::size_t kMostTies = 400;

}  // namespace

MarkPainter::MarkPainter(QPainter& painter, const Scene& scene, const PixelMap& map, const Theme& theme)
    : m_painter(painter), m_scene(scene), m_theme(theme), m_map(map) {}

// On a halo of the ground, so that it stands out from any bar.
void MarkPainter::paintGlyph(Blame blame, double x, double y, double radius) {
    strokeMark(m_painter, blame, QPointF(x, y), radius, m_theme.base, 4.5);
    strokeMark(m_painter, blame, QPointF(x, y), radius, markColour(m_theme, blame), 2);
}

template <typename Paint>
QImage MarkPainter::glyphImage(double side, const Paint& paint) const {
    const double ratio = m_painter.device()->devicePixelRatioF();
    QImage glyph((QSizeF(side, side) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    glyph.setDevicePixelRatio(ratio);
    glyph.fill(Qt::transparent);
    QPainter painter(&glyph);
    painter.setRenderHint(QPainter::Antialiasing);
    paint(painter, side / 2);
    return glyph;
}

// On a raster each glyph is drawn once and copied: hundreds of antialiased lines would cost more than all bars.
void MarkPainter::paintGlyphs(const std::vector<MarkBin>& bins, Blame blame) {
    if (m_painter.paintEngine()->type() != QPaintEngine::Raster) {
        for (const MarkBin& bin : bins) {
            if (bin.blame == blame && !isTick(bin)) paintGlyph(blame, bin.x, bin.y, radiusOf(bin));
        }
        return;
    }
    const auto imageOf = [this, blame](double radius) {
        return glyphImage(2 * std::ceil(radius + 3), [this, blame, radius](QPainter& painter, double half) {
            MarkPainter(painter, m_scene, m_map, m_theme).paintGlyph(blame, half, half, radius);
        });
    };
    std::map<double, QImage> glyphs;  // by radius, of which there are few
    for (const MarkBin& bin : bins) {
        if (bin.blame != blame || isTick(bin)) continue;
        const double radius = radiusOf(bin);
        QImage& glyph = glyphs[radius];
        if (glyph.isNull()) glyph = imageOf(radius);
        const QSizeF size = QSizeF(glyph.size()) / glyph.devicePixelRatio();
        m_painter.drawImage(QPoint(static_cast<int>(std::lround(bin.x - size.width() / 2)),
                                   static_cast<int>(std::lround(bin.y - size.height() / 2))),
                            glyph);
    }
}

// The lane at a place, in pixels; all of them where it lies between two.
double MarkPainter::laneHeight(double y) const {
    const auto& lanes = m_scene.layout.lanes();
    const double down = m_map.down(y);
    const auto lane = std::partition_point(lanes.begin(), lanes.end(),
                                           [down](const Lane& candidate) { return candidate.bottom <= down; });
    if (lane == lanes.end()) return m_map.height;
    return (lane->bottom - lane->top) * m_map.yScale();
}

// Half a lane's height, less the stroke, in steps of half a pixel.
double MarkPainter::radiusOf(const MarkBin& bin) const {
    const double usual = bin.count > 1 ? kCrowdRadius : kMarkRadius;
    const double fitting = std::floor(laneHeight(bin.y) / kLanesShare) / 2;
    return std::clamp(fitting, kLeastRadius, usual);
}

bool MarkPainter::isTick(const MarkBin& bin) const { return laneHeight(bin.y) < kTickLane; }

// Strokes as tall as the lane: glyphs would run over its neighbours.
void MarkPainter::paintTicks(const std::vector<MarkBin>& bins, Blame blame) {
    for (const QPen& pen : {QPen(m_theme.base, 3.5), QPen(markColour(m_theme, blame), 1.8)}) {
        m_painter.setPen(pen);
        for (const MarkBin& bin : bins) {
            if (bin.blame != blame || !isTick(bin)) continue;
            const double half = std::max(kLeastRadius, laneHeight(bin.y) / 2 - 1);
            m_painter.drawLine(QPointF(bin.x, bin.y - half), QPointF(bin.x, bin.y + half));
        }
    }
}

// One glyph, drawn once and copied: thousands of antialiased lines would cost tens of milliseconds.
void MarkPainter::paintField(const std::vector<MarkBin>& bins, Blame blame) {
    constexpr double kBox = 2 * kMarkRadius + 2;
    const QImage glyph = glyphImage(kBox, [this, blame](QPainter& painter, double half) {
        constexpr double kThin = 1.1;
        const double radius = blame == Blame::Undetermined ? kMarkRadius - 1 : kMarkRadius;  // it is filled
        strokeMark(painter, blame, QPointF(half, half), radius, markColour(m_theme, blame), kThin);
    });
    for (const MarkBin& bin : bins) {
        if (bin.blame != blame) continue;
        m_painter.drawImage(QPoint(static_cast<int>(bin.x - kBox / 2), static_cast<int>(bin.y - kBox / 2)), glyph);
    }
}

void MarkPainter::paintTies(const Selection& selection) {
    const auto& marks = m_scene.marks;
    const auto paintTie = [this](const Mark& mark, const QPen& pen) {
        if (mark.tiedTo > m_map.range.right || mark.down < m_map.range.top || mark.down >= m_map.range.bottom) return;
        m_painter.setPen(pen);
        const double y = m_map.y(mark.down);
        // Clipped by hand: a dashed line over millions of pixels is slow to draw.
        const double from = std::max(-8.0, m_map.x(mark.tiedTo));
        const double to = std::min<double>(m_map.width + 8, m_map.x(mark.across));
        m_painter.drawLine(QPointF(from, y), QPointF(to, y));
    };
    const auto thin = [this](Blame blame) {
        QColor colour = markColour(m_theme, blame);
        colour.setAlphaF(0.65F);
        return QPen(colour, 1, Qt::DashLine);
    };
    const auto inSight = m_scene.markIndex.inSight(marks, m_map.range, kMostTies);
    if (inSight.size() <= kMostTies) {
        for (const std::uint32_t mark : inSight) paintTie(marks[mark], thin(marks[mark].blame));
    }
    if (const Mark* mark = markOf(marks, selection.finding); mark != nullptr && mark->across >= m_map.range.left) {
        paintTie(*mark, QPen(markColour(m_theme, mark->blame), 1.6, Qt::DashLine));
    }
}

void MarkPainter::paint(const Selection& selection, bool hasBrackets) {
    m_painter.setRenderHint(QPainter::Antialiasing);
    paintTies(selection);
    const auto bins = m_scene.markIndex.bins(m_scene.marks, m_map, kMarkCell);
    QFont font = m_painter.font();
    font.setPointSizeF(std::max(6.0, font.pointSizeF() * 0.8));
    m_painter.setFont(font);
    // A field of marks is drawn thinly, so that it does not hide what it lies on.
    constexpr std::size_t kField = 600;
    for (const Blame blame : {Blame::Tracking, Blame::Undetermined, Blame::Program}) {  // the gravest on top
        if (bins.size() > kField) {
            paintField(bins, blame);
        } else {
            paintTicks(bins, blame);
            paintGlyphs(bins, blame);
        }
    }
    for (const MarkBin& bin : bins) {
        if (bin.count < 2 || bins.size() > kField || laneHeight(bin.y) < kNumberLane) continue;
        constexpr double kClear = 40;
        const bool isCrowded = std::any_of(bins.begin(), bins.end(), [&bin](const MarkBin& other) {
            return &other != &bin && std::abs(other.y - bin.y) < kMarkCell && other.x > bin.x - 1
                   && other.x - bin.x < kClear;
        });
        if (isCrowded) continue;
        const QString words = QStringLiteral("\u00d7") + QString::fromStdString(formatCount(bin.count));
        const double gap = kCrowdRadius + 4;
        const double wide = m_painter.fontMetrics().horizontalAdvance(words);
        const double left = bin.x + gap + wide <= m_map.width ? bin.x + gap : bin.x - gap - wide;
        m_painter.setPen(m_theme.mutedText);
        m_painter.drawText(QPointF(left, bin.y + m_painter.fontMetrics().ascent() / 2.0 - 1), words);
    }
    paintSelected(selection, !hasBrackets);
}

void MarkPainter::paintSelected(const Selection& selection, bool hasRing) {
    const Mark* mark = markOf(m_scene.marks, selection.finding);
    if (mark == nullptr) return;
    const QPointF centre(m_map.x(mark->across), m_map.y(mark->down));
    paintGlyph(mark->blame, centre.x(), centre.y(), std::min(kCrowdRadius, radiusOf({centre.x(), centre.y(), 2})));
    if (!hasRing) return;
    m_painter.setPen(QPen(m_theme.accent, 2));
    m_painter.setBrush(Qt::NoBrush);
    m_painter.drawEllipse(centre, 9, 9);
}

}  // namespace alloclens
