// SPDX-License-Identifier: GPL-3.0-or-later
//
// The filter language, the same in the window and on the command line:
//
//     device:4 address:0x296dd000..0x29700000 memory:L1 pid:1234 size:>1MiB kind:double-free,leak cause:stale-owner
//     line:14000..16000 lifecycle:/AFU/ text:"..." -device:0
//
// Terms combine with and, commas inside a term with or, a leading '-' negates. A filter decides what is shown, never
// what is found: findings are made before and without it.
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

/// Why a text is no filter. `column` is the 0-based byte offset of the offending part, `length` its bytes (at least 1).
struct FilterError {
    std::size_t column = 0;
    std::size_t length = 1;
    std::string message;     ///< what is wrong: "'purple' is no memory"
    std::string expected;    ///< what would be right: "DRAM, L1, L1_SMALL, SYSTEM_MEMORY, TRACE or unknown"
    std::string suggestion;  ///< what was probably meant in place of the offending part, or empty

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

    /// Parses `text`; on failure gives none and fills `error`.
    [[nodiscard]] static std::optional<Filter> parse(std::string_view text, FilterError& error);
    /// The same for a command line: the error shows the text with a caret under the column.
    [[nodiscard]] static Result<Filter> parse(std::string_view text);
    /// An error in a filter's text as the one for a command line.
    [[nodiscard]] static Error errorIn(std::string_view text, const FilterError& error);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::vector<query::Term>& terms() const { return m_terms; }

private:
    std::string m_text;
    std::vector<query::Term> m_terms;
};

/// What passes a filter, one flag a row of each table. An empty filter gives all true.
struct FilterResult {
    RowFlags events;               ///< by EventId
    RowFlags addresses;            ///< by AddressId
    RowFlags lifetimes;            ///< by LifetimeId
    RowFlags findings;             ///< by FindingId
    std::uint64_t eventCount = 0;  ///< how many are set in each
    std::uint64_t addressCount = 0;
    std::uint64_t lifetimeCount = 0;
    std::uint64_t findingCount = 0;
};

/// What is wrong where a term asks for what this trace's source never tells: its time, or who sent a message.
[[nodiscard]] std::optional<FilterError> unanswerableTerm(const Filter& filter, const Trace& trace);

/// Evaluates a filter over every table. A term asks of a row: does any of its events, sizes, processes, lines, kinds
/// ... match; a negated term asks that none does. Which values a row of each table has: docs/filter.md, "What a term
/// asks". Linear in the rows; text: terms read, once, the lines of the rows that the other terms leave. Errors: a term
/// is unanswerable, the source cannot be read (text: terms only), cancelled.
[[nodiscard]] Result<FilterResult> applyFilter(const Analysis& analysis, const Filter& filter, const TaskContext& task);

/// What may stand at `cursor` in `text`: whole replacements of the word under the cursor, such as "device:" or
/// "memory:L1_SMALL", with values from the analysis where there is one. The word is [wordStart, wordEnd), in bytes.
struct FilterCompletion {
    std::size_t wordStart = 0;
    std::size_t wordEnd = 0;
    std::vector<std::string> candidates;
};
[[nodiscard]] FilterCompletion completeFilter(std::string_view text, std::size_t cursor, const Analysis* analysis);

}  // namespace alloclens
