// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading: from the bytes of a generated log to columns.
#include <benchmark/benchmark.h>

#include "tests/bench/subject.h"

namespace alloclens::bench {
namespace {

void parse(benchmark::State& state) {
    const Log& log = logOf(state.range(0));
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(log.read(static_cast<unsigned>(state.range(1)))->events.count());
    }
    cost.end(state, log.trace()->events.count());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(log.trace()->source->bytes()));
}

}  // namespace

void registerParsing() {
    benchmark::RegisterBenchmark("Parse", parse)
        ->ArgNames({"events", "threads"})
        ->ArgsProduct({{100'000, 1'000'000}, {1, 0}})
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

}  // namespace alloclens::bench
