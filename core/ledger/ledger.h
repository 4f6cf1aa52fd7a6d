// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sums that prove the reading of a log: every line accounted for, the conservation law of every address, and the
// replay held against every number that the log prints of itself (docs/ledger.md). From what holds and what does not
// follows how far the log can be trusted, and where it first departs. Made from a replay in linear time, the same
// for any number of threads; immutable.
#pragma once

#include "core/ledger/check.h"
#include "core/ledger/trust.h"
#include "core/replay/replay.h"

namespace alloclens {

enum class LedgerGrade : std::uint8_t {
    Proven,         ///< every number holds, and sums of the log stand behind its events
    Consistent,     ///< nothing contradicts, but there is little to hold the events against
    Gaps,           ///< lines are missing or unreadable; that explains all that does not hold
    Contradictory,  ///< numbers are false, or more is missing than one line at a time
};
/// "proven", "consistent", "gaps", "contradictory".
[[nodiscard]] std::string_view gradeName(LedgerGrade grade);
/// One sentence for a person.
[[nodiscard]] std::string_view gradeMeaning(LedgerGrade grade);

struct Ledger {
    struct Divergence {
        std::uint32_t line = 0;  ///< 0: the log as a whole
        std::string what;
    };

    LedgerGrade grade = LedgerGrade::Consistent;
    LineCounts lines;
    std::uint64_t totalLines = 0;
    std::array<std::uint64_t, kCheckKindCount> passed{};
    std::array<std::uint64_t, kCheckKindCount> failed{};
    std::vector<FailedCheck> failures;  ///< in the order of lines; the first of each kind
    std::optional<Divergence> firstDivergence;
    std::uint64_t damaged = 0;            ///< places of the file that could not be read
    std::vector<std::uint32_t> gapLines;  ///< lines at or before which something is missing, each once; the first ones
    std::uint64_t sums = 0;               ///< statistics blocks and REMAINING dumps
    std::uint32_t lastSumLine = 0;        ///< the last of them, or 0
    std::uint64_t events = 0;
    std::uint64_t eventsBehindLastSum = 0;  ///< held line by line only
    Diagnostics doubts;  ///< what shows that the log is not whole or not in order, beside the trace's own diagnostics
    Trust trust;         ///< what follows from all of it

    [[nodiscard]] std::uint64_t allPassed() const;
    [[nodiscard]] std::uint64_t allFailed() const;
};

/// Errors: cancelled.
[[nodiscard]] Result<Ledger> makeLedger(const Replay& replay, const TaskContext& task);

}  // namespace alloclens
