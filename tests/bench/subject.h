// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is measured on: generated logs, read from a real file, and synthetic traces, which have no text. Each is made
// when a benchmark first asks for it. The logs, of which there are small ones only, stay to the end; of the traces,
// which may take gigabytes, the last one asked for. A failure ends the program with a message.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "tests/support/synthetic_trace.h"

namespace alloclens::bench {

[[noreturn]] void stop(const std::string& why);

/// A generated log with what was made of it, removed from the disk with this object.
class Log {
public:
    explicit Log(std::uint64_t events);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log();

    [[nodiscard]] std::shared_ptr<const Trace> read(unsigned threads) const;
    [[nodiscard]] const std::shared_ptr<const Trace>& trace() const { return m_trace; }
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_analysis; }

private:
    std::string m_path;
    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const Analysis> m_analysis;
};

[[nodiscard]] const Log& logOf(std::int64_t events);
[[nodiscard]] const std::shared_ptr<const Trace>& syntheticTrace(test::TraceShape shape, std::int64_t lifetimes);
[[nodiscard]] const std::shared_ptr<const Analysis>& syntheticAnalysis(std::int64_t lifetimes);

/// How many lifetimes the synthetic traces have: 10^6, and with --large 10^7 as well.
using Sizes = std::vector<std::int64_t>;

/// How long one event takes, as counters of a benchmark: `wall` by the clock, `cpu` on all threads together, which is
/// the time an event and thread while all of them are busy. Begin it before the rounds, end it behind them.
class EventCost {
public:
    EventCost();
    void end(benchmark::State& state, std::size_t events) const;

private:
    double m_wall;
    double m_processor;
};

// What each file has to measure.
void registerParsing();
void registerReplay(const Sizes& sizes);
void registerFilters(const Sizes& sizes);
void registerTimeline(const Sizes& sizes);

}  // namespace alloclens::bench
