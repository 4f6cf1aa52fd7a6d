// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/view_keys.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QStringList>
#include <QTableView>

#include <algorithm>
#include <vector>

#include "app/gui/document/copy_source.h"

namespace alloclens {
namespace {

constexpr int kMostCopiedRows = 100'000;

QString cellText(const QModelIndex& index) { return index.data(Qt::DisplayRole).toString().simplified(); }

std::vector<int> shownColumns(const QAbstractItemView& view) {
    const auto* table = qobject_cast<const QTableView*>(&view);
    std::vector<int> shown;
    for (int column = 0; column < view.model()->columnCount(); ++column) {
        if (table == nullptr || !table->isColumnHidden(column)) shown.push_back(column);
    }
    return shown;
}

bool isNavigation(const QKeyEvent& event) {
    switch (event.key()) {
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: return true;
    default: return event.matches(QKeySequence::Copy) || event.matches(QKeySequence::SelectAll);
    }
}

}  // namespace

// A click makes a row current and then selects it, a key does it the other way round.
void whenChosen(QAbstractItemView& view, const std::function<void(const QModelIndex&)>& chosen) {
    const auto look = [&view, chosen] {
        const QModelIndex current = view.currentIndex();
        if (current.isValid() && view.selectionModel()->isSelected(current)) chosen(current);
    };
    QObject::connect(view.selectionModel(), &QItemSelectionModel::currentRowChanged, &view, look);
    QObject::connect(view.selectionModel(), &QItemSelectionModel::selectionChanged, &view, look);
}

QString selectedRowsAsText(const QAbstractItemView& view, int mostRows) {
    const QAbstractItemModel& model = *view.model();
    const std::vector<int> columns = shownColumns(view);
    QStringList lines;
    QStringList cells;
    for (const int column : columns) cells += model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    lines += cells.join('\t');
    // Ranges, not indexes: "select all" of ten million rows is one range.
    QItemSelection ranges = view.selectionModel()->selection();
    std::sort(ranges.begin(), ranges.end(), [](const QItemSelectionRange& a, const QItemSelectionRange& b) {
        return a.parent() == b.parent() ? a.top() < b.top() : a.parent() < b.parent();
    });
    qint64 left = 0;
    for (const QItemSelectionRange& range : ranges) {
        if (range.left() > 0) continue;
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (lines.size() > mostRows) {
                left += range.bottom() - row + 1;
                break;
            }
            cells.clear();
            for (const int column : columns) cells += cellText(model.index(row, column, range.parent()));
            lines += cells.join('\t');
        }
    }
    if (left > 0) lines += QObject::tr("... and %1 more rows: export the table to get them all").arg(left);
    return lines.join('\n') + '\n';
}

ViewKeys::ViewKeys(QAbstractItemView& view) : QObject(&view), m_view(view) {
    view.installEventFilter(this);
    new CopySource(view, [this] { return rowsToCopy(); });
    auto* copyRows = new QAction(tr("Copy"), &view);
    copyRows->setToolTip(tr("Copy the selected rows as tab-separated values (Ctrl+C)"));
    connect(copyRows, &QAction::triggered, this, &ViewKeys::copy);
    view.addAction(copyRows);
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
}

QString ViewKeys::rowsToCopy() const {
    return m_view.selectionModel()->hasSelection() ? selectedRowsAsText(m_view, kMostCopiedRows) : QString();
}

void ViewKeys::copy() const {
    const QString rows = rowsToCopy();
    if (!rows.isEmpty()) QApplication::clipboard()->setText(rows);
}

bool ViewKeys::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && isNavigation(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace alloclens
