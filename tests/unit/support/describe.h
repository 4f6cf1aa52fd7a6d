// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces and analyses as text, so that a test can compare two of them whole and a failure shows where they differ.
// The source's path and size are left out: the same log may come from another file. Needs no GoogleTest.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens::test {

template <typename Number>
[[nodiscard]] std::string numberOr(Number value, Number none) {
    return value == none ? std::string("none") : fmt::format("{}", value);
}

/// "allocation 4:4096 L1 pid 7 size 512 ref 2", without the line number.
[[nodiscard]] inline std::string eventText(const Trace& trace, std::size_t i) {
    const EventTable& events = trace.events;
    std::string text(eventKindName(events.kind[i]));
    if (events.address[i].isValid()) {
        const AddressKey& key = trace.key(events.address[i]);
        text += fmt::format(" {}:{}", numberOr(key.device, kNoDevice), key.address);
    }
    if (events.memory[i] != Memory::Unknown) text += fmt::format(" {}", memoryName(events.memory[i]));
    text += fmt::format(" pid {} size {}", numberOr(trace.pid(events.process[i]), kNoPid),
                        numberOr(events.size[i], kNoSize));
    if (events.refCount[i] != 0) text += fmt::format(" ref {}", events.refCount[i]);
    return text;
}

/// "3: allocation ...", one an event.
[[nodiscard]] inline std::vector<std::string> eventTexts(const Trace& trace) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        texts.push_back(fmt::format("{}: {}", trace.events.line[i], eventText(trace, i)));
    }
    return texts;
}

/// "3: torn-line", one a kept diagnostic.
[[nodiscard]] inline std::vector<std::string> diagnosticTexts(const Trace& trace) {
    std::vector<std::string> texts;
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        texts.push_back(fmt::format("{}: {}", diagnostic.line, diagnosticName(diagnostic.code)));
    }
    return texts;
}

[[nodiscard]] inline std::string factText(const PrintedFact& fact) {
    return fmt::format("{}: {} device {} memory {} pid {} ref {} count {} address {} amount {} total {}", fact.line,
                       factKindName(fact.kind), numberOr(fact.device, kNoDevice), memoryName(fact.memory),
                       numberOr(fact.pid, kNoPid), fact.refCount, fact.count, fact.address, fact.amount, fact.total);
}

/// "events facts foreign damaged"
[[nodiscard]] inline std::string lineCountText(const Trace& trace) {
    const LineCounts& counts = trace.lineCounts;
    return fmt::format("{} {} {} {}", counts.events, counts.facts, counts.foreign, counts.damaged);
}

/// All that was read, one thing a line.
[[nodiscard]] inline std::string traceText(const Trace& trace) {
    std::string text;
    for (const std::string& event : eventTexts(trace)) text += event + '\n';
    for (const PrintedFact& fact : trace.facts) text += factText(fact) + '\n';
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        text += fmt::format("{}: {} {}\n", diagnostic.line, diagnosticName(diagnostic.code), diagnostic.detail);
    }
    text += fmt::format("diagnostics {} lines {} of {} form {} counts {} last size {}\n", trace.diagnostics.total(),
                        lineCountText(trace), trace.source->lines(), static_cast<int>(trace.addressForm),
                        trace.rules.countsReferences, trace.rules.keepsLastSize);
    return text;
}

/// "double-free:4:0x1000:g1:1 line 17: allocated 3 released 5 freed-again 17"
[[nodiscard]] inline std::string findingText(const Analysis& analysis, const Finding& finding) {
    const auto& lines = analysis.trace->events.line;
    std::string text = fmt::format("{} line {}:", findingId(analysis.replay, finding), lines[finding.primary.index()]);
    for (const RoleEvent& role : analysis.findings.rolesOf(finding)) {
        text += fmt::format(" {} {}", roleName(role.role), lines[role.event.index()]);
    }
    return text;
}

[[nodiscard]] inline std::vector<std::string> findingTexts(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const Finding& finding : analysis.findings.rows) texts.push_back(findingText(analysis, finding));
    return texts;
}

/// The findings of one kind.
[[nodiscard]] inline std::vector<std::string> findingTexts(const Analysis& analysis, FindingKind kind) {
    std::vector<std::string> texts;
    for (const Finding& finding : analysis.findings.rows) {
        if (static_cast<FindingKind>(finding.kind) == kind) texts.push_back(findingText(analysis, finding));
    }
    return texts;
}

/// Every row of the lifetime table.
[[nodiscard]] inline std::vector<Lifetime> allLifetimes(const Replay& replay) {
    std::vector<Lifetime> rows;
    for (std::size_t i = 0; i < replay.lifetimes.size(); ++i) rows.push_back(replay.lifetime(LifetimeId(i)));
    return rows;
}

/// The depth behind every event.
[[nodiscard]] inline std::vector<std::uint32_t> depths(const Replay& replay) {
    std::vector<std::uint32_t> values;
    for (std::size_t i = 0; i < replay.depthAfter.size(); ++i) values.push_back(replay.depthAfter[i]);
    return values;
}

/// What a replay makes of the events, in letters, lifetimes, sums and contradictions.
[[nodiscard]] inline std::string replayText(const Replay& replay) {
    std::string text;
    for (std::size_t i = 0; i < replay.letters.size(); ++i) {
        text += fmt::format("{}{} {}\n", static_cast<char>(replay.letters[i]), replay.depthAfter[i],
                            numberOr(replay.lifetimeOf[i].value, LifetimeId::kNoneValue));
    }
    for (const Lifetime& lifetime : allLifetimes(replay)) {
        text += fmt::format("key {} g{} owner {} from {} to {} size {} peak {} {} {}{}\n", lifetime.address.value,
                            lifetime.generation, numberOr(lifetime.owner.value, ProcessId::kNoneValue),
                            lifetime.first.value, numberOr(lifetime.last.value, EventId::kNoneValue),
                            numberOr(lifetime.size, kNoSize), lifetime.peakDepth, memoryName(lifetime.memory),
                            lifetimeEndName(lifetime.end), lifetime.beginLost ? " begin lost" : "");
    }
    for (const AddressSummary& address : replay.addresses) {
        text += fmt::format("{} {} {} peak {} balance {} {} {} {}\n", address.allocations, address.acceptedFrees,
                            address.refusedFrees, address.peakDepth, address.lowestBalance, address.finalBalance,
                            address.isLiveAtEnd, address.wasAbandoned);
    }
    for (const DeviceSummary& device : replay.devices) {
        text += fmt::format("device {}: {} {} {} {} peak {} end {}\n", device.device, device.addresses,
                            device.allocations, device.frees, device.unknownFrees, device.peakLiveBytes,
                            device.endLiveBytes);
    }
    for (const Contradiction& contradiction : replay.contradictions) {
        text += fmt::format("event {} {} {} {}\n", contradiction.event.value, contradictionName(contradiction.kind),
                            contradiction.expected, contradiction.actual);
    }
    return text;
}

/// "line 3: reference-count 2 3": expected by the replay, then as the line has it.
[[nodiscard]] inline std::vector<std::string> contradictionTexts(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const Contradiction& contradiction : analysis.replay.contradictions) {
        texts.push_back(fmt::format("line {}: {} {} {}", analysis.trace->events.line[contradiction.event.index()],
                                    contradictionName(contradiction.kind), contradiction.expected,
                                    contradiction.actual));
    }
    return texts;
}

/// The replay and the findings, which follow from the events alone.
[[nodiscard]] inline std::string analysisText(const Analysis& analysis) {
    std::string text = replayText(analysis.replay);
    for (const std::string& finding : findingTexts(analysis)) text += finding + '\n';
    for (const Cluster& cluster : analysis.findings.clusters) {
        text += fmt::format("{}: {} of {} addresses, lines {} to {}\n", cluster.signature, cluster.count,
                            cluster.addresses, cluster.firstLine, cluster.lastLine);
    }
    return text;
}

}  // namespace alloclens::test
