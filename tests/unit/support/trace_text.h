// SPDX-License-Identifier: GPL-3.0-or-later
//
// What most tests of logs begin with: reading a log's text, describing what came of it, and finding a key in it.
#pragma once

#include <string>
#include <string_view>

#include "tests/unit/support/describe.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {

/// The key's row; fails the test where the trace has none.
[[nodiscard]] inline AddressId keyOf(const Analysis& analysis, std::int32_t device, std::uint64_t address) {
    const AddressId id = analysis.trace->findAddress({device, address});
    if (!id.isValid()) stop(fmt::format("no address {} on device {}", address, device));
    return id;
}

/// The letters of a key's life.
[[nodiscard]] inline std::string lifecycle(const Analysis& analysis, std::int32_t device, std::uint64_t address) {
    return analysis.replay.lifecycle(keyOf(analysis, device, address));
}

/// Reads a log's text with that many threads; stops the program where it cannot be read.
[[nodiscard]] inline std::shared_ptr<const Trace> readLog(std::string_view log, unsigned threads = 0) {
    const TemporaryFile file(log);
    ReadOptions options;
    options.threads = threads;
    auto trace = readTrace(file.path(), {}, options, {});
    if (!trace) stop(trace.error().sentence());
    return *trace;
}

}  // namespace alloclens::test
