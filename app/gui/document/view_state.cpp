// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/view_state.h"

#include <algorithm>
#include <utility>

#include "core/timeline/scene.h"

namespace alloclens {

ViewState::ViewState(QObject* parent) : QObject(parent) {}

struct ViewState::Shown {
    std::shared_ptr<const Analysis> analysis;
    std::shared_ptr<const FilterResult> filterResult;
    QString filterText;
    Selection selection;
    RangeOnAxes range;
    bool hasRange;
    std::uint64_t documentNumber;
    std::vector<Place> history;
    std::size_t historyAt;
};

void ViewState::setAnalysis(std::shared_ptr<const Analysis> analysis, bool isGrowing) {
    m_analysis = std::move(analysis);
    m_olderParts.clear();
    m_filterResult.reset();
    m_filterText.clear();
    m_selection = {};
    m_history.clear();
    m_historyAt = 0;
    m_documentNumber = ++m_lastDocumentNumber;
    m_isGrowing = isGrowing;
    m_hasRange = false;
    const bool isAcrossKept = keepAcrossMode();
    tellAll();
    if (!isAcrossKept) emit axesChanged();
    m_history.assign(1, here());
    emit historyChanged();
}

void ViewState::growAnalysis(std::shared_ptr<const Analysis> analysis, std::shared_ptr<const FilterResult> result,
                             bool isGrowing) {
    const auto before = std::exchange(m_analysis, std::move(analysis));
    m_olderParts.push_back(before.get());
    m_filterResult = std::move(result);
    m_isGrowing = isGrowing;
    m_selection = carriedOver(m_selection, *before, *m_analysis);
    for (Place& place : m_history) place.selection = carriedOver(place.selection, *before, *m_analysis);
    // Nothing else was selected, so no view should come back to the selection.
    emit analysisChanged();
    emit filterChanged();
}

void ViewState::setFollowing(bool isFollowing) {
    if (isFollowing == m_isFollowing) return;
    m_isFollowing = isFollowing;
    emit followingChanged();
}

std::shared_ptr<const ViewState::Shown> ViewState::shown() const {
    return std::make_shared<const Shown>(Shown{m_analysis, m_filterResult, m_filterText, m_selection, m_range,
                                               m_hasRange, m_documentNumber, m_history, m_historyAt});
}

void ViewState::showAgain(const Shown& shown) {
    m_analysis = shown.analysis;
    m_olderParts.clear();
    m_filterResult = shown.filterResult;
    m_filterText = shown.filterText;
    m_selection = shown.selection;
    m_range = shown.range;
    m_hasRange = shown.hasRange;
    m_documentNumber = shown.documentNumber;
    m_isGrowing = false;
    m_history = shown.history;
    m_historyAt = shown.historyAt;
    const bool isAcrossKept = keepAcrossMode();
    tellAll();
    if (!isAcrossKept) emit axesChanged();
    emit historyChanged();
}

void ViewState::tellAll() {
    emit analysisChanged();
    emit filterChanged();
    emit selectionChanged();
}

bool ViewState::keepAcrossMode() {
    if (!m_analysis || hasAxis(*m_analysis->trace, m_acrossMode)) return true;
    m_acrossMode = AcrossMode::EventOrder;
    return false;
}

void ViewState::requestFilter(const QString& text) {
    if (text == m_filterText) return;
    m_filterText = text;
    remember();
    emit filterRequested(text);
}

void ViewState::setFilterResult(std::shared_ptr<const FilterResult> result) {
    m_filterResult = std::move(result);
    emit filterChanged();
}

void ViewState::selectEvent(EventId id) {
    if (m_analysis && id.isValid()) setSelection(selectionOf(*m_analysis, id));
}

void ViewState::selectLifetime(LifetimeId id) {
    if (m_analysis && id.isValid()) setSelection(selectionOf(*m_analysis, id));
}

void ViewState::selectAddress(AddressId id) {
    if (m_analysis && id.isValid()) setSelection(selectionOf(*m_analysis, id));
}

void ViewState::selectFinding(FindingId id) {
    if (m_analysis && id.isValid()) setSelection(selectionOf(*m_analysis, id));
}

void ViewState::selectLine(std::uint32_t line) {
    if (m_analysis && line != 0) setSelection(selectionOfLine(*m_analysis, line));
}

void ViewState::select(const Selection& selection, const Analysis& of) {
    if (&of == m_analysis.get()) return setSelection(selection);
    if (m_analysis && shows(of)) setSelection(carriedOver(selection, of, *m_analysis));
}

bool ViewState::shows(const Analysis& analysis) const {
    return &analysis == m_analysis.get()
           || std::find(m_olderParts.begin(), m_olderParts.end(), &analysis) != m_olderParts.end();
}

void ViewState::clearSelection() { setSelection({}); }

void ViewState::selectNextFinding(int direction) {
    if (!m_analysis || m_analysis->findings.rows.empty()) return;
    const auto& rows = m_analysis->findings.rows;
    const auto count = static_cast<std::ptrdiff_t>(rows.size());
    std::ptrdiff_t at = 0;
    if (m_selection.finding.isValid()) {
        at = static_cast<std::ptrdiff_t>(m_selection.finding.index());
    } else {
        const EventId from = m_selection.event.isValid() ? m_selection.event : EventId(std::uint32_t{0});
        at = std::lower_bound(rows.begin(), rows.end(), from,
                              [](const Finding& finding, EventId event) { return finding.primary < event; })
             - rows.begin();
        at -= direction > 0 ? 1 : 0;
    }
    for (std::ptrdiff_t step = 0; step < count; ++step) {
        at = (at + direction + count) % count;
        const FindingId id(static_cast<std::size_t>(at));
        if (!showsFinding(id)) continue;
        selectFinding(id);
        revealSelection();
        return;
    }
}

void ViewState::selectNextEventOfAddress(int direction) {
    if (!m_analysis || !m_selection.address.isValid()) return;
    const auto events = m_analysis->replay.eventsOf(m_selection.address);
    const auto at = std::lower_bound(events.begin(), events.end(), m_selection.event);
    const auto next = (at - events.begin()) + direction;
    if (next < 0 || next >= static_cast<std::ptrdiff_t>(events.size())) return;
    const EventId event = events[static_cast<std::size_t>(next)];
    const AddressId address = m_selection.address;
    selectEvent(event);
    if (!m_selection.address.isValid()) {  // a sweep has no address of its own
        Selection selection = m_selection;
        selection.address = address;
        setSelection(selection);
    }
    revealSelection();
}

void ViewState::revealSelection() { emit revealRequested(); }

void ViewState::zoomToSelection() {
    emit revealRequested();
    emit zoomRequested();
}

void ViewState::setRange(const ViewRange& range, const Scene& of) {
    if (!shows(*of.analysis)) return;
    takeRange({range, of.options.acrossMode, of.options.downMode, of.layout.height()});
}

void ViewState::jumpTo(const ViewRange& range, const Scene& of) {
    const RangeOnAxes wanted{range, of.options.acrossMode, of.options.downMode, of.layout.height()};
    if (!shows(*of.analysis) || (wanted == m_range && m_hasRange)) return;
    if (m_hasRange && !m_isRestoring && !m_history.empty()) addPlace();
    takeRange(wanted);
}

void ViewState::takeRange(const RangeOnAxes& range) {
    if (range == m_range && m_hasRange) return;
    m_range = range;
    m_hasRange = true;
    remember();
    emit rangeChanged();
}

void ViewState::setAcrossMode(AcrossMode mode) {
    if (mode == m_acrossMode || (m_analysis && !hasAxis(*m_analysis->trace, mode))) return;
    m_acrossMode = mode;
    emit axesChanged();
}

void ViewState::setDownMode(DownMode mode) {
    if (mode == m_downMode) return;
    m_downMode = mode;
    emit axesChanged();
}

void ViewState::setColourMode(ColourMode mode) {
    if (mode == m_colourMode) return;
    m_colourMode = mode;
    emit axesChanged();
}

void ViewState::setSelection(const Selection& selection) {
    if (selection == m_selection) return;
    m_selection = selection;
    remember();
    emit selectionChanged();
}

ViewState::Place ViewState::here() const { return {m_range, m_selection, m_acrossMode, m_downMode, m_filterText}; }

// A move within the same selection and filter (a pan, a zoom step) updates the current place; a jump makes a new one.
void ViewState::remember() {
    if (m_isRestoring || m_history.empty()) return;
    Place& current = m_history[m_historyAt];
    if (current.selection == m_selection && current.filterText == m_filterText) {
        current = here();
        return;
    }
    addPlace();
}

void ViewState::addPlace() {
    constexpr std::size_t kMostPlaces = 200;
    m_history.resize(m_historyAt + 1);
    m_history.push_back(here());
    if (m_history.size() > kMostPlaces) m_history.erase(m_history.begin());
    m_historyAt = m_history.size() - 1;
    emit historyChanged();
}

void ViewState::goBack() {
    if (!canGoBack()) return;
    --m_historyAt;
    restore(m_history[m_historyAt]);
}

void ViewState::goForward() {
    if (!canGoForward()) return;
    ++m_historyAt;
    restore(m_history[m_historyAt]);
}

void ViewState::restore(const Place& place) {
    m_isRestoring = true;
    setAcrossMode(place.acrossMode);
    setDownMode(place.downMode);
    requestFilter(place.filterText);
    setSelection(place.selection);
    takeRange(place.range);
    m_isRestoring = false;
    emit historyChanged();
}

}  // namespace alloclens
