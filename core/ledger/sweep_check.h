// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two small holds: that every announced sweep has its result and every result its announcement, with the MB that the
// removed entries had; and that as many devices are listed at the server's start as it counts. Both get the facts of a
// log in order.
#pragma once

#include "core/ledger/live_table.h"

namespace alloclens {

class SweepCheck {
public:
    SweepCheck(const LiveTable& table, CheckList& checks) : m_table(table), m_checks(checks) {}
    void take(const PrintedFact& fact);

private:
    void takeRemoved(const PrintedFact& fact);

    const LiveTable& m_table;
    CheckList& m_checks;
    bool m_isAnnounced = false;
    std::int32_t m_pid = kNoPid;
};

class DetectionCheck {
public:
    explicit DetectionCheck(CheckList& checks) : m_checks(checks) {}
    void take(const PrintedFact& fact);

private:
    CheckList& m_checks;
    std::uint64_t m_listed = 0;
};

}  // namespace alloclens
