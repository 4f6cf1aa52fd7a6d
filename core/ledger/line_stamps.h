// SPDX-License-Identifier: GPL-3.0-or-later
//
// The times that a collector puts before the lines of a log: ISO 8601, syslog's "Feb 26 21:56:10", seconds since 1970,
// "[21:56:10]". The server prints none itself, and events get none from here; stamps only show whether the lines are in
// the order of time. They are taken from event lines alone, as other programs print times of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/trace/trace.h"

namespace alloclens {

/// The first stamp within the first hundred bytes of a line, in nanoseconds from an origin that its form decides. A
/// time of day without a date gives one within a day.
[[nodiscard]] std::optional<std::int64_t> lineStamp(std::string_view line);

struct StampedLine {
    std::uint32_t line = 0;
    std::int64_t stamp = 0;
};

/// The stamps of event lines, in the order of the lines: of all lines of a small log, of blocks of lines spread over a
/// large one. Empty where lines have none. Reads some megabytes of text at most.
[[nodiscard]] std::vector<StampedLine> stampsOf(const Trace& trace);

}  // namespace alloclens
