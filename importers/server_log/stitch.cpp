// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/stitch.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

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

// "PID 7 is dead, removing its buffers..." whose "Removed n buffers" did not survive: the sweep happened all the same.
void completeSweeps(Trace& trace) {
    constexpr std::size_t kNearby = 8;  // facts between the two lines when other writers interfere
    std::unordered_map<std::int32_t, ProcessId> processes;
    for (std::size_t i = 0; i < trace.processes.size(); ++i) processes.emplace(trace.processes[i], ProcessId(i));
    std::vector<EventTable::AddedRow> lost;
    for (std::size_t i = 0; i < trace.facts.size(); ++i) {
        const PrintedFact& announced = trace.facts[i];
        if (announced.kind != FactKind::SweepAnnounced) continue;
        const auto process = processes.find(announced.pid);
        if (process == processes.end()) continue;  // it owns nothing that was read
        const auto from = trace.facts.begin() + static_cast<std::ptrdiff_t>(i);
        const auto to = trace.facts.begin() + static_cast<std::ptrdiff_t>(std::min(i + kNearby, trace.facts.size()));
        const bool isComplete = std::any_of(from, to, [&announced](const PrintedFact& fact) {
            return fact.kind == FactKind::SweepRemoved && fact.pid == announced.pid;
        });
        if (isComplete) continue;
        const auto& lines = trace.events.line;
        const auto at = std::upper_bound(lines.begin(), lines.end(), announced.line) - lines.begin();
        EventTable::AddedRow sweep;
        sweep.before = static_cast<std::size_t>(at);
        sweep.process = process->second;
        sweep.line = announced.line;
        lost.push_back(sweep);
    }
    if (!lost.empty()) trace.events.insertRows(lost);
}

}  // namespace

void stitch(Trace& trace) {
    carryHeadings(trace.facts);
    completeSweeps(trace);
}

void complete(Trace& trace, const Generation& generation) {
    trace.rules.countsReferences = generation.countsReferences;
    trace.rules.keepsLastSize = generation.isEnhanced;
    stitch(trace);
}

}  // namespace alloclens::server_log
