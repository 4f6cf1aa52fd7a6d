// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter language, the same in the window and on the command line:
//
//     device:4 address:0x296dd000..0x29700000 memory:L1 pid:1234 size:>1MiB kind:double-free,leak cause:stale-owner
//     line:14000..16000 lifecycle:/AFU/ text:"..." -device:0
//
// A space between terms means and, a comma between values means or, a leading '-' negates. A filter decides what is
// shown, never what is found: findings are made without it. Immutable once parsed; any number of threads may use one.
//
//     device:4 kind:leak         the leaks of device 4
//     memory:L1,TRACE -device:0  what is in L1 or TRACE, except on device 0
//     double free                events whose line contains both words
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/base/result.h"
#include "core/base/row_flags.h"
#include "core/base/task.h"

namespace alloclens {

namespace query {
struct Term;
}

/// Why a text is not a filter. `column` is the byte offset of the wrong part from 0, `length` its bytes (at least 1).
struct FilterError {
    std::size_t column = 0;
    std::size_t length = 1;
    std::string message;     ///< what is wrong: "'purple' is no memory"
    std::string expected;    ///< what is allowed: "DRAM, L1, L1_SMALL, SYSTEM_MEMORY, TRACE or unknown"
    std::string suggestion;  ///< what to write instead of the wrong part, or empty

    /// "Did you mean L1_SMALL? Expected: DRAM, L1 ..."
    [[nodiscard]] std::string advice() const;
};

class Filter {
public:
    Filter();  ///< the empty filter, which shows everything
    ~Filter();
    Filter(const Filter&);
    Filter(Filter&&) noexcept;
    Filter& operator=(const Filter&);
    Filter& operator=(Filter&&) noexcept;

    /// Parses `text`: "device:4 pid:7" -> two terms, "" -> the empty filter. Returns none and fills `error` on failure.
    [[nodiscard]] static std::optional<Filter> parse(std::string_view text, FilterError& error);
    /// The same for a command line: the error shows the text, and a caret under the column.
    [[nodiscard]] static Result<Filter> parse(std::string_view text);
    /// Turns an error in a filter's text into the one for a command line.
    [[nodiscard]] static Error errorIn(std::string_view text, const FilterError& error);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::vector<query::Term>& terms() const { return m_terms; }

private:
    std::string m_text;
    std::vector<query::Term> m_terms;
};

/// The rows that pass a filter, one flag for each row of a table. An empty filter passes all.
struct FilterResult {
    RowFlags events;               ///< by EventId
    RowFlags addresses;            ///< by AddressId
    RowFlags lifetimes;            ///< by LifetimeId
    RowFlags findings;             ///< by FindingId
    std::uint64_t eventCount = 0;  ///< flags that are set in each table
    std::uint64_t addressCount = 0;
    std::uint64_t lifetimeCount = 0;
    std::uint64_t findingCount = 0;
};

/// The error of the first term that this source cannot answer, because it has no times or no senders. None if it can
/// answer all.
[[nodiscard]] std::optional<FilterError> unanswerableTerm(const Filter& filter, const Trace& trace);

/// Evaluates a filter on every table. A row passes a term if any of its events, sizes, processes, lines or kinds
/// matches; it passes a negated term if none does. docs/filter.md lists the values of each table's rows ("What a term
/// asks"). Linear in the rows. Terms with text: read the lines of the rows that the other terms leave, once. Errors: a
/// term cannot be answered; the source cannot be read (text: only); cancelled.
[[nodiscard]] Result<FilterResult> applyFilter(const Analysis& analysis, const Filter& filter, const TaskContext& task);

/// What may be written at byte `cursor` of `text`: replacements for the whole word there, which is [wordStart, wordEnd)
/// in bytes. "memory:L1" offers "memory:L1" and "memory:L1_SMALL". Values come from the analysis if there is one.
struct FilterCompletion {
    std::size_t wordStart = 0;
    std::size_t wordEnd = 0;
    std::vector<std::string> candidates;
};
[[nodiscard]] FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const Analysis* analysis);

}  // namespace alloclens
