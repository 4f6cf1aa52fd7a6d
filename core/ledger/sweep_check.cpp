// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/sweep_check.h"

#include <fmt/format.h>

#include "core/ledger/printed_number.h"

namespace alloclens {

//    PID 20095 is dead, removing its buffers...
//    ✓ Removed 246 buffers (494.428 MB) from PID 20095
void SweepCheck::take(const PrintedFact& fact) {
    if (fact.kind == FactKind::SweepRemoved) return takeRemoved(fact);
    const bool isInBetween = fact.kind == FactKind::Banner || fact.kind == FactKind::InvalidMessage;
    if (m_isAnnounced && !isInBetween) {
        m_checks.fail(CheckKind::SweepAnnounced, fact.line, fmt::format("result of the sweep of process {}", m_pid),
                      "1", "0");
        m_isAnnounced = false;
    }
    if (fact.kind != FactKind::SweepAnnounced) return;
    m_isAnnounced = true;
    m_pid = fact.pid;
}

void SweepCheck::takeRemoved(const PrintedFact& fact) {
    m_checks.hold(
        CheckKind::SweepAnnounced, m_isAnnounced && m_pid == fact.pid, fact.line,
        [&] { return fmt::format("announcement of the sweep of process {}", fact.pid); }, 1, 0);
    m_isAnnounced = false;
    const LiveTable::Sweep& sweep = m_table.lastSweep();
    if (!sweep.isKnown || sweep.entries != fact.count) return;  // then the entries have failed
    const double expected = static_cast<double>(sweep.bytes) / kBytesPerMb;
    if (areSixDigitsEqual(expected, fact.amount)) {
        m_checks.pass(CheckKind::SweepBytes);
    } else {
        m_checks.fail(CheckKind::SweepBytes, fact.line, fmt::format("MB of the sweep of process {}", fact.pid),
                      sixDigits(expected), sixDigits(fact.amount));
    }
}

//    Device 0: Wormhole_B0 (12GB DRAM, 102MB L1)
//    Total: 8 PCIe device(s) detected
void DetectionCheck::take(const PrintedFact& fact) {
    if (fact.kind == FactKind::DeviceDetected) ++m_listed;
    if (fact.kind == FactKind::DevicesDetected) {
        m_checks.equal(
            CheckKind::DevicesDetected, fact.line, [] { return std::string("devices listed at the start"); }, m_listed,
            fact.count);
        m_listed = 0;
    }
    if (fact.kind == FactKind::ServerStarted) m_listed = 0;
}

}  // namespace alloclens
