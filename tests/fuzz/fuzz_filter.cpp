// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text as a filter: parsed, applied to a small log, completed at every place. An error lies within the text and
// says something; a result has a flag for every row and counts them right.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "importers/importer.h"
#include "tests/fuzz/memory_file.h"

namespace alloclens {
namespace {

using fuzz::check;

constexpr std::string_view kLog =
    "[PID 100] Allocated 2048 bytes of L1 on device 0 (buffer_id=1000)\n"
    "[PID 100] Freed buffer 1000 on device 0 (2048 bytes, FINAL)\n"
    "[PID 200] Deallocation for unknown buffer 1000 on device 0 (allocated before tracking started)\n"
    "[PID 300] Allocated 1048576 bytes of DRAM on device 1 (buffer_id=2000)\n"
    "[PID 400] Allocated 1048576 bytes of TRACE on device 1 (buffer_id=2000, ref_count=2)\n"
    "[PID 300] Freed buffer 2000 on device 1 (1048576 bytes, ref_count=1 remaining)\n"
    "a foreign line, Final words\n"
    "[PID 500] Allocated 512 bytes of L1_SMALL on device 2 (buffer_id=0x3000)\n"
    "   PID 500 is dead, removing its buffers...\n"
    "   Removed 1 buffers (0.000488281 MB) from PID 500\n"
    "[PID 600] Deallocation for unknown buffer 0x3000 on device 2 (allocated before tracking started)\n"
    "⚠ Warning: Deallocation for unknown buffer 4000\n";

const Analysis& fixedAnalysis() {
    static const fuzz::MemoryFile file(kLog);
    static const auto analysis = [] {
        const auto trace = readTrace(file.path(), "server-log", {}, {});
        check(trace.has_value(), "the log can be read");
        const auto done = analyse(*trace, {});
        check(done.has_value(), "the log can be analysed");
        return *done;
    }();
    return *analysis;
}

void checkFlags(const RowFlags& flags, std::size_t rows, std::uint64_t count) {
    check(flags.size() == rows, "there is a flag for every row");
    std::uint64_t set = 0;
    for (std::size_t row = 0; row < rows; ++row) set += flags[row] ? 1 : 0;
    check(set == count, "flags are counted right, and none is set behind the last row");
}

void applyTo(const Analysis& analysis, const Filter& filter) {
    const auto result = applyFilter(analysis, filter, {});
    // A source without senders or times has no such terms.
    if (!result && result.error().kind == ErrorKind::Usage) return;
    check(result.has_value(), "a filter that parses can be applied");
    checkFlags(result->events, analysis.trace->events.count(), result->eventCount);
    checkFlags(result->addresses, analysis.trace->addresses.size(), result->addressCount);
    checkFlags(result->lifetimes, analysis.replay.lifetimes.size(), result->lifetimeCount);
    checkFlags(result->findings, analysis.findings.rows.size(), result->findingCount);
    if (filter.isEmpty()) check(result->eventCount == result->events.size(), "an empty filter shows everything");
}

void complete(std::string_view text, const Analysis& analysis) {
    constexpr std::size_t kMostPlaces = 64;
    const std::size_t step = 1 + text.size() / kMostPlaces;
    for (std::size_t cursor = 0; cursor <= text.size(); cursor += step) {
        for (const Analysis* known : {&analysis, static_cast<const Analysis*>(nullptr)}) {
            const FilterCompletion completion = completeFilter(text, cursor, known);
            check(completion.wordStart <= completion.wordEnd && completion.wordEnd <= text.size(),
                  "a word is in the text");
            for (const std::string& candidate : completion.candidates)
                check(!candidate.empty(), "candidates say something");
        }
    }
}

void run(std::string_view text) {
    const Analysis& analysis = fixedAnalysis();
    FilterError error;
    const auto filter = Filter::parse(text, error);
    const auto forCommandLine = Filter::parse(text);
    check(filter.has_value() == forCommandLine.has_value(), "both ways of parsing agree");
    if (filter) {
        applyTo(analysis, *filter);
        check(Filter::parse(filter->text()).has_value(), "the text of a filter parses again");
    } else {
        check(error.column <= text.size(), "an error lies in the text");
        check(error.length >= 1, "an error has a length");
        check(!error.message.empty(), "an error says something");
        check(!forCommandLine.error().sentence().empty(), "an error says something on a command line");
    }
    complete(text, analysis);
}

}  // namespace
}  // namespace alloclens

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alloclens::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
