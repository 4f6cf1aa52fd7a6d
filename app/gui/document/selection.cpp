// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/selection.h"

#include <algorithm>
#include <iterator>

namespace alloclens {
namespace {

/// What was open where a part of the log ended is a leak once the log is known to the end.
bool isSameKind(const Finding& a, const Finding& b) {
    const auto sort = [](const Finding& of) {
        const auto kind = static_cast<FindingKind>(of.kind);
        return kind == FindingKind::OpenAtEnd ? FindingKind::Leak : kind;
    };
    return sort(a) == sort(b);
}

std::uint32_t lineOf(const Analysis& analysis, EventId id) { return analysis.trace->events.line[id.index()]; }

// The first finding that is carried by an event or a later one: findings are ordered by their primary events.
std::size_t findingsFrom(const Analysis& analysis, EventId event) {
    const auto& rows = analysis.findings.rows;
    const auto at = std::lower_bound(rows.begin(), rows.end(), event,
                                     [](const Finding& finding, EventId id) { return finding.primary < id; });
    return static_cast<std::size_t>(at - rows.begin());
}

FindingId carriedFinding(FindingId id, const Analysis& from, const Analysis& to, AddressId address) {
    const Finding& finding = from.findings.row(id);
    const auto& rows = to.findings.rows;
    for (std::size_t i = findingsFrom(to, finding.primary); i < rows.size() && rows[i].primary == finding.primary;
         ++i) {
        if (isSameKind(rows[i], finding) && (rows[i].address == address || !address.isValid())) return FindingId(i);
    }
    return {};
}

AddressId carriedAddress(AddressId id, const Analysis& from, const Analysis& to) {
    // By an event and not by the key: an event without a device may have been placed on one since.
    for (const EventId event : from.replay.eventsOf(id)) {
        const AddressId address = to.trace->events.address[event.index()];
        if (address.isValid()) return address;
    }
    return {};
}

}  // namespace

Selection selectionOf(const Analysis& analysis, EventId id) {
    Selection selection;
    selection.event = id;
    selection.line = lineOf(analysis, id);
    selection.address = analysis.trace->events.address[id.index()];
    selection.lifetime = analysis.replay.lifetimeOf[id.index()];
    const auto& rows = analysis.findings.rows;
    const std::size_t at = findingsFrom(analysis, id);
    if (at < rows.size() && rows[at].primary == id && rows[at].address == selection.address) {
        selection.finding = FindingId(at);
    }
    return selection;
}

Selection selectionOf(const Analysis& analysis, LifetimeId id) {
    const Lifetime& lifetime = analysis.replay.lifetime(id);
    Selection selection;
    selection.event = lifetime.first;
    selection.lifetime = id;
    selection.address = lifetime.address;
    selection.line = lineOf(analysis, lifetime.first);
    return selection;
}

Selection selectionOf(const Analysis& analysis, AddressId id) {
    const auto events = analysis.replay.eventsOf(id);
    Selection selection;
    selection.address = id;
    if (!events.empty()) {
        selection.event = events.front();
        selection.lifetime = analysis.replay.lifetimeOf[events.front().index()];
        selection.line = lineOf(analysis, events.front());
    }
    return selection;
}

Selection selectionOf(const Analysis& analysis, FindingId id) {
    const Finding& finding = analysis.findings.row(id);
    Selection selection;
    selection.finding = id;
    selection.event = finding.primary;
    selection.lifetime = finding.lifetime;
    selection.address = finding.address;
    selection.line = lineOf(analysis, finding.primary);
    return selection;
}

Selection selectionOfLine(const Analysis& analysis, std::uint32_t line) {
    const auto& lines = analysis.trace->events.line;
    const auto* const at = std::lower_bound(lines.begin(), lines.end(), line);
    if (at != lines.end() && *at == line) {
        return selectionOf(analysis, EventId(static_cast<std::size_t>(std::distance(lines.begin(), at))));
    }
    Selection selection;
    selection.line = line;
    return selection;
}

bool continues(const Analysis& earlier, const Analysis& later) {
    constexpr std::size_t kLooks = 4096;
    const EventTable& before = earlier.trace->events;
    const EventTable& after = later.trace->events;
    if (after.count() < before.count()) return false;
    if (before.count() == 0) return true;  // there is nothing to be carried over wrongly
    const auto keyOf = [](const Analysis& analysis, AddressId id) {
        return id.isValid() ? analysis.key(id) : AddressKey{};
    };
    const std::size_t looks = std::min(kLooks, before.count());
    for (std::size_t look = 0; look < looks; ++look) {
        const std::size_t i = looks == 1 ? 0 : look * (before.count() - 1) / (looks - 1);
        if (before.line[i] != after.line[i] || before.kind[i] != after.kind[i]) return false;
        if (keyOf(earlier, before.address[i]) != keyOf(later, after.address[i])) return false;
    }
    return true;
}

Selection carriedOver(const Selection& selection, const Analysis& from, const Analysis& to) {
    Selection carried;
    carried.event = selection.event;
    carried.line = selection.line;
    if (selection.address.isValid()) carried.address = carriedAddress(selection.address, from, to);
    if (selection.lifetime.isValid()) {
        carried.lifetime = to.replay.lifetimeOf[from.replay.lifetime(selection.lifetime).first.index()];
    }
    if (selection.finding.isValid()) carried.finding = carriedFinding(selection.finding, from, to, carried.address);
    return carried;
}

}  // namespace alloclens
