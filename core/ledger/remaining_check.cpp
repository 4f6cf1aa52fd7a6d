// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/remaining_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/ledger/printed_number.h"

namespace alloclens {
namespace {

constexpr std::uint64_t kMostListed = 10;  // the server lists no longer groups

}  // namespace

void RemainingCheck::take(const PrintedFact& fact) {
    const bool isHeading = fact.kind == FactKind::DeviceHeading;
    if (m_isOpen && isHeading && m_isHeading) {
        m_checks.fail(CheckKind::RemainingBlock, fact.line, "rows between two devices of the dump", "1 or more", "0");
    }
    if (fact.kind != FactKind::Banner) m_isHeading = m_isOpen && isHeading;
    switch (fact.kind) {
    case FactKind::RemainingBegin: return begin(fact);
    case FactKind::RemainingTotal: return takeTotal(fact);
    case FactKind::RemainingMemory:
        if (m_isOpen) beginGroup(fact);
        return;
    case FactKind::RemainingEntry:
        if (m_isOpen) checkEntry(fact);
        return;
    case FactKind::StatisticsBegin:
        if (m_isOpen && m_hasRows) {  // the end of the dump would have come before
            m_checks.fail(CheckKind::RemainingBlock, fact.line, "the last row of the previous dump",
                          "Total remaining buffers", "none");
            m_isOpen = false;
        }
        return;
    default: return;
    }
}

void RemainingCheck::begin(const PrintedFact& fact) {
    if (m_isOpen && m_hasRows) {
        m_checks.fail(CheckKind::RemainingBlock, fact.line, "the last row of the previous dump",
                      "Total remaining buffers", "none");
    }
    m_isOpen = true;
    m_hasRows = false;
    m_total.reset();
    m_grouped = 0;
    m_group.reset();
}

void RemainingCheck::takeTotal(const PrintedFact& fact) {
    m_checks.equal(
        CheckKind::RemainingTotal, fact.line, [] { return std::string("remaining buffers"); }, m_table.liveEntries(),
        fact.count);
    if (!m_isOpen) {
        m_checks.fail(CheckKind::RemainingBlock, fact.line, "the heading of the dump", "REMAINING ALLOCATED BUFFERS",
                      "none");
        return;
    }
    if (m_total || m_hasRows) return end(fact);
    m_total = fact.count;
    ++m_dumps;
    if (fact.count == 0) m_isOpen = false;
}

void RemainingCheck::end(const PrintedFact& fact) {
    endGroup(fact.line);
    m_isOpen = false;
    m_checks.hold(
        CheckKind::RemainingBlock, m_total.has_value(), fact.line,
        [] { return std::string("the first row of the dump"); }, 1, 0);
    m_checks.equal(
        CheckKind::RemainingBuffers, fact.line, [] { return std::string("buffers of all memories of the dump"); },
        m_grouped, fact.count);
}

void RemainingCheck::beginGroup(const PrintedFact& fact) {
    endGroup(fact.line);
    m_hasRows = true;
    m_group = Group{fact.device, fact.memory, fact.count, 0, {}};
    m_grouped += fact.count;
    const auto* device = m_table.device(fact.device);
    const MemorySums sums = device == nullptr ? MemorySums{} : device->in(fact.memory);
    const auto subject = [&] {
        return fmt::format("{} on device {}", memoryName(fact.memory), deviceText(fact.device));
    };
    m_checks.equal(
        CheckKind::RemainingBuffers, fact.line, [&] { return "remaining buffers of " + subject(); }, sums.entries,
        fact.count);
    if (device == nullptr || sums.unknownSizes > 0) return;
    const double expected = static_cast<double>(sums.liveBytes) / kBytesPerMb;
    if (areSixDigitsEqual(expected, fact.amount)) {
        m_checks.pass(CheckKind::RemainingBytes);
    } else {
        m_checks.fail(CheckKind::RemainingBytes, fact.line, "remaining MB of " + subject(), sixDigits(expected),
                      sixDigits(fact.amount));
    }
}

// Fails at the line behind the group: that is where a buffer is missing.
void RemainingCheck::endGroup(std::uint32_t line) {
    if (!m_group) return;
    const std::uint64_t expected = m_group->buffers <= kMostListed ? m_group->buffers : 0;
    m_checks.equal(
        CheckKind::RemainingListed, line,
        [this] {
            return fmt::format("listed buffers of {} on device {}", memoryName(m_group->memory), m_group->device);
        },
        expected, m_group->listed);
    m_group.reset();
}

void RemainingCheck::checkEntry(const PrintedFact& fact) {
    m_hasRows = true;
    const auto subject = [&] {
        return fmt::format("buffer 0x{:x} on device {} among the live {}", fact.address, fact.device,
                           memoryName(fact.memory));
    };
    bool isFirst = m_group.has_value();
    if (m_group) {
        auto& addresses = m_group->addresses;
        ++m_group->listed;
        isFirst = std::find(addresses.begin(), addresses.end(), fact.address) == addresses.end();
        if (addresses.size() < kMostListed) addresses.push_back(fact.address);
    }
    const AddressId key = m_replay.trace->findAddress({fact.device, fact.address});
    const LiveTable::Entry* entry = key.isValid() ? &m_table.entry(key) : nullptr;
    const bool isLive = entry != nullptr && entry->depth > 0
                        && (entry->memory == fact.memory || entry->memory == Memory::Unknown);
    m_checks.hold(CheckKind::RemainingListed, isLive && isFirst, fact.line, subject, isLive ? 1 : 0, isFirst ? 1 : 2);
    if (isLive) checkEntryNumbers(fact, *entry);
}

void RemainingCheck::checkEntryNumbers(const PrintedFact& fact, const LiveTable::Entry& entry) {
    const auto subject = [&](std::string_view what) {
        return fmt::format("{} of buffer 0x{:x} on device {}", what, fact.address, fact.device);
    };
    m_checks.equal(
        CheckKind::RemainingEntryCount, fact.line, [&] { return subject("references"); }, entry.depth, fact.refCount);
    if (entry.owner.isValid()) {
        const std::int32_t owner = m_replay.trace->pid(entry.owner);
        m_checks.hold(
            CheckKind::RemainingEntryOwner, owner == fact.pid, fact.line, [&] { return subject("owner"); }, owner,
            fact.pid);
    }
    if (entry.sizeNumber == 0) return;
    const double expected = static_cast<double>(m_table.sizeOf(entry)) / kBytesPerKb;
    if (areSixDigitsEqual(expected, fact.amount)) {
        m_checks.pass(CheckKind::RemainingEntrySize);
    } else {
        m_checks.fail(CheckKind::RemainingEntrySize, fact.line, subject("KB"), sixDigits(expected),
                      sixDigits(fact.amount));
    }
}

}  // namespace alloclens
