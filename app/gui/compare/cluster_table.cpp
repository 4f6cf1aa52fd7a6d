// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/cluster_table.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "app/gui/compare/clusters_model.h"
#include "app/gui/look/empty_note.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/table/plain_table.h"
#include "core/report/comparison.h"

namespace alloclens {

ClusterTable::ClusterTable(std::shared_ptr<const ComparedRuns> runs, QWidget* parent)
    : QWidget(parent), m_runs(std::move(runs)), m_rows(new ComparedClustersFilter(this)), m_view(new QTableView(this)) {
    m_rows->setSourceModel(new ComparedClustersModel(m_runs, this));
    m_view->setObjectName("comparedClusters");
    m_view->setAccessibleName(tr("How each cluster of findings changed"));
    m_view->setModel(m_rows);
    makePlainTable(*m_view, {15, 9, 9, 90});
    m_view->horizontalHeader()->setSortIndicator(ComparedClustersModel::State, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);
    m_view->setMinimumHeight(80);
    m_view->installEventFilter(this);
    const bool isEmpty = m_runs->comparison.clusters.empty();
    new EmptyNote(*m_view, isEmpty ? tr("Neither run has findings: there is nothing to compare.")
                                   : tr("No row matches these states and words."));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(filterLine());
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (const auto row = selectedRow()) emit chosen(*row);
    });
}

QWidget* ClusterTable::filterLine() {
    auto* line = new QWidget(this);
    auto* layout = new QHBoxLayout(line);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(12);
    std::array<ClusterState, kClusterStateCount> states{};
    for (int i = 0; i < kClusterStateCount; ++i) states[static_cast<std::size_t>(i)] = static_cast<ClusterState>(i);
    std::sort(states.begin(), states.end(), [](auto a, auto b) { return displayRank(a) < displayRank(b); });
    for (const ClusterState state : states) {
        const std::uint64_t count = m_runs->comparison.countOf[static_cast<std::size_t>(state)];
        if (count == 0) continue;
        auto* box = new QCheckBox(countText(count) + ' ' + clusterStateText(state), line);
        box->setObjectName("state-" + toQString(clusterStateName(state)));
        box->setToolTip(toQString(clusterStateHelp(state)));
        box->setChecked(true);
        connect(box, &QCheckBox::toggled, this, &ClusterTable::takeBoxes);
        layout->addWidget(box);
        m_boxes[static_cast<std::size_t>(state)] = box;
    }
    layout->addStretch(1);
    m_words = new QLineEdit(line);
    m_words->setObjectName("compareWords");
    m_words->setPlaceholderText(tr("Find in the rows"));
    m_words->setAccessibleName(m_words->placeholderText());
    m_words->setClearButtonEnabled(true);
    m_words->setMinimumWidth(80);
    m_words->setMaximumWidth(240);
    connect(m_words, &QLineEdit::textChanged, m_rows, &ComparedClustersFilter::setWords);
    layout->addWidget(m_words, 1);
    return line;
}

void ClusterTable::takeBoxes() {
    ComparedClustersFilter::States shown{};
    for (std::size_t i = 0; i < m_boxes.size(); ++i) shown[i] = m_boxes[i] == nullptr || m_boxes[i]->isChecked();
    m_rows->setShown(shown);
}

std::optional<int> ClusterTable::selectedRow() const {
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (rows.isEmpty()) return std::nullopt;
    const QModelIndex current = m_view->currentIndex();
    const bool isCurrent = m_view->selectionModel()->isRowSelected(current.row(), current.parent());
    return m_rows->mapToSource(isCurrent ? current : rows.front()).row();
}

ClusterTable::Settings ClusterTable::settings() const {
    const QHeaderView& header = *m_view->horizontalHeader();
    Settings settings{m_rows->shown(), m_words->text(), header.sortIndicatorSection(), header.sortIndicatorOrder(), {}};
    if (const auto row = selectedRow()) {
        settings.selected = m_runs->comparison.clusters[static_cast<std::size_t>(*row)].signature;
    }
    return settings;
}

void ClusterTable::setSettings(const Settings& settings) {
    for (std::size_t i = 0; i < m_boxes.size(); ++i) {
        if (m_boxes[i] != nullptr) m_boxes[i]->setChecked(settings.shown[i]);
    }
    m_words->setText(settings.words);
    m_view->sortByColumn(settings.sortColumn, settings.order);
    const auto& clusters = m_runs->comparison.clusters;
    const auto at = std::find_if(clusters.begin(), clusters.end(),
                                 [&](const ComparedCluster& row) { return row.signature == settings.selected; });
    if (settings.selected.empty() || at == clusters.end()) return;
    const QModelIndex source = m_rows->sourceModel()->index(static_cast<int>(at - clusters.begin()), 0);
    const QSignalBlocker blocker(this);
    m_view->setCurrentIndex(m_rows->mapFromSource(source));
}

// A table that comes into focus has a cursor on its first row and nothing selected; the first key selects that row
// instead of the one after it.
bool ClusterTable::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && !m_view->selectionModel()->hasSelection() && m_rows->rowCount() > 0) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up || key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
            m_view->setCurrentIndex(m_rows->index(0, 0));
            m_view->selectRow(0);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace alloclens
