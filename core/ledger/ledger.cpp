// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/base/units.h"
#include "core/ledger/conservation_check.h"
#include "core/ledger/counter_check.h"
#include "core/ledger/history_check.h"
#include "core/ledger/line_check.h"
#include "core/ledger/remaining_check.h"
#include "core/ledger/statistics_check.h"
#include "core/ledger/sweep_check.h"

namespace alloclens {
namespace {

constexpr std::uint32_t kEnd = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMostGapLines = 1000;

/// Codes that stand for something that was in the file and could not be read. What merely ends early is not among them.
constexpr DiagnosticCode kLosses[] = {
    DiagnosticCode::RepeatsCut,
    DiagnosticCode::SkippedBytes,
    DiagnosticCode::DamagedBlock,
    DiagnosticCode::RecordingGap,
};
/// Those of damaged lines, which the count of lines has already.
constexpr DiagnosticCode kDamagedLines[] = {
    DiagnosticCode::TornLine,
    DiagnosticCode::NumberOutOfRange,
    DiagnosticCode::NoAddress,
};

/// Holds the facts to the table, in their order.
class LedgerWalk {
public:
    LedgerWalk(const Replay& replay, const TaskContext& task, CheckList& checks, Ledger& ledger)
        : m_replay(replay),
          m_checks(checks),
          m_trace(*replay.trace),
          m_task(task),
          m_ledger(ledger),
          m_table(replay, checks),
          m_statistics(replay, m_table, checks),
          m_remaining(replay, m_table, checks),
          m_history(replay, m_table, checks),
          m_counters(checks),
          m_sweeps(m_table, checks),
          m_devices(checks) {}

    [[nodiscard]] bool run() {
        for (const PrintedFact& fact : m_trace.facts) {
            if (!m_table.advance(fact.line, fact.eventsBefore, m_task)) return false;
            m_statistics.take(fact);
            m_remaining.take(fact);
            m_history.take(fact);
            m_counters.take(fact);
            m_sweeps.take(fact);
            m_devices.take(fact);
            noteSum(fact);
        }
        m_history.finish();
        if (!m_table.advance(kEnd, m_task)) return false;
        checkConservation(m_replay, m_table, m_checks);
        m_ledger.eventsBehindLastSum = m_trace.events.count() - m_heldEvents;
        return true;
    }

private:
    void noteSum(const PrintedFact& fact) {
        const std::uint64_t sums = m_statistics.blocks() + m_remaining.dumps();
        if (sums == m_ledger.sums) return;
        m_ledger.sums = sums;
        m_ledger.lastSumLine = fact.line;
        m_heldEvents = m_table.position();
    }

    const Replay& m_replay;
    CheckList& m_checks;
    const Trace& m_trace;
    const TaskContext& m_task;
    Ledger& m_ledger;
    LiveTable m_table;
    StatisticsCheck m_statistics;
    RemainingCheck m_remaining;
    HistoryCheck m_history;
    CounterCheck m_counters;
    SweepCheck m_sweeps;
    DetectionCheck m_devices;
    std::size_t m_heldEvents = 0;
};

/// Places that could not be read; gives the first line of them, if any is known.
std::optional<std::uint32_t> countDamage(const Trace& trace, Ledger& ledger) {
    ledger.damaged = std::max(trace.lineCounts.damaged, trace.diagnostics.count(DiagnosticCode::TornLine));
    for (const DiagnosticCode code : kLosses) ledger.damaged += trace.diagnostics.count(code);
    if (ledger.damaged == 0) return std::nullopt;
    std::optional<std::uint32_t> first;
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        const auto is = [&](const auto& codes) {
            return std::find(std::begin(codes), std::end(codes), diagnostic.code) != std::end(codes);
        };
        const bool isDamage = is(kDamagedLines)
                              && (trace.lineCounts.damaged > 0 || diagnostic.code == DiagnosticCode::TornLine);
        if (!is(kLosses) && !isDamage) continue;
        ledger.gapLines.push_back(diagnostic.line);
        first = std::min(first.value_or(diagnostic.line), diagnostic.line);
    }
    return first.value_or(0);
}

/// The first of the lines of these codes.
std::optional<std::uint32_t> firstOf(const Diagnostics& doubts, std::initializer_list<DiagnosticCode> codes) {
    for (const Diagnostic& doubt : doubts.kept()) {
        if (std::find(codes.begin(), codes.end(), doubt.code) != codes.end()) return doubt.line;
    }
    return std::nullopt;
}

/// Whether missing lines explain all that failed. Where a collector left out a stretch, whatever is false after it is.
bool isExplained(const CheckList& checks, std::optional<std::uint32_t> damage, std::optional<std::uint32_t> notice) {
    if (const auto changed = checks.firstLine(Explanation::ChangedNumber); changed && !(notice && *notice <= *changed))
        return false;
    const auto earlier = checks.firstLine(Explanation::EarlierFailure);
    if (!earlier) return true;
    const auto missing = checks.firstLine(Explanation::MissingLine);
    const auto isBefore = [&earlier](std::optional<std::uint32_t> line) { return line && *line <= *earlier; };
    return isBefore(missing) || isBefore(damage) || isBefore(notice);
}

LedgerGrade gradeOf(const Ledger& ledger, const CheckList& checks, std::optional<std::uint32_t> damage) {
    const auto notice = firstOf(ledger.doubts, {DiagnosticCode::MissingLines});
    if (!isExplained(checks, damage, notice)) return LedgerGrade::Contradictory;
    if (ledger.allFailed() > 0 || ledger.damaged > 0 || notice || ledger.trust.isInDisorder) return LedgerGrade::Gaps;
    constexpr std::uint64_t kShareBehind = 10;  // one event in so many may stand behind the last sum
    const bool isHeld = ledger.sums > 0 && ledger.eventsBehindLastSum * kShareBehind <= ledger.events;
    return isHeld ? LedgerGrade::Proven : LedgerGrade::Consistent;
}

/// Where a line stands in the order of failures: what concerns the log as a whole comes last.
std::uint32_t placeOf(std::uint32_t line) { return line == 0 ? kEnd : line; }

/// What is known of the log as a whole explains what fails at its lines, so it is named first.
void nameDivergence(Ledger& ledger, std::optional<std::uint32_t> damage) {
    for (const Diagnostic& doubt : ledger.doubts.kept()) {
        if (doubt.code == DiagnosticCode::MisreadMessages) continue;
        ledger.firstDivergence = {doubt.line, fmt::format("{}: {}", diagnosticName(doubt.code), doubt.detail)};
        return;
    }
    const FailedCheck* first = ledger.failures.empty() ? nullptr : &ledger.failures.front();
    const bool isDamageFirst = damage && (first == nullptr || placeOf(*damage) < placeOf(first->line));
    if (isDamageFirst) {
        ledger.firstDivergence = {*damage, "a place of the file that cannot be read"};
    } else if (first != nullptr) {
        ledger.firstDivergence = {first->line, first->sentence()};
    }
}

void listGaps(Ledger& ledger) {
    for (const Diagnostic& doubt : ledger.doubts.kept()) {
        if (doubt.code == DiagnosticCode::MissingLines) ledger.gapLines.push_back(doubt.line);
    }
    for (const FailedCheck& failure : ledger.failures) {
        if (checkInfo(failure.kind).explanation == Explanation::MissingLine && failure.line > 0)
            ledger.gapLines.push_back(failure.line);
    }
    auto& lines = ledger.gapLines;
    std::sort(lines.begin(), lines.end());
    lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    if (lines.size() > kMostGapLines) lines.resize(kMostGapLines);
}

void checkLines(const Ledger& ledger, CheckList& checks) {
    const std::uint64_t sum = ledger.lines.events + ledger.lines.facts + ledger.lines.foreign + ledger.lines.damaged;
    checks.equal(
        CheckKind::LinesAccounted, 0, [] { return std::string("lines of all four sorts"); }, sum, ledger.totalLines);
}

}  // namespace

std::string_view gradeName(LedgerGrade grade) {
    switch (grade) {
    case LedgerGrade::Proven: return "proven";
    case LedgerGrade::Consistent: return "consistent";
    case LedgerGrade::Gaps: return "gaps";
    case LedgerGrade::Contradictory: return "contradictory";
    }
    return {};
}

std::string_view gradeMeaning(LedgerGrade grade) {
    switch (grade) {
    case LedgerGrade::Proven: return "Every number that the log prints about itself agrees with the replay.";
    case LedgerGrade::Consistent:
        return "Nothing contradicts the replay, but the log prints few sums to compare it with.";
    case LedgerGrade::Gaps:
        return "Lines are missing or unreadable. That explains every number that does not agree with the replay.";
    case LedgerGrade::Contradictory:
        return "Numbers contradict each other in a way that a missing line cannot explain.";
    }
    return {};
}

std::uint64_t Ledger::allPassed() const { return std::accumulate(passed.begin(), passed.end(), std::uint64_t{0}); }

std::uint64_t Ledger::allFailed() const { return std::accumulate(failed.begin(), failed.end(), std::uint64_t{0}); }

Result<Ledger> makeLedger(const Replay& replay, const TaskContext& task) {
    const Trace& trace = *replay.trace;
    Ledger ledger;
    ledger.lines = trace.lineCounts;
    ledger.totalLines = trace.source ? trace.source->lines() : 0;
    ledger.events = trace.events.count();
    CheckList checks;
    checkLines(ledger, checks);
    checkEventLines(replay, checks);
    if (!LedgerWalk(replay, task, checks, ledger).run()) return TaskContext::cancelled();
    for (std::size_t i = 0; i < kCheckKindCount; ++i) {
        ledger.passed[i] = checks.passed(static_cast<CheckKind>(i));
        ledger.failed[i] = checks.failed(static_cast<CheckKind>(i));
    }
    const auto damage = countDamage(trace, ledger);
    ledger.doubts = findDoubts(replay);
    ledger.trust = judgeTrust(replay, ledger.damaged, damage, ledger.doubts);
    ledger.grade = gradeOf(ledger, checks, damage);
    ledger.failures = checks.takeKept();
    std::stable_sort(ledger.failures.begin(), ledger.failures.end(),
                     [](const FailedCheck& a, const FailedCheck& b) { return placeOf(a.line) < placeOf(b.line); });
    nameDivergence(ledger, damage);
    listGaps(ledger);
    return ledger;
}

}  // namespace alloclens
