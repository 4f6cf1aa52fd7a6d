// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/statistics_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/base/units.h"
#include "core/ledger/printed_number.h"
#include "core/tracker/server_limits.h"

namespace alloclens {
namespace {

std::uint8_t rowOf(const PrintedFact& fact) {
    if (fact.kind == FactKind::StatisticsBuffers) return 1;
    if (fact.memory == Memory::Dram) return 2;
    return fact.memory == Memory::L1 ? 4 : 8;
}

bool isRow(const PrintedFact& fact) {
    return fact.kind == FactKind::StatisticsBuffers || fact.kind == FactKind::StatisticsBytes;
}

}  // namespace

StatisticsCheck::StatisticsCheck(const Replay& replay, const LiveTable& table, CheckList& checks)
    : m_replay(replay), m_table(table), m_checks(checks) {
    bool isInBlock = false;
    for (const PrintedFact& fact : replay.trace->facts) {
        if (fact.kind == FactKind::StatisticsBegin) isInBlock = true;
        if (fact.kind == FactKind::ActiveAllocations) isInBlock = false;
        if (!isInBlock || !isRow(fact)) continue;
        m_usualRows |= rowOf(fact);
        if (fact.device < kMostDevices) m_lastDevice = std::max(m_lastDevice, fact.device);
    }
}

void StatisticsCheck::take(const PrintedFact& fact) {
    switch (fact.kind) {
    case FactKind::StatisticsBegin: return begin(fact);
    case FactKind::ActiveAllocations: return end(fact);
    case FactKind::DeviceHeading:
        if (m_isOpen) beginDevice(fact);
        return;
    case FactKind::StatisticsBuffers:
        if (m_isOpen) checkBuffers(fact);
        return;
    case FactKind::StatisticsBytes:
        if (m_isOpen) checkBytes(fact);
        return;
    default: return;
    }
}

void StatisticsCheck::begin(const PrintedFact& fact) {
    if (m_isOpen) {
        m_checks.fail(CheckKind::StatisticsBlock, fact.line, "the last row of the previous statistics",
                      "Active allocations", "none");
    }
    m_isOpen = true;
    m_hasDevice = false;
    m_seen.clear();
}

void StatisticsCheck::end(const PrintedFact& fact) {
    m_checks.equal(
        CheckKind::ActiveAllocations, fact.line, [] { return std::string("live buffers of all devices"); },
        m_table.liveEntries(), fact.count);
    if (!m_isOpen) {
        m_checks.fail(CheckKind::StatisticsBlock, fact.line, "the heading of the statistics", "Current Statistics",
                      "none");
        return;
    }
    endDevice(fact.line);
    m_isOpen = false;
    ++m_blocks;
    const auto& devices = m_replay.devices;  // sorted
    auto row = std::lower_bound(
        devices.begin(), devices.end(), 0,
        [](const DeviceSummary& summary, std::int32_t first) { return summary.device < first; });
    for (; row != devices.end() && row->device <= m_lastDevice; ++row) {
        const std::int32_t device = row->device;
        const auto* sums = m_table.device(device);
        if (sums == nullptr || sums->allEntries() == 0) continue;
        const bool isThere = m_seen.contains(device);
        m_checks.hold(
            CheckKind::StatisticsDevices, isThere, fact.line,
            [device] { return fmt::format("rows of device {}", device); }, 1, 0);
    }
}

void StatisticsCheck::beginDevice(const PrintedFact& fact) {
    endDevice(fact.line);
    m_hasDevice = true;
    m_device = fact.device;
    m_rows = 0;
    if (!m_seen.insert(fact.device).second) {
        m_checks.fail(CheckKind::StatisticsDevices, fact.line,
                      fmt::format("headings of device {}", deviceText(fact.device)), "1", "2");
    }
}

// Fails at the line behind the rows: that is where one is missing.
void StatisticsCheck::endDevice(std::uint32_t line) {
    if (!m_hasDevice) return;
    m_hasDevice = false;
    m_checks.hold(
        CheckKind::StatisticsBlock, m_rows == m_usualRows, line,
        [this] { return fmt::format("rows of device {}", m_device); }, std::popcount(m_usualRows),
        std::popcount(m_rows));
}

void StatisticsCheck::addRow(Rows row, const PrintedFact& fact) {
    const bool isNew = m_hasDevice && (m_rows & row) == 0;
    if (!isNew) {
        m_checks.fail(CheckKind::StatisticsBlock, fact.line,
                      m_hasDevice ? fmt::format("rows of this kind of device {}", m_device)
                                  : "the device above this row",
                      "1", m_hasDevice ? "2" : "0");
    }
    m_rows |= row;
}

void StatisticsCheck::checkBuffers(const PrintedFact& fact) {
    addRow(rowOf(fact), fact);
    const auto* sums = m_table.device(fact.device);
    m_checks.equal(
        CheckKind::StatisticsBuffers, fact.line,
        [&] { return fmt::format("live buffers of device {}", deviceText(fact.device)); },
        sums == nullptr ? 0 : sums->allEntries(), fact.count);
}

void StatisticsCheck::checkBytes(const PrintedFact& fact) {
    addRow(rowOf(fact), fact);
    const bool isTotal = fact.memory == Memory::Unknown;
    const auto subject = [&] {
        return fmt::format("live bytes of {} on device {}", isTotal ? "all memories" : memoryName(fact.memory),
                           fact.device);
    };
    const bool isRounded = m_replay.trace->rules.keepsLastSize;
    if (!isRounded && fact.total != 0) {
        const bool holds = areSixDigitsEqual(fact.amount / kBytesPerKb, fact.total);
        if (holds) {
            m_checks.pass(CheckKind::StatisticsKilobytes);
        } else {
            m_checks.fail(CheckKind::StatisticsKilobytes, fact.line, "KB of this row's bytes",
                          sixDigits(fact.amount / kBytesPerKb), sixDigits(fact.total));
        }
    }
    const auto* sums = m_table.device(fact.device);
    static const DeviceSums kNothing{};
    if (sums == nullptr) sums = &kNothing;
    const bool hasUnplaced = !isTotal && sums->in(Memory::Unknown).entries > 0;
    if (!sums->knowsBooked() || hasUnplaced) return;
    const std::uint64_t booked = isTotal ? sums->allBooked() : sums->in(fact.memory).bookedBytes;
    const auto expected = static_cast<double>(booked);
    if (isRounded ? areSixDigitsEqual(expected / kBytesPerKb, fact.amount / kBytesPerKb) : expected == fact.amount) {
        m_checks.pass(CheckKind::StatisticsBytes);
    } else if (isRounded) {
        m_checks.fail(CheckKind::StatisticsBytes, fact.line, subject(), sixDigits(expected / kBytesPerKb) + " KB",
                      sixDigits(fact.amount / kBytesPerKb) + " KB");
    } else {
        m_checks.fail(CheckKind::StatisticsBytes, fact.line, subject(), std::to_string(booked),
                      fmt::format("{:.0f}", fact.amount));
    }
}

}  // namespace alloclens
