// SPDX-License-Identifier: GPL-3.0-or-later
//
// Notices of whoever collects a log (journald, rsyslog, CI services, log viewers) that lines are missing from it:
// dropped by a rate limit, cut by a size limit, left out to save room. Such a notice is a fact about the log. A program
// that says the same of its own queues is not a collector, so a notice counts only if the line names a collector or a
// limit of the log, or if nothing but the notice is on it, set off by brackets or dashes.
#pragma once

#include <optional>
#include <string_view>

#include "core/trace/printed_facts.h"

namespace alloclens::server_log {

/// Gives FactKind::LinesMissing with the number of lines, 0 where none is printed; or nothing.
[[nodiscard]] std::optional<PrintedFact> matchMissingLines(std::string_view text);

/// A text without any of these words is no such notice.
inline constexpr std::string_view kMissingLinesWords[] = {
    "essages", " lines", "runcated", "xceeded", "entries", " records", "ipping ", "turned over", "no more output"};

}  // namespace alloclens::server_log
