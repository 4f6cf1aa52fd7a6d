// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reports that both programs can write. A report formats an analysis, and what a filter left of it, and computes
// nothing new. The window's export and the command line call the same functions, so their files are equal byte for
// byte.
#pragma once

#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/triage/triage.h"

namespace alloclens {

struct ReportInput {
    const Analysis* analysis = nullptr;
    const FilterResult* filter = nullptr;  ///< null: all rows pass
    const Triage* triage = nullptr;        ///< findings only; null: all findings are news
    bool colour = false;                   ///< text reports may use terminal colours
    std::size_t limit = 0;                 ///< at most so many rows; 0 means all
    std::string sortColumn;                ///< addresses only; empty sorts by key
    std::string filterText;                ///< as typed, for reports that say which filter made them
};

struct Report {
    std::string_view subject;  ///< "summary", "findings", "events", "addresses", "formats" ...
    std::string_view format;   ///< "text", "json", "csv"
    Result<void> (*write)(const ReportInput& input, std::ostream& out);
};

/// All reports, one row for each subject and format.
[[nodiscard]] std::span<const Report> reports();
[[nodiscard]] const Report* findReport(std::string_view subject, std::string_view format);

/// Writes the history of one address, for `history` and the inspector. `format` is "json"; any other writes text.
/// Requires: `address` is valid. Errors: a line cannot be read.
[[nodiscard]] Result<void> writeHistory(const ReportInput& input, AddressId address, std::string_view format,
                                        std::ostream& out);

/// Write every event with all its columns, as CSV rows or as one JSON object a line. Values that the trace lacks are
/// empty or null. Errors: cancelled. The caller checks whether `out` took everything.
[[nodiscard]] Result<void> writeTraceCsv(const Trace& trace, const TaskContext& task, std::ostream& out);
[[nodiscard]] Result<void> writeTraceJsonLines(const Trace& trace, const TaskContext& task, std::ostream& out);

}  // namespace alloclens
