// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where the log contradicts itself. The server's own numbers never do, so something happened to the log: a line was
// lost, torn, reordered, or can be parsed but is wrong. Each event whose line contradicts earlier lines gets one
// finding, however many of its numbers differ. Each of the server's sums gets one, at its first wrong value.
#include <algorithm>
#include <set>
#include <utility>

#include "core/findings/detector.h"

namespace alloclens {
namespace {

/// Whether findings about events already cover this check.
bool isToldByEvents(CheckKind kind) {
    switch (kind) {
    case CheckKind::EntryExists:
    case CheckKind::ReferenceCount:
    case CheckKind::SizeOnFree:
    case CheckKind::OwnerOnFree:
    case CheckKind::SweepEntries:
    case CheckKind::ConservationOfKey:
    case CheckKind::ConservationInTotal: return true;
    default: return false;
    }
}

class DivergenceSearch {
public:
    DivergenceSearch(const Replay& replay, FindingSink& sink)
        : m_replay(replay), m_events(replay.trace->events), m_sink(sink) {}

    [[nodiscard]] bool addEvents(const TaskContext& task) {
        EventId previous;
        std::vector<std::uint32_t> ordinalOf(m_replay.addresses.size(), 0);
        for (std::size_t i = 0; i < m_replay.contradictions.size(); ++i) {
            if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return false;
            const EventId event = m_replay.contradictions[i].event;
            if (event == previous) continue;
            previous = event;
            Finding finding;
            finding.address = m_events.address[event.index()];
            finding.primary = event;
            finding.lifetime = m_replay.lifetimeOf[event.index()];
            finding.ordinal = finding.address.isValid() ? ++ordinalOf[finding.address.index()] : ++m_ordinal;
            if (finding.lifetime.isValid()) {
                finding.generation = m_replay.lifetime(finding.lifetime).generation;
                finding.memory = m_replay.lifetime(finding.lifetime).memory;
                finding.size = m_replay.lifetime(finding.lifetime).size;
            }
            m_sink.add(FindingKind::ReplayDivergence, finding, {{Role::Candidate, event}});
        }
        return true;
    }

    /// Adds one finding for each sum, at its first failure: once wrong, it is wrong in all later blocks too.
    [[nodiscard]] DivergentSums addSums(const Ledger& ledger) {
        DivergentSums sums;
        sums.firstOrdinal = m_ordinal + 1;
        std::set<std::pair<CheckKind, std::string_view>> seen;
        for (std::uint32_t row = 0; row < ledger.failures.size(); ++row) {
            const FailedCheck& failure = ledger.failures[row];
            if (failure.line == 0 || isToldByEvents(failure.kind) || m_events.count() == 0) continue;
            if (!seen.emplace(failure.kind, failure.subject).second) continue;
            Finding finding;  // it has no event of its own, so the event before the sum shows its position
            finding.primary = lastEventAt(failure.line);
            finding.ordinal = ++m_ordinal;
            sums.failures.push_back(row);
            m_sink.add(FindingKind::ReplayDivergence, finding, std::span<const RoleEvent>());
        }
        return sums;
    }

private:
    /// The last event at or before a line; the first event if there is none.
    [[nodiscard]] EventId lastEventAt(std::uint32_t line) const {
        const auto at = std::upper_bound(m_events.line.begin(), m_events.line.end(), line);
        return EventId(at == m_events.line.begin() ? 0 : static_cast<std::size_t>(at - m_events.line.begin()) - 1);
    }

    const Replay& m_replay;
    const EventTable& m_events;
    FindingSink& m_sink;
    std::uint32_t m_ordinal = 0;  ///< of findings without an address
};

}  // namespace

void detectReplayDivergences(const Replay& replay, FindingSink& sink, const TaskContext& task) {
    auto ledger = makeLedger(replay, task);
    if (!ledger) return;  // cancelled
    DivergenceSearch search(replay, sink);
    if (!search.addEvents(task)) return;
    DivergentSums sums = search.addSums(*ledger);
    sink.keep(std::move(*ledger), std::move(sums));
}

}  // namespace alloclens
