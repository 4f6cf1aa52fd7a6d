// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text as a filter: parsed, evaluated over a small analysis, and completed at every place. A text that parses must
// parse to the same again, and an error must point into the text.
#include <cstdlib>
#include <string>

#include "core/query/filter.h"
#include "importers/importer.h"
#include "tests/fuzz/memory_file.h"

namespace alloclens::fuzz {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::shared_ptr<const Analysis> smallAnalysis() {
    static constexpr std::string_view kLog =
        "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n"
        "[PID 7] Allocated 1024 bytes of DRAM on device 1 (buffer_id=0x2000)\n"
        "[PID 8] Allocated 1024 bytes of DRAM on device 1 (buffer_id=8192, ref_count=2)\n"
        "[PID 7] Freed buffer 4096 on device 0 (512 bytes, FINAL)\n"
        "[PID 7] Deallocation for unknown buffer 4096 on device 0 (allocated before tracking started)\n"
        "   Removed 1 buffers (0.0009 MB) from PID 7\n"
        "[PID 9] Deallocation for unknown buffer 8192 on device 1 (allocated before tracking started)\n"
        "[PID 9] Deallocation for unknown buffer 77 on device 3 (allocated before tracking started)\n"
        "another program's line\n";
    static const MemoryFile file(reinterpret_cast<const std::uint8_t*>(kLog.data()), kLog.size());
    const auto trace = readTrace(file.path(), "server-log", {}, {});
    require(trace.has_value());
    const auto analysis = analyse(*trace, {});
    require(analysis.has_value());
    return *analysis;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const auto analysis = smallAnalysis();
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    FilterError error;
    if (const auto filter = Filter::parse(text, error)) {
        const auto result = applyFilter(*analysis, *filter, {});
        require(result.has_value());
        require(result->events.size() == analysis->trace->events.count());
        FilterError again;
        require(Filter::parse(filter->text(), again).has_value());
    } else {
        require(error.column <= text.size());
        require(error.length >= 1);
        require(!error.message.empty());
    }
    for (const std::size_t cursor : {std::size_t{0}, size / 2, size}) {
        const FilterCompletion completion = completeFilter(text, cursor, analysis.get());
        require(completion.wordStart <= text.size());
    }
    return 0;
}

}  // namespace alloclens::fuzz
