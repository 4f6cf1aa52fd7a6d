// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long the stages take on generated logs of 10^5 and 10^6 events. Each log is made once, in the folder for
// temporary files, and removed at the end. Run it in a release build on a quiet machine:
//
//     build/ci/tests/bench/alloclens_bench [--benchmark_filter=Picture]
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>

#include "core/analysis/analysis.h"
#include "core/query/filter.h"
#include "core/timeline/scene.h"
#include "importers/importer.h"
#include "tests/generator/generator.h"

namespace alloclens {
namespace {

constexpr int kScreenWidth = 1'920;
constexpr int kScreenHeight = 1'000;

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "alloclens_bench: %s\n", why.c_str());
    std::exit(1);
}

/// A generated log with what was made of it, removed from the disk with this object.
class Log {
public:
    explicit Log(std::uint64_t events)
        : m_path((std::filesystem::temp_directory_path() / "alloclens-bench-XXXXXX").string()) {
        const int descriptor = ::mkstemp(m_path.data());
        if (descriptor < 0) stop("cannot make " + m_path);
        ::close(descriptor);
        std::ofstream file(m_path, std::ios::binary);
        generator::Recipe recipe;
        recipe.events = events;
        recipe.foreignLines = true;
        generator::stream(recipe, [&file](std::string_view text) { file << text; });
        file.close();
        if (!file) stop("cannot write " + m_path);
        m_trace = read(0);
        const auto analysis = analyse(m_trace, {});
        if (!analysis) stop(analysis.error().sentence());
        m_analysis = *analysis;
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log() { std::filesystem::remove(m_path); }

    [[nodiscard]] std::shared_ptr<const Trace> read(unsigned threads) const {
        ReadOptions options;
        options.threads = threads;
        const auto trace = readTrace(m_path, "server-log", options, {});
        if (!trace) stop(trace.error().sentence());
        return *trace;
    }
    [[nodiscard]] const std::shared_ptr<const Trace>& trace() const { return m_trace; }
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_analysis; }

private:
    std::string m_path;
    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const Analysis> m_analysis;
};

const Log& logOf(const benchmark::State& state) {
    static std::map<std::int64_t, std::unique_ptr<Log>> logs;
    auto& log = logs[state.range(0)];
    if (!log) log = std::make_unique<Log>(static_cast<std::uint64_t>(state.range(0)));
    return *log;
}

void countEvents(benchmark::State& state, const Log& log) {
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(log.trace()->events.count()));
}

void parse(benchmark::State& state) {
    const Log& log = logOf(state);
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(log.read(static_cast<unsigned>(state.range(1)))->events.count());
    }
    countEvents(state, log);
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(log.trace()->source->bytes()));
}

void replay(benchmark::State& state) {
    const Log& log = logOf(state);
    for ([[maybe_unused]] auto round : state) {
        const auto done = replayTrace(log.trace(), {});
        benchmark::DoNotOptimize(done->lifetimes.size());
    }
    countEvents(state, log);
}

void detectors(benchmark::State& state) {
    const Log& log = logOf(state);
    for ([[maybe_unused]] auto round : state) {
        const auto findings = detect(log.analysis()->replay, {});
        benchmark::DoNotOptimize(findings->rows.size());
    }
    countEvents(state, log);
}

void filter(benchmark::State& state, std::string_view text) {
    const Log& log = logOf(state);
    const auto parsed = Filter::parse(text);
    if (!parsed) stop(parsed.error().sentence());
    for ([[maybe_unused]] auto round : state) {
        const auto result = applyFilter(*log.analysis(), *parsed, {});
        if (!result) stop(result.error().sentence());
        benchmark::DoNotOptimize(result->eventCount);
    }
    countEvents(state, log);
}

std::shared_ptr<const Scene> sceneOf(const Log& log) {
    const auto scene = buildScene(log.analysis(), {}, {}, {});
    if (!scene) stop(scene.error().sentence());
    return *scene;
}

void scene(benchmark::State& state) {
    const Log& log = logOf(state);
    for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(sceneOf(log)->marks.size());
    countEvents(state, log);
}

/// One frame: bars, marks and the curve of live bytes; `part` of the whole in both directions.
void picture(benchmark::State& state, double part) {
    const auto scene = sceneOf(logOf(state));
    ViewRange range = scene->fullRange();
    const double width = (range.right - range.left) * part;
    const double height = (range.bottom - range.top) * part;
    range.left += (range.right - range.left - width) / 2;
    range.right = range.left + width;
    range.top += (range.bottom - range.top - height) / 2;
    range.bottom = range.top + height;
    const PixelMap map{range, kScreenWidth, kScreenHeight};
    constexpr int kCellPixels = 10;
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(drawPicture(scene->source(), map).classes.data());
        benchmark::DoNotOptimize(binMarks(scene->marks, map, kCellPixels).size());
        benchmark::DoNotOptimize(
            scene->liveBytes.columns(*scene->analysis->trace, scene->options.acrossMode, map).data());
    }
}

constexpr std::int64_t kSmall = 100'000;
constexpr std::int64_t kLarge = 1'000'000;

BENCHMARK(parse)
    ->Name("Parse")
    ->ArgNames({"events", "threads"})
    ->ArgsProduct({{kSmall, kLarge}, {1, 0}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(replay)->Name("Replay")->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMillisecond);
BENCHMARK(detectors)->Name("Detectors")->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMillisecond);
BENCHMARK(scene)->Name("Scene")->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, device, "device:4")
    ->Name("Filter/device")
    ->Arg(kSmall)
    ->Arg(kLarge)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, lifecycle, "lifecycle:/FU+$/ kind:double-free")
    ->Name("Filter/lifecycle")
    ->Arg(kSmall)
    ->Arg(kLarge)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filter, text, "text:FINAL")
    ->Name("Filter/text")
    ->Arg(kSmall)
    ->Arg(kLarge)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(picture, whole, 1.0)->Name("Picture/whole")->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(picture, tenth, 0.1)->Name("Picture/tenth")->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(picture, thousandth, 0.001)
    ->Name("Picture/thousandth")
    ->Arg(kSmall)
    ->Arg(kLarge)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace alloclens

BENCHMARK_MAIN();
