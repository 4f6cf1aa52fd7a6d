// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holds REMAINING dumps to the live table: the total at both ends, buffers and MB of each device and memory, and each
// listed buffer. Buffers are listed where a memory of a device has ten or fewer: then all must be there, and each once.
// Gets the facts of a log in order, each when the table has reached its line.
#pragma once

#include <optional>
#include <vector>

#include "core/ledger/live_table.h"

namespace alloclens {

class RemainingCheck {
public:
    RemainingCheck(const Replay& replay, const LiveTable& table, CheckList& checks)
        : m_replay(replay), m_table(table), m_checks(checks) {}

    void take(const PrintedFact& fact);
    [[nodiscard]] std::uint64_t dumps() const { return m_dumps; }

private:
    struct Group {
        std::int32_t device = kNoDevice;
        Memory memory = Memory::Unknown;
        std::uint64_t buffers = 0;
        std::uint64_t listed = 0;
        std::vector<std::uint64_t> addresses;  ///< the first of the listed
    };

    void begin(const PrintedFact& fact);
    void takeTotal(const PrintedFact& fact);
    void end(const PrintedFact& fact);
    void beginGroup(const PrintedFact& fact);
    void endGroup(std::uint32_t line);
    void checkEntry(const PrintedFact& fact);
    void checkEntryNumbers(const PrintedFact& fact, const LiveTable::Entry& entry);

    const Replay& m_replay;
    const LiveTable& m_table;
    CheckList& m_checks;
    bool m_isOpen = false;
    bool m_hasRows = false;
    bool m_isHeading = false;              ///< the last row was a device's heading
    std::optional<std::uint64_t> m_total;  ///< as the dump's first line has it
    std::uint64_t m_grouped = 0;           ///< buffers of the groups so far
    std::optional<Group> m_group;
    std::uint64_t m_dumps = 0;
};

}  // namespace alloclens
