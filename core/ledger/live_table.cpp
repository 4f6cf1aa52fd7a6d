// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/live_table.h"

#include <algorithm>
#include <numeric>

#include "core/base/parallel.h"

namespace alloclens {

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
      m_keys(m_trace.addresses.size()),
      m_removed(m_trace.addresses.size()),
      m_heard(m_trace.rules.keepsLastSize ? m_trace.addresses.size() : 0),
      m_devices(replay.devices.size()),
      m_isAnnounced(hasNotices(m_trace.facts)) {
    std::uint32_t lane = 0;
    for (std::size_t key = 0; key < m_keys.size(); ++key) {
        while (replay.devices[lane].device != m_trace.addresses[key].device) ++lane;  // both are sorted
        m_keys[key].lane = lane;
    }
    listEnds();
    shareKeys();
}

void LiveTable::shareKeys() {
    std::vector<std::uint64_t> eventsOf;
    for (const DeviceSummary& device : m_replay.devices)
        eventsOf.push_back(device.allocations + device.frees + device.unknownFrees);
    m_shares = divideKeys(m_replay.devices, eventsOf, coreCount());
    m_live.resize(m_shares.size());
    for (std::uint32_t share = 0; share < m_shares.size(); ++share) {
        for (std::uint32_t key = m_shares[share].first; key < m_shares[share].last; ++key)
            m_devices[m_keys[key].lane].share = share;
    }
}

void LiveTable::listEnds() {
    const LifetimeTable& lifetimes = m_replay.lifetimes;
    for (const LifetimeId id : m_replay.unfreed) {
        const LifetimeEnd end = lifetimes.end(id.index());
        if (end != LifetimeEnd::Swept && end != LifetimeEnd::Restarted) continue;
        m_ends.push_back({lifetimes.last(id.index()), lifetimes.address(id.index())});
    }
    std::sort(m_ends.begin(), m_ends.end(), [](const Ended& a, const Ended& b) { return a.event < b.event; });
}

const DeviceSums* LiveTable::device(std::int32_t device) const {
    const auto& rows = m_replay.devices;
    const auto at = std::lower_bound(rows.begin(), rows.end(), device,
                                     [](const DeviceSummary& row, std::int32_t wanted) { return row.device < wanted; });
    if (at == rows.end() || at->device != device) return nullptr;
    const DeviceSums& sums = m_devices[static_cast<std::size_t>(at - rows.begin())];
    return sums.server == m_server ? &sums : nullptr;
}

std::uint64_t LiveTable::liveEntries() const {
    return std::accumulate(m_live.begin(), m_live.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const LiveCount& of) { return sum + of.entries; });
}

// A restart costs nothing for devices that are not used again.
DeviceSums& LiveTable::sumsOf(const KeyState& key) {
    DeviceSums& sums = m_devices[key.lane];
    if (sums.server != m_server) {
        const std::uint32_t share = sums.share;
        sums = DeviceSums{};
        sums.server = m_server;
        sums.share = share;
    }
    return sums;
}

bool LiveTable::advance(std::uint32_t line, std::uint32_t eventsOfLine, const TaskContext& task) {
    std::size_t end = firstBehind(line);
    if (eventsOfLine != kAllOfLine) {
        const auto& lines = m_events.line;
        const auto first = std::lower_bound(lines.begin(), lines.end(), line) - lines.begin();
        end = std::min(end, static_cast<std::size_t>(first) + eventsOfLine);
    }
    while (m_next < end) {
        if (task.isCancelled()) return false;
        if (m_next % TaskContext::kPollRows == 0) {
            task.report("checking sums", static_cast<double>(m_next) / static_cast<double>(m_events.count()));
        }
        const bool isShareable = end - m_next >= TaskContext::kPollRows && m_shares.size() > 1
                                 && !m_trace.rules.keepsLastSize && !m_announced.isValid();
        const std::size_t shared = isShareable ? std::min(end, nextCommon()) : m_next;
        if (shared - m_next >= TaskContext::kPollRows) {
            sideBySide(m_shares.size(), [&](std::size_t i) { walkShare(m_shares[i], shared, task); });
            m_next = shared;
        } else {
            walkTo(std::min(end, (m_next / TaskContext::kPollRows + 1) * TaskContext::kPollRows));
        }
    }
    return !task.isCancelled();
}

// Devices have nothing to do with each other, but for these and for what the enhanced server remembers.
std::size_t LiveTable::nextCommon() {
    for (Next& next : m_nextCommon) {
        if (next.isKnown && next.event >= m_next) continue;
        next.event = nextRowOf(m_events.kind, next.kind, m_next);
        next.isKnown = true;
    }
    return std::min(m_nextCommon[0].event, m_nextCommon[1].event);
}

// Lines need not ascend: pieces of torn ones were put together.
std::size_t LiveTable::firstBehind(std::uint32_t line) const {
    const auto& lines = m_events.line;
    const auto* const at = std::find_if(lines.begin() + m_next, lines.end(),
                                        [line](std::uint32_t other) { return other > line; });
    return static_cast<std::size_t>(at - lines.begin());
}

void LiveTable::walkTo(std::size_t end) {
    for (; m_next < end; ++m_next) {
        fetch(m_next + kAhead);
        step(m_next);
    }
}

// Whose an event is, is as good as random, and so would be a branch on it: they are listed first without one.
void LiveTable::walkShare(const KeyRange& share, std::size_t end, const TaskContext& task) {
    constexpr std::size_t kBlock = 4096;
    std::array<std::uint32_t, kBlock> listed;
    for (std::size_t block = m_next; block < end && !task.isCancelled(); block += kBlock) {
        std::size_t count = 0;
        for (std::size_t event = block; event < std::min(end, block + kBlock); ++event) {
            listed[count] = static_cast<std::uint32_t>(event);
            const std::uint32_t key = m_events.address[event].value;
            count += key >= share.first && key < share.last ? 1 : 0;
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (i + kAhead < count) fetch(listed[i + kAhead]);
            step(listed[i]);
        }
    }
}

void LiveTable::fetch(std::size_t event) const {
    if (event >= m_events.count()) return;
    const AddressId key = m_events.address[event];
    if (key.isValid()) __builtin_prefetch(&m_keys[key.index()], 1);
}

void LiveTable::step(std::size_t event) {
    const AddressId key = m_events.address[event];
    switch (m_events.kind[event]) {
    case EventKind::Allocation: return allocate(event, key);
    case EventKind::PartialFree:
        return free(event, key, believePartialFree(m_keys[key.index()].depth, m_events.refCount[event]));
    case EventKind::FinalFree: return free(event, key, believeFinalFree(m_trace.rules, m_keys[key.index()].depth));
    case EventKind::RefusedFree: return refuse(key);
    case EventKind::Sweep: return endAll(event);
    case EventKind::Restart: return restart(event);
    }
}

void LiveTable::allocate(std::size_t event, AddressId id) {
    KeyState& key = m_keys[id.index()];
    ++key.allocations;
    const std::uint32_t sizeNumber = m_events.size.numbers()[event];
    const Memory memory = m_events.memory[event];
    const Effect effect = believeAllocation(m_trace.rules, key.depth, m_events.refCount[event]);
    if (effect.isEndLost || effect.change == EntryChange::Replaced) remove(key);
    switch (effect.change) {
    case EntryChange::Made:
    case EntryChange::Replaced: add(key, sizeNumber, m_events.process[event], memory, true); break;
    case EntryChange::MadeLost: add(key, taken(effect.size, 0U, sizeNumber, 0U), ProcessId{}, memory, false); break;
    default:
        if (effect.size == TakenFrom::Event) resize(event, id);
    }
    key.depth = effect.references;
    if (m_announced.isValid()) m_announced = AddressId{};
    m_heard.hear(id, false);
}

void LiveTable::resize(std::size_t event, AddressId id) {
    KeyState& key = m_keys[id.index()];
    const std::uint32_t sizeNumber = m_events.size.numbers()[event];
    if (sizeNumber == key.sizeNumber) return;
    if (key.sizeNumber != 0 && m_isAnnounced) {
        m_checks.hold(
            CheckKind::SizeChangeAnnounced, m_announced == id, m_events.line[event],
            [&] { return "notice of another size for " + m_trace.addressText(id); }, 1, 0);
    }
    sumsOf(key).in(key.memory).resize(sizeOf(key), m_events.size.sizes()[sizeNumber]);
    key.sizeNumber = sizeNumber;
}

void LiveTable::free(std::size_t event, AddressId id, const Effect& effect) {
    KeyState& key = m_keys[id.index()];
    ++key.accepted;
    if (key.depth == 0) {
        add(key, m_events.size.numbers()[event], m_events.process[event], key.memory, false);
    } else {
        learn(event, key);
    }
    m_heard.hear(id, true);
    if (effect.change != EntryChange::Ended) {
        key.depth = effect.references;
        return;
    }
    // Without counts a free removes all allocations of the key at once.
    if (!printsCounts(m_trace.rules)) m_removed[id.index()] += std::max(key.depth, 1U) - 1;
    key.depth = 0;
    remove(key);
}

void LiveTable::refuse(AddressId id) {
    KeyState& key = m_keys[id.index()];
    ++key.refused;
    if (believeRefusedFree(key.depth).isEndLost) {
        key.depth = 0;
        remove(key);
    }
    m_heard.hear(id, true);
}

void LiveTable::endAll(std::size_t event) {
    m_sweep = Sweep{};
    for (; m_nextEnd < m_ends.size() && m_ends[m_nextEnd].event.index() <= event; ++m_nextEnd) {
        const AddressId id = m_ends[m_nextEnd].key;
        KeyState& key = m_keys[id.index()];
        if (key.depth == 0) continue;
        ++m_sweep.entries;
        m_sweep.isKnown &= key.sizeNumber != 0;
        if (key.sizeNumber != 0) m_sweep.bytes += sizeOf(key);
        m_removed[id.index()] += key.depth;
        key.depth = 0;
        remove(key);
    }
}

void LiveTable::restart(std::size_t event) {
    endAll(event);
    m_sweep = Sweep{};
    ++m_server;
    m_serverStart = event + 1;
    m_heard.restart();
    std::fill(m_live.begin(), m_live.end(), LiveCount{});
}

void LiveTable::add(KeyState& key, std::uint32_t sizeNumber, ProcessId owner, Memory memory, bool isBooked) {
    key.sizeNumber = sizeNumber;
    key.owner = owner;
    key.memory = memory;
    key.depth = 1;
    DeviceSums& device = sumsOf(key);
    if (!isBooked && m_trace.rules.keepsLastSize) device.isBookingUnknown = true;
    MemorySums& sums = device.in(memory);
    ++sums.entries;
    ++m_live[device.share].entries;
    sums.book(sizeOf(key), true);
}

// The entry's depth is the caller's to set.
void LiveTable::remove(KeyState& key) {
    DeviceSums& device = sumsOf(key);
    MemorySums& sums = device.in(key.memory);
    --sums.entries;
    --m_live[device.share].entries;
    sums.book(sizeOf(key), false);
}

// An accepted free tells size and owner of an entry whose beginning is lost.
void LiveTable::learn(std::size_t event, KeyState& key) {
    const std::uint32_t sizeNumber = m_events.size.numbers()[event];
    if (key.sizeNumber == 0 && sizeNumber != 0) {
        MemorySums& sums = sumsOf(key).in(key.memory);
        sums.book(kNoSize, false);
        key.sizeNumber = sizeNumber;
        sums.book(sizeOf(key), true);
    }
    key.owner = taken(TakenFrom::EntryOrEvent, key.owner, m_events.process[event], ProcessId{});
}

LiveTable::Tally LiveTable::tally(AddressId id) const {
    const KeyState& key = m_keys[id.index()];
    return {key.allocations, key.accepted, key.refused, m_removed[id.index()], key.depth};
}

}  // namespace alloclens
