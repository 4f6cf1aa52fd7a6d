// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/compare_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QStringList>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

#include "app/gui/compare/clusters_model.h"
#include "app/gui/compare/step.h"
#include "app/gui/empty_note.h"
#include "app/gui/panels/plain_table.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/words.h"
#include "core/timeline/scene.h"

namespace alloclens {
namespace {

QString runText(const Analysis& analysis, std::size_t which) {
    const EventTotals& totals = analysis.replay.totals;
    return QObject::tr("%1  %2 · %3 · %4")
        .arg(which == 0 ? QObject::tr("before") : QObject::tr("after"),
             QFileInfo(toQString(analysis.trace->source->path())).fileName(), quantityText(totals.total, "event"),
             quantityText(totals.unknownFrees, "refused free"));
}

QString summaryText(const Comparison& comparison) {
    QStringList parts;
    for (int i = 0; i < kClusterStateCount; ++i) {
        const std::uint64_t count = comparison.countOf[i];
        if (count > 0) parts += countText(count) + ' ' + clusterStateText(static_cast<ClusterState>(i));
    }
    return parts.isEmpty() ? QObject::tr("no findings in either run") : parts.join(QStringLiteral(" · "));
}

// All events of a cluster and some room around them, as wide as can be looked at.
ViewRange rangeAround(const Analysis& analysis, AcrossMode mode, const ClusterPlace& place, ViewRange range) {
    constexpr double kFewest = 40;
    const AcrossExtent whole = acrossExtent(*analysis.trace, mode);
    const double each = (whole.to - whole.from) / std::max(1.0, static_cast<double>(analysis.trace->events.count()));
    const double from = acrossOf(*analysis.trace, mode, place.from);
    const double to = acrossOf(*analysis.trace, mode, place.to);
    const double room = std::max(kFewest * each, to - from) / 4;
    range.left = from - room;
    range.right = to + room;
    return range;
}

}  // namespace

CompareView::CompareView(std::shared_ptr<const ComparedRuns> runs, ViewState& document, QWidget* parent)
    : QWidget(parent), m_compared(std::move(runs)), m_splitter(new QSplitter(Qt::Vertical, this)) {
    setObjectName("compareView");
    setAccessibleName(tr("Comparison of two runs"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(headLine());
    layout->addWidget(m_splitter, 1);
    for (std::size_t which = 0; which < m_runs.size(); ++which) addRun(which);
    addTable();
    takeAxes(document);
    connect(&document, &ViewState::axesChanged, this, [this, &document] { takeAxes(document); });
    setFocusProxy(m_view);
}

// The timelines look at their states to their last moment, so they go before these do.
CompareView::~CompareView() { delete m_splitter; }

QWidget* CompareView::headLine() {
    auto* head = new QWidget(this);
    auto* layout = new QHBoxLayout(head);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(8);
    auto* summary = new QLabel(summaryText(m_compared->comparison), head);
    summary->setObjectName("compareSummary");
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    summary->setFont(strong);
    auto* swap = new QPushButton(tr("Swap the runs"), head);
    swap->setObjectName("swapRuns");
    swap->setToolTip(tr("Take the lower run for the earlier one"));
    auto* close = new QPushButton(tr("End the comparison"), head);
    close->setObjectName("endComparison");
    close->setToolTip(tr("Back to the document, as it was"));
    layout->addWidget(summary, 1);
    layout->addWidget(swap);
    layout->addWidget(close);
    connect(swap, &QPushButton::clicked, this, &CompareView::swapRequested);
    connect(close, &QPushButton::clicked, this, &CompareView::closeRequested);
    return head;
}

void CompareView::addRun(std::size_t which) {
    m_runs[which] = std::make_unique<Run>();
    Run& run = *m_runs[which];
    auto* pane = new QWidget(m_splitter);
    auto* layout = new QVBoxLayout(pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* name = new QLabel(runText(*m_compared->runs[which], which), pane);
    name->setObjectName(which == 0 ? "runBefore" : "runAfter");
    name->setContentsMargins(8, 4, 8, 4);
    name->setMinimumWidth(1);
    name->setTextFormat(Qt::PlainText);
    name->setToolTip(tipText(toQString(m_compared->runs[which]->trace->source->path())));
    run.timeline = new TimelineView(run.state, pane);
    run.timeline->setReduced(true);
    run.timeline->setMinimumHeight(140);
    layout->addWidget(name);
    layout->addWidget(run.timeline, 1);
    m_splitter->addWidget(pane);
    m_splitter->setStretchFactor(static_cast<int>(which), 1);
    connect(&run.state, &ViewState::rangeChanged, this, [this, which] { step(which); });
    connect(run.timeline, &TimelineView::sceneShown, this, [this, which] {
        remember(which);
        if (m_wantedRow) goTo(*m_wantedRow);
    });
    connect(run.timeline, &TimelineView::hovered, this, &CompareView::hovered);
    run.state.setAnalysis(m_compared->runs[which]);
}

void CompareView::addTable() {
    m_view = new QTableView(m_splitter);
    m_view->setObjectName("comparedClusters");
    m_view->setAccessibleName(tr("What became of each cluster of findings"));
    m_view->setModel(new ComparedClustersModel(m_compared, m_view));
    makePlainTable(*m_view, {15, 9, 9, 90});
    m_view->setMinimumHeight(120);
    new EmptyNote(*m_view, tr("Neither run has findings: there is nothing to compare."));
    m_splitter->addWidget(m_view);
    m_splitter->setSizes({300, 300, 200});
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid()) goTo(current.row());
            });
}

void CompareView::takeAxes(const ViewState& document) {
    for (const auto& run : m_runs) {
        run->state.setAcrossMode(document.acrossMode());
        run->state.setDownMode(document.downMode());
        run->state.setColourMode(document.colourMode());
    }
}

TimelineView& CompareView::timeline() const {
    const bool isLower = m_runs[1]->timeline->isAncestorOf(focusWidget());
    return *m_runs[isLower ? 1 : 0]->timeline;
}

// A range that comes with another scene (other axes) is each timeline's own; what a person does is done to both.
void CompareView::step(std::size_t moved) {
    Run& run = *m_runs[moved];
    Run& other = *m_runs[1 - moved];
    const bool isOfAnotherScene = run.timeline->scene().get() != run.scene;
    const ViewRange before = run.range;
    remember(moved);
    if (m_isStepping || isOfAnotherScene || other.scene == nullptr) return;
    const QScopedValueRollback stepping(m_isStepping, true);
    other.timeline->showRange(inStep(other.range, before, run.range));
}

void CompareView::remember(std::size_t which) {
    Run& run = *m_runs[which];
    run.scene = run.timeline->scene().get();
    run.range = run.state.range();
}

void CompareView::showAll() {
    const QScopedValueRollback stepping(m_isStepping, true);
    for (const auto& run : m_runs) run->timeline->showAll();
}

void CompareView::fitCluster() {
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid()) return showAll();
    goTo(current.row());
}

// Side by side from here on. A run that has none of it shows the same part of its way, as far as there is one.
void CompareView::goTo(int row) {
    m_wantedRow.reset();
    if (m_runs[0]->scene == nullptr || m_runs[1]->scene == nullptr) {  // still being drawn
        m_wantedRow = row;
        return;
    }
    const QScopedValueRollback stepping(m_isStepping, true);
    const auto placeIn = [this, row](std::size_t which) {
        return m_compared->places[which][static_cast<std::size_t>(row)];
    };
    for (std::size_t which = 0; which < m_runs.size(); ++which) {
        Run& run = *m_runs[which];
        const ClusterPlace place = placeIn(which);
        if (place.first.isValid()) {
            const Analysis& analysis = *m_compared->runs[which];
            const AcrossMode mode = run.timeline->scene()->options.acrossMode;
            run.timeline->showRange(rangeAround(analysis, mode, place, run.state.range()));
            run.state.selectFinding(place.first);
        } else {
            run.state.clearSelection();
        }
    }
    for (std::size_t which = 0; which < m_runs.size(); ++which) {
        if (placeIn(which).first.isValid()) continue;
        Run& run = *m_runs[which];
        const Run& other = *m_runs[1 - which];
        run.timeline->showRange(
            inStep(run.timeline->scene()->fullRange(), other.timeline->scene()->fullRange(), other.state.range()));
    }
}

}  // namespace alloclens
