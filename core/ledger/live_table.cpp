// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/live_table.h"

#include <algorithm>
#include <numeric>

#include "core/base/units.h"

namespace alloclens {

std::uint64_t LiveTable::DeviceSums::allEntries() const {
    return std::accumulate(entries.begin(), entries.end(), std::uint64_t{0});
}

std::uint64_t LiveTable::DeviceSums::allBooked() const {
    return std::accumulate(bookedBytes.begin(), bookedBytes.end(), std::uint64_t{0});
}

bool LiveTable::DeviceSums::knowsBooked() const {
    return !isBookingUnknown
           && std::all_of(unknownSizes.begin(), unknownSizes.end(), [](std::uint64_t count) { return count == 0; });
}

namespace {

/// Whether the source has the server's notices: a capture has the messages only.
bool hasNotices(const PrintedFacts& facts) {
    return std::any_of(facts.begin(), facts.end(), [](const PrintedFact& fact) {
        return fact.kind == FactKind::ServerStarted || fact.kind == FactKind::SizeChanged;
    });
}

}  // namespace

LiveTable::LiveTable(const Replay& replay, CheckList& checks)
    : m_replay(replay),
      m_trace(*replay.trace),
      m_events(m_trace.events),
      m_checks(checks),
      m_entries(m_trace.addresses.size()),
      m_balances(m_trace.addresses.size()),
      m_devices(replay.devices.size()),
      m_isAnnounced(hasNotices(m_trace.facts)) {
    std::uint32_t lane = 0;
    for (std::size_t key = 0; key < m_entries.size(); ++key) {
        while (replay.devices[lane].device != m_trace.addresses[key].device) ++lane;  // both are sorted
        m_entries[key].lane = lane;
    }
    if (m_trace.rules.keepsLastSize) m_heard.resize(m_trace.addresses.size());
    listEnds();
}

void LiveTable::listEnds() {
    const LifetimeTable& lifetimes = m_replay.lifetimes;
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
        const LifetimeEnd end = lifetimes.end(i);
        if (end != LifetimeEnd::Swept && end != LifetimeEnd::Restarted) continue;
        m_ends.push_back({lifetimes.last(i), lifetimes.address(i)});
    }
    std::sort(m_ends.begin(), m_ends.end(), [](const Ended& a, const Ended& b) { return a.event < b.event; });
}

const LiveTable::DeviceSums* LiveTable::device(std::int32_t device) const {
    const auto& rows = m_replay.devices;
    const auto at = std::lower_bound(rows.begin(), rows.end(), device,
                                     [](const DeviceSummary& row, std::int32_t wanted) { return row.device < wanted; });
    if (at == rows.end() || at->device != device) return nullptr;
    const DeviceSums& sums = m_devices[static_cast<std::size_t>(at - rows.begin())];
    return sums.server == m_server ? &sums : nullptr;
}

// A restart costs nothing for devices that are not used again.
LiveTable::DeviceSums& LiveTable::sumsOf(const Entry& entry) {
    DeviceSums& sums = m_devices[entry.lane];
    if (sums.server != m_server) {
        sums = DeviceSums{};
        sums.server = m_server;
    }
    return sums;
}

bool LiveTable::advance(std::uint32_t line, const TaskContext& task) {
    const std::size_t count = m_events.count();
    constexpr std::size_t kAhead = 16;  // so many events ahead what they touch is fetched
    for (; m_next < count && m_events.line[m_next] <= line; ++m_next) {
        if (m_next % TaskContext::kPollRows == 0) {
            if (task.isCancelled()) return false;
            task.report("checking sums", static_cast<double>(m_next) / static_cast<double>(count));
        }
        if (m_next + kAhead < count) {
            const AddressId later = m_events.address[m_next + kAhead];
            if (later.isValid()) {
                __builtin_prefetch(&m_entries[later.index()], 1);
                __builtin_prefetch(&m_balances[later.index()], 1);
            }
        }
        step(m_next);
    }
    return true;
}

void LiveTable::step(std::size_t event) {
    const AddressId key = m_events.address[event];
    switch (m_events.kind[event]) {
    case EventKind::Allocation: return allocate(event, key, m_replay.letters[event]);
    case EventKind::PartialFree: return free(event, key, false);
    case EventKind::FinalFree: return free(event, key, true);
    case EventKind::RefusedFree: return refuse(event, key);
    case EventKind::Sweep: return endAll(event);
    case EventKind::Restart: return restart(event);
    }
}

void LiveTable::allocate(std::size_t event, AddressId key, Letter letter) {
    Entry& entry = m_entries[key.index()];
    ++m_balances[key.index()].allocations;
    if (letter == Letter::First) {
        if (entry.depth > 0) remove(key);  // its end is not in the log
        add(key, m_events.size.numbers()[event], m_events.process[event], m_events.memory[event], true);
    } else if (entry.depth > 0) {
        reallocate(event, key);
    } else {  // its beginning is not in the log, so neither are owner and first size
        add(key, m_trace.rules.keepsLastSize ? m_events.size.numbers()[event] : 0, ProcessId{}, m_events.memory[event],
            false);
    }
    entry.depth = m_replay.depthAfter[event];
    if (m_announced.isValid()) m_announced = AddressId{};
    if (!m_heard.empty()) hear(key, false);
}

void LiveTable::reallocate(std::size_t event, AddressId key) {
    Entry& entry = m_entries[key.index()];
    const std::uint32_t sizeNumber = m_events.size.numbers()[event];
    if (!m_trace.rules.countsReferences) {  // the entry is replaced
        remove(key);
        add(key, sizeNumber, m_events.process[event], m_events.memory[event], true);
        return;
    }
    if (!m_trace.rules.keepsLastSize || sizeNumber == entry.sizeNumber) return;
    if (entry.sizeNumber != 0 && m_isAnnounced) {
        m_checks.hold(
            CheckKind::SizeChangeAnnounced, m_announced == key, m_events.line[event],
            [&] { return "notice of another size for " + m_trace.addressText(key); }, 1, 0);
    }
    // The counters keep the old size until the free subtracts the new one.
    DeviceSums& sums = sumsOf(entry);
    const auto memory = static_cast<std::size_t>(entry.memory);
    if (entry.sizeNumber != 0) {
        sums.liveBytes[memory] -= sizeOf(entry);
    } else {
        --sums.unknownSizes[memory];
    }
    entry.sizeNumber = sizeNumber;
    sums.liveBytes[memory] += sizeOf(entry);
}

void LiveTable::free(std::size_t event, AddressId key, bool isFinal) {
    Entry& entry = m_entries[key.index()];
    ++m_balances[key.index()].accepted;
    if (entry.depth == 0) {
        add(key, m_events.size.numbers()[event], m_events.process[event], entry.memory, false);
    } else {
        learn(event, key);
    }
    if (!m_heard.empty()) hear(key, true);
    if (!isFinal) {
        entry.depth = m_replay.depthAfter[event];
        return;
    }
    // The first generation's free removes all allocations of the key at once.
    if (!m_trace.rules.countsReferences) m_balances[key.index()].removed += std::max(entry.depth, 1U) - 1;
    entry.depth = 0;
    remove(key);
}

void LiveTable::refuse(std::size_t event, AddressId key) {
    (void)event;
    ++m_balances[key.index()].refused;
    Entry& entry = m_entries[key.index()];
    if (entry.depth > 0) {
        entry.depth = 0;
        remove(key);
    }
    if (!m_heard.empty()) hear(key, true);
}

void LiveTable::endAll(std::size_t event) {
    m_sweep = Sweep{};
    for (; m_nextEnd < m_ends.size() && m_ends[m_nextEnd].event.index() <= event; ++m_nextEnd) {
        const AddressId key = m_ends[m_nextEnd].key;
        Entry& entry = m_entries[key.index()];
        if (entry.depth == 0) continue;
        ++m_sweep.entries;
        m_sweep.isKnown &= entry.sizeNumber != 0;
        if (entry.sizeNumber != 0) m_sweep.bytes += sizeOf(entry);
        m_balances[key.index()].removed += entry.depth;
        entry.depth = 0;
        remove(key);
    }
}

void LiveTable::restart(std::size_t event) {
    endAll(event);
    m_sweep = Sweep{};
    ++m_server;
    m_serverStart = event + 1;
    m_doubleFreed = 0;
}

void LiveTable::add(AddressId key, std::uint32_t sizeNumber, ProcessId owner, Memory memory, bool isBooked) {
    Entry& entry = m_entries[key.index()];
    entry.sizeNumber = sizeNumber;
    entry.owner = owner;
    entry.memory = memory;
    entry.depth = 1;
    ++m_liveEntries;
    ++sumsOf(entry).entries[static_cast<std::size_t>(memory)];
    if (!isBooked && m_trace.rules.keepsLastSize) sumsOf(entry).isBookingUnknown = true;
    book(entry, true);
}

// The entry's depth is the caller's to set.
void LiveTable::remove(AddressId key) {
    const Entry& entry = m_entries[key.index()];
    --m_liveEntries;
    --sumsOf(entry).entries[static_cast<std::size_t>(entry.memory)];
    book(entry, false);
}

void LiveTable::book(const Entry& entry, bool isMore) {
    DeviceSums& sums = sumsOf(entry);
    const auto memory = static_cast<std::size_t>(entry.memory);
    if (entry.sizeNumber == 0) {
        sums.unknownSizes[memory] += isMore ? 1 : ~std::uint64_t{0};
        return;
    }
    const std::uint64_t bytes = isMore ? sizeOf(entry) : 0 - sizeOf(entry);
    sums.liveBytes[memory] += bytes;
    sums.bookedBytes[memory] += bytes;
}

// An accepted free tells size and owner of an entry whose beginning is lost.
void LiveTable::learn(std::size_t event, AddressId key) {
    Entry& entry = m_entries[key.index()];
    const std::uint32_t sizeNumber = m_events.size.numbers()[event];
    if (entry.sizeNumber == 0 && sizeNumber != 0) {
        book(entry, false);
        entry.sizeNumber = sizeNumber;
        book(entry, true);
    }
    if (!entry.owner.isValid()) entry.owner = m_events.process[event];
}

LiveTable::Heard LiveTable::heard(AddressId key) const {
    if (m_heard.empty() || m_heard[key.index()].server != m_server) return {};
    return m_heard[key.index()].heard;
}

void LiveTable::hear(AddressId key, bool isFree) {
    HeardOf& of = m_heard[key.index()];
    if (of.server != m_server) of = {{}, m_server};
    const bool wasDoubleFreed = of.heard.frees > of.heard.allocations;
    ++(isFree ? of.heard.frees : of.heard.allocations);
    const bool isDoubleFreed = of.heard.frees > of.heard.allocations;
    if (isDoubleFreed && !wasDoubleFreed) ++m_doubleFreed;
    if (!isDoubleFreed && wasDoubleFreed) --m_doubleFreed;
}

void LiveTable::checkConservation() {
    Balance all;
    std::uint64_t live = 0;
    std::int64_t open = 0;
    for (std::size_t i = 0; i < m_balances.size(); ++i) {
        const Balance& balance = m_balances[i];
        const AddressSummary& summary = m_replay.addresses[i];
        const std::int64_t held = std::int64_t{balance.allocations} - balance.accepted - balance.removed;
        const bool agrees = balance.accepted == summary.acceptedFrees && balance.refused == summary.refusedFrees
                            && balance.allocations == summary.allocations && held == m_entries[i].depth;
        live += m_entries[i].depth;
        open += held;
        all.allocations += balance.allocations;
        all.accepted += balance.accepted;
        all.refused += balance.refused;
        if (agrees) {
            m_checks.pass(CheckKind::ConservationOfKey);
            continue;
        }
        const AddressId key(i);
        const auto events = m_replay.eventsOf(key);
        m_checks.fail(CheckKind::ConservationOfKey, events.empty() ? 0 : m_events.line[events.back().index()],
                      "allocations still open of " + m_trace.addressText(key) + " on device "
                          + deviceText(m_trace.key(key).device),
                      formatSignedCount(held), formatCount(m_entries[i].depth));
    }
    const EventTotals& totals = m_replay.totals;
    const bool agrees = all.allocations == totals.allocations && all.accepted == totals.partialFrees + totals.finalFrees
                        && all.refused == totals.unknownFrees && open == static_cast<std::int64_t>(live);
    if (agrees) {
        m_checks.pass(CheckKind::ConservationInTotal);
    } else {
        m_checks.fail(CheckKind::ConservationInTotal, 0, "allocations still open at the end", formatSignedCount(open),
                      formatCount(live));
    }
}

}  // namespace alloclens
