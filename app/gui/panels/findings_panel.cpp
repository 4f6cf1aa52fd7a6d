// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/findings_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QTreeView>
#include <QVBoxLayout>

#include "app/gui/disposal.h"
#include "app/gui/empty_note.h"
#include "app/gui/filter_terms.h"
#include "app/gui/panels/findings_model.h"
#include "app/gui/panels/view_keys.h"
#include "app/gui/words.h"

namespace alloclens {
namespace {

FindingSort sortOf(int column) {
    switch (column) {
    case FindingsModel::MemoryColumn: return FindingSort::Memory;
    case FindingsModel::Size: return FindingSort::Size;
    case FindingsModel::Processes: return FindingSort::Process;
    case FindingsModel::Line: return FindingSort::Line;
    case FindingsModel::Count: return FindingSort::Count;
    default: return FindingSort::Address;
    }
}

const QString kCauseTerm = QStringLiteral("cause");

}  // namespace

FindingsPanel::FindingsPanel(ViewState& state, QWidget* parent)
    : QWidget(parent), m_state(state), m_model(new FindingsModel(this)), m_view(new QTreeView(this)) {
    m_view->setObjectName("findingsView");
    m_view->setAccessibleName(tr("Findings"));
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setUniformRowHeights(true);
    m_view->setAllColumnsShowFocus(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setExpandsOnDoubleClick(false);
    QHeaderView* header = m_view->header();
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicatorClearable(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    header->setStretchLastSection(true);
    const int digit = fontMetrics().horizontalAdvance('0');
    constexpr int kWidths[] = {28, 6, 14, 9, 14, 8, 6, 22, 16};
    for (int column = 0; column < FindingsModel::ColumnCount; ++column) {
        header->resizeSection(column, kWidths[column] * digit + 24);
    }
    m_empty = new EmptyNote(*m_view, tr("What is wrong in an open log is listed here, as far as the filter shows it:\n"
                                        "double frees, unknown frees, leaks, allocations of live addresses."));
    new ViewKeys(*m_view);
    addCauseAction();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    setFocusProxy(m_view);

    connect(header, &QHeaderView::sortIndicatorChanged, this, &FindingsPanel::refresh);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FindingsPanel::selectCurrent);
    connect(m_view, &QTreeView::doubleClicked, this, [this](const QModelIndex& index) {
        if (m_model->findingAt(index).isValid()) {
            m_state.revealSelection();
        } else {
            m_view->setExpanded(index, !m_view->isExpanded(index));
        }
    });
    connect(&m_state, &ViewState::filterChanged, this, &FindingsPanel::refresh);
    connect(&m_state, &ViewState::selectionChanged, this, &FindingsPanel::follow);
    refresh();
}

void FindingsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_isStale) refresh();
}

// In the menu of the list: only what has the cause of the current row; once more, everything again.
void FindingsPanel::addCauseAction() {
    auto* action = new QAction(m_view);
    action->setObjectName("causeAction");
    m_view->addAction(action);
    const auto describe = [this, action] {
        const std::optional<Cause> cause = m_model->causeAt(m_view->currentIndex());
        action->setVisible(cause.has_value());
        if (!cause) return;
        const QString name = toQString(causeName(*cause));
        const bool isSet = filterTermValues(m_state.filterText(), kCauseTerm) == QStringList{name};
        action->setText(isSet ? tr("Show all causes again") : tr("Show only the cause %1").arg(name));
        action->setData(isSet ? QStringList() : QStringList{name});
    };
    describe();
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, describe);
    connect(m_model, &QAbstractItemModel::modelReset, this, describe);
    connect(&m_state, &ViewState::filterChanged, this, describe);
    connect(action, &QAction::triggered, this, [this, action] {
        m_state.requestFilter(withFilterTermValues(m_state.filterText(), kCauseTerm, action->data().toStringList()));
    });
}

// As the tables do, it lets go of another analysis at once.
void FindingsPanel::refresh() {
    const auto& analysis = m_state.analysis();
    m_isStale = analysis != nullptr && !isVisible();
    if (analysis && !m_isStale) return start();
    m_job.cancel();
    const FindingTree* tree = m_model->tree();
    if (!analysis || (tree != nullptr && tree->analysis != analysis)) m_model->show({});
    if (analysis) m_empty->setText({});  // until its rows are there
}

void FindingsPanel::start() {
    const std::shared_ptr<const Analysis> analysis = m_state.analysis();
    const FindingSort sort = sortOf(m_view->header()->sortIndicatorSection());
    const bool descending = m_view->header()->sortIndicatorSection() >= 0
                            && m_view->header()->sortIndicatorOrder() == Qt::DescendingOrder;
    m_job.start(
        [analysis, filter = m_state.filterResult(), sort, descending](const TaskContext& task) {
            return arrangeFindings(analysis, filter.get(), sort, descending, task);
        },
        [this](Result<FindingTree> tree) {
            if (tree) showTree(std::move(*tree));
        });
}

void FindingsPanel::showTree(FindingTree tree) {
    const QScopedValueRollback following(m_isFollowing, true);
    m_model->show(freedInBackground<FindingTree>(std::make_shared<const FindingTree>(std::move(tree))));
    // A cluster says what its findings are in its one line, across all columns; a single one lies open.
    const auto& clusters = m_model->tree()->clusters;
    for (std::size_t row = 0; row < clusters.size(); ++row)
        m_view->setFirstColumnSpanned(static_cast<int>(row), {}, true);
    constexpr std::uint32_t kMostOpened = 5000;
    if (clusters.size() == 1 && clusters[0].groupCount <= kMostOpened) m_view->expand(m_model->index(0, 0));
    const std::size_t all = m_state.analysis()->findings.rows.size();
    m_empty->setText(all == 0 ? tr("Nothing wrong was found in this log.")
                              : tr("The filter hides %1.").arg(quantityText(all, "finding")));
    follow();
}

void FindingsPanel::follow() {
    const FindingTree* tree = m_model->tree();
    if (tree != nullptr && tree->analysis != m_state.analysis()) return;  // the new one is on its way
    const QModelIndex index = m_model->indexOf(m_state.selection().finding);
    const QScopedValueRollback following(m_isFollowing, true);
    if (!index.isValid()) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
        return;
    }
    if (m_model->findingAt(m_view->currentIndex()) == m_state.selection().finding) return;
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
}

void FindingsPanel::selectCurrent(const QModelIndex& current) {
    if (m_isFollowing) return;
    const FindingId id = m_model->findingAt(current);
    if (!id.isValid()) return;
    const Analysis& analysis = *m_model->tree()->analysis;
    m_state.select(selectionOf(analysis, id), analysis);
}

}  // namespace alloclens
