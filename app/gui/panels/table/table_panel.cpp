// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/table_panel.h"

#include <QHeaderView>
#include <QLabel>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "app/gui/jobs/disposal.h"
#include "app/gui/look/empty_note.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/table/sort_header.h"
#include "app/gui/panels/table/view_keys.h"

namespace alloclens {

TablePanel::TablePanel(ViewState& state, TableSpec spec, QWidget* parent)
    : QWidget(parent),
      m_state(state),
      m_spec(std::move(spec)),
      m_model(new RowTableModel(m_spec, this)),
      m_view(new QTableView(this)),
      m_note(new QLabel(this)) {
    m_view->setObjectName(m_spec.objectName);
    m_view->setAccessibleName(m_spec.accessibleName);
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setTabKeyNavigation(false);
    m_view->setCornerButtonEnabled(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_view->verticalHeader()->setDefaultSectionSize((fontMetrics().height() + 8) / 4 * 4);
    auto* header = new SortHeader(m_view);
    m_view->setHorizontalHeader(header);
    header->setSectionsMovable(true);
    const int digit = fontMetrics().horizontalAdvance('0');
    for (std::size_t i = 0; i < m_spec.columns.size(); ++i) {
        header->resizeSection(static_cast<int>(i), m_spec.columns[i].widthInDigits * digit + 24);
    }
    m_empty = new EmptyNote(*m_view, m_spec.emptyText);
    new ViewKeys(*m_view);
    m_note->setMargin(4);
    m_note->setIndent(8);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->hide();

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_view);
    layout->addWidget(m_note);
    setFocusProxy(m_view);

    connect(header, &QHeaderView::sortIndicatorChanged, this, &TablePanel::refresh);
    whenChosen(*m_view, [this](const QModelIndex& current) { selectCurrent(current); });
    connect(m_view, &QTableView::activated, this, [this] { m_state.zoomToSelection(); });
    connect(&m_state, &ViewState::filterChanged, this, &TablePanel::refresh);
    connect(&m_state, &ViewState::selectionChanged, this, [this] {
        m_isToScroll = true;
        follow();
    });
    connect(&m_growth, &QTimer::timeout, this, &TablePanel::growRows);
    refresh();
}

void TablePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_isStale) refresh();
}

// What another analysis gave is let go of at once, so that a panel that nobody sees keeps no old one alive.
void TablePanel::refresh() {
    const auto& analysis = m_state.analysis();
    m_isStale = analysis != nullptr && !isVisible();
    if (analysis && !m_isStale) return start();
    m_job.cancel();
    if (!analysis || m_model->analysis() != analysis) showOrder({}, {});
    if (analysis) m_empty->setText({});  // until its rows are there
}

void TablePanel::start() {
    const std::shared_ptr<const Analysis> analysis = m_state.analysis();
    const QHeaderView* header = m_view->horizontalHeader();
    const int section = header->sortIndicatorSection();
    std::function<std::uint64_t(std::uint32_t)> key;
    if (section >= 0 && section < m_model->columnCount()) {
        key = [analysis, sortKey = m_spec.columns[static_cast<std::size_t>(section)].sortKey](std::uint32_t row) {
            return sortKey(*analysis, row);
        };
    }
    const bool descending = header->sortIndicatorOrder() == Qt::DescendingOrder;
    m_job.start(
        [analysis, key, descending, count = m_spec.count(*analysis), filter = m_state.filterResult(),
         flags = m_spec.flags](const TaskContext& task) {
            return orderRows(count, filter ? &flags(*filter) : nullptr, key, descending, task);
        },
        [this, analysis](Result<RowOrder> order) {
            if (order) showOrder(analysis, std::move(*order));
        });
}

void TablePanel::showOrder(const std::shared_ptr<const Analysis>& analysis, RowOrder order) {
    const bool isCut = order.total > order.count;
    if (isCut) {
        m_note->setText(tr("The first %1 of %2 rows; filter to see the others.")
                            .arg(countText(order.count), countText(order.total)));
    }
    m_note->setVisible(isCut);
    m_empty->setText(!analysis                ? m_spec.emptyText
                     : m_state.filterResult() ? tr("The filter hides every %1.").arg(m_spec.rowWord)
                                              : tr("This log has no %1.").arg(m_spec.rowWord));
    const QScopedValueRollback following(m_isFollowing, true);
    for (std::size_t i = 0; i < m_spec.columns.size(); ++i) {
        const auto& isGiven = m_spec.columns[i].isGiven;
        m_view->setColumnHidden(static_cast<int>(i), isGiven && !(analysis && isGiven(*analysis)));
    }
    // Rows that only grew stay where they were; others begin at the selection.
    const bool isSame = std::exchange(m_documentNumber, m_state.documentNumber()) == m_state.documentNumber();
    const bool isGrown = isSame && analysis && m_model->analysis() && m_model->analysis() != analysis;
    if (!isGrown) m_isToScroll = true;
    m_scrolled = isGrown ? std::max(m_scrolled, m_view->verticalScrollBar()->value()) : 0;
    m_model->show(analysis, freedInBackground<RowOrder>(std::make_shared<const RowOrder>(std::move(order))));
    follow();
    restoreScroll();
    m_growth.start();
}

void TablePanel::growRows() {
    const bool isMore = m_model->grow();
    restoreScroll();
    if (isMore) return;
    m_growth.stop();
    m_scrolled = 0;
    follow();
}

void TablePanel::restoreScroll() {
    if (m_scrolled == 0) return;
    m_view->doItemsLayout();  // else the bar does not go that far yet
    m_view->verticalScrollBar()->setValue(m_scrolled);
    if (m_view->verticalScrollBar()->value() == m_scrolled) m_scrolled = 0;
}

void TablePanel::follow() {
    if (m_model->analysis() != m_state.analysis()) return;  // its rows are on their way
    const std::uint32_t row = m_spec.selectedRow(m_state.selection());
    const RowOrder& order = m_model->order();
    const std::uint32_t place = row == EventId::kNoneValue ? order.count : order.placeOf(row);
    const QScopedValueRollback following(m_isFollowing, true);
    if (place >= static_cast<std::uint32_t>(m_model->rowCount())) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
        return;
    }
    const bool isToScroll = std::exchange(m_isToScroll, false);
    if (m_view->currentIndex().row() == static_cast<int>(place)) return;
    m_view->setAutoScroll(false);
    m_view->selectRow(static_cast<int>(place));
    m_view->setAutoScroll(true);
    if (!isToScroll) return;
    m_scrolled = 0;
    m_view->scrollTo(m_model->index(static_cast<int>(place), 0));
}

void TablePanel::selectCurrent(const QModelIndex& current) {
    if (m_isFollowing) return;
    const Analysis& analysis = *m_model->analysis();
    m_state.select(m_spec.selection(analysis, m_model->order().at(static_cast<std::size_t>(current.row()))), analysis);
}

}  // namespace alloclens
