// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/timeline/timeline_view.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/gui/jobs/disposal.h"
#include "app/gui/jobs/jobs.h"
#include "app/gui/timeline/lane_note.h"
#include "app/gui/timeline/lane_plot.h"
#include "app/gui/timeline/legend.h"
#include "app/gui/timeline/live_bytes_strip.h"
#include "app/gui/timeline/overview_strip.h"
#include "app/gui/timeline/picture_export.h"
#include "app/gui/timeline/suspect_brackets.h"
#include "core/base/time_units.h"
#include "core/base/units.h"
#include "core/timeline/range_carry.h"
#include "core/timeline/range_fit.h"

namespace alloclens {

class TimelineView::Private {
public:
    Private(TimelineView& owner, ViewState& viewState) : view(owner), state(viewState) {}

    void build(TimelineView* parent);
    void requestScene();
    void takeScene(std::shared_ptr<const Scene> scene);
    void requestLiveBytes();
    void showSelection();
    void shareHeight();
    void describeMarkedRange();
    [[nodiscard]] QString peakText(EventId first, EventId last) const;
    [[nodiscard]] SceneOptions options() const {
        return {state.acrossMode(), state.downMode(), state.colourMode(), room};
    }
    [[nodiscard]] SceneFilter filter() const;
    [[nodiscard]] std::shared_ptr<const Scene> sceneOfSameDocument() const {
        return sceneDocument == state.documentNumber() ? scene : nullptr;
    }
    [[nodiscard]] std::optional<RangeOnAxes> rangeLeft() const {
        return state.hasRange() ? std::optional(state.rangeOnAxes()) : std::nullopt;
    }
    void setRange(const ViewRange& range) {
        if (scene) state.setRange(confined(range, scene->extent(), scene->layout.height()), *scene);
    }

    /// The same, to come back from.
    void jumpTo(const ViewRange& range) {
        if (scene) state.jumpTo(confined(range, scene->extent(), scene->layout.height()), *scene);
    }

    TimelineView& view;
    ViewState& state;
    std::optional<AcrossExtent> room;
    std::shared_ptr<const Scene> scene;
    std::uint64_t sceneDocument = 0;  ///< ViewState::documentNumber of the scene
    Job job;
    Job bytesJob;
    Legend* legend = nullptr;
    LaneNote* sums = nullptr;   ///< of the marked range
    LaneNote* empty = nullptr;  ///< why there is nothing
    bool isReduced = false;
    OverviewStrip* overview = nullptr;
    LanePlot* lanes = nullptr;
    LiveBytesStrip* liveBytes = nullptr;
};

void TimelineView::Private::build(TimelineView* parent) {
    legend = new Legend(parent);
    overview = new OverviewStrip(state, parent);
    lanes = new LanePlot(state, parent);
    liveBytes = new LiveBytesStrip(state, parent);
    sums = new LaneNote(*lanes, LaneNote::Place::Top);
    sums->setObjectName(QStringLiteral("rangeSums"));
    empty = new LaneNote(*lanes, LaneNote::Place::Middle);
    empty->setObjectName(QStringLiteral("emptyTimeline"));
    auto* layout = new QVBoxLayout(parent);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(legend);
    layout->addWidget(overview);
    layout->addWidget(lanes, 1);
    layout->addWidget(liveBytes);
}

SceneFilter TimelineView::Private::filter() const {
    const auto& result = state.filterResult();
    if (!result) return {};
    return {std::shared_ptr<const RowFlags>(result, &result->lifetimes),
            std::shared_ptr<const RowFlags>(result, &result->findings)};
}

void TimelineView::Private::requestScene() {
    if (!state.analysis()) {
        job.cancel();
        return takeScene(nullptr);
    }
    const double ratio = lanes->devicePixelRatioF();
    const PixelMap shown = lanes->pixelMap();
    const QSize pixels = (QSizeF(shown.width, shown.height) * ratio).toSize();
    job.start(
        [analysis = state.analysis(), wanted = filter(), chosen = options(), previous = scene,
         ofSame = sceneOfSameDocument(), left = rangeLeft(), isFollowing = state.isFollowing(),
         pixels](const TaskContext& task) {
            auto built = buildScene(analysis, wanted, chosen, task, previous.get());
            // The cells of its first picture are made here, so that it is there at once.
            if (built) {
                const Scene& next = **built;
                const PixelMap map{carriedRange(ofSame.get(), next, left, isFollowing), pixels.width(),
                                   pixels.height()};
                static_cast<void>(drawPicture(next.source(), map, task));
            }
            return built;
        },
        [this](Result<std::shared_ptr<const Scene>> built) {
            if (built) takeScene(freedInBackground(std::move(*built)));
        });
}

void TimelineView::Private::takeScene(std::shared_ptr<const Scene> next) {
    const auto previous = sceneOfSameDocument();
    scene = std::move(next);
    sceneDocument = state.documentNumber();
    lanes->setScene(scene);
    overview->setScene(scene);
    liveBytes->setScene(scene);
    legend->setScene(scene.get());
    sums->say({});
    empty->say(scene ? emptyTimelineWords(*scene, state.filterText()) : QString());
    if (!scene) return bytesJob.cancel();
    requestLiveBytes();
    state.setRange(carriedRange(previous.get(), *scene, rangeLeft(), state.isFollowing()), *scene);
    lanes->refresh();
    legend->setSuspects(lanes->brackets() != nullptr);
    emit view.sceneShown();
}

// The curve of live bytes follows when the lifetimes are on the screen.
void TimelineView::Private::requestLiveBytes() {
    bytesJob.cancel();
    if (scene->liveBytes.isPrepared()) return;
    bytesJob.start(
        [sums = scene->liveBytes](const TaskContext& task) -> Result<bool> {
            sums.prepare(task);
            return true;
        },
        [this](const Result<bool>&) {
            overview->update();
            liveBytes->update();
            describeMarkedRange();
        });
}

void TimelineView::Private::showSelection() {
    lanes->refresh();
    legend->setSuspects(lanes->brackets() != nullptr);
    const Selection& selection = state.selection();
    if (!scene || scene->analysis != state.analysis() || !selection.event.isValid()) return;
    setRange(rangeInSight(*scene, state.range(), {selection.event, selection.address, selection.lifetime}));
}

// The lanes are what the timeline is for, so in a low window the strips make room for them.
void TimelineView::Private::shareHeight() {
    constexpr int kLanesWithOverview = 130;
    constexpr int kLanesWithAll = 220;
    const int left = view.height() - legend->height() - overview->height();
    overview->setVisible(left >= kLanesWithOverview);
    liveBytes->setVisible(!isReduced && left - liveBytes->height() >= kLanesWithAll);
}

// While the curve is being made it says so rather than waiting for it.
QString TimelineView::Private::peakText(EventId first, EventId last) const {
    if (!scene->liveBytes.isPrepared()) return QStringLiteral("...");
    return QString::fromStdString(liveBytesText(scene->liveBytes.peakBetween(first.index(), last.index() + 1)));
}

void TimelineView::Private::describeMarkedRange() {
    const auto& marked = lanes->markedRange();
    if (!marked || !scene || scene->analysis != state.analysis()) return sums->say({});
    const Trace& trace = *scene->analysis->trace;
    const AcrossMode mode = scene->options.acrossMode;
    const EventId last = eventAt(trace, mode, marked->to);
    // In the order of events each is as wide as one; on the other axes it is a place.
    const double from = mode == AcrossMode::EventOrder ? std::floor(marked->from) : marked->from;
    const EventId first(firstEventFrom(trace, mode, from));
    if (!last.isValid() || first > last) return sums->say(tr("no events"));
    std::uint64_t allocations = 0;
    std::uint64_t frees = 0;
    std::uint64_t refused = 0;
    for (std::size_t i = first.index(); i <= last.index(); ++i) {
        if (!state.showsEvent(EventId(i))) continue;
        const EventKind kind = trace.events.kind[i];
        allocations += kind == EventKind::Allocation ? 1 : 0;
        frees += kind == EventKind::PartialFree || kind == EventKind::FinalFree ? 1 : 0;
        refused += kind == EventKind::RefusedFree ? 1 : 0;
    }
    const auto count = [](std::uint64_t value) { return QString::fromStdString(formatCount(value)); };
    const std::string lasted = trace.hasTime() ? ", "
                                                     + formatDuration(
                                                         timeBetween(trace.placeInTime(first), trace.placeInTime(last)))
                                               : std::string();
    sums->say(
        tr("lines %1 to %2%7:  %3 allocations, %4 accepted frees, %5 refused frees, peak %6 live   (F zooms to it)")
            .arg(count(trace.events.line[first.index()]), count(trace.events.line[last.index()]), count(allocations),
                 count(frees), count(refused), peakText(first, last), QString::fromStdString(lasted)));
}

TimelineView::TimelineView(ViewState& state, QWidget* parent)
    : QWidget(parent), m_private(std::make_unique<Private>(*this, state)) {
    Private& d = *m_private;
    d.build(this);
    setObjectName(QStringLiteral("timeline"));
    setFocusProxy(d.lanes);
    connect(&state, &ViewState::analysisChanged, this, [&d] { d.requestScene(); });
    connect(&state, &ViewState::filterChanged, this, [&d] { d.requestScene(); });
    connect(&state, &ViewState::axesChanged, this, [&d] { d.requestScene(); });
    connect(&state, &ViewState::selectionChanged, this, [&d] { d.showSelection(); });
    connect(&state, &ViewState::revealRequested, this, [&d] { d.showSelection(); });
    connect(&state, &ViewState::rangeChanged, this, [&d] {
        d.lanes->refresh();
        d.overview->update();
        d.liveBytes->update();
    });
    connect(d.lanes, &LanePlot::hovered, this, &TimelineView::hovered);
    connect(d.lanes, &LanePlot::markedRangeChanged, this, [&d] { d.describeMarkedRange(); });
    connect(d.lanes, &LanePlot::itemDoubleClicked, this, [this, &state] {
        if (!state.selection().isEmpty()) fitSelection();  // else it was empty ground
    });
    d.requestScene();
}

TimelineView::~TimelineView() = default;

void TimelineView::setReduced(bool isReduced) {
    m_private->isReduced = isReduced;
    m_private->shareHeight();
}

void TimelineView::showRange(const ViewRange& range) { m_private->setRange(range); }

void TimelineView::showRangeAndRoom(const ViewRange& range) {
    const Private& d = *m_private;
    if (!d.scene) return;
    ViewRange shown = confined(range, d.scene->extent(), d.scene->layout.height());
    shown.left = range.left;
    shown.right = range.right;
    d.state.setRange(shown, *d.scene);
}

void TimelineView::setRoom(const AcrossExtent& room) {
    if (m_private->room == room) return;
    m_private->room = room;
    m_private->requestScene();
}

std::shared_ptr<const Scene> TimelineView::scene() const { return m_private->scene; }

void TimelineView::showAll() {
    Private& d = *m_private;
    if (!d.scene) return;
    d.lanes->clearMarkedRange();
    d.state.jumpTo(d.scene->fullRange(), *d.scene);
}

void TimelineView::fitSelection() {
    Private& d = *m_private;
    if (!d.scene || d.scene->analysis != d.state.analysis()) return;
    ViewRange range = d.state.range();
    if (const auto marked = d.lanes->markedRange()) {
        range.left = marked->from;
        range.right = marked->to;
        d.lanes->clearMarkedRange();
        return d.jumpTo(range);
    }
    const Selection& selection = d.state.selection();
    if (!selection.address.isValid()) return showAll();
    std::vector<double> inQuestion;
    if (const SuspectBrackets* suspects = d.lanes->brackets(); suspects != nullptr) {
        for (const Bracket& bracket : suspects->frees) inQuestion.push_back(bracket.across);
    }
    d.jumpTo(rangeAround(*d.scene, range, {selection.event, selection.address, selection.lifetime}, inQuestion));
}

bool TimelineView::clearMarkedRange() {
    if (!m_private->lanes->markedRange()) return false;
    m_private->lanes->clearMarkedRange();
    return true;
}

void TimelineView::zoom(double factor) {
    Private& d = *m_private;
    d.setRange(zoomed(d.state.range(), factor));
}

void TimelineView::pan(double fractionAcross, double fractionDown) {
    Private& d = *m_private;
    d.setRange(panned(d.state.range(), fractionAcross, fractionDown));
}

Result<void> TimelineView::exportPicture(const QString& path, QSize size, double scale) const {
    Private& d = *m_private;
    if (d.state.analysis() && (!d.scene || d.job.isRunning())) {
        auto built = buildScene(d.state.analysis(), d.filter(), d.options(), {});
        if (built) d.takeScene(std::move(*built));
    }
    return exportTimeline(*d.lanes, d.state, path, size, scale);
}

bool TimelineView::isUpToDate() const { return isPictureExact() && !m_private->bytesJob.isRunning(); }

bool TimelineView::isPictureExact() const {
    const Private& d = *m_private;
    return d.scene != nullptr && !d.job.isRunning() && d.lanes->isExact();
}

QPoint TimelineView::positionOf(FindingId finding) const {
    const Private& d = *m_private;
    if (!d.scene) return {};
    const Mark* mark = markOf(d.scene->marks, finding);
    if (mark == nullptr) return {};
    const PixelMap map = d.lanes->pixelMap();
    const QPointF inLanes(map.x(mark->across), map.y(mark->down));
    return d.lanes->mapTo(this, (inLanes + QPointF(d.lanes->axisRect()->topLeft())).toPoint());
}

QRect TimelineView::bracketOf(EventId free) const {
    const LanePlot& lanes = *m_private->lanes;
    const SuspectBrackets* brackets = lanes.brackets();
    if (brackets == nullptr) return {};
    const QPointF origin = lanes.mapTo(this, lanes.axisRect()->topLeft());
    for (const Bracket& bracket : brackets->frees) {
        if (bracket.free == free) return bracketRect(*brackets, bracket, lanes.pixelMap()).translated(origin).toRect();
    }
    return {};
}

QRect TimelineView::exposureWindow() const {
    const LanePlot& lanes = *m_private->lanes;
    const SuspectBrackets* brackets = lanes.brackets();
    if (brackets == nullptr || brackets->exposedFrom == brackets->exposedTo) return {};
    const QPointF origin = lanes.mapTo(this, lanes.axisRect()->topLeft());
    return exposureRect(*brackets, lanes.pixelMap()).translated(origin).toRect();
}

void TimelineView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_private->shareHeight();
}

void TimelineView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        m_private->lanes->refresh();
        m_private->overview->update();
        m_private->liveBytes->update();
        m_private->legend->update();
    }
    QWidget::changeEvent(event);
}

}  // namespace alloclens
