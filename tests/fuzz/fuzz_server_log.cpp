// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a server log: read, analysed, reported. Whatever they are, every line is counted once, the result does
// not depend on how the file is cut or on the number of threads, and the sums of the replay agree.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "core/analysis/analysis.h"
#include "core/guards/guard_replay.h"
#include "core/report/report.h"
#include "importers/importer.h"
#include "importers/server_log/log_reading.h"
#include "tests/fuzz/memory_file.h"
#include "tests/unit/support/describe.h"
#include "tests/unit/support/stretches.h"

namespace alloclens {
namespace {

using fuzz::check;

void checkTrace(const Trace& trace) {
    const LineCounts& lines = trace.lineCounts;
    check(lines.events + lines.facts + lines.foreign + lines.damaged == trace.source->lines(), "every line is counted");
    check(std::is_sorted(trace.events.line.begin(), trace.events.line.end()),
          "events come in the order of their lines");
    for (const std::uint32_t line : trace.events.line) check(line >= 1 && line <= trace.source->lines(), "lines exist");
    check(std::is_sorted(trace.addresses.begin(), trace.addresses.end()), "keys are sorted");
    for (const PrintedFact& fact : trace.facts) check(fact.line <= trace.source->lines(), "lines of facts exist");
}

void checkReplay(const Replay& replay) {
    EventTotals sums;
    std::uint64_t lifetimes = 0;
    for (const AddressSummary& address : replay.addresses) {
        sums.allocations += address.allocations;
        sums.finalFrees += address.acceptedFrees;
        sums.unknownFrees += address.refusedFrees;
        lifetimes += address.lifetimes;
        check(std::int64_t{address.finalBalance}
                  == std::int64_t{address.allocations} - address.acceptedFrees - address.refusedFrees,
              "a balance is allocations minus frees received");
    }
    check(sums.allocations == replay.totals.allocations, "allocations add up");
    check(sums.finalFrees == replay.totals.partialFrees + replay.totals.finalFrees, "accepted frees add up");
    check(sums.unknownFrees == replay.totals.unknownFrees, "refused frees add up");
    check(lifetimes == replay.lifetimes.size(), "lifetimes add up");
    check(replay.letters.size() == replay.trace->events.count(), "every event has a letter");
}

void checkFindings(const Analysis& analysis) {
    std::uint64_t refusals = 0;
    for (const Finding& finding : analysis.findings.rows) {
        const auto kind = static_cast<FindingKind>(finding.kind);
        refusals += kind == FindingKind::DoubleFree || kind == FindingKind::UnknownFree
                            || kind == FindingKind::FreeAfterSweep
                        ? 1
                        : 0;
        check(finding.cluster.index() < analysis.findings.clusters.size(), "every finding is in a cluster");
    }
    check(refusals == analysis.replay.totals.unknownFrees, "a surplus is where the tracker refused it");
    const auto count = [&analysis](FindingKind kind) {
        return analysis.findings.countOf[static_cast<std::size_t>(kind)];
    };
    check(count(FindingKind::AliasedAllocation) == analysis.replay.totals.aliasedAllocations,
          "every aliased allocation is a finding");
    check(count(FindingKind::SweptLeak) == analysis.replay.totals.swept, "every swept lifetime is a finding");
}

// A guard that drops nothing changes nothing, however damaged the log is.
void checkGuards(const Analysis& analysis) {
    const Guard none{"none", "", "", [](const CallsSoFar&) { return false; }, 0};
    const auto study = replayUnderGuards(analysis, std::span(&none, 1), {});
    check(study.has_value(), "what was analysed can be replayed under a guard");
    const GuardOutcome& of = study->outcomes.front();
    check(of.left == analysis.replay.totals.unknownFrees && of.silenced == 0, "all warnings are left");
    check(of.caused + of.mergedAllocations == 0, "nothing is refused or merged that was not");
    check(of.leftLive.buffers + of.leftToSweeps.buffers == 0, "nothing is left that was freed");
    check(of.leaksHidden + of.leaksChanged == 0, "leaks are as they were");
}

void writeReports(const Analysis& analysis) {
    fuzz::NullBuffer nowhere;
    std::ostream out(&nowhere);
    ReportInput input;
    input.analysis = &analysis;
    for (const Report& report : reports()) check(report.write(input, out).has_value(), "a report can be written");
    const std::size_t most = std::min<std::size_t>(analysis.trace->addresses.size(), 4);
    for (std::size_t i = 0; i < most; ++i) {
        for (const char* const format : {"text", "json"}) {
            check(writeHistory(input, AddressId(i), format, out).has_value(), "a history can be written");
        }
    }
}

std::shared_ptr<const Trace> readWith(const std::string& path, unsigned threads) {
    ReadOptions options;
    options.threads = threads;
    const auto trace = readTrace(path, "server-log", options, {});
    return trace ? *trace : nullptr;
}

void run(std::string_view bytes) {
    const fuzz::MemoryFile file(bytes);
    const auto trace = readWith(file.path(), 1);
    if (!trace) return;
    checkTrace(*trace);
    const std::string text = test::traceText(*trace);

    server_log::Limits limits;
    limits.stretchBytes = 1 + bytes.size() % 61;
    auto input = Input::open(file.path(), {});
    check(input.has_value(), "what was read once can be read twice");
    // A copy with whole lines has other stretches, and how many repeats of lines are counted is limited by stretch.
    const auto reading = server_log::readLog(*input, {}, {});
    check(reading.has_value(), "what was read once can be read twice");
    if (!reading->isUnframed && trace->diagnostics.count(DiagnosticCode::RepeatsCut) == 0) {
        const auto inStretches = test::readInStretches(std::move(*input), limits);
        check(inStretches.has_value() && test::traceText(**inStretches) == text, "stretches do not matter");
    }

    const auto analysis = analyse(trace, {});
    check(analysis.has_value(), "what was read can be analysed");
    checkReplay((*analysis)->replay);
    checkFindings(**analysis);
    checkGuards(**analysis);
    writeReports(**analysis);

    const auto byTwo = readWith(file.path(), 2);
    check(byTwo && test::traceText(*byTwo) == text, "threads do not matter");
}

}  // namespace
}  // namespace alloclens

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alloclens::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
