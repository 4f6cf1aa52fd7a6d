// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_builder.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace alloclens {

AddressId Trace::findAddress(const AddressKey& wanted) const {
    const auto at = std::lower_bound(addresses.begin(), addresses.end(), wanted);
    if (at == addresses.end() || *at != wanted) return {};
    return AddressId(static_cast<std::size_t>(at - addresses.begin()));
}

void TracePart::reserve(std::size_t count) {
    events.forEachColumn([count](auto& column) { column.reserve(count); });
}

void TracePart::add(const Event& event) {
    events.kind.push_back(event.kind);
    events.memory.push_back(event.memory);
    events.address.push_back(event.hasKey ? keys.intern(event.key) : AddressId{});
    events.process.push_back(internProcess(event.pid));
    events.size.push_back(event.size);
    events.refCount.push_back(event.refCount);
    events.line.push_back(event.line);
}

ProcessId TracePart::internProcess(std::int32_t pid) {
    if (pid == kNoPid) return {};
    // Neighbouring events mostly come from one process.
    if (m_lastProcess.isValid() && processes[m_lastProcess.index()] == pid) return m_lastProcess;
    const auto [entry, isNew] = m_processIds.try_emplace(pid, ProcessId(processes.size()));
    if (isNew) processes.push_back(pid);
    return m_lastProcess = entry->second;
}

void TraceBuilder::reserve(std::size_t count) {
    m_trace.events.forEachColumn([count](auto& column) { column.reserve(count); });
}

Result<void> TraceBuilder::append(TracePart&& part) {
    constexpr std::uint64_t kMost = EventId::kNoneValue - 1;
    if (std::uint64_t{m_lines} + part.lines > kMost || m_trace.events.count() + part.events.count() > kMost) {
        return Error{ErrorKind::Input,
                     "has more than 4,294,967,294 lines, the most that can be numbered",
                     {},
                     "Split the file and open its parts."};
    }
    std::vector<AddressId> addressOf;
    addressOf.reserve(part.keys.keys().size());
    for (const AddressKey& key : part.keys.keys()) addressOf.push_back(m_keys.intern(key));
    std::vector<ProcessId> processOf;
    for (const std::int32_t pid : part.processes) {
        const auto [entry, isNew] = m_processIds.try_emplace(pid, ProcessId(m_trace.processes.size()));
        if (isNew) m_trace.processes.push_back(pid);
        processOf.push_back(entry->second);
    }
    for (AddressId& id : part.events.address) {
        if (id.isValid()) id = addressOf[id.index()];
    }
    for (ProcessId& id : part.events.process) {
        if (id.isValid()) id = processOf[id.index()];
    }
    for (std::uint32_t& line : part.events.line) line += m_lines;
    for (PrintedFact& fact : part.facts) fact.line += m_lines;
    for (SourceText::Mark& mark : part.marks) m_marks.push_back({mark.line + m_lines + 1, mark.offset});

    EventTable& events = m_trace.events;
    const auto move = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    move(events.kind, part.events.kind);
    move(events.memory, part.events.memory);
    move(events.address, part.events.address);
    move(events.process, part.events.process);
    move(events.size, part.events.size);
    move(events.refCount, part.events.refCount);
    move(events.line, part.events.line);
    move(m_trace.facts, part.facts);
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

Trace TraceBuilder::finish(std::string formatName, std::string path, FileHandle file, std::uint64_t bytes) {
    m_trace.addresses = m_keys.release();
    placeEventsWithoutDevice();
    sortKeys();
    m_trace.formatName = std::move(formatName);
    m_trace.addressForm = m_hexadecimalIds > m_decimalIds ? AddressForm::Hexadecimal : AddressForm::Decimal;
    m_trace.diagnostics.sortByLine();
    if (m_marks.empty()) m_marks.push_back({1, 0});
    m_trace.source = std::make_shared<const SourceText>(std::move(path), std::move(file), bytes, m_lines,
                                                        std::move(m_marks));
    return std::move(m_trace);
}

// The oldest servers counted by address alone and named no device on frees. Such an event belongs to the device that
// allocated the address last; without one it keeps the key without a device.
void TraceBuilder::placeEventsWithoutDevice() {
    const auto& keys = m_trace.addresses;
    if (std::none_of(keys.begin(), keys.end(), [](const AddressKey& key) { return key.device == kNoDevice; })) return;
    std::unordered_map<std::uint64_t, AddressId> lastWithDevice;
    EventTable& events = m_trace.events;
    for (std::size_t i = 0; i < events.count(); ++i) {
        AddressId& id = events.address[i];
        if (!id.isValid()) continue;
        const AddressKey& key = keys[id.index()];
        if (key.device != kNoDevice) {
            if (events.kind[i] == EventKind::Allocation) lastWithDevice[key.address] = id;
        } else if (const auto known = lastWithDevice.find(key.address); known != lastWithDevice.end()) {
            id = known->second;
            m_trace.diagnostics.add({DiagnosticCode::MissingDevice, events.line[i], "the line names no device"});
        }
    }
}

void TraceBuilder::sortKeys() {
    auto& keys = m_trace.addresses;
    std::vector<std::uint8_t> used(keys.size(), 0);
    for (const AddressId id : m_trace.events.address) {
        if (id.isValid()) used[id.index()] = 1;
    }
    std::vector<std::uint32_t> order;
    order.reserve(keys.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
        if (used[i]) order.push_back(i);
    }
    std::sort(order.begin(), order.end(), [&keys](std::uint32_t a, std::uint32_t b) { return keys[a] < keys[b]; });
    std::vector<AddressId> newId(keys.size());
    std::vector<AddressKey> sorted;
    sorted.reserve(order.size());
    for (const std::uint32_t old : order) {
        newId[old] = AddressId(sorted.size());
        sorted.push_back(keys[old]);
    }
    keys = std::move(sorted);
    for (AddressId& id : m_trace.events.address) {
        if (id.isValid()) id = newId[id.index()];
    }
}

}  // namespace alloclens
