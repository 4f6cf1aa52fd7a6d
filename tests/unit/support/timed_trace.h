// SPDX-License-Identifier: GPL-3.0-or-later
//
// Traces whose events have times and senders, as those of message captures, made without a format: each event is a line
// "record N" of a text in memory.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/trace/trace_builder.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::test {

/// 2026-02-26T21:56:10.191000123Z
inline constexpr std::int64_t kTimedStart = 1'772'142'970'191'000'123;

class TextInMemory final : public TextBytes {
public:
    explicit TextInMemory(std::string text) : m_text(std::move(text)) {}
    [[nodiscard]] Result<std::size_t> readAt(std::uint64_t offset, char* buffer, std::size_t size) const override {
        if (offset >= m_text.size()) return std::size_t{0};
        const std::size_t done = std::min<std::size_t>(size, m_text.size() - offset);
        std::memcpy(buffer, m_text.data() + offset, done);
        return done;
    }

private:
    std::string m_text;
};

struct TimedEvent {
    EventKind kind = EventKind::Allocation;
    std::uint64_t address = 16;
    std::int32_t pid = 1;
    std::int64_t offset = kNoTime;  ///< nanoseconds from kTimedStart
    std::int32_t sender = kNoPid;
};

[[nodiscard]] inline std::shared_ptr<const Trace> timedTrace(const std::vector<TimedEvent>& events) {
    TracePart part;
    std::string text;
    for (const TimedEvent& timed : events) {
        TracePart::Event event;
        event.kind = timed.kind;
        event.hasKey = timed.kind != EventKind::Sweep;
        if (event.hasKey) event.key = {0, timed.address};
        if (timed.kind == EventKind::Allocation) event.memory = Memory::L1;
        event.pid = timed.pid;
        event.sender = timed.sender;
        if (timed.kind != EventKind::RefusedFree) event.size = event.hasKey ? 64 : 1;
        event.line = ++part.lines;
        if (timed.offset != kNoTime) event.time = kTimedStart + timed.offset;
        part.add(event);
        text += "record " + std::to_string(part.lines) + '\n';
        part.lineCounts.events = part.lines;
    }
    TraceBuilder builder;
    if (!builder.append(std::move(part))) stop("cannot append a part");
    const std::size_t bytes = text.size();
    return std::make_shared<const Trace>(
        builder.finish("timed", "timed.bin", std::make_unique<TextInMemory>(std::move(text)), bytes, bytes));
}

[[nodiscard]] inline std::shared_ptr<const Analysis> analysisOf(std::shared_ptr<const Trace> trace) {
    auto analysis = analyse(std::move(trace), {});
    if (!analysis) stop(analysis.error().sentence());
    return *analysis;
}

[[nodiscard]] inline std::shared_ptr<const Analysis> timedAnalysis(const std::vector<TimedEvent>& events) {
    return analysisOf(timedTrace(events));
}

/// The first finding of a refused free; there must be one.
[[nodiscard]] inline FindingId surplusOf(const Analysis& analysis) {
    for (std::size_t i = 0; i < analysis.findings.rows.size(); ++i) {
        if (analysis.findings.eventIn(analysis.findings.rows[i], Role::FreedAgain).isValid()) return FindingId(i);
    }
    stop("no refused free");
}

/// The same trace with random times, of which some are missing, equal or earlier than the one before.
[[nodiscard]] inline std::shared_ptr<const Trace> withTimes(const Trace& trace, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Trace timed = trace;
    std::int64_t now = kTimedStart;
    timed.events.time.resize(0);
    for (std::size_t i = 0; i < timed.events.count(); ++i) {
        now += random() % 3 == 0 ? 0 : static_cast<std::int64_t>(random() % 2'000'000) - 100'000;
        timed.events.time.push_back(random() % 3 == 0 ? kNoTime : now);
    }
    timed.timeIndex = TimeIndex(timed.events.time);
    return std::make_shared<const Trace>(std::move(timed));
}

/// A double free and a leak: allocated, freed after 3 s without a time of its own or with one, freed again 4.2 ms later
/// by another process.
[[nodiscard]] inline std::vector<TimedEvent> timedDoubleFree(bool freesHaveTime = true) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const auto ofFree = [freesHaveTime](std::int64_t offset) { return freesHaveTime ? offset : kNoTime; };
    return {{EventKind::Allocation, 16, 42, 0, 42},
            {EventKind::Allocation, 32, 42, 1 * kSecond, 42},
            {EventKind::FinalFree, 16, 42, ofFree(3 * kSecond), 42},
            {EventKind::RefusedFree, 16, 77, ofFree(3 * kSecond + 4'200'000), 77},
            {EventKind::Allocation, 48, 77, 5 * kSecond, 77},
            {EventKind::FinalFree, 48, 77, ofFree(6 * kSecond), 42}};
}

}  // namespace alloclens::test
