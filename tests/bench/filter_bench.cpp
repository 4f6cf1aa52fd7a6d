// SPDX-License-Identifier: GPL-3.0-or-later
//
// One filter of each sort, evaluated over every table. Text is looked for in a generated log: synthetic traces have
// none.
#include "core/query/filter.h"

#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/subject.h"

namespace alloclens::bench {
namespace {

void measureFilter(benchmark::State& state, const Analysis& analysis, const std::string& text) {
    const auto parsed = Filter::parse(text);
    if (!parsed) stop(parsed.error().sentence());
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) {
        const auto result = applyFilter(analysis, *parsed, {});
        if (!result) stop(result.error().sentence());
        benchmark::DoNotOptimize(result->eventCount);
    }
    cost.end(state, analysis.trace->events.count());
}

struct NamedFilter {
    const char* name;
    const char* text;
};

constexpr NamedFilter kOfEveryTrace[] = {
    {"device", "device:4"},       {"address", "address:0x100000..0x800000"},
    {"kind", "kind:double-free"}, {"lifecycle", "lifecycle:/FU+/"},
    {"size", "size:64KiB..1MiB"}, {"several", "device:2,4 size:>64KiB -kind:leak"},
};
constexpr NamedFilter kOfText{"text", "text:FINAL"};

}  // namespace

void registerFilters(const Sizes& sizes) {
    for (const NamedFilter& filter : kOfEveryTrace) {
        const std::string name = std::string("Filter/") + filter.name;
        auto* made = benchmark::RegisterBenchmark(name.c_str(), [text = filter.text](benchmark::State& state) {
            measureFilter(state, *syntheticAnalysis(state.range(0)), text);
        });
        made->ArgName("lifetimes")->Unit(benchmark::kMillisecond)->UseRealTime();
        for (const std::int64_t size : sizes) made->Arg(size);
    }
    const std::string name = std::string("Filter/") + kOfText.name;
    benchmark::RegisterBenchmark(
        name.c_str(),
        [](benchmark::State& state) { measureFilter(state, *logOf(state.range(0)).analysis(), kOfText.text); })
        ->ArgName("events")
        ->Arg(100'000)
        ->Arg(1'000'000)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

}  // namespace alloclens::bench
