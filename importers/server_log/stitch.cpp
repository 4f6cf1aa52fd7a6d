// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/stitch.h"

#include <algorithm>

namespace alloclens::server_log {
namespace {

void carryHeadings(PrintedFacts& facts) {
    std::int32_t device = kNoDevice;
    Memory memory = Memory::Unknown;
    for (PrintedFact& fact : facts) {
        switch (fact.kind) {
        case FactKind::StatisticsBegin:
        case FactKind::RemainingBegin:
        case FactKind::ActiveAllocations:
            device = kNoDevice;
            memory = Memory::Unknown;
            break;
        case FactKind::DeviceHeading: device = fact.device; break;
        case FactKind::StatisticsBuffers:
        case FactKind::StatisticsBytes: fact.device = device; break;
        case FactKind::RemainingMemory:
            fact.device = device;
            memory = fact.memory;
            break;
        case FactKind::RemainingEntry:
            fact.device = device;
            fact.memory = memory;
            break;
        default: break;
        }
    }
}

// The first start of a server in a log is no restart if nothing was recorded before it.
void dropFirstStart(EventTable& events) {
    if (events.count() == 0 || events.kind[0] != EventKind::Restart) return;
    events.forEachColumn([](auto& column) { column.erase(column.begin()); });
}

void insertSweep(Trace& trace, const PrintedFact& announced) {
    EventTable& events = trace.events;
    const auto process = std::find(trace.processes.begin(), trace.processes.end(), announced.pid);
    if (process == trace.processes.end()) return;  // it owns nothing that was read
    const auto at = std::upper_bound(events.line.begin(), events.line.end(), announced.line) - events.line.begin();
    const auto insert = [at](auto& column, auto value) { column.insert(column.begin() + at, value); };
    insert(events.kind, EventKind::Sweep);
    insert(events.memory, Memory::Unknown);
    insert(events.address, AddressId{});
    insert(events.process, ProcessId(static_cast<std::size_t>(process - trace.processes.begin())));
    insert(events.size, kNoSize);
    insert(events.refCount, 0U);
    insert(events.line, announced.line);
}

// "PID 7 is dead, removing its buffers..." whose "Removed n buffers" did not survive: the sweep happened all the same.
void completeSweeps(Trace& trace) {
    constexpr std::size_t kNearby = 8;  // facts between the two lines when other writers interfere
    for (std::size_t i = 0; i < trace.facts.size(); ++i) {
        const PrintedFact& announced = trace.facts[i];
        if (announced.kind != FactKind::SweepAnnounced) continue;
        const auto from = trace.facts.begin() + static_cast<std::ptrdiff_t>(i);
        const auto to = trace.facts.begin() + static_cast<std::ptrdiff_t>(std::min(i + kNearby, trace.facts.size()));
        const bool isComplete = std::any_of(from, to, [&announced](const PrintedFact& fact) {
            return fact.kind == FactKind::SweepRemoved && fact.pid == announced.pid;
        });
        if (!isComplete) insertSweep(trace, announced);
    }
}

}  // namespace

void stitch(Trace& trace) {
    carryHeadings(trace.facts);
    dropFirstStart(trace.events);
    completeSweeps(trace);
}

}  // namespace alloclens::server_log
