// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/compare_view.h"

#include <QFileInfo>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

#include "app/gui/look/words.h"
#include "app/gui/timeline/timeline_view.h"
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

/// All events of a cluster across.
AcrossExtent extentOf(const Analysis& analysis, AcrossMode mode, const ClusterPlace& place) {
    return {acrossOf(*analysis.trace, mode, place.from), acrossOf(*analysis.trace, mode, place.to)};
}

/// That and some room around it, as wide as can be looked at.
AcrossExtent withRoom(const Analysis& analysis, AcrossMode mode, const AcrossExtent& extent) {
    constexpr double kFewest = 40;
    const AcrossExtent whole = acrossExtent(*analysis.trace, mode);
    const double each = (whole.to - whole.from) / std::max(1.0, static_cast<double>(analysis.trace->events.count()));
    const double room = std::max(kFewest * each, extent.to - extent.from) / 4;
    return {extent.from - room, extent.to + room};
}

}  // namespace

CompareView::CompareView(std::shared_ptr<const ComparedRuns> runs, ViewState& document, QWidget* parent)
    : QWidget(parent),
      m_compared(std::move(runs)),
      m_head(new CompareHead(m_compared->comparison, this)),
      m_splitter(new QSplitter(Qt::Vertical, this)) {
    setObjectName("compareView");
    setAccessibleName(tr("Comparison of two runs"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(m_splitter, 1);
    for (std::size_t which = 0; which < m_runs.size(); ++which) addRun(which);
    m_table = new ClusterTable(m_compared, m_splitter);
    m_splitter->setSizes({300, 300, 200});
    takeAxes(document);
    for (const auto& run : m_runs) {
        run->state.setAnalysis(m_compared->runs[run == m_runs[0] ? 0 : 1]);
    }
    connect(&document, &ViewState::axesChanged, this, [this, &document] { takeAxes(document); });
    connect(m_table, &ClusterTable::chosen, this, &CompareView::goTo);
    connect(m_head, &CompareHead::alignmentChosen, this, &CompareView::align);
    connect(m_head, &CompareHead::swapRequested, this, &CompareView::swapRequested);
    connect(m_head, &CompareHead::closeRequested, this, &CompareView::closeRequested);
    setFocusProxy(m_table);
}

// The timelines look at their states to their last moment, so they go before these do.
CompareView::~CompareView() { delete m_splitter; }

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
    run.timeline->setMinimumHeight(110);
    layout->addWidget(name);
    layout->addWidget(run.timeline, 1);
    m_splitter->addWidget(pane);
    m_splitter->setStretchFactor(static_cast<int>(which), 1);
    connect(&run.state, &ViewState::rangeChanged, this, [this, which] { step(which); });
    connect(run.timeline, &TimelineView::sceneShown, this, [this, which] { takeScene(which); });
    connect(run.timeline, &TimelineView::hovered, this, &CompareView::hovered);
}

void CompareView::takeAxes(const ViewState& document) {
    for (std::size_t which = 0; which < m_runs.size(); ++which) {
        ViewState& state = m_runs[which]->state;
        const bool hasIt = hasAxis(*m_compared->runs[which]->trace, document.acrossMode());
        state.setAcrossMode(hasIt ? document.acrossMode() : AcrossMode::EventOrder);
        state.setDownMode(document.downMode());
        state.setColourMode(document.colourMode());
    }
    makeSideBySide();
}

Alignment CompareView::alignmentBy(AlignBy by) const {
    const std::array events = {m_compared->runs[0]->trace->events.count(), m_compared->runs[1]->trace->events.count()};
    switch (by) {
    case AlignBy::Matches: return m_compared->alignment;
    case AlignBy::Share: return Alignment::byShare(events);
    case AlignBy::Selected:
        return Alignment::byMatches({{m_alignedAt[0].value, m_alignedAt[1].value}}, events, AlignedBy::Events);
    }
    return m_compared->alignment;
}

QString CompareView::alignmentWords() const {
    if (m_alignBy == AlignBy::Share) return tr("aligned by the share of the run");
    if (m_alignBy == AlignBy::Selected) {
        const auto line = [this](std::size_t run) {
            return countText(m_compared->runs[run]->trace->events.line[m_alignedAt[run].index()]);
        };
        return tr("aligned at line %1 and line %2").arg(line(0), line(1));
    }
    const Alignment& alignment = m_compared->alignment;
    switch (alignment.by()) {
    case AlignedBy::Events: return tr("aligned by %1").arg(quantityText(alignment.matches(), "matching event"));
    case AlignedBy::Sizes:
        return tr("the addresses differ: aligned by %1 of the same size")
            .arg(quantityText(alignment.matches(), "event"));
    case AlignedBy::Share: return tr("the runs have too little in common: aligned by the share of the run");
    }
    return {};
}

void CompareView::align(AlignBy by) {
    if (by == AlignBy::Selected) {
        const std::array events = {m_runs[0]->state.selection().event, m_runs[1]->state.selection().event};
        if (!events[0].isValid() || !events[1].isValid()) {
            return m_head->show(m_alignBy, tr("Select an event in each run first. ") + alignmentWords());
        }
        m_alignedAt = events;
    }
    m_alignBy = by;
    m_pin.reset();
    makeSideBySide();
}

void CompareView::makeSideBySide() {
    m_sideBySide.emplace(SideBySide::Runs{m_compared->runs[0].get(), m_compared->runs[1].get()}, alignmentBy(m_alignBy),
                         std::array{m_runs[0]->state.acrossMode(), m_runs[1]->state.acrossMode()});
    for (std::size_t which = 0; which < m_runs.size(); ++which) {
        m_runs[which]->timeline->setRoom(m_sideBySide->extent(which));
    }
    m_head->show(m_alignBy, alignmentWords());
}

TimelineView& CompareView::timeline() const {
    const bool isLower = m_runs[1]->timeline->isAncestorOf(focusWidget());
    return *m_runs[isLower ? 1 : 0]->timeline;
}

// A range that comes with another scene (other axes) is each timeline's own; what a person does is done to both.
void CompareView::step(std::size_t moved) {
    Run& run = *m_runs[moved];
    const bool isOfAnotherScene = run.timeline->scene().get() != run.scene;
    if (m_isStepping || isOfAnotherScene || !isDrawn()) return;
    m_leader = moved;
    follow(moved);
}

void CompareView::takeScene(std::size_t which) {
    m_runs[which]->scene = m_runs[which]->timeline->scene().get();
    if (!isDrawn()) return;
    if (m_wanted) {
        const Settings wanted = *std::exchange(m_wanted, std::nullopt);
        const QScopedValueRollback stepping(m_isStepping, true);
        for (std::size_t run = 0; run < m_runs.size(); ++run) {
            m_runs[run]->state.select(wanted.selections[run], *m_compared->runs[run]);
            m_runs[run]->timeline->showRangeAndRoom(wanted.ranges[run]);
        }
        return;
    }
    if (m_wantedRow) return goTo(*m_wantedRow);
    follow(m_leader);
}

void CompareView::follow(std::size_t moved) {
    const Run& run = *m_runs[moved];
    const Run& other = *m_runs[1 - moved];
    const QScopedValueRollback stepping(m_isStepping, true);
    const ViewRange& range = run.state.range();
    const AcrossExtent across = m_sideBySide->following(moved, range, pinOnAxes());
    const LaneLayout& own = run.timeline->scene()->layout;
    const LaneLayout& theirs = other.timeline->scene()->layout;
    other.timeline->showRangeAndRoom(
        {across.from, across.to, lanesBeside(own, theirs, range.top), lanesBeside(own, theirs, range.bottom)});
}

std::optional<SideBySide::Pin> CompareView::pinOnAxes() const {
    if (!m_pin) return std::nullopt;
    SideBySide::Pin pin{};
    for (std::size_t run = 0; run < m_runs.size(); ++run) {
        pin[run] = acrossOf(*m_compared->runs[run]->trace, m_runs[run]->state.acrossMode(), (*m_pin)[run]);
    }
    return pin;
}

void CompareView::showAll() {
    const QScopedValueRollback stepping(m_isStepping, true);
    for (const auto& run : m_runs) run->timeline->showAll();
}

void CompareView::fitCluster() {
    const auto row = m_table->selectedRow();
    if (!row) return showAll();
    goTo(*row);
}

// Side by side at the finding that both have. A run that has none of it shows what lies beside.
void CompareView::goTo(int row) {
    m_wantedRow.reset();
    if (!isDrawn()) {
        m_wantedRow = row;
        return;
    }
    const std::array places = {m_compared->places[0][static_cast<std::size_t>(row)],
                               m_compared->places[1][static_cast<std::size_t>(row)]};
    m_pin.reset();
    if (places[0].shown.isValid() && places[1].shown.isValid()) {
        m_pin.emplace();
        for (std::size_t run = 0; run < m_runs.size(); ++run) {
            (*m_pin)[run] = m_compared->runs[run]->findings.row(places[run].shown).primary;
        }
    }
    m_leader = places[0].shown.isValid() ? 0 : 1;
    Run& leader = *m_runs[m_leader];
    const AcrossMode mode = leader.timeline->scene()->options.acrossMode;
    const Analysis& analysis = *m_compared->runs[m_leader];
    {
        const QScopedValueRollback stepping(m_isStepping, true);
        const AcrossExtent across = withRoom(analysis, mode, extentOf(analysis, mode, places[m_leader]));
        ViewRange range = leader.state.range();
        range.left = across.from;
        range.right = across.to;
        leader.timeline->showRange(range);
        for (std::size_t run = 0; run < m_runs.size(); ++run) {
            ViewState& state = m_runs[run]->state;
            if (places[run].shown.isValid()) {
                state.selectFinding(places[run].shown);
            } else {
                state.clearSelection();
            }
        }
    }
    follow(m_leader);
}

CompareView::Settings CompareView::settings() const {
    Settings settings;
    for (std::size_t run = 0; run < m_runs.size(); ++run) {
        settings.ranges[run] = m_runs[run]->state.range();
        settings.selections[run] = m_runs[run]->state.selection();
    }
    settings.pin = m_pin;
    settings.alignBy = m_alignBy;
    settings.table = m_table->settings();
    settings.sizes = m_splitter->sizes();
    return settings;
}

void CompareView::takeSwapped(Settings settings) {
    std::swap(settings.ranges[0], settings.ranges[1]);
    std::swap(settings.selections[0], settings.selections[1]);
    if (settings.pin) std::swap((*settings.pin)[0], (*settings.pin)[1]);
    for (std::size_t run = 0; run < m_runs.size(); ++run) m_alignedAt[run] = settings.selections[run].event;
    const bool hasEvents = m_alignedAt[0].isValid() && m_alignedAt[1].isValid();
    m_alignBy = settings.alignBy == AlignBy::Selected && !hasEvents ? AlignBy::Matches : settings.alignBy;
    m_pin = settings.pin;
    makeSideBySide();
    m_table->setSettings(settings.table);
    m_splitter->setSizes(settings.sizes);
    m_wanted = std::move(settings);
}

}  // namespace alloclens
