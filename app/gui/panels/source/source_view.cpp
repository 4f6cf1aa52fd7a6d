// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/source/source_view.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

#include "app/gui/document/copy_source.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/source/source_marks.h"

namespace alloclens {
namespace {

constexpr int kMargin = 8;
constexpr int kDot = 6;

}  // namespace

SourceView::SourceView(ViewState& state, QWidget* parent) : QAbstractScrollArea(parent), m_state(state) {
    setObjectName("sourceView");
    setAccessibleName(tr("Source"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    viewport()->setFont(font());
    viewport()->setBackgroundRole(QPalette::Base);
    connect(&m_state, &ViewState::analysisChanged, this, &SourceView::openTrace);
    connect(&m_state, &ViewState::selectionChanged, this, &SourceView::follow);
    connect(&m_lines, &SourceLines::arrived, this, [this] {
        updateBars();
        viewport()->update();
    });
    new CopySource(*this, [this] { return textOfCurrent(); });
    openTrace();
}

std::uint32_t SourceView::lineCount() const {
    return m_state.analysis() ? m_state.analysis()->trace->source->lines() : 0;
}
int SourceView::lineHeight() const { return QFontMetrics(font()).height() + 2; }
std::uint32_t SourceView::linesInSight() const {
    return static_cast<std::uint32_t>(std::max(1, viewport()->height() / lineHeight()));
}
std::uint32_t SourceView::lastTop() const {
    const std::uint32_t count = lineCount();
    return count > linesInSight() ? count - linesInSight() + 1 : 1;
}
int SourceView::gutterWidth() const {
    const QFontMetrics metrics(font());
    return metrics.horizontalAdvance(countText(std::max(lineCount(), 1000U))) + 3 * kMargin + kDot;
}
QString SourceView::shownText(std::uint32_t line) const {
    const QString* text = m_lines.textOf(line);
    return text != nullptr ? *text : QString();
}

void SourceView::openTrace() {
    const auto trace = m_state.analysis() ? m_state.analysis()->trace : nullptr;
    if (m_state.documentNumber() == m_shownDocument) {
        const bool showedEnd = m_top + linesInSight() > m_shownLines;
        m_lines.growTrace(trace);
        if (m_state.isFollowing() && showedEnd) m_top = lastTop();
    } else {
        m_lines.setTrace(trace);
        m_top = 1;
    }
    m_shownDocument = m_state.documentNumber();
    m_shownLines = lineCount();
    updateBars();
    m_lines.want(m_top, linesInSight() + 1);
    viewport()->update();
}

void SourceView::follow() {
    if (currentLine() != 0) bringIntoSight(currentLine());
    viewport()->update();
}

void SourceView::bringIntoSight(std::uint32_t line) {
    const std::uint32_t inSight = linesInSight();
    const std::uint32_t around = std::min<std::uint32_t>(3, inSight / 4);
    const bool isInSight = line >= m_top + (m_top > 1 ? around : 0) && line + around < m_top + inSight;
    if (!isInSight) setTop(line > inSight / 2 ? line - inSight / 2 : 1);
}

void SourceView::setTop(std::uint32_t line) {
    m_top = std::clamp<std::uint32_t>(line, 1, lastTop());
    updateBars();
    m_lines.want(m_top, linesInSight() + 1);
    viewport()->update();
}

void SourceView::updateBars() {
    constexpr std::uint32_t kMostSteps = 1'000'000'000;
    const QScopedValueRollback setting(m_isSettingBar, true);
    m_linesPerStep = lineCount() / kMostSteps + 1;
    QScrollBar& down = *verticalScrollBar();
    down.setRange(0, static_cast<int>((lastTop() - 1) / m_linesPerStep));
    down.setPageStep(static_cast<int>(linesInSight() / m_linesPerStep + 1));
    down.setValue(static_cast<int>((m_top - 1) / m_linesPerStep));

    // As wide as the widest line in sight; the text is of even width, so its length tells. Also of those that the bar
    // covers: else it would come and go by itself without end where one of them is the widest.
    const std::uint32_t end = m_top + static_cast<std::uint32_t>(height() / lineHeight()) + 1;
    qsizetype longest = 0;
    for (std::uint32_t line = m_top; line < end; ++line) {
        if (const QString* text = m_lines.textOf(line)) longest = std::max(longest, text->size());
    }
    const int width = static_cast<int>(longest) * QFontMetrics(font()).horizontalAdvance('0') + 2 * kMargin;
    const int room = viewport()->width() - gutterWidth();
    QScrollBar& across = *horizontalScrollBar();
    across.setRange(0, std::max({0, width - room, across.value()}));
    across.setPageStep(std::max(1, room));
    across.setSingleStep(QFontMetrics(font()).horizontalAdvance('0') * 4);
}

void SourceView::scrollContentsBy(int, int dy) {
    if (m_isSettingBar) return;
    if (dy != 0) {
        m_top = std::clamp<std::uint32_t>(static_cast<std::uint32_t>(verticalScrollBar()->value()) * m_linesPerStep + 1,
                                          1, lastTop());
        m_lines.want(m_top, linesInSight() + 1);
        updateBars();
    }
    viewport()->update();
}

void SourceView::resizeEvent(QResizeEvent*) { setTop(m_top); }

// A selection made while the panel was hidden had no height to be placed in.
void SourceView::showEvent(QShowEvent*) {
    if (currentLine() != 0) bringIntoSight(currentLine());
}

void SourceView::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::current();
    QPainter painter(viewport());
    painter.setFont(font());
    painter.fillRect(viewport()->rect(), theme.base);
    const QString note = !m_state.analysis() ? tr("Open a log to see its lines here. Lines with events have a mark.")
                                             : m_lines.problem();
    if (!note.isEmpty()) {
        painter.setPen(theme.mutedText);
        painter.setFont(QWidget::window()->font());
        painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, note);
        return;
    }
    painter.fillRect(QRect(0, 0, gutterWidth() - kMargin, viewport()->height()), theme.window);
    const std::uint32_t end = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{m_top} + linesInSight() + 1, std::uint64_t{lineCount()} + 1));
    for (std::uint32_t line = m_top; line < end; ++line) {
        paintLine(painter, line, static_cast<int>(line - m_top) * lineHeight());
    }
}

void SourceView::paintLine(QPainter& painter, std::uint32_t line, int y) const {
    const Theme& theme = Theme::current();
    const int height = lineHeight();
    const int gutter = gutterWidth();
    const LineMark mark = markOfLine(m_state, line);
    if (line == currentLine()) {
        QColor tint = theme.accent;
        tint.setAlphaF(theme.isDark ? 0.28F : 0.16F);
        painter.fillRect(QRect(0, y, viewport()->width(), height), tint);
        painter.fillRect(QRect(0, y, 3, height), theme.accent);
    }
    const int numberRight = gutter - 3 * kMargin / 2 - kDot;
    painter.setPen(mark.role.isEmpty() ? theme.mutedText : theme.text);
    painter.drawText(QRect(0, y, numberRight, height), Qt::AlignRight | Qt::AlignVCenter, countText(line));
    if (mark.hasEvent) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(mark.refused          ? markColour(theme, *mark.refused)
                         : mark.role.isEmpty() ? theme.mutedText
                                               : theme.accent);
        painter.drawEllipse(QRectF(numberRight + 4, y + (height - kDot) / 2.0, kDot, kDot));
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    const QRect room(gutter, y, viewport()->width() - gutter, height);
    painter.setPen(theme.text);
    painter.setClipRect(room);
    const int shift = horizontalScrollBar()->value();
    painter.drawText(QRect(gutter - shift, y, room.width() + shift, height),
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shownText(line));
    if (!mark.role.isEmpty()) {
        const int width = painter.fontMetrics().horizontalAdvance(mark.role) + 2 * kMargin;
        const QRect tag(viewport()->width() - width - kMargin, y + 1, width, height - 2);
        painter.fillRect(tag.adjusted(-kMargin, -1, kMargin, 1), theme.base);
        painter.fillRect(tag, theme.window);
        painter.fillRect(QRect(tag.left(), tag.top(), 3, tag.height()),
                         mark.refused ? markColour(theme, *mark.refused) : theme.accent);
        painter.drawText(tag, Qt::AlignCenter, mark.role);
    }
    painter.setClipping(false);
}

void SourceView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const std::uint64_t line = std::uint64_t{m_top}
                               + static_cast<std::uint32_t>(std::max(0, event->pos().y() / lineHeight()));
    if (line <= lineCount()) m_state.selectLine(static_cast<std::uint32_t>(line));
}

void SourceView::mouseDoubleClickEvent(QMouseEvent*) { m_state.revealSelection(); }

void SourceView::moveCurrent(std::int64_t by) {
    const std::int64_t from = currentLine() != 0 ? currentLine() : m_top;
    const std::int64_t to = std::clamp<std::int64_t>(from + by, 1, std::max<std::int64_t>(1, lineCount()));
    m_state.selectLine(static_cast<std::uint32_t>(to));
}

// One that was scrolled out of sight is not held any more, and is read.
QString SourceView::textOfCurrent() const {
    if (currentLine() == 0 || !m_state.analysis()) return {};
    if (const QString* text = m_lines.textOf(currentLine())) return *text + '\n';
    const auto text = m_state.analysis()->trace->source->lineText(currentLine());
    return text ? displayText(*text) + '\n' : QString();
}

void SourceView::keyPressEvent(QKeyEvent* event) {
    const std::int64_t page = linesInSight();
    switch (event->key()) {
    case Qt::Key_Up: return moveCurrent(-1);
    case Qt::Key_Down: return moveCurrent(1);
    case Qt::Key_PageUp: return moveCurrent(-page);
    case Qt::Key_PageDown: return moveCurrent(page);
    case Qt::Key_Home: return moveCurrent(-std::int64_t{lineCount()});
    case Qt::Key_End: return moveCurrent(lineCount());
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void SourceView::wheelEvent(QWheelEvent* event) {
    if (std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y())) {
        return QAbstractScrollArea::wheelEvent(event);
    }
    constexpr int kUnitsPerLine = 40;  // a notch of 120 is three lines
    m_wheelRest -= event->angleDelta().y();
    const int lines = m_wheelRest / kUnitsPerLine;
    m_wheelRest %= kUnitsPerLine;
    if (lines != 0) {
        const std::int64_t top = std::int64_t{m_top} + lines;
        setTop(static_cast<std::uint32_t>(std::clamp<std::int64_t>(top, 1, lastTop())));
    }
    event->accept();
}

void SourceView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) viewport()->update();
    QAbstractScrollArea::changeEvent(event);
}

// Keys that move within the source stay here although the window uses some of them too.
bool SourceView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* press = static_cast<QKeyEvent*>(event);
        if (press->key() == Qt::Key_Home || press->key() == Qt::Key_End) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

}  // namespace alloclens
