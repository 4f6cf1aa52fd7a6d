// SPDX-License-Identifier: GPL-3.0-or-later
//
// The replay of each shape of trace, and what the detectors make of it.
#include <benchmark/benchmark.h>

#include <string>

#include "core/verdicts/verdicts.h"
#include "tests/bench/subject.h"

namespace alloclens::bench {
namespace {

void measureReplay(benchmark::State& state, const std::shared_ptr<const Trace>& trace) {
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) {
        const auto done = replayTrace(trace, {});
        benchmark::DoNotOptimize(done->lifetimes.size());
    }
    cost.end(state, trace->events.count());
}

void replayOfShape(benchmark::State& state, test::TraceShape shape) {
    measureReplay(state, syntheticTrace(shape, state.range(0)));
}

void replayOfLog(benchmark::State& state) { measureReplay(state, logOf(state.range(0)).trace()); }

void measureDetectors(benchmark::State& state, const Analysis& analysis) {
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) {
        auto findings = detect(analysis.replay, {});
        static_cast<void>(judge(analysis.replay, *findings, {}));
        benchmark::DoNotOptimize(findings->rows.size());
    }
    cost.end(state, analysis.trace->events.count());
}

void detectorsOfSlots(benchmark::State& state) { measureDetectors(state, *syntheticAnalysis(state.range(0))); }
void detectorsOfLog(benchmark::State& state) { measureDetectors(state, *logOf(state.range(0)).analysis()); }

}  // namespace

void registerReplay(const Sizes& sizes) {
    using test::TraceShape;
    benchmark::RegisterBenchmark("Replay/log", replayOfLog)
        ->ArgName("events")
        ->Arg(100'000)
        ->Arg(1'000'000)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    for (const TraceShape shape : {TraceShape::Slots, TraceShape::LiveKeys, TraceShape::Deaths, TraceShape::ManyKeys}) {
        const std::string name = "Replay/" + std::string(traceShapeName(shape));
        auto* made = benchmark::RegisterBenchmark(name.c_str(), replayOfShape, shape);
        made->ArgName("lifetimes")->Unit(benchmark::kMillisecond)->UseRealTime();
        // A million keys are to be live most of the time.
        if (shape == TraceShape::LiveKeys) made->Arg(4'000'000);
        for (const std::int64_t size : sizes) {
            if (shape != TraceShape::LiveKeys || size > 4'000'000) made->Arg(size);
        }
    }
    benchmark::RegisterBenchmark("Detectors/log", detectorsOfLog)
        ->ArgName("events")
        ->Arg(100'000)
        ->Arg(1'000'000)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    auto* detectors = benchmark::RegisterBenchmark("Detectors/slots", detectorsOfSlots);
    detectors->ArgName("lifetimes")->Unit(benchmark::kMillisecond)->UseRealTime();
    for (const std::int64_t size : sizes) detectors->Arg(size);
}

}  // namespace alloclens::bench
