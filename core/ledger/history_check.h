// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds what the enhanced server remembers to the events: the two counts and the latest five events of a refused free,
// those of a buffer that a dump lists, notices of another size, and the DOUBLE-FREED report. Histories name the sender
// of a free, which a log does not tell, so that one number is not compared. Gets the facts of a log in order, each
// when the table has reached its line.
#pragma once

#include <optional>
#include <vector>

#include "core/ledger/live_table.h"

namespace alloclens {

class HistoryCheck {
public:
    HistoryCheck(const Replay& replay, LiveTable& table, CheckList& checks);

    void take(const PrintedFact& fact);
    /// Nothing follows. What is cut off at the end of a log is no failure, but for a report that came to no end.
    void finish();

private:
    struct PastEvent {
        EventId event;
        HistoryWord word;
    };
    /// A history that is being printed: the events that should come, the next one last.
    struct Expected {
        std::uint32_t line = 0;  ///< of its last line so far
        std::string buffer;
        std::vector<PastEvent> events;
        std::size_t listed = 0;
        std::size_t length = 0;
    };

    void takeRefusal(const PrintedFact& fact);
    void takeEntry(const PrintedFact& fact);
    void takeTotals(CheckKind kind, const PrintedFact& fact);
    void checkAwaited(const PrintedFact& fact);
    void takeLine(const PrintedFact& fact);
    void takeSizeChange(const PrintedFact& fact);
    void beginReport();
    void takeReported(const PrintedFact& fact);
    void endReport();
    void expect(AddressId key, const PrintedFact& fact, std::size_t most, bool isNewestFirst, bool isWithoutLast);
    void endHistory();
    [[nodiscard]] std::string bufferText(const PrintedFact& fact) const;
    [[nodiscard]] std::string eventText(const PastEvent& past) const;

    const Replay& m_replay;
    LiveTable& m_table;
    CheckList& m_checks;
    std::optional<Expected> m_history;
    AddressId m_key;                    ///< that the last entry of a dump or report named
    PrintedFact m_entry;                ///< the entry
    bool m_hasListedHistories = false;  ///< the log's dumps give one below each listed buffer
    bool m_isAwaited = false;           ///< a buffer was listed whose history comes next
    bool m_isReport = false;
    std::uint32_t m_lastLine = 0;  ///< that any fact stood on
    std::uint64_t m_reported = 0;
};

}  // namespace alloclens
