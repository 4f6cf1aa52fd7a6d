// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_builder.h"

#include <algorithm>
#include <unordered_map>

#include "core/base/parallel.h"
#include "core/trace/odd_times.h"

namespace alloclens {
namespace {

// The oldest servers counted by address alone and named no device on frees. Such an event belongs to the device that
// allocated the address last; without one it keeps the key without a device. True if any was moved.
bool placeEventsWithoutDevice(Trace& trace) {
    const auto& keys = trace.addresses;
    if (std::none_of(keys.begin(), keys.end(), [](const AddressKey& key) { return key.device == kNoDevice; })) {
        return false;
    }
    bool anyMoved = false;
    std::unordered_map<std::uint64_t, AddressId> lastWithDevice;
    EventTable& events = trace.events;
    for (std::size_t i = 0; i < events.count(); ++i) {
        AddressId& id = events.address[i];
        if (!id.isValid()) continue;
        const AddressKey& key = keys[id.index()];
        if (key.device != kNoDevice) {
            if (events.kind[i] == EventKind::Allocation) lastWithDevice[key.address] = id;
        } else if (const auto known = lastWithDevice.find(key.address); known != lastWithDevice.end()) {
            id = known->second;
            anyMoved = true;
            trace.diagnostics.add({DiagnosticCode::MissingDevice, events.line[i], "the line names no device"});
        }
    }
    return anyMoved;
}

/// The rows of all keys, or of those alone that an event still has.
std::vector<std::uint32_t> keysToKeep(const Trace& trace, bool anyMoved) {
    std::vector<std::uint8_t> isKept(trace.addresses.size(), anyMoved ? 0 : 1);
    if (anyMoved) {
        for (const AddressId id : trace.events.address) {
            if (id.isValid()) isKept[id.index()] = 1;
        }
    }
    std::vector<std::uint32_t> rows;
    rows.reserve(isKept.size());
    for (std::uint32_t i = 0; i < isKept.size(); ++i) {
        if (isKept[i] != 0) rows.push_back(i);
    }
    return rows;
}

void sortKeys(Trace& trace, bool anyMoved) {
    auto& keys = trace.addresses;
    std::vector<std::uint32_t> order = keysToKeep(trace, anyMoved);
    std::sort(order.begin(), order.end(), [&keys](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
    std::vector<AddressId> newId(keys.size());
    std::vector<AddressKey> sorted;
    sorted.reserve(order.size());
    for (const std::uint32_t old : order) {
        newId[old] = AddressId(sorted.size());
        sorted.push_back(keys[old]);
    }
    keys = std::move(sorted);
    auto& ids = trace.events.address;
    constexpr std::size_t kFewest = std::size_t{1} << 18;
    inShares(ids.size(), kFewest, [&ids, &newId](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (ids[i].isValid()) ids[i] = newId[ids[i].index()];
        }
    });
}

}  // namespace

AddressId Trace::findAddress(const AddressKey& wanted) const {
    const auto at = std::lower_bound(addresses.begin(), addresses.end(), wanted);
    if (at == addresses.end() || *at != wanted) return {};
    return AddressId(static_cast<std::size_t>(at - addresses.begin()));
}

void TracePart::add(const Event& event) {
    if (event.pid != m_lastPid) {
        m_lastPid = event.pid;
        m_lastProcess = event.pid == kNoPid ? ProcessId::kNoneValue : m_pids.intern(event.pid);
    }
    if (m_lastSizeNumber == SizeInterner::kNone || event.size != m_lastSize) {
        m_lastSize = event.size;
        m_lastSizeNumber = m_sizes.intern(event.size);
    }
    m_largestRefCount = std::max(m_largestRefCount, event.refCount);
    m_rows.push_back({event.hasKey ? m_keys.intern(event.key) : AddressId::kNoneValue, m_lastProcess, m_lastSizeNumber,
                      event.refCount, event.line, event.kind, event.memory});
    if (event.time != kNoTime || event.sender != kNoPid || !event.attributes.isEmpty()) {
        addExtra({event.time, event.sender == kNoPid ? ProcessId::kNoneValue : m_pids.intern(event.sender),
                  event.attributes});
    }
}

void TracePart::add(const NumberedEvent& event) {
    m_largestRefCount = std::max(m_largestRefCount, event.refCount);
    m_rows.push_back({event.key, event.process, event.size, event.refCount, event.line, event.kind, event.memory});
    const Extra extra{event.time, event.sender, event.attributes};
    if (event.time != kNoTime || event.sender != ProcessId::kNoneValue || !event.attributes.isEmpty()) addExtra(extra);
}

void TracePart::describeLast(const Attributes& attributes) {
    if (attributes.isEmpty()) return;
    m_extras.resize(m_rows.size());
    m_extras.back().attributes = attributes;
    m_hasAttributes = true;
}

void TracePart::addExtra(const Extra& extra) {
    m_hasTime |= extra.time != kNoTime;
    m_hasSender |= extra.sender != ProcessId::kNoneValue;
    m_hasAttributes |= !extra.attributes.isEmpty();
    m_extras.resize(m_rows.size());
    m_extras.back() = extra;
}

void TracePart::clear() {
    diagnostics = {};
    facts.clear();
    lineCounts = {};
    lines = 0;
    marks.clear();
    hexadecimalIds = 0;
    decimalIds = 0;
    m_rows.clear();
    m_extras.clear();
    m_hasTime = false;
    m_hasSender = false;
    m_hasAttributes = false;
    m_attributeTables.clear();
    m_keys.clear();
    m_pids.clear();
    m_sizes.clear();
    m_largestRefCount = 0;
    m_lastPid = kNoPid;
    m_lastProcess = ProcessId::kNoneValue;
    m_lastSizeNumber = SizeInterner::kNone;
}

TraceBuilder::TraceBuilder() { (void)m_sizes.intern(kNoSize); }

Result<void> TraceBuilder::append(TracePart&& part) {
    constexpr std::uint64_t kMost = EventId::kNoneValue - 1;
    if (std::uint64_t{m_lines} + part.lines > kMost || m_trace.events.count() + part.m_rows.size() > kMost) {
        return Error{ErrorKind::Input,
                     "has more than 4,294,967,294 lines, the largest number that AllocLens supports",
                     {},
                     "Split the file and open its parts."};
    }
    if (m_trace.events.count() == 0) forgetFirstStarts(part);
    appendEvents(part);
    for (PrintedFact& fact : part.facts) fact.line += m_lines;
    m_trace.facts.insert(m_trace.facts.end(), part.facts.begin(), part.facts.end());
    for (const SourceText::Mark& mark : part.marks) m_marks.push_back({mark.line + m_lines + 1, mark.offset});
    m_trace.diagnostics.append(std::move(part.diagnostics), m_lines);
    m_trace.lineCounts.events += part.lineCounts.events;
    m_trace.lineCounts.facts += part.lineCounts.facts;
    m_trace.lineCounts.foreign += part.lineCounts.foreign;
    m_trace.lineCounts.damaged += part.lineCounts.damaged;
    m_hexadecimalIds += part.hexadecimalIds;
    m_decimalIds += part.decimalIds;
    m_lines += part.lines;
    return {};
}

// The start of a server before anything was recorded is no event, so it does not stand before facts of its line either.
void TraceBuilder::forgetFirstStarts(TracePart& part) {
    for (const TracePart::Row& row : part.m_rows) {
        if (row.kind != EventKind::Restart) break;
        for (PrintedFact& fact : part.facts) {
            if (fact.line > row.line) break;
            if (fact.line == row.line && fact.eventsBefore != kAllOfLine && fact.eventsBefore > 0) --fact.eventsBefore;
        }
    }
}

// One column after the other: the rows are in the cache, the columns are written once.
void TraceBuilder::appendEvents(const TracePart& part) {
    const auto renumber = [](const auto& values, auto& interner, std::vector<std::uint32_t>& numberOf) {
        numberOf.resize(values.size());
        interner.internAll(values, [&numberOf](std::size_t i, std::uint32_t number) { numberOf[i] = number; });
    };
    renumber(part.m_keys.values(), m_keys, m_keyOf);
    renumber(part.m_pids.values(), m_pids, m_processOf);
    renumber(part.m_sizes.values(), m_sizes, m_sizeOf);

    const auto& pids = m_pids.values();
    m_trace.processes.insert(m_trace.processes.end(),
                             pids.begin() + static_cast<std::ptrdiff_t>(m_trace.processes.size()), pids.end());

    std::span<const TracePart::Row> rows = part.m_rows;
    while (m_trace.events.count() == 0 && !rows.empty() && rows.front().kind == EventKind::Restart) {
        rows = rows.subspan(1);
    }
    const std::size_t count = rows.size();
    EventTable& events = m_trace.events;
    const auto fill = [rows, count](auto& column, auto valueOf) {
        auto* const to = column.extend(count);
        for (std::size_t i = 0; i < count; ++i) to[i] = valueOf(rows[i]);
    };
    using Row = TracePart::Row;
    fill(events.kind, [](const Row& row) { return row.kind; });
    fill(events.memory, [](const Row& row) { return row.memory; });
    fill(events.line, [lines = m_lines](const Row& row) { return row.line + lines; });
    fill(events.address, [this](const Row& row) {
        return row.key == AddressId::kNoneValue ? AddressId{} : AddressId(m_keyOf[row.key]);
    });
    const auto numberOf = [](const auto& interner) { return static_cast<std::uint32_t>(interner.values().size()); };
    events.process.codes().append(count, numberOf(m_pids), [&](std::size_t i) {
        const std::uint32_t process = rows[i].process;
        return ProcessColumn::code(process == ProcessId::kNoneValue ? ProcessId{} : ProcessId(m_processOf[process]));
    });
    events.size.numbers().append(count, numberOf(m_sizes), [&](std::size_t i) { return m_sizeOf[rows[i].size]; });
    events.refCount.append(count, part.m_largestRefCount, [&](std::size_t i) { return rows[i].refCount; });
    appendExtras(part, part.m_rows.size() - count);
    appendAttributes(part, part.m_rows.size() - count);
}

// Columns that a source may lack begin with the first row that has them; the rows before get the value of none.
void TraceBuilder::appendExtras(const TracePart& part, std::size_t skipped) {
    EventTable& events = m_trace.events;
    const std::size_t count = events.count();
    const auto extraOf = [&part, skipped](std::size_t i) {
        return i + skipped < part.m_extras.size() ? part.m_extras[i + skipped] : TracePart::Extra{};
    };
    const std::size_t before = count - (part.m_rows.size() - skipped);
    if (part.m_hasTime && !events.hasTime()) events.time.resize(before, kNoTime);
    if (part.m_hasTime || events.hasTime()) {
        std::int64_t* const times = events.time.extend(count - before);
        for (std::size_t i = 0; i < count - before; ++i) times[i] = extraOf(i).time;
    }
    NarrowColumn& senders = events.sender.codes();
    if (part.m_hasSender && !events.hasSender()) {
        senders.append(before, 0, [](std::size_t) { return ProcessColumn::code({}); });
    }
    if (part.m_hasSender || events.hasSender()) {
        senders.append(count - before, static_cast<std::uint32_t>(m_pids.values().size()), [&](std::size_t i) {
            const std::uint32_t sender = extraOf(i).sender;
            return ProcessColumn::code(sender == ProcessId::kNoneValue ? ProcessId{} : ProcessId(m_processOf[sender]));
        });
    }
}

void TraceBuilder::appendAttributes(const TracePart& part, std::size_t skipped) {
    AttributeColumns& columns = m_trace.events.attributes;
    if (!part.m_hasAttributes && !columns.hasAny()) return;
    AttributeTranslator translated(part.m_attributeTables, m_trace.attributeTables);
    m_attributesOf.assign(part.m_rows.size() - skipped, {});
    for (std::size_t i = skipped; i < part.m_extras.size(); ++i) {
        m_attributesOf[i - skipped] = translated(part.m_extras[i].attributes);
    }
    columns.append(m_trace.events.count() - m_attributesOf.size(), m_attributesOf);
}

EventTable::AddedRow TraceBuilder::rowOf(const TracePart::Event& event) {
    EventTable::AddedRow row;
    row.kind = event.kind;
    row.memory = event.memory;
    row.line = event.line;
    row.refCount = event.refCount;
    row.size = m_sizes.intern(event.size);
    if (event.hasKey) row.address = AddressId(m_keys.intern(event.key));
    if (event.pid != kNoPid) row.process = ProcessId(m_pids.intern(event.pid));
    const auto& pids = m_pids.values();
    m_trace.processes.insert(m_trace.processes.end(),
                             pids.begin() + static_cast<std::ptrdiff_t>(m_trace.processes.size()), pids.end());
    return row;
}

void TraceBuilder::insert(std::span<const LateEvent> late) {
    if (late.empty()) return;
    std::vector<EventTable::AddedRow> rows;
    rows.reserve(late.size());
    for (const LateEvent& one : late) {
        rows.push_back(rowOf(one.event));
        rows.back().before = one.before;
    }
    m_trace.events.insertRows(rows);
}

void TraceBuilder::replace(std::size_t at, const TracePart::Event& event) {
    const EventTable::AddedRow row = rowOf(event);
    m_isAnyReplaced = true;
    EventTable& events = m_trace.events;
    events.kind[at] = row.kind;
    events.memory[at] = row.memory;
    events.address[at] = row.address;
    events.process.codes().change(at, ProcessColumn::code(row.process));
    events.size.numbers().change(at, row.size);
    events.refCount.change(at, row.refCount);
}

void TraceBuilder::complete(std::string formatName) {
    m_trace.events.size.setSizes(m_sizes.release());
    m_trace.addresses = m_keys.release();
    const bool isAnyMoved = placeEventsWithoutDevice(m_trace);
    sortKeys(m_trace, isAnyMoved || m_isAnyReplaced);
    m_trace.events.shrink();
    mendTimes(m_trace.events.time, m_trace.events.line, m_trace.diagnostics);
    m_trace.timeIndex = TimeIndex(m_trace.events.time);
    m_trace.facts.shrink_to_fit();
    m_trace.formatName = std::move(formatName);
    m_trace.addressForm = m_hexadecimalIds > m_decimalIds ? AddressForm::Hexadecimal : AddressForm::Decimal;
    m_trace.diagnostics.sortByLine();
    if (m_marks.empty()) m_marks.push_back({1, 0});
}

Trace TraceBuilder::finish(std::string formatName, std::string path, FileHandle file, std::uint64_t bytes) {
    complete(std::move(formatName));
    m_trace.source = std::make_shared<const SourceText>(std::move(path), std::move(file), bytes, m_lines,
                                                        std::move(m_marks));
    return std::move(m_trace);
}

Trace TraceBuilder::finish(std::string formatName, std::string path, std::unique_ptr<const TextBytes> text,
                           std::uint64_t bytes, std::uint64_t fileBytes) {
    complete(std::move(formatName));
    m_trace.source = std::make_shared<const SourceText>(std::move(path), std::move(text), bytes, fileBytes, m_lines,
                                                        std::move(m_marks));
    return std::move(m_trace);
}

}  // namespace alloclens
