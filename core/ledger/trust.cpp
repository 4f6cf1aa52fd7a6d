// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/units.h"
#include "core/base/utf8.h"
#include "core/ledger/line_order.h"
#include "core/ledger/log_end.h"
#include "core/ledger/several_servers.h"

namespace alloclens {
namespace {

constexpr DiagnosticCode kDisorders[] = {DiagnosticCode::SeveralServers, DiagnosticCode::NewestFirst,
                                         DiagnosticCode::PartsOutOfOrder, DiagnosticCode::RepeatedStretch};
/// Each stands for many events, and nobody knows how many.
constexpr DiagnosticCode kUncounted[] = {DiagnosticCode::DamagedBlock, DiagnosticCode::RecordingGap,
                                         DiagnosticCode::MissingPart, DiagnosticCode::CompressedTail};

/// What the collector's line says, shortened where it is long; empty where it cannot be read.
std::string wordsOf(const Trace& trace, std::uint32_t line) {
    if (!trace.source) return {};
    const auto text = trace.source->lineText(line);
    if (!text) return {};
    constexpr std::size_t kLongest = 120;
    std::string words = toValidUtf8(std::string_view(*text).substr(0, kLongest));
    while (!words.empty() && (words.back() == '\r' || words.back() == ' ')) words.pop_back();
    return words;
}

/// A program that asks for a buffer of size 0 is told so once in a while. A client of another version is told all the
/// time, until the server closes its connection.
bool isMisread(const Trace& trace) {
    constexpr std::size_t kFewest = 8;
    constexpr std::size_t kOneIn = 200;
    std::size_t rejected = 0;
    for (const PrintedFact& fact : trace.facts) {
        if (fact.kind == FactKind::ProtocolMismatch) return true;
        rejected += fact.kind == FactKind::InvalidMessage ? 1 : 0;
    }
    return rejected >= kFewest && rejected * kOneIn >= trace.events.count();
}

void addNotices(const Trace& trace, Diagnostics& doubts) {
    const bool isOfOtherVersion = isMisread(trace);
    constexpr std::size_t kQuoted = 16;  // each is read from the file
    std::size_t notices = 0;
    for (const PrintedFact& fact : trace.facts) {
        const bool isRejected = fact.kind == FactKind::InvalidMessage || fact.kind == FactKind::ProtocolMismatch;
        if (isRejected && isOfOtherVersion)
            doubts.add({DiagnosticCode::MisreadMessages, fact.line,
                        fact.kind == FactKind::ProtocolMismatch
                            ? "the server closed the connection after too many of them"
                            : std::string()});
        if (fact.kind != FactKind::LinesMissing) continue;
        std::string detail = fact.count > 0 ? formatQuantity(fact.count, "line") + " missing"
                                            : std::string("an unknown number of lines is missing");
        if (notices++ < kQuoted) {
            if (const std::string words = wordsOf(trace, fact.line); !words.empty())
                detail += fmt::format(": \"{}\"", words);
        }
        doubts.add({DiagnosticCode::MissingLines, fact.line, std::move(detail)});
    }
}

std::uint64_t countContradicted(const Replay& replay) {
    std::uint64_t count = 0;
    EventId before;
    for (const Contradiction& of : replay.contradictions) {
        if (of.event != before) ++count;
        before = of.event;
    }
    return count;
}

template <std::size_t kSize>
bool hasAny(const Diagnostics& diagnostics, const DiagnosticCode (&codes)[kSize]) {
    return std::any_of(std::begin(codes), std::end(codes),
                       [&diagnostics](DiagnosticCode code) { return diagnostics.count(code) > 0; });
}

void noteLine(Trust& trust, std::uint32_t line) {
    if (line > 0 && (trust.firstLine == 0 || line < trust.firstLine)) trust.firstLine = line;
}

}  // namespace

Diagnostics findDoubts(const Replay& replay) {
    Diagnostics doubts;
    addNotices(*replay.trace, doubts);
    // Other sources are read in the order in which they were written, and their verdicts cannot contradict each other.
    if (!isServerLog(*replay.trace)) return doubts;
    std::vector<Diagnostic> order = findOrderFaults(replay);
    const bool isInOrder = order.empty();
    for (Diagnostic& fault : order) doubts.add(std::move(fault));
    // Lines in the wrong order, and those beside a stretch that is missing, look like several servers.
    const bool isWhole = doubts.count(DiagnosticCode::MissingLines) == 0;
    if (isInOrder && isWhole && replay.trace->diagnostics.count(DiagnosticCode::SeveralServers) == 0) {
        if (auto several = findSeveralServers(replay)) doubts.add(std::move(*several));
    }
    doubts.sortByLine();
    return doubts;
}

Trust judgeTrust(const Replay& replay, std::uint64_t damaged, std::optional<std::uint32_t> firstLoss,
                 const Diagnostics& doubts) {
    const Trace& trace = *replay.trace;
    Trust trust;
    trust.hasOwnEnd = hasOwnEnd(trace);
    trust.damaged = damaged;
    trust.contradicted = countContradicted(replay);
    trust.isLossUncounted = hasAny(trace.diagnostics, kUncounted);
    trust.isInDisorder = hasAny(trace.diagnostics, kDisorders) || hasAny(doubts, kDisorders);
    trust.isOfSeveralServers = trace.diagnostics.count(DiagnosticCode::SeveralServers) > 0
                               || doubts.count(DiagnosticCode::SeveralServers) > 0;
    if (firstLoss) noteLine(trust, *firstLoss);
    if (!replay.contradictions.empty()) noteLine(trust, trace.events.line[replay.contradictions.front().event.index()]);
    for (const PrintedFact& fact : trace.facts) {
        if (fact.kind != FactKind::LinesMissing) continue;
        trust.missing += fact.count;
        trust.isLossUncounted |= fact.count == 0;
        noteLine(trust, fact.line);
    }
    for (const Diagnostic& doubt : doubts.kept()) {
        if (doubt.code != DiagnosticCode::MisreadMessages) noteLine(trust, doubt.line);
    }
    constexpr std::uint64_t kOneInTooMany = 50;
    constexpr std::uint64_t kOneInMany = 100;
    const std::uint64_t lost = trust.damaged + trust.missing + trust.contradicted;
    const std::uint64_t events = trace.events.count();
    const bool isAll = trust.isLossUncounted || trust.isInDisorder;
    trust.isTooDamaged = isAll || (lost > 0 && lost * kOneInTooMany > events);
    trust.limitsConfidence = isAll || (lost > 0 && lost * kOneInMany > events);
    return trust;
}

}  // namespace alloclens
