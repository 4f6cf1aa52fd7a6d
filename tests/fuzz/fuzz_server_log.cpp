// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a server log: read, analysed, reported in every form, and read again in stretches of a few bytes. What
// must hold of every input is checked on the way.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "core/analysis/analysis.h"
#include "core/report/report.h"
#include "importers/importer.h"
#include "importers/server_log/part_reader.h"
#include "tests/fuzz/memory_file.h"

namespace alloclens::fuzz {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void checkTrace(const Trace& trace) {
    const LineCounts& lines = trace.lineCounts;
    require(lines.events + lines.facts + lines.foreign + lines.damaged == trace.source->lines());
    std::uint32_t previous = 0;
    for (const std::uint32_t line : trace.events.line) {
        require(line >= 1 && line >= previous && line <= trace.source->lines());
        previous = line;
    }
}

// Frees received are frees accepted and frees refused, and every refused one is exactly one finding.
void checkConservation(const Analysis& analysis) {
    const EventTotals& totals = analysis.replay.totals;
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    for (const AddressSummary& address : analysis.replay.addresses) {
        accepted += address.acceptedFrees;
        refused += address.refusedFrees;
    }
    require(accepted == totals.partialFrees + totals.finalFrees);
    require(refused == totals.unknownFrees);
    const auto count = [&analysis](FindingKind kind) {
        return analysis.findings.countOf[static_cast<std::size_t>(kind)];
    };
    require(refused
            == count(FindingKind::DoubleFree) + count(FindingKind::UnknownFree) + count(FindingKind::FreeAfterSweep));
    require(totals.aliasedAllocations == count(FindingKind::AliasedAllocation));
    require(totals.swept == count(FindingKind::SweptLeak));
}

void writeReports(const Analysis& analysis) {
    ReportInput input;
    input.analysis = &analysis;
    for (const Report& report : reports()) {
        std::ostringstream out;
        require(report.write(input, out).has_value());
    }
    if (analysis.trace->addresses.empty()) return;
    std::ostringstream out;
    require(writeHistory(input, AddressId(0U), "text", out).has_value());
    require(writeHistory(input, AddressId(0U), "json", out).has_value());
}

// The same file in stretches of a few bytes has as many events and lines as in one.
void checkStretches(const std::string& path, const Trace& whole) {
    const auto input = Input::open(path, {});
    if (!input || input->size() > 4096) return;
    server_log::Limits limits;
    limits.stretchBytes = 1 + input->size() % 61;
    std::uint64_t lines = 0;
    for (std::uint64_t begin = 0; begin < input->size(); begin += limits.stretchBytes) {
        const std::uint64_t end = std::min(begin + limits.stretchBytes, input->size());
        const auto part = server_log::readPart(*input, begin, end, limits);
        require(part.has_value());
        lines += part->trace.lines;
    }
    require(lines == whole.source->lines());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const MemoryFile file(bytes, size);
    ReadOptions options;
    options.threads = 1;
    const auto trace = readTrace(file.path(), "server-log", options, {});
    if (!trace) return 0;
    checkTrace(**trace);
    checkStretches(file.path(), **trace);
    const auto analysis = analyse(*trace, {});
    require(analysis.has_value());
    checkConservation(**analysis);
    writeReports(**analysis);
    return 0;
}

}  // namespace alloclens::fuzz
