// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long each stage takes, from text to picture, on generated logs of 10^5 and 10^6 events and on synthetic traces of
// 10^6 lifetimes, or 10^7 as well (docs/performance.md):
//
//     build/ci/tests/bench/alloclens_bench [--large] [--benchmark_filter=Picture]
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>

#include "tests/bench/subject.h"

int main(int argc, char** argv) {
    using namespace alloclens::bench;
    constexpr std::int64_t kLifetimes = 1'000'000;
    constexpr std::int64_t kManyLifetimes = 10'000'000;
    Sizes sizes{kLifetimes};
    char** const end = std::remove_if(argv + 1, argv + argc,
                                      [](const char* word) { return std::strcmp(word, "--large") == 0; });
    if (end != argv + argc) sizes.push_back(kManyLifetimes);
    argc = static_cast<int>(end - argv);
    *end = nullptr;
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    registerParsing();
    registerReplay(sizes);
    registerFilters(sizes);
    registerTimeline(sizes);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
