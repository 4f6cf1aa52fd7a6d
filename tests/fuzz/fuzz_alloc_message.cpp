// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes as a capture of messages: framed in pieces of any size and with a client that waits in between, read,
// analysed, reported. Records lie in the capture and do not overlap, every byte is a record's or skipped, memory for
// what is undecided is bounded, and the verdicts contradict no rule of the replay.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/report/report.h"
#include "core/trace/attribute_text.h"
#include "importers/alloc_message/framer.h"
#include "importers/importer.h"
#include "tests/fuzz/memory_file.h"
#include "tests/unit/support/describe.h"

namespace alloclens {
namespace {

using alloc_message::Framer;
using alloc_message::Record;
using fuzz::check;

/// Frames `bytes` in pieces; `settles` after each of them.
void frame(std::string_view bytes, std::size_t piece, bool settles) {
    Framer framer;
    std::uint64_t covered = 0;
    std::uint64_t end = 0;
    const auto fetch = [&] {
        for (Record record; framer.next(record);) {
            check(record.offset >= end && record.offset + record.size <= bytes.size(), "records lie behind each other");
            check(bytes.compare(record.offset, record.size, framer.recordBytes(), record.size) == 0,
                  "bytes are theirs");
            end = record.offset + record.size;
            covered += record.size;
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        const std::string_view part = bytes.substr(at, piece);
        framer.feed(part.data(), part.size());
        fetch();
        if (settles) framer.settle();
        fetch();
    }
    framer.finish();
    fetch();
    std::uint64_t skipped = 0;
    std::uint64_t skipEnd = 0;
    for (const Framer::Skip& skip : framer.takeSkips()) {
        check(skip.offset >= skipEnd, "skipped stretches are in order");
        skipEnd = skip.offset + skip.bytes;
        skipped += skip.bytes;
    }
    check(skipEnd <= bytes.size(), "skipped stretches lie in the capture");
    check(skipped >= framer.skippedBytes(), "skipped bytes are counted");
    check(covered + framer.skippedBytes() <= bytes.size(), "no byte counts twice");
}

void checkTrace(const Trace& trace) {
    const LineCounts& lines = trace.lineCounts;
    check(lines.events + lines.facts == trace.source->lines(), "every record is counted");
    check(std::is_sorted(trace.events.line.begin(), trace.events.line.end()), "events come in the order of records");
    for (const PrintedFact& fact : trace.facts) check(fact.line <= trace.source->lines(), "lines of facts exist");
    for (const Diagnostic& diagnostic : trace.diagnostics.kept())
        check(diagnostic.line <= trace.source->lines(), "lines of diagnostics exist");
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        for (std::size_t k = 0; k < kAttributeCount; ++k) {
            const bool isGiven = trace.events.attributes.of(attributeAt(k), i) != 0;
            check(isGiven == !attributeLines(trace, attributeAt(k), EventId(i)).empty(), "values of attributes exist");
        }
    }
    const auto texts = trace.source->linesText(1, trace.source->lines());
    check(texts.has_value() && texts->size() == trace.source->lines(), "every record has a line");
    for (const std::string& text : *texts)
        check(!text.empty() && text.back() != ' ', "lines are shown without filling");
}

void run(std::string_view bytes) {
    for (const std::size_t piece : {std::size_t{1} + bytes.size() % 61, std::size_t{1} << 20}) {
        frame(bytes, piece, false);
        frame(bytes, piece, true);
    }
    const fuzz::MemoryFile file(bytes);
    for (const bool isEnhanced : {false, true}) {
        ReadOptions options;
        options.rules.keepsLastSize = isEnhanced;
        const auto trace = readTrace(file.path(), "alloc-message", options, {});
        if (!trace) return;
        checkTrace(**trace);
        const auto analysis = analyse(*trace, {});
        check(analysis.has_value(), "what was read can be analysed");
        const auto divergences = static_cast<std::size_t>(FindingKind::ReplayDivergence);
        check((*analysis)->findings.countOf[divergences] == 0, "verdicts contradict no rule");
        fuzz::NullBuffer nowhere;
        std::ostream out(&nowhere);
        ReportInput input;
        input.analysis = analysis->get();
        for (const Report& report : reports()) check(report.write(input, out).has_value(), "a report can be written");
    }
}

}  // namespace
}  // namespace alloclens

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alloclens::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
