// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/history_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace alloclens {
namespace {

constexpr std::size_t kShown = 5;  // events that a history in a dump or under a refusal shows
constexpr std::size_t kKept = 50;  // events that the server keeps of a buffer

std::string_view wordText(HistoryWord word) {
    switch (word) {
    case HistoryWord::Free: return "FREE";
    case HistoryWord::Allocation: return "ALLOC";
    case HistoryWord::Reuse: return "REUSE";
    }
    return {};
}

}  // namespace

HistoryCheck::HistoryCheck(const Replay& replay, LiveTable& table, CheckList& checks)
    : m_replay(replay), m_table(table), m_checks(checks) {
    const PrintedFacts& facts = replay.trace->facts;
    m_hasListedHistories = std::any_of(facts.begin(), facts.end(),
                                       [](const PrintedFact& fact) { return fact.kind == FactKind::HistoryTotals; });
}

void HistoryCheck::take(const PrintedFact& fact) {
    m_lastLine = fact.line;
    checkAwaited(fact);
    if (fact.kind != FactKind::HistoryLine && fact.kind != FactKind::Banner) endHistory();
    switch (fact.kind) {
    case FactKind::AlreadyFreed: return takeRefusal(fact);
    case FactKind::RemainingEntry: return takeEntry(fact);
    case FactKind::HistoryTotals: return takeTotals(CheckKind::HistoryCounts, fact);
    case FactKind::HistoryLine: return takeLine(fact);
    case FactKind::SizeChanged: return takeSizeChange(fact);
    case FactKind::DoubleFreedCount:
        m_checks.equal(
            CheckKind::DoubleFreedListed, fact.line, [] { return std::string("buffers freed twice"); },
            m_table.heard().doubleFreed(), fact.count);
        return;
    case FactKind::DoubleFreedBegin: return beginReport();
    case FactKind::DoubleFreedEntry: return takeReported(fact);
    case FactKind::DoubleFreedTotals: return takeTotals(CheckKind::DoubleFreedCounts, fact);
    case FactKind::StatisticsBegin:
    case FactKind::RemainingBegin:
    case FactKind::ServerStarted:
    case FactKind::SweepAnnounced: return endReport();
    default: return;
    }
}

void HistoryCheck::finish() {
    m_history.reset();
    endReport();
}

std::string HistoryCheck::bufferText(const PrintedFact& fact) const {
    return fmt::format("buffer 0x{:x} on device {}", fact.address, deviceText(fact.device));
}

// The refused free itself is counted by the numbers on its line and not yet in the history below it.
void HistoryCheck::takeRefusal(const PrintedFact& fact) {
    m_key = m_replay.trace->findAddress({fact.device, fact.address});
    m_entry = fact;
    if (!m_key.isValid()) return;
    takeTotals(CheckKind::AlreadyFreedCounts, fact);
    expect(m_key, fact, kShown, true, true);
}

void HistoryCheck::takeEntry(const PrintedFact& fact) {
    m_key = m_replay.trace->findAddress({fact.device, fact.address});
    m_entry = fact;
    m_isAwaited = m_hasListedHistories && fact.kind == FactKind::RemainingEntry;
}

void HistoryCheck::checkAwaited(const PrintedFact& fact) {
    if (!m_isAwaited) return;
    m_isAwaited = false;
    if (fact.kind == FactKind::HistoryTotals) return;  // which counts by itself
    m_checks.fail(CheckKind::HistoryCounts, fact.line, "histories of " + bufferText(m_entry), "1", "0");
}

void HistoryCheck::takeTotals(CheckKind kind, const PrintedFact& fact) {
    if (!m_key.isValid()) return;
    const HeardCounts::Heard heard = m_table.heard().of(m_key);
    const bool holds = heard.allocations == fact.count && heard.frees == fact.refCount;
    if (holds) {
        m_checks.pass(kind);
    } else {
        m_checks.fail(kind, fact.line, "allocations and frees of " + bufferText(m_entry),
                      fmt::format("{} and {}", heard.allocations, heard.frees),
                      fmt::format("{} and {}", fact.count, fact.refCount));
    }
    if (kind == CheckKind::HistoryCounts) expect(m_key, fact, kShown, true, false);
    if (kind == CheckKind::DoubleFreedCounts) expect(m_key, fact, kKept, false, false);
}

// The server's own memory of a key: its messages since the start of the server, of which the latest are kept. Sweeps
// leave no trace in it.
void HistoryCheck::expect(AddressId key, const PrintedFact& fact, std::size_t most, bool isNewestFirst,
                          bool isWithoutLast) {
    const auto events = m_replay.eventsOf(key);
    const auto& kinds = m_replay.trace->events.kind;
    auto at = std::lower_bound(events.begin(), events.end(), EventId(m_table.position()));
    Expected expected;
    expected.line = fact.line;
    expected.buffer = bufferText(m_entry);
    const std::size_t wanted = std::min(most, kKept) + (isWithoutLast ? 1 : 0);
    while (at != events.begin() && expected.events.size() < wanted) {
        const EventId event = *--at;
        if (event.index() < m_table.serverStart()) break;
        const EventKind kind = kinds[event.index()];
        if (kind == EventKind::Sweep) continue;
        HistoryWord word = HistoryWord::Free;
        if (kind == EventKind::Allocation) {
            const bool isFirst = m_replay.letters[event.index()] == Letter::First;
            word = isFirst ? HistoryWord::Allocation : HistoryWord::Reuse;
        }
        expected.events.push_back({event, word});
    }
    if (isWithoutLast && !expected.events.empty()) expected.events.erase(expected.events.begin());
    if (isNewestFirst) std::reverse(expected.events.begin(), expected.events.end());
    expected.length = expected.events.size();
    m_history = std::move(expected);
}

std::string HistoryCheck::eventText(const PastEvent& past) const {
    const EventTable& events = m_replay.trace->events;
    const std::size_t i = past.event.index();
    const bool isRefused = events.kind[i] == EventKind::RefusedFree;
    const std::uint64_t size = isRefused ? 0 : events.size[i];
    const std::uint32_t references = past.word == HistoryWord::Allocation ? 1 : events.refCount[i];
    return fmt::format("{} size={} ref={}", wordText(past.word), size, references);
}

void HistoryCheck::takeLine(const PrintedFact& fact) {
    if (!m_history) return;
    ++m_history->listed;
    m_history->line = fact.line;
    if (m_history->events.empty()) return;
    const PastEvent past = m_history->events.back();
    m_history->events.pop_back();
    const EventTable& events = m_replay.trace->events;
    const std::size_t i = past.event.index();
    const auto word = static_cast<HistoryWord>(std::min<std::uint64_t>(fact.count, 2));
    const std::string actual = fmt::format("{} size={:.0f} ref={}", wordText(word), fact.amount, fact.refCount);
    const std::string expected = eventText(past);
    // An accepted free's line names the owner, its history the sender.
    const bool isSenderKnown = past.word != HistoryWord::Free || events.kind[i] == EventKind::RefusedFree;
    const std::int32_t sender = m_replay.trace->pid(events.process[i]);
    if (actual != expected) {
        m_checks.fail(CheckKind::HistoryEvent, fact.line, "an event of " + m_history->buffer, expected, actual);
    } else if (isSenderKnown && sender != fact.pid) {
        m_checks.fail(CheckKind::HistoryEvent, fact.line, "the process of an event of " + m_history->buffer,
                      std::to_string(sender), std::to_string(fact.pid));
    } else {
        m_checks.pass(CheckKind::HistoryEvent);
    }
}

void HistoryCheck::endHistory() {
    if (!m_history) return;
    m_checks.equal(
        CheckKind::HistoryLines, m_history->line + 1,
        [this] { return "events in the history of " + m_history->buffer; }, m_history->length, m_history->listed);
    m_history.reset();
}

// The allocation that the notice speaks of is the next thing that the server prints.
void HistoryCheck::takeSizeChange(const PrintedFact& fact) {
    const AddressId key = m_replay.trace->findAddress({fact.device, fact.address});
    const EventTable& events = m_replay.trace->events;
    const std::size_t next = m_table.position();
    const bool isFollowed = next < events.count() && events.kind[next] == EventKind::Allocation
                            && events.address[next] == key && key.isValid();
    if (!isFollowed) {
        m_checks.fail(CheckKind::SizeChangeAnnounced, fact.line, "allocation of " + bufferText(fact) + " next", "1",
                      "0");
        return;
    }
    m_table.announceSize(key);
    const LiveTable::Entry& entry = m_table.entry(key);
    if (entry.depth == 0 || entry.sizeNumber == 0) return;
    const std::string expected = fmt::format("{} to {}", m_table.sizeOf(entry), events.size[next]);
    const std::string actual = fmt::format("{} to {:.0f}", fact.count, fact.amount);
    if (expected == actual) {
        m_checks.pass(CheckKind::SizeChange);
    } else {
        m_checks.fail(CheckKind::SizeChange, fact.line, "another size of " + bufferText(fact), expected, actual);
    }
}

void HistoryCheck::beginReport() {
    endReport();
    m_isReport = true;
    m_reported = 0;
}

void HistoryCheck::takeReported(const PrintedFact& fact) {
    if (!m_isReport) return;
    ++m_reported;
    takeEntry(fact);
    const HeardCounts::Heard heard = m_key.isValid() ? m_table.heard().of(m_key) : HeardCounts::Heard{};
    m_checks.hold(
        CheckKind::DoubleFreedListed, heard.frees > heard.allocations, fact.line,
        [&] { return bufferText(fact) + " among those freed twice"; }, 0, 1);
}

void HistoryCheck::endReport() {
    if (!m_isReport) return;
    m_isReport = false;
    m_checks.equal(
        CheckKind::DoubleFreedListed, m_lastLine, [] { return std::string("buffers in the DOUBLE-FREED report"); },
        m_table.heard().doubleFreed(), m_reported);
}

}  // namespace alloclens
