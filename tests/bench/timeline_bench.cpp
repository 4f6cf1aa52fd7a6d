// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline without a window: building a scene, one picture in each of the timed views with all cells made before,
// as while one moves about, one with none, as when a scene is new, and what else the window draws in a frame.
#include <benchmark/benchmark.h>

#include <string>

#include "core/timeline/scene.h"
#include "tests/bench/subject.h"
#include "tests/support/timed_views.h"

namespace alloclens::bench {
namespace {

constexpr int kWidth = 1'600;
constexpr int kHeight = 600;

std::shared_ptr<const Scene> sceneOf(const std::shared_ptr<const Analysis>& analysis) {
    auto scene = buildScene(analysis, {}, {}, {});
    if (!scene) stop(scene.error().sentence());
    return *scene;
}

/// The scene of the synthetic trace of that size, kept until another size is asked for.
const Scene& syntheticScene(std::int64_t lifetimes) {
    static std::int64_t made = 0;
    static std::shared_ptr<const Scene> scene;
    if (made != lifetimes) {
        scene.reset();
        scene = sceneOf(syntheticAnalysis(lifetimes));
        made = lifetimes;
    }
    return *scene;
}

void buildScenes(benchmark::State& state) {
    const auto& analysis = syntheticAnalysis(state.range(0));
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(sceneOf(analysis)->marks.size());
    cost.end(state, analysis->trace->events.count());
}

PixelMap mapOf(const Scene& scene, const test::TimedView& view) {
    return {test::rangeOf(view, scene.extent(), scene.layout.height()), kWidth, kHeight};
}

/// Bars or cells, as the window draws them; the cells are there after the first round.
void drawWarmPicture(benchmark::State& state, const test::TimedView& view) {
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, view);
    static_cast<void>(drawPicture(scene.source(), map));
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(drawPicture(scene.source(), map).classes.data());
    }
}

/// The same where every cell has yet to be made, on all cores.
void drawColdPicture(benchmark::State& state, const test::TimedView& view) {
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, view);
    for ([[maybe_unused]] auto round : state) {
        Grids grids;
        PictureSource source = scene.source();
        source.grids = &grids;
        benchmark::DoNotOptimize(drawPicture(source, map).classes.data());
        state.counters["cells"] = benchmark::Counter(static_cast<double>(grids.bytes()), benchmark::Counter::kDefaults,
                                                     benchmark::Counter::kIs1024);
    }
}

void binMarksOf(benchmark::State& state, const test::TimedView& view) {
    constexpr int kCellPixels = 10;
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, view);
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(scene.markIndex.bins(scene.marks, map, kCellPixels).size());
    }
}

void drawCurve(benchmark::State& state, const test::TimedView& view) {
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, view);
    scene.liveBytes.prepare({});
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(scene.liveBytes.columns(*scene.analysis->trace, scene.options.acrossMode, map).data());
    }
}

void sumUpLiveBytes(benchmark::State& state) {
    const auto& analysis = syntheticAnalysis(state.range(0));
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(LiveBytes(analysis, nullptr).peak());
    cost.end(state, analysis->trace->events.count());
}

template <typename Measure>
void registerOne(const std::string& name, const Sizes& sizes, Measure measure) {
    auto* made = benchmark::RegisterBenchmark(name.c_str(), measure);
    made->ArgName("lifetimes")->Unit(benchmark::kMillisecond)->UseRealTime();
    for (const std::int64_t size : sizes) made->Arg(size);
}

}  // namespace

void registerTimeline(const Sizes& sizes) {
    registerOne("Scene", sizes, buildScenes);
    registerOne("LiveBytes", sizes, sumUpLiveBytes);
    const auto views = test::timedViews();
    // One size after the other, so that no scene is built for every view anew.
    for (const std::int64_t size : sizes) {
        const auto registerView = [size](const char* what, const test::TimedView& view, auto measure) {
            registerOne(what + std::string(view.name), {size},
                        [&view, measure](benchmark::State& state) { measure(state, view); });
        };
        for (const test::TimedView& view : views) registerView("Picture/", view, drawWarmPicture);
        for (const std::size_t view : {0U, 1U, 12U}) registerView("ColdPicture/", views[view], drawColdPicture);
        for (const std::size_t view : {0U, 5U, 8U}) {
            registerView("Picture/marks/", views[view], binMarksOf);
            registerView("Picture/curve/", views[view], drawCurve);
        }
    }
}

}  // namespace alloclens::bench
