// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/mesh/mesh_map.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/mesh/mesh_cell.h"

namespace alloclens {
namespace {

constexpr int kNarrowest = 4;  // a cell; where there is no room for that, neighbours share one
constexpr int kWidest = 96;
constexpr int kLowest = 14;  // a row; where there is no room for that, rows scroll
constexpr int kHighest = 26;
constexpr int kEdge = 8;

QString rowName(const MeshMatrix& matrix, std::size_t row) {
    return QObject::tr("device %1").arg(toQString(deviceText(matrix.devices()[row])));
}

}  // namespace

MeshMap::MeshMap(QWidget* parent) : QAbstractScrollArea(parent) {
    setObjectName("meshMap");
    setAccessibleName(tr("Heat map of a mesh: devices by the addresses at which they differ"));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void MeshMap::setMatrix(std::shared_ptr<const MeshMatrix> matrix, AddressForm form) {
    const std::size_t before = m_matrix ? m_matrix->addresses().size() : 0;
    const std::size_t count = matrix ? matrix->addresses().size() : 0;
    m_matrix = std::move(matrix);
    m_form = form;
    m_current.reset();
    if (count != before) m_visible = {0, count};
    place();
    emit visibleChanged();
}

void MeshMap::setCurrent(std::optional<Place> place) {
    m_current = place;
    viewport()->update();
    if (!m_matrix || !place) return;
    if (m_describe) setAccessibleDescription(m_describe(place->row, {place->column, place->column + 1}));
    const int top = static_cast<int>(place->row) * m_geometry.row;
    const int shown = viewport()->height() - m_geometry.axis;
    if (top < verticalScrollBar()->value()) verticalScrollBar()->setValue(top);
    if (top + m_geometry.row > verticalScrollBar()->value() + shown)
        verticalScrollBar()->setValue(top + m_geometry.row - shown);
    if (place->column >= m_visible.from && place->column < m_visible.to) return;
    const std::size_t wide = m_visible.to - m_visible.from;
    const std::size_t from = place->column < wide / 2 ? 0 : place->column - wide / 2;
    lookAt(from, from + wide);
}

void MeshMap::showAll() {
    if (m_matrix) lookAt(0, m_matrix->addresses().size());
}

bool MeshMap::showsAll() const { return !m_matrix || m_visible.to - m_visible.from == m_matrix->addresses().size(); }

// As wide as is asked for, moved to where there are addresses.
void MeshMap::lookAt(std::size_t from, std::size_t to) {
    const std::size_t count = m_matrix->addresses().size();
    const std::size_t wide = std::clamp<std::size_t>(to - from, 1, count);
    from = std::min(from, count - wide);
    m_visible = {from, from + wide};
    place();
    emit visibleChanged();
}

MeshMap::Geometry MeshMap::measured() const {
    Geometry made;
    made.axis = fontMetrics().height() + 4;
    if (!m_matrix || m_visible.from == m_visible.to) return made;
    const int rows = static_cast<int>(m_matrix->devices().size());
    made.row = std::clamp((viewport()->height() - made.axis) / rows, kLowest, kHighest);
    const std::size_t last = m_matrix->devices().size() - 1;  // in order, so that it has the most digits
    made.margin = fontMetrics().horizontalAdvance(rowName(*m_matrix, last)) + 2 * kEdge;
    const std::size_t count = m_visible.to - m_visible.from;
    constexpr std::size_t kMost = 1U << 20U;
    const int widest = static_cast<int>(std::min(count, kMost)) * kWidest;
    made.room = std::clamp(viewport()->width() - made.margin - kEdge, kNarrowest, widest);
    made.bins = std::min(count, static_cast<std::size_t>(made.room / kNarrowest));
    return made;
}

int MeshMap::left(std::size_t bin) const {
    return m_geometry.margin + static_cast<int>(bin * static_cast<std::size_t>(m_geometry.room) / m_geometry.bins);
}

MeshMap::Columns MeshMap::columnsOf(std::size_t bin) const {
    const std::size_t count = m_visible.to - m_visible.from;
    return {m_visible.from + count * bin / m_geometry.bins, m_visible.from + count * (bin + 1) / m_geometry.bins};
}

// With those that share its cell, where it is in sight.
MeshMap::Columns MeshMap::columnsAround(std::size_t column) const {
    if (column < m_visible.from || column >= m_visible.to) return {column, column + 1};
    return columnsOf(binOf(column));
}

// Of a column in sight.
std::size_t MeshMap::binOf(std::size_t column) const {
    return ((column - m_visible.from + 1) * m_geometry.bins - 1) / (m_visible.to - m_visible.from);
}

// With a pixel of the ground between cells, where they are no mere strokes.
QRect MeshMap::rectOf(std::size_t row, std::size_t bin) const {
    const int x = left(bin);
    const int wide = left(bin + 1) - x;
    const int top = static_cast<int>(row) * m_geometry.row - verticalScrollBar()->value();
    return {x, top, wide > 2 * kNarrowest ? wide - 1 : wide, m_geometry.row - 1};
}

QRect MeshMap::cellRect(Place place) const {
    if (!m_matrix || place.column < m_visible.from || place.column >= m_visible.to) return {};
    const QRect rect = rectOf(place.row, binOf(place.column));
    const bool isInSight = rect.top() >= 0 && rect.bottom() < viewport()->height() - m_geometry.axis;
    return isInSight ? rect : QRect();
}

std::optional<MeshMap::Place> MeshMap::placeAt(QPoint position) const {
    if (!m_matrix || m_visible.from == m_visible.to) return {};
    const int x = position.x() - m_geometry.margin;
    const int y = position.y() + verticalScrollBar()->value();
    if (x < 0 || x >= m_geometry.room || y < 0 || position.y() >= viewport()->height() - m_geometry.axis) return {};
    const auto row = static_cast<std::size_t>(y / m_geometry.row);
    if (row >= m_matrix->devices().size()) return {};
    const std::size_t bin = ((static_cast<std::size_t>(x) + 1) * m_geometry.bins - 1)
                            / static_cast<std::size_t>(m_geometry.room);
    return Place{row, columnsOf(bin).from};
}

void MeshMap::place() {
    m_geometry = measured();
    const int shown = viewport()->height() - m_geometry.axis;
    const int all = m_matrix ? static_cast<int>(m_matrix->devices().size()) * m_geometry.row : 0;
    verticalScrollBar()->setRange(0, std::max(0, all - shown));
    verticalScrollBar()->setPageStep(std::max(1, shown));
    verticalScrollBar()->setSingleStep(kLowest);
    viewport()->update();
}

void MeshMap::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    place();
}

void MeshMap::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange) place();
    QAbstractScrollArea::changeEvent(event);
}

void MeshMap::pick(Place place) {
    const Columns columns = columnsOf(binOf(place.column));
    const MeshMatrix::Sum sum = m_matrix->sum(place.row, columns.from, columns.to);
    if (sum.cells == 0) return;
    setCurrent(Place{place.row, *m_matrix->nextColumn(place.row, columns.from)});
    emit picked(sum.first);
}

void MeshMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return event->ignore();
    if (const auto place = placeAt(event->position().toPoint())) pick(*place);
}

void MeshMap::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return event->ignore();
    const auto place = placeAt(event->position().toPoint());
    if (!place || !m_current || m_current->row != place->row) return;
    if (columnsAround(m_current->column).from == columnsAround(place->column).from) enter();
}

// Into a cell of several addresses; one alone is shown everywhere.
void MeshMap::enter() {
    if (!m_current) return;
    const Columns columns = columnsAround(m_current->column);
    if (columns.to - columns.from == 1) {
        emit activated();
    } else {
        lookAt(columns.from, columns.to);
    }
}

void MeshMap::wheelEvent(QWheelEvent* event) {
    const bool isZoom = event->modifiers().testFlag(Qt::ControlModifier);
    const bool isPan = event->modifiers().testFlag(Qt::ShiftModifier) || event->angleDelta().y() == 0;
    if (!m_matrix || m_visible.from == m_visible.to || !(isZoom || isPan))
        return QAbstractScrollArea::wheelEvent(event);
    event->accept();
    constexpr double kUnit = 120;
    const auto wide = static_cast<double>(m_visible.to - m_visible.from);
    const auto from = static_cast<double>(m_visible.from);
    const QPoint delta = event->angleDelta();
    const double turn = (delta.y() != 0 ? delta.y() : delta.x()) / kUnit;
    if (!isZoom) {
        const double moved = std::max(0.0, from - std::copysign(std::max(1.0, wide / 10), turn));
        return lookAt(static_cast<std::size_t>(moved), static_cast<std::size_t>(moved + wide));
    }
    const double next = std::clamp(std::round(wide * std::pow(1.5, -turn)), 1.0,
                                   static_cast<double>(m_matrix->addresses().size()));
    const double share = std::clamp((event->position().x() - m_geometry.margin) / m_geometry.room, 0.0, 1.0);
    const double start = std::max(0.0, std::round(from + share * (wide - next)));
    lookAt(static_cast<std::size_t>(start), static_cast<std::size_t>(start + next));
}

void MeshMap::walkAcross(int direction) {
    if (!m_current) {
        for (std::size_t row = 0; row < m_matrix->devices().size() && !m_current; ++row) {
            if (const auto column = m_matrix->nextColumn(row, m_visible.from)) setCurrent(Place{row, *column});
        }
        return m_current ? pick(*m_current) : void();
    }
    const Place at = *m_current;
    const Columns columns = columnsAround(at.column);
    const auto column = direction > 0 ? m_matrix->nextColumn(at.row, columns.to)
                                      : m_matrix->previousColumn(at.row, columns.from);
    if (!column) return;
    setCurrent(Place{at.row, *column});
    pick(*m_current);
}

// To the nearest cell that departs in the next row that has any.
void MeshMap::walkDown(int direction) {
    if (!m_current) return walkAcross(1);
    const Place at = *m_current;
    const std::size_t rows = m_matrix->devices().size();
    for (std::size_t row = at.row + static_cast<std::size_t>(direction); row < rows;
         row += static_cast<std::size_t>(direction)) {
        const auto right = m_matrix->nextColumn(row, at.column);
        const auto left = m_matrix->previousColumn(row, at.column);
        if (!left && !right) continue;
        const bool isRight = right && (!left || *right - at.column <= at.column - *left);
        setCurrent(Place{row, isRight ? *right : *left});
        return pick(*m_current);
    }
}

void MeshMap::keyPressEvent(QKeyEvent* event) {
    if (!m_matrix || m_matrix->divergences() == 0) return event->ignore();
    switch (event->key()) {
    case Qt::Key_Left: return walkAcross(-1);
    case Qt::Key_Right: return walkAcross(1);
    case Qt::Key_Up: return walkDown(-1);
    case Qt::Key_Down: return walkDown(1);
    case Qt::Key_Return:
    case Qt::Key_Enter: return enter();
    case Qt::Key_Backspace: return showAll();
    default: return event->ignore();
    }
}

bool MeshMap::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto place = placeAt(help->pos());
    if (!place || !m_describe) {
        QToolTip::hideText();
        return true;
    }
    const std::size_t bin = binOf(place->column);
    QToolTip::showText(help->globalPos(), m_describe(place->row, columnsOf(bin)), viewport(), rectOf(place->row, bin));
    return true;
}

void MeshMap::paintRow(QPainter& painter, std::size_t row) const {
    const Theme& theme = Theme::current();
    const int top = static_cast<int>(row) * m_geometry.row - verticalScrollBar()->value();
    painter.fillRect(m_geometry.margin, top + m_geometry.row - 1, m_geometry.room, 1, theme.line);
    painter.setFont(font());
    painter.setPen(theme.mutedText);
    painter.drawText(QRect(kEdge, top, m_geometry.margin - 2 * kEdge, m_geometry.row - 1),
                     Qt::AlignRight | Qt::AlignVCenter, rowName(*m_matrix, row));
    QFont small = font();
    small.setPointSizeF(std::max(6.0, small.pointSizeF() * 0.85));
    painter.setFont(small);
    const std::size_t count = m_geometry.bins;
    for (std::size_t bin = 0; bin < count; ++bin) {
        const Columns columns = columnsOf(bin);
        const MeshMatrix::Sum sum = m_matrix->sum(row, columns.from, columns.to);
        if (sum.cells > 0) paintMeshCell(painter, rectOf(row, bin), sum, theme);
    }
}

void MeshMap::paintAxis(QPainter& painter) const {
    const Theme& theme = Theme::current();
    const int top = viewport()->height() - m_geometry.axis;
    const int rowsEnd = static_cast<int>(m_matrix->devices().size()) * m_geometry.row - verticalScrollBar()->value();
    const int y = std::min(top, rowsEnd);
    painter.fillRect(0, y, viewport()->width(), viewport()->height() - y, theme.base);
    painter.setFont(font());
    painter.setPen(theme.mutedText);
    painter.drawText(QRect(kEdge, y, m_geometry.margin - 2 * kEdge, m_geometry.axis), Qt::AlignRight | Qt::AlignVCenter,
                     tr("address"));
    int free = 0;
    for (std::size_t bin = 0; bin < m_geometry.bins; ++bin) {
        const int x = left(bin);
        if (x < free) continue;
        const QString text = toQString(formatAddress(m_matrix->addresses()[columnsOf(bin).from], m_form));
        const int wide = painter.fontMetrics().horizontalAdvance(text);
        if (x + wide > viewport()->width()) break;
        painter.fillRect(x, y, 1, 4, theme.mutedText);
        painter.drawText(QPoint(x + 3, y + 3 + painter.fontMetrics().ascent()), text);
        free = x + wide + 2 * kEdge;
    }
}

void MeshMap::paintCurrent(QPainter& painter) const {
    const QRect rect = m_current ? cellRect(*m_current) : QRect();
    if (rect.isNull()) return;
    const Theme& theme = Theme::current();
    const auto frame = [&painter](const QRect& place, int thick, const QColor& colour) {
        QRegion ring(place);
        ring -= place.adjusted(thick, thick, -thick, -thick);
        for (const QRect& side : ring) painter.fillRect(side, colour);
    };
    frame(rect, 2, theme.accent);
    constexpr int kTall = 17;  // on lower rows it would cut the number
    if (rect.height() >= kTall) frame(rect.adjusted(2, 2, -2, -2), 1, theme.base);
}

void MeshMap::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), Theme::current().base);
    if (!m_matrix || m_visible.from == m_visible.to) return;
    const std::size_t rows = m_matrix->devices().size();
    const int scrolled = verticalScrollBar()->value();
    const auto first = static_cast<std::size_t>(scrolled / m_geometry.row);
    const auto last = static_cast<std::size_t>((scrolled + viewport()->height()) / m_geometry.row);
    for (std::size_t row = first; row < rows && row <= last; ++row) paintRow(painter, row);
    paintAxis(painter);
    paintCurrent(painter);
}

}  // namespace alloclens
