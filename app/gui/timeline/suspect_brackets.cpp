// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/suspect_brackets.h"

#include <QFontMetricsF>
#include <QObject>
#include <QPainter>
#include <QPen>

#include <algorithm>

#include "app/gui/look/words.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

constexpr double kHalfWidth = 6;
constexpr double kArm = 3.5;        // of a bracket, along the bar
constexpr double kLeastHeight = 7;  // half of it, on the thinnest rows
constexpr double kMostHeight = 24;  // and on the tallest
constexpr double kRoom = 3;         // around the bar
constexpr double kExposureDrop = 4;
constexpr double kLabelRoom = 2;

void addSuspicion(SuspectBrackets& brackets, const Scene& scene, const Suspicion& suspicion) {
    const Analysis& analysis = *scene.analysis;
    const auto place = [&](EventId event) { return acrossOf(*analysis.trace, scene.options.acrossMode, event); };
    for (const SuspectCandidate& candidate : suspicion.candidates) {
        brackets.frees.push_back({candidate.free, place(candidate.free),
                                  QObject::tr("%1 %").arg(int{candidate.likelihood}),
                                  toQString(suspectSentence(analysis, suspicion, candidate))});
    }
    brackets.frees.push_back(
        {suspicion.refused, place(suspicion.refused), QObject::tr("refused %1 %").arg(int{suspicion.refusedLikelihood}),
         QObject::tr("the refused free itself may be the wrong one (%1 %)").arg(int{suspicion.refusedLikelihood})});
    brackets.exposedFrom = place(suspicion.candidates.front().free);
    brackets.exposedTo = place(suspicion.candidates.front().rightful);
    brackets.exposedWords = toQString(exposureSentence(analysis, suspicion));
}

// Of a refused free that nothing else is suspected for: the free that ended the lifetime before.
void addPrior(SuspectBrackets& brackets, const Scene& scene, const Finding& finding) {
    const Analysis& analysis = *scene.analysis;
    const EventId released = analysis.findings.eventIn(finding, Role::Released);
    if (!released.isValid()) return;
    brackets.frees.push_back({released, acrossOf(*analysis.trace, scene.options.acrossMode, released),
                              QObject::tr("freed"),
                              QObject::tr("the free at line %1 ended g%2; the one refused at line %3 came after it")
                                  .arg(countText(analysis.trace->events.line[released.index()]))
                                  .arg(finding.generation)
                                  .arg(countText(analysis.trace->events.line[finding.primary.index()]))});
}

bool isInSight(const SuspectBrackets& brackets, const PixelMap& map) {
    return brackets.row.bottom > map.range.top && brackets.row.top < map.range.bottom;
}

/// Half the height of a bracket, and where its middle is.
struct Middle {
    double y = 0;
    double half = kLeastHeight;
};

Middle middleOf(const SuspectBrackets& brackets, const PixelMap& map) {
    const BarRows bar = barRows(brackets.row, map);
    const double half = std::clamp((bar.to - bar.from) / 2.0 + kRoom, kLeastHeight, kMostHeight);
    const double lowest = std::max(half + 1, map.height - half - 1);
    return {std::clamp((bar.from + bar.to) / 2.0, half + 1, lowest), half};  // whole, on the edge of the lanes too
}

/// The line of the exposure window lies under the bar where there is room.
double exposureY(const Middle& middle, const PixelMap& map) {
    const double below = middle.y + middle.half + kExposureDrop;
    return below + 2 <= map.height ? below : middle.y - middle.half - kExposureDrop;
}

class BracketPainter {
public:
    BracketPainter(QPainter& painter, const SuspectBrackets& brackets, const PixelMap& map, const Theme& theme)
        : m_painter(painter), m_brackets(brackets), m_map(map), m_theme(theme), m_middle(middleOf(brackets, map)) {}

    void paint() {
        m_painter.setRenderHint(QPainter::Antialiasing);
        paintExposure();
        for (const Bracket& bracket : m_brackets.frees) {
            const QRectF rect = bracketRect(m_brackets, bracket, m_map);
            if (rect.right() >= 0 && rect.left() <= m_map.width) paintBracket(m_painter, rect, m_theme);
        }
        for (const Bracket& bracket : m_brackets.frees) paintLabel(bracket);  // those of the likelier ones first
    }

private:
    // Clipped by hand: lines over millions of pixels are slow to draw.
    void paintExposure() {
        if (m_brackets.exposedFrom == m_brackets.exposedTo) return;
        const double from = m_map.x(m_brackets.exposedFrom);
        const double to = std::max(from + 2, m_map.x(m_brackets.exposedTo));
        const double y = exposureY(m_middle, m_map);
        const double tick = y > m_middle.y ? -3 : 3;
        const double left = std::max(from, -4.0);
        const double right = std::min(to, m_map.width + 4.0);
        if (left > right) return;
        for (const QPen& pen : {QPen(m_theme.base, 4.5), QPen(m_theme.text, 1.5)}) {
            m_painter.setPen(pen);
            m_painter.drawLine(QPointF(left, y), QPointF(right, y));
            for (const double end : {from, to}) {
                if (end >= left && end <= right) m_painter.drawLine(QPointF(end, y), QPointF(end, y + tick));
            }
        }
    }

    // On the side that has room for it, and only where no other label stands.
    void paintLabel(const Bracket& bracket) {
        const double x = m_map.x(bracket.across);
        QString text = bracket.label;
        if (x < 0) text.prepend(QStringLiteral("\u2039 "));
        if (x > m_map.width) text.append(QStringLiteral(" \u203a"));
        const QFontMetricsF metrics(m_painter.font());
        const double wide = metrics.horizontalAdvance(text) + 2 * kLabelRoom;
        const double tall = metrics.height();
        const double left = std::clamp(x - wide / 2, 1.0, std::max(1.0, m_map.width - wide - 1));
        const double line = exposureY(m_middle, m_map);
        const double above = std::min(m_middle.y - m_middle.half, line < m_middle.y ? line - 2 : m_middle.y) - tall;
        const double below = std::max(m_middle.y + m_middle.half, line) + 2;
        const double lowest = std::max(0.0, m_map.height - tall);
        const QRectF place(left, above >= 0 ? above : std::min(below, lowest), wide, tall);
        const auto hits = [&place](const QRectF& other) { return other.adjusted(-3, 0, 3, 0).intersects(place); };
        if (std::any_of(m_labels.begin(), m_labels.end(), hits)) return;
        m_labels.push_back(place);
        QColor ground = m_theme.base;
        ground.setAlphaF(0.88F);
        m_painter.fillRect(place, ground);
        m_painter.setPen(m_theme.text);
        m_painter.drawText(place, Qt::AlignCenter, text);
    }

    QPainter& m_painter;
    const SuspectBrackets& m_brackets;
    const PixelMap& m_map;
    const Theme& m_theme;
    Middle m_middle;
    std::vector<QRectF> m_labels;
};

}  // namespace

std::optional<SuspectBrackets> suspectBrackets(const Scene& scene, const Selection& selection) {
    if (!selection.finding.isValid()) return {};
    const Findings& findings = scene.analysis->findings;
    const Finding& finding = findings.row(selection.finding);
    const bool isRefused = findings.verdicts.of(selection.finding) != nullptr;
    const Suspicion* suspicion = isRefused ? findings.suspicionOfRefused(finding.primary)
                                           : findings.suspicionOf(selection.finding);
    if (suspicion == nullptr && !isRefused) return {};
    const std::uint32_t row = scene.rowOf(finding.address, finding.memory);
    if (row == LaneLayout::kNoRow) return {};
    SuspectBrackets brackets;
    brackets.finding = selection.finding;
    brackets.row = scene.layout.rows()[row];
    if (suspicion != nullptr) {
        addSuspicion(brackets, scene, *suspicion);
    } else {
        addPrior(brackets, scene, finding);
    }
    if (brackets.frees.empty()) return {};
    return brackets;
}

QRectF bracketRect(const SuspectBrackets& brackets, const Bracket& bracket, const PixelMap& map) {
    const Middle middle = middleOf(brackets, map);
    const double x = map.x(bracket.across);
    return {x - kHalfWidth, middle.y - middle.half, 2 * kHalfWidth, 2 * middle.half};
}

QRectF exposureRect(const SuspectBrackets& brackets, const PixelMap& map) {
    const double y = exposureY(middleOf(brackets, map), map);
    const double from = map.x(brackets.exposedFrom);
    return {from, y - 1, std::max(2.0, map.x(brackets.exposedTo) - from), 2};
}

QString bracketWordsAt(const SuspectBrackets& brackets, const PixelMap& map, QPointF position) {
    if (!isInSight(brackets, map)) return {};
    for (const Bracket& bracket : brackets.frees) {
        if (bracketRect(brackets, bracket, map).contains(position)) return bracket.words;
    }
    const QRectF exposed = exposureRect(brackets, map).adjusted(0, -2, 0, 2);
    return exposed.contains(position) ? brackets.exposedWords : QString();
}

void paintBracket(QPainter& painter, const QRectF& place, const Theme& theme) {
    for (const QPen& pen : {QPen(theme.base, 4.5), QPen(theme.text, 1.5)}) {
        painter.setPen(pen);
        for (const double side : {1.0, -1.0}) {
            const double x = side > 0 ? place.left() : place.right();
            const QPointF corners[] = {{x + side * kArm, place.top()},
                                       {x, place.top()},
                                       {x, place.bottom()},
                                       {x + side * kArm, place.bottom()}};
            painter.drawPolyline(corners, 4);
        }
    }
}

void paintBrackets(QPainter& painter, const SuspectBrackets& brackets, const PixelMap& map, const Theme& theme) {
    if (isInSight(brackets, map)) BracketPainter(painter, brackets, map, theme).paint();
}

}  // namespace alloclens
