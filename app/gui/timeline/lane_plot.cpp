// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/lane_plot.h"

#include <QApplication>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/gui/timeline/axis_ticker.h"
#include "app/gui/timeline/lane_names.h"
#include "app/gui/timeline/lifetime_plottable.h"
#include "core/base/time_units.h"
#include "core/base/units.h"
#include "core/wording/story.h"

namespace alloclens {
namespace {

constexpr double kWheelStep = 1.25;
constexpr double kWheelUnit = 120;
constexpr double kMarkReach = 8;
constexpr double kBarReach = 4;

QString text(const std::string& utf8) { return QString::fromStdString(utf8); }

}  // namespace

LanePlot::LanePlot(ViewState& state, QWidget* parent) : QCustomPlot(parent), m_state(state) {
    setObjectName(QStringLiteral("lanes"));
    setAccessibleName(tr("Timeline of lifetimes by device and memory"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setInteractions(QCP::Interactions());
    axisRect()->setAutoMargins(QCP::msNone);
    axisRect()->setMinimumSize(10, 10);
    xAxis->setTicker(axisTickerFor(AcrossMode::EventOrder));
    yAxis->setRangeReversed(true);
    yAxis->setVisible(false);
    xAxis->grid()->setVisible(false);
    yAxis->grid()->setVisible(false);
    m_lifetimes = new LifetimePlottable(xAxis, yAxis);
    setNoAntialiasingOnDrag(false);
    setMinimumHeight(80);
    setBackground(Qt::NoBrush);
    styleAxis();
    setMargins(width());
}

void LanePlot::setMargins(int width) {
    constexpr int kTop = 2;
    constexpr int kLeastAxis = 24;
    axisRect()->setMargins(
        QMargins(laneMargin(font(), width), kTop, kRightMargin, lineHeightFor(xAxis->tickLabelFont(), kLeastAxis)));
}

void LanePlot::limitTicks() {
    constexpr int kRoom = 16;  // between two labels
    constexpr int kMost = 8;
    auto* ticker = static_cast<RoomyTicker*>(xAxis->ticker().data());
    const QFontMetrics metrics(xAxis->tickLabelFont());
    ticker->setMostTicks(kMost);
    const int wide = metrics.horizontalAdvance(ticker->widestLabel(xAxis->range())) + kRoom;
    ticker->setMostTicks(std::min(kMost, axisRect()->width() / std::max(1, wide)));
}

void LanePlot::styleAxis() {
    const Theme& theme = Theme::current();
    const QPen line(theme.line, 1);
    xAxis->setBasePen(line);
    xAxis->setTickPen(line);
    xAxis->setSubTickPen(Qt::NoPen);
    xAxis->setTickLabelColor(theme.mutedText);
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() * 0.9));
    xAxis->setTickLabelFont(small);
    xAxis->setTickLengthIn(0);
    xAxis->setTickLengthOut(3);
    xAxis->setTickLabelPadding(2);
}

void LanePlot::setScene(std::shared_ptr<const Scene> scene) {
    const bool isOfSame = scene && m_scene && m_state.shows(*m_scene->analysis);
    const bool isAlike = isOfSame && scene->options.acrossMode == m_scene->options.acrossMode
                         && scene->options.downMode == m_scene->options.downMode;
    if (!isAlike) endDrag();  // from where it began says nothing here
    m_scene = std::move(scene);
    m_marked.reset();
    if (m_scene) xAxis->setTicker(axisTickerFor(m_scene->options.acrossMode));
    m_lifetimes->setScene(m_scene);
    refresh();
}

void LanePlot::clearMarkedRange() {
    if (!m_marked) return;
    m_marked.reset();
    refresh();
    emit markedRangeChanged();
}

void LanePlot::refresh() {
    styleAxis();
    const ViewRange& range = m_state.range();
    xAxis->setRange(range.left, range.right);
    limitTicks();
    yAxis->setRange(range.top, range.bottom);
    // The ids of the selection are those of what is open, whose scene may still be on its way.
    const bool isCurrent = m_scene && m_scene->analysis == m_state.analysis();
    m_lifetimes->setSelection(isCurrent ? m_state.selection() : Selection{}, m_marked);
    m_lifetimes->expectPainting();
    requestPainting();
}

void LanePlot::requestPainting() {
    if (std::exchange(m_isPaintingRequested, true)) return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_isPaintingRequested = false;
            updateLayout();
            m_lifetimes->findPicture();
            update();
        },
        Qt::QueuedConnection);
}

void LanePlot::paintEvent(QPaintEvent* event) {
    QCPPainter painter(this);
    painter.fillRect(event->rect(), Theme::current().base);
    draw(&painter);
}

void LanePlot::resizeEvent(QResizeEvent* /*event*/) {
    setMargins(width());
    setViewport(rect());
    updateLayout();  // the ticks need its width
    refresh();
}

void LanePlot::changeEvent(QEvent* event) {
    QCustomPlot::changeEvent(event);
    if (event->type() != QEvent::FontChange) return;
    styleAxis();
    setMargins(width());
    refresh();
}

const SuspectBrackets* LanePlot::brackets() const {
    const auto& brackets = m_lifetimes->brackets();
    return brackets ? &*brackets : nullptr;
}

bool LanePlot::isExact() const { return m_lifetimes->isExact(); }

void LanePlot::paintExactly(QCPPainter& painter, QSize size) {
    m_lifetimes->setWaiting(true);
    setMargins(size.width());
    limitTicks();
    toPainter(&painter, size.width(), size.height());
    m_lifetimes->setWaiting(false);
    setMargins(width());
    updateLayout();
    limitTicks();
}

PixelMap LanePlot::pixelMap() const {
    return {m_state.range(), std::max(1, axisRect()->width()), std::max(1, axisRect()->height())};
}

QPointF LanePlot::inLanes(QPointF position) const { return position - QPointF(axisRect()->topLeft()); }

FindingId LanePlot::markAt(QPointF position) const {
    const PixelMap map = pixelMap();
    const double from = map.across(position.x() - kMarkReach);
    const double to = map.across(position.x() + kMarkReach);
    auto mark = std::partition_point(m_scene->marks.begin(), m_scene->marks.end(),
                                     [from](const Mark& m) { return m.across < from; });
    FindingId best;
    double bestDistance = kMarkReach;
    for (; mark != m_scene->marks.end() && mark->across <= to; ++mark) {
        const double distance = std::hypot(map.x(mark->across) - position.x(), map.y(mark->down) - position.y());
        if (distance < bestDistance) {
            best = mark->finding;
            bestDistance = distance;
        }
    }
    return best;
}

LifetimeId LanePlot::lifetimeAtPixel(QPointF position) const {
    const PixelMap map = pixelMap();
    return m_scene->lifetimeAt(map.across(position.x()), map.down(position.y()), kBarReach / map.xScale());
}

QString LanePlot::describe(QPointF position) const {
    const Analysis& analysis = *m_scene->analysis;
    if (const FindingId finding = markAt(position); finding.isValid()) {
        const Finding& row = analysis.findings.row(finding);
        const std::string surplus = surplusSentence(analysis, row);
        const std::string cause = verdictSentence(analysis.findings, finding);
        return QStringLiteral("%1  %2  line %3%4%5%6")
            .arg(text(std::string(kindInfo(row.kind).title)), text(findingPlace(analysis, row)),
                 text(formatCount(analysis.trace->events.line[row.primary.index()])),
                 analysis.trace->hasTime() ? "  " + text(timeText(*analysis.trace, row.primary)) : QString(),
                 surplus.empty() ? QString() : "  " + text(surplus), cause.empty() ? QString() : "  " + text(cause));
    }
    if (const SuspectBrackets* suspects = brackets(); suspects != nullptr) {
        if (const QString words = bracketWordsAt(*suspects, pixelMap(), position); !words.isEmpty()) return words;
    }
    if (const LifetimeId id = lifetimeAtPixel(position); id.isValid()) {
        const Lifetime lifetime = analysis.replay.lifetime(id);
        return QStringLiteral("device %1  %2  %3")
            .arg(text(deviceText(analysis.key(lifetime.address).device)),
                 text(analysis.lifetimeText(lifetime.address, lifetime.generation)),
                 text(lifetimeSentence(analysis, lifetime)));
    }
    return {};
}

// A mark on the edge reaches out a little.
bool LanePlot::isInLanes(QPointF position) const {
    const int reach = static_cast<int>(kMarkReach);
    return axisRect()->rect().adjusted(-reach, 0, reach, reach).contains(position.toPoint());
}

bool LanePlot::isOnItem(QPointF position) const {
    if (!isInLanes(position)) return false;
    const QPointF at = inLanes(position);
    return markAt(at).isValid() || lifetimeAtPixel(at).isValid();
}

void LanePlot::selectAt(QPointF position) {
    // Left of the lanes are their names; what lies there on the axis is out of sight.
    if (!m_scene || position.x() < 0 || position.x() > axisRect()->width()) return;
    const Analysis& of = *m_scene->analysis;
    if (const FindingId finding = markAt(position); finding.isValid()) {
        m_state.select(selectionOf(of, finding), of);
    } else if (const LifetimeId lifetime = lifetimeAtPixel(position); lifetime.isValid()) {
        m_state.select(selectionOf(of, lifetime), of);
    } else {
        m_state.clearSelection();
    }
}

void LanePlot::wheelEvent(QWheelEvent* event) {
    if (!m_scene) return event->ignore();
    const PixelMap map = pixelMap();
    const QPointF at = inLanes(event->position());
    const double turn = event->angleDelta().y() / kWheelUnit;
    ViewRange range = m_state.range();
    if (event->modifiers().testFlag(Qt::ShiftModifier) || (turn == 0 && event->angleDelta().x() != 0)) {
        const double steps = turn != 0 ? turn : event->angleDelta().x() / kWheelUnit;
        const double shift = -steps * (range.right - range.left) / 10;
        range.left += shift;
        range.right += shift;
    } else if (event->modifiers().testFlag(Qt::ControlModifier)) {
        const double fixed = map.down(at.y());
        const double factor = std::pow(kWheelStep, -turn);
        range.top = fixed + (range.top - fixed) * factor;
        range.bottom = fixed + (range.bottom - fixed) * factor;
    } else {
        const double fixed = map.across(at.x());
        const double factor = std::pow(kWheelStep, -turn);
        range.left = fixed + (range.left - fixed) * factor;
        range.right = fixed + (range.right - fixed) * factor;
    }
    m_state.setRange(confined(range, m_scene->extent(), m_scene->layout.height()), *m_scene);
    event->accept();
}

void LanePlot::mousePressEvent(QMouseEvent* event) {
    setFocus(Qt::MouseFocusReason);
    m_dragFrom = event->position();
    m_dragRange = m_state.range();
    m_drag = event->button() == Qt::LeftButton ? Drag::Pressed : Drag::Pan;
    if (m_drag == Drag::Pan) setCursor(Qt::ClosedHandCursor);
    event->accept();
}

void LanePlot::panTo(QPointF position) {
    const PixelMap map{m_dragRange, std::max(1, axisRect()->width()), std::max(1, axisRect()->height())};
    const QPointF moved = position - m_dragFrom;
    ViewRange range = m_dragRange;
    range.left -= moved.x() / map.xScale();
    range.right -= moved.x() / map.xScale();
    range.top -= moved.y() / map.yScale();
    range.bottom -= moved.y() / map.yScale();
    m_state.setRange(confined(range, m_scene->extent(), m_scene->layout.height()), *m_scene);
}

void LanePlot::mouseMoveEvent(QMouseEvent* event) {
    if (!m_scene) return;
    const QPointF at = inLanes(event->position());
    if (m_drag == Drag::Pressed
        && (event->position() - m_dragFrom).manhattanLength() >= QApplication::startDragDistance()) {
        m_drag = Drag::Range;
    }
    if (m_drag == Drag::Pan) {
        panTo(event->position());
    } else if (m_drag == Drag::Range) {
        const PixelMap map = pixelMap();
        const auto across = [&map](double x) { return map.across(std::clamp(x, 0.0, static_cast<double>(map.width))); };
        const double from = across(inLanes(m_dragFrom).x());
        const double to = across(at.x());
        m_marked = MarkedRange{std::min(from, to), std::max(from, to)};
        refresh();
        emit markedRangeChanged();
        emit hovered({});
    } else {
        emit hovered(axisRect()->rect().contains(event->position().toPoint()) ? describe(at) : QString());
    }
    event->accept();
}

void LanePlot::mouseReleaseEvent(QMouseEvent* event) {
    if (m_drag == Drag::Pressed && isInLanes(event->position())) {
        clearMarkedRange();
        selectAt(inLanes(event->position()));
        refresh();
    }
    endDrag();
    event->accept();
}

void LanePlot::endDrag() {
    if (m_drag == Drag::Pan) unsetCursor();
    m_drag = Drag::None;
}

void LanePlot::mouseDoubleClickEvent(QMouseEvent* event) {
    // Elsewhere it is two clicks, and throws nothing away.
    if (event->button() == Qt::LeftButton && m_scene && isOnItem(event->position())) {
        selectAt(inLanes(event->position()));
        emit itemDoubleClicked();
    }
    event->accept();
}

void LanePlot::leaveEvent(QEvent* event) {
    emit hovered({});
    QCustomPlot::leaveEvent(event);
}

}  // namespace alloclens
