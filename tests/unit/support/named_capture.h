// SPDX-License-Identifier: GPL-3.0-or-later
//
// Captures of the largest records, whose messages have names and stacks, and the trace that is read of one.
#pragma once

#include <string>
#include <string_view>

#include "tests/unit/support/message_stream.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens::test {

inline std::string named(const SentMessage& message, std::string_view name, std::string_view stack) {
    std::string record = packed(message, 648);
    record.replace(72, name.size(), name);
    record.replace(136, stack.size(), stack);
    return record;
}

/// A double free by another function than the first free, and a buffer that is not freed.
inline std::string namedDoubleFree() {
    return named(allocation(4, 4096, 2048, 7), "layer 1, weights",
                 "#0 allocate() at buffer.cpp:11\n#1 forward() at model.cpp:5\n")
           + named(allocation(4, 8192, 512, 7), "bias", "lib.so(allocate+0x12) [0x7f00]\n")
           + named(release(4, 4096, 7), "", "#0 release() at buffer.cpp:40\n#1 forward() at model.cpp:5\n")
           + named(release(4, 4096, 8), "", "  File \"cleanup.py\", line 9, in finish\n");
}

inline std::shared_ptr<const Trace> readCapture(std::string_view bytes) {
    const TemporaryFile file(bytes);
    auto trace = readTrace(file.path(), "alloc-message", {}, {});
    if (!trace) stop(trace.error().sentence());
    return *trace;
}

}  // namespace alloclens::test
