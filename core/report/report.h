// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reports that both programs can write. A report reads an analysis and what a filter lets through, and writes text
// to a stream; it never computes what is true. The window's export and the command line call the same function, so
// their files are the same byte for byte.
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
    const FilterResult* filter = nullptr;  ///< null: everything passes
    const Triage* triage = nullptr;        ///< findings only; null: all of them are news
    bool colour = false;                   ///< text reports may use terminal colours
    std::size_t limit = 0;                 ///< at most so many rows where the report has rows; 0 is all
    std::string sortColumn;                ///< addresses only; empty is by key
    std::string filterText;                ///< as it was typed, for reports that say what made them
};

struct Report {
    std::string_view subject;  ///< "summary", "findings", "events", "addresses", "formats" ...
    std::string_view format;   ///< "text", "json", "csv"
    Result<void> (*write)(const ReportInput& input, std::ostream& out);
};

/// Every report there is. One row a file in core/report.
[[nodiscard]] std::span<const Report> reports();
[[nodiscard]] const Report* findReport(std::string_view subject, std::string_view format);

/// What happened at one address, for `history` and for the inspector.
[[nodiscard]] Result<void> writeHistory(const ReportInput& input, AddressId address, std::string_view format,
                                        std::ostream& out);

/// Every event of a trace with all its columns, a row each, as CSV or as one JSON object a line; what the trace does
/// not say is empty, or null. Errors: cancelled. Whether `out` took it is for the caller to see.
[[nodiscard]] Result<void> writeTraceCsv(const Trace& trace, const TaskContext& task, std::ostream& out);
[[nodiscard]] Result<void> writeTraceJsonLines(const Trace& trace, const TaskContext& task, std::ostream& out);

}  // namespace alloclens
