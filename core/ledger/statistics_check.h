// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds statistics blocks to the live table: every row of every device, the number of all live buffers, that no device
// with live buffers is missing, and that no row is. Gets the facts of a log in order, each when the table has reached
// its line.
#pragma once

#include <set>

#include "core/ledger/live_table.h"

namespace alloclens {

class StatisticsCheck {
public:
    StatisticsCheck(const Replay& replay, const LiveTable& table, CheckList& checks);

    void take(const PrintedFact& fact);
    [[nodiscard]] std::uint64_t blocks() const { return m_blocks; }

private:
    using Rows = std::uint8_t;  ///< a bit each: buffers, DRAM, L1, total

    void begin(const PrintedFact& fact);
    void end(const PrintedFact& fact);
    void beginDevice(const PrintedFact& fact);
    void endDevice(std::uint32_t line);
    void addRow(Rows row, const PrintedFact& fact);
    void checkBuffers(const PrintedFact& fact);
    void checkBytes(const PrintedFact& fact);

    const Replay& m_replay;
    const LiveTable& m_table;
    CheckList& m_checks;
    Rows m_usualRows = 0;  ///< that any device of the log has
    /// Servers count devices up to a limit, and some print lines of others all the same.
    std::int32_t m_lastDevice = 7;
    bool m_isOpen = false;
    bool m_hasDevice = false;
    std::int32_t m_device = kNoDevice;
    Rows m_rows = 0;
    std::set<std::int32_t> m_seen;  ///< devices of the open block
    std::uint64_t m_blocks = 0;
};

}  // namespace alloclens
