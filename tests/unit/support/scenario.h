// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs of traced programs whose faults have a known cause, made message by message: the tracker judges each as a server
// would, and the refused frees that a fault brings about are remembered with their cause. Programs work in step on a
// mesh of devices, with a second program on one device beside them, so that a fault stands among ordinary events.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/tracker/tracker.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens::test {

struct Buffer {
    std::uint64_t address = 0;
    std::uint64_t size = 4096;
    Memory memory = Memory::Dram;
};

class Scenario {
public:
    static constexpr std::int32_t kDevices = 8;

    explicit Scenario(std::uint64_t seed, TrackerRules rules = {}) : m_random(seed), m_tracker(rules), m_rules(rules) {}

    std::int32_t program = 300;  ///< the process with the fault
    int fault = 0;               ///< its number, where a run has several

    /// From now on refused frees are of this cause.
    void blame(Cause cause) { m_cause = cause; }
    [[nodiscard]] std::uint64_t random(std::uint64_t below) { return m_random() % below; }
    /// An address that nothing else has.
    [[nodiscard]] Buffer newBuffer() {
        constexpr std::uint64_t kSizes[] = {2048, 4096, 65'536, 524'288};
        m_nextAddress += 4096;
        return {m_nextAddress, kSizes[random(4)], random(2) == 0 ? Memory::Dram : Memory::L1};
    }

    void allocate(std::int32_t pid, std::int32_t device, const Buffer& buffer) {
        const AddressKey key{device, buffer.address};
        const auto verdict = m_tracker.allocate(key, buffer.size, buffer.memory, pid);
        addEvent(key, verdict, pid).memory = buffer.memory;
        flush();
    }
    void release(std::int32_t pid, std::int32_t device, const Buffer& buffer) {
        const AddressKey key{device, buffer.address};
        const auto verdict = m_tracker.release(key, pid);
        addEvent(key, verdict, pid);
        if (verdict.kind == EventKind::RefusedFree) m_causes[m_event.line] = {m_cause, fault};
        flush();
    }
    void allocateOnAll(std::int32_t pid, const Buffer& buffer) {
        for (std::int32_t device = 0; device < kDevices; ++device) allocate(pid, device, buffer);
    }
    void releaseOnAll(std::int32_t pid, const Buffer& buffer) {
        for (std::int32_t device = 0; device < kDevices; ++device) release(pid, device, buffer);
    }
    /// Lines so far; the last message is on the last one.
    [[nodiscard]] std::uint32_t lines() const { return m_part.lines; }
    void die(std::int32_t pid) {
        const auto removed = m_tracker.sweep(pid);
        m_event = {};
        m_event.kind = EventKind::Sweep;
        m_event.hasKey = false;
        m_event.pid = pid;
        m_event.size = removed.entries;
        m_event.line = ++m_part.lines;
        flush();
    }
    /// A line that is no event, with a diagnostic of its own if wanted.
    void foreignLine() { ++m_part.lines; }
    void tornLine() { m_part.diagnostics.add({DiagnosticCode::TornLine, ++m_part.lines, {}}); }
    void complain() {
        PrintedFact fact;
        fact.kind = FactKind::InvalidMessage;
        fact.line = ++m_part.lines;
        m_part.facts.push_back(fact);
    }

    /// Ordinary work: so many buffers come, and as many go, some addresses again and again.
    void work(std::int32_t pid, int buffers, bool isOnMesh = true) {
        std::deque<Buffer>& live = m_live[pid];
        for (int i = 0; i < buffers; ++i) {
            Buffer buffer = newBuffer();
            std::vector<Buffer>& free = m_free[pid];
            if (!free.empty() && random(3) > 0) {
                buffer.address = free.back().address;
                free.pop_back();
            }
            isOnMesh ? allocateOnAll(pid, buffer) : allocate(pid, 2, buffer);
            live.push_back(buffer);
            if (live.size() < 12) continue;
            const auto at = static_cast<std::ptrdiff_t>(random(live.size()));
            const Buffer old = live[static_cast<std::size_t>(at)];
            live.erase(live.begin() + at);
            isOnMesh ? releaseOnAll(pid, old) : release(pid, 2, old);
            free.push_back(old);
        }
    }
    /// The program frees what it still has.
    void finish(std::int32_t pid, bool isOnMesh = true) {
        for (const Buffer& buffer : std::exchange(m_live[pid], {}))
            isOnMesh ? releaseOnAll(pid, buffer) : release(pid, 2, buffer);
    }

    [[nodiscard]] std::shared_ptr<const Analysis> analyse() {
        std::string text;
        for (std::uint32_t line = 1; line <= m_part.lines; ++line) text += "record " + std::to_string(line) + '\n';
        m_part.lineCounts.events = m_part.lines;
        TraceBuilder builder;
        if (!builder.append(std::move(m_part))) stop("cannot append a part");
        builder.draft().rules = m_rules;
        const std::size_t bytes = text.size();
        return analysisOf(std::make_shared<const Trace>(
            builder.finish("scenario", "scenario.bin", std::make_unique<TextInMemory>(std::move(text)), bytes, bytes)));
    }
    /// The cause of the refused free on a line.
    [[nodiscard]] Cause causeAt(std::uint32_t line) const { return m_causes.at(line).first; }
    [[nodiscard]] int faultAt(std::uint32_t line) const { return m_causes.at(line).second; }
    [[nodiscard]] std::size_t refusedFrees() const { return m_causes.size(); }

private:
    TracePart::Event& addEvent(const AddressKey& key, const Tracker::Verdict& verdict, std::int32_t pid) {
        m_event = {};
        m_event.kind = verdict.kind;
        m_event.key = key;
        m_event.pid = verdict.kind == EventKind::Allocation ? pid : verdict.pid;
        m_event.size = verdict.size;
        m_event.refCount = verdict.refCount;
        m_event.line = ++m_part.lines;
        return m_event;
    }
    void flush() { m_part.add(m_event); }

    std::mt19937_64 m_random;
    Tracker m_tracker;
    TrackerRules m_rules;
    TracePart m_part;
    TracePart::Event m_event;
    Cause m_cause = Cause::Undetermined;
    std::map<std::uint32_t, std::pair<Cause, int>> m_causes;  ///< by line
    std::uint64_t m_nextAddress = 1 << 20;
    std::map<std::int32_t, std::deque<Buffer>> m_live;
    std::map<std::int32_t, std::vector<Buffer>> m_free;  ///< addresses that may be used again
};

}  // namespace alloclens::test
