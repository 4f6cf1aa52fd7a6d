// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/view_state.h"

#include <algorithm>

namespace alloclens {

ViewState::ViewState(QObject* parent) : QObject(parent) {}

void ViewState::setAnalysis(std::shared_ptr<const Analysis> analysis) {
    m_analysis = std::move(analysis);
    m_filterResult.reset();
    m_filterText.clear();
    m_selection = {};
    m_history.clear();
    m_historyAt = 0;
    emit analysisChanged();
    emit filterChanged();
    emit selectionChanged();
    m_history.assign(1, here());
    emit historyChanged();
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
    if (!m_analysis || !id.isValid()) return;
    Selection selection;
    selection.event = id;
    selection.line = m_analysis->trace->events.line[id.index()];
    selection.address = m_analysis->trace->events.address[id.index()];
    selection.lifetime = m_analysis->replay.lifetimeOf[id.index()];
    // Findings are ordered by their primary events, so one that is carried by this event is found by bisection.
    const auto& rows = m_analysis->findings.rows;
    const auto at = std::lower_bound(rows.begin(), rows.end(), id,
                                     [](const Finding& finding, EventId event) { return finding.primary < event; });
    if (at != rows.end() && at->primary == id && at->address == selection.address) {
        selection.finding = FindingId(static_cast<std::size_t>(at - rows.begin()));
    }
    setSelection(selection);
}

void ViewState::selectLifetime(LifetimeId id) {
    if (!m_analysis || !id.isValid()) return;
    const Lifetime& lifetime = m_analysis->replay.lifetime(id);
    Selection selection;
    selection.event = lifetime.first;
    selection.lifetime = id;
    selection.address = lifetime.address;
    selection.line = m_analysis->trace->events.line[lifetime.first.index()];
    setSelection(selection);
}

void ViewState::selectAddress(AddressId id) {
    if (!m_analysis || !id.isValid()) return;
    const auto events = m_analysis->replay.eventsOf(id);
    Selection selection;
    selection.address = id;
    if (!events.empty()) {
        selection.event = events.front();
        selection.lifetime = m_analysis->replay.lifetimeOf[events.front().index()];
        selection.line = m_analysis->trace->events.line[events.front().index()];
    }
    setSelection(selection);
}

void ViewState::selectFinding(FindingId id) {
    if (!m_analysis || !id.isValid()) return;
    const Finding& finding = m_analysis->findings.row(id);
    Selection selection;
    selection.finding = id;
    selection.event = finding.primary;
    selection.lifetime = finding.lifetime;
    selection.address = finding.address;
    selection.line = m_analysis->trace->events.line[finding.primary.index()];
    setSelection(selection);
}

void ViewState::selectLine(std::uint32_t line) {
    if (!m_analysis || line == 0) return;
    const auto& lines = m_analysis->trace->events.line;
    const auto at = std::lower_bound(lines.begin(), lines.end(), line);
    if (at != lines.end() && *at == line) {
        selectEvent(EventId(static_cast<std::size_t>(at - lines.begin())));
        return;
    }
    Selection selection;
    selection.line = line;
    setSelection(selection);
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

void ViewState::setRange(const ViewRange& range) {
    if (range == m_range) return;
    m_range = range;
    remember();
    emit rangeChanged();
}

void ViewState::setAcrossMode(AcrossMode mode) {
    if (mode == m_acrossMode) return;
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
    setRange(place.range);
    m_isRestoring = false;
    emit historyChanged();
}

}  // namespace alloclens
