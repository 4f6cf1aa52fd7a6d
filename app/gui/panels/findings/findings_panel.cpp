// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/findings/findings_panel.h"

#include <QAction>
#include <QHeaderView>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "app/gui/document/filter_terms.h"
#include "app/gui/jobs/disposal.h"
#include "app/gui/look/empty_note.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/findings/findings_model.h"
#include "app/gui/panels/table/sort_header.h"
#include "app/gui/panels/table/view_keys.h"

namespace alloclens {
namespace {

FindingSort sortOf(int column) {
    switch (column) {
    case FindingsModel::What: return FindingSort::What;
    case FindingsModel::Device: return FindingSort::Device;
    case FindingsModel::MemoryColumn: return FindingSort::Memory;
    case FindingsModel::Size: return FindingSort::Size;
    case FindingsModel::Processes: return FindingSort::Process;
    case FindingsModel::Line: return FindingSort::Line;
    case FindingsModel::Count: return FindingSort::Count;
    case FindingsModel::CauseColumn: return FindingSort::Cause;
    case FindingsModel::Lifecycle: return FindingSort::Lifecycle;
    default: return FindingSort::Standard;
    }
}

constexpr int kTitleDigits = 34;
constexpr int kLifecycleDigits = 8;

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
    auto* header = new SortHeader(m_view);
    m_view->setHeader(header);
    const int digit = fontMetrics().horizontalAdvance('0');
    constexpr int kWidths[] = {kTitleDigits, 7, 10, 9, 8, 7, 6, 16, kLifecycleDigits};
    for (int column = 0; column < FindingsModel::ColumnCount; ++column) {
        const QScopedValueRollback placing(m_isPlacing, true);
        header->resizeSection(column, kWidths[column] * digit + 24);
    }
    m_empty = new EmptyNote(*m_view, tr("Open a log to list what is wrong in it here:\n"
                                        "double frees, unknown frees, leaks, allocations of live addresses."));
    new ViewKeys(*m_view);
    addCauseAction();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    setFocusProxy(m_view);

    connect(header, &QHeaderView::sortIndicatorChanged, this, &FindingsPanel::refresh);
    connect(header, &QHeaderView::sectionResized, this, [this](int section) {
        if (section == FindingsModel::What && !m_isPlacing) m_isTitleSet = true;
    });
    whenChosen(*m_view, [this](const QModelIndex& current) { selectCurrent(current); });
    connect(m_view, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (m_model->findingAt(index).isValid()) {
            m_state.zoomToSelection();
        } else {
            m_view->setExpanded(index, !m_view->isExpanded(index));
        }
    });
    connect(&m_state, &ViewState::filterChanged, this, &FindingsPanel::refresh);
    connect(&m_state, &ViewState::selectionChanged, this, [this] {
        m_isToScroll = true;
        follow();
    });
    const auto note = [this](const QModelIndex& index, bool isUnfolded) {
        if (const auto branch = branchAt(index)) m_isUnfolded[*branch] = isUnfolded;
    };
    connect(m_view, &QTreeView::expanded, this, [note](const QModelIndex& index) { note(index, true); });
    connect(m_view, &QTreeView::collapsed, this, [note](const QModelIndex& index) { note(index, false); });
    refresh();
}

void FindingsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_isStale) refresh();
}

// The sentences of the clusters take what the other columns leave, until somebody has set their width.
void FindingsPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (m_isTitleSet) return;
    QHeaderView& header = *m_view->header();
    int others = 0;
    for (int column = 1; column < FindingsModel::ColumnCount; ++column) {
        const bool isLast = column + 1 == FindingsModel::ColumnCount;  // as wide as the others leave it
        others += isLast ? kLifecycleDigits * fontMetrics().horizontalAdvance('0') + 24 : header.sectionSize(column);
    }
    const int least = kTitleDigits * fontMetrics().horizontalAdvance('0');
    const QScopedValueRollback placing(m_isPlacing, true);
    header.resizeSection(FindingsModel::What, std::max(least, width() - others - 16));
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

// A file that grows leaves the view where it is: what is unfolded, current and in sight.
void FindingsPanel::showTree(FindingTree tree) {
    const QScopedValueRollback following(m_isFollowing, true);
    const bool isSame = std::exchange(m_documentNumber, m_state.documentNumber()) == m_state.documentNumber();
    const bool isGrown = isSame && m_model->tree() != nullptr && m_model->tree()->analysis != tree.analysis;
    const int scrolled = m_view->verticalScrollBar()->value();
    const std::optional<Branch> current = isGrown ? branchAt(m_view->currentIndex()) : std::nullopt;
    if (!isSame) m_isUnfolded.clear();
    if (!isGrown) m_isToScroll = true;
    m_model->show(freedInBackground<FindingTree>(std::make_shared<const FindingTree>(std::move(tree))));
    unfold();
    const std::size_t all = m_state.analysis()->findings.rows.size();
    m_empty->setText(all == 0 ? tr("AllocLens found nothing wrong in this log.")
                              : tr("The filter hides %1.").arg(quantityText(all, "finding")));
    if (isGrown) {
        m_view->doItemsLayout();  // else the bar does not go that far yet
        m_view->verticalScrollBar()->setValue(scrolled);
    }
    const QModelIndex place = current && !m_isToScroll ? indexOf(*current) : QModelIndex();
    if (place.isValid()) return makeCurrent(place);
    follow();
}

FindingsPanel::Branch FindingsPanel::branchOf(std::size_t clusterRow) const {
    const FindingTree& tree = *m_model->tree();
    const Cluster& cluster = tree.analysis->findings.clusters[tree.clusters[clusterRow].cluster.index()];
    return {cluster.kind, cluster.signature, cluster.pid, std::nullopt};
}

std::optional<FindingsPanel::Branch> FindingsPanel::branchAt(const QModelIndex& index) const {
    if (!m_model->hasChildren(index) || !index.isValid()) return std::nullopt;
    if (!index.parent().isValid()) return branchOf(static_cast<std::size_t>(index.row()));
    const Analysis& analysis = *m_model->tree()->analysis;
    Branch branch = branchOf(static_cast<std::size_t>(index.parent().row()));
    branch.address = analysis.key(analysis.findings.row(m_model->findingAt(index)).address);
    return branch;
}

QModelIndex FindingsPanel::indexOf(const Branch& branch) const {
    const FindingTree& tree = *m_model->tree();
    Branch ofCluster = branch;
    ofCluster.address.reset();
    std::size_t row = 0;
    while (row < tree.clusters.size() && branchOf(row) != ofCluster) ++row;
    if (row == tree.clusters.size()) return {};
    const QModelIndex cluster = m_model->index(static_cast<int>(row), 0);
    if (!branch.address) return cluster;
    const AddressId address = tree.analysis->trace->findAddress(*branch.address);
    const auto first = tree.groups.begin() + tree.clusters[row].firstGroup;
    const auto end = first + tree.clusters[row].groupCount;
    const auto group = std::find_if(first, end, [address](const auto& of) { return of.address == address; });
    return group == end ? QModelIndex() : m_model->index(static_cast<int>(group - first), 0, cluster);
}

// As it was left; a single cluster lies open of itself.
void FindingsPanel::unfold() {
    const QSignalBlocker quiet(*m_view);  // nobody asked for it now
    constexpr std::uint32_t kMostOpened = 5000;
    const auto& clusters = m_model->tree()->clusters;
    if (clusters.size() == 1 && clusters[0].groupCount <= kMostOpened && !m_isUnfolded.contains(branchOf(0)))
        m_view->expand(m_model->index(0, 0));
    for (const auto& [branch, isUnfolded] : m_isUnfolded) {
        const QModelIndex index = isUnfolded ? indexOf(branch) : QModelIndex();
        if (index.isValid()) m_view->expand(index);
    }
}

void FindingsPanel::follow() {
    const FindingTree* tree = m_model->tree();
    if (tree != nullptr && tree->analysis != m_state.analysis()) return;  // the new one is on its way
    const bool isToScroll = std::exchange(m_isToScroll, false);
    const QModelIndex index = m_model->indexOf(m_state.selection().finding);
    const QScopedValueRollback following(m_isFollowing, true);
    if (!index.isValid()) {
        m_view->clearSelection();
        m_view->setCurrentIndex({});
        return;
    }
    if (m_model->findingAt(m_view->currentIndex()) == m_state.selection().finding) return;
    makeCurrent(index);
    if (isToScroll) m_view->scrollTo(index);
}

void FindingsPanel::makeCurrent(const QModelIndex& index) {
    m_view->setAutoScroll(false);
    m_view->setCurrentIndex(index);
    m_view->setAutoScroll(true);
}

void FindingsPanel::selectCurrent(const QModelIndex& current) {
    if (m_isFollowing) return;
    const FindingId id = m_model->findingAt(current);
    if (!id.isValid()) return;
    const Analysis& analysis = *m_model->tree()->analysis;
    m_state.select(selectionOf(analysis, id), analysis);
}

}  // namespace alloclens
