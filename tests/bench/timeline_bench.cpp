// SPDX-License-Identifier: GPL-3.0-or-later
//
// The timeline without a window: building a scene, and one picture in each of the timed views.
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

/// What is timed as a picture of the bars: every benchmark of pictures draws through here.
Picture drawBars(const Scene& scene, const PixelMap& map) { return drawPicture(scene.source(), map); }

void buildScenes(benchmark::State& state) {
    const auto& analysis = syntheticAnalysis(state.range(0));
    const EventCost cost;
    for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(sceneOf(analysis)->marks.size());
    cost.end(state, analysis->trace->events.count());
}

PixelMap mapOf(const Scene& scene, const test::TimedView& view) {
    return {test::rangeOf(view, scene.extent(), scene.layout.height()), kWidth, kHeight};
}

void drawBarsOf(benchmark::State& state, const test::TimedView& view) {
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, view);
    for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(drawBars(scene, map).classes.data());
}

/// What a frame draws besides the bars: the marks, gathered where they crowd, and the curve of live bytes.
void drawMarksAndCurve(benchmark::State& state) {
    constexpr int kCellPixels = 10;
    const Scene& scene = syntheticScene(state.range(0));
    const PixelMap map = mapOf(scene, test::timedViews().front());
    for ([[maybe_unused]] auto round : state) {
        benchmark::DoNotOptimize(binMarks(scene.marks, map, kCellPixels).size());
        benchmark::DoNotOptimize(scene.liveBytes.columns(*scene.analysis->trace, scene.options.acrossMode, map).data());
    }
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
    // One size after the other, so that no scene is built for every view anew.
    for (const std::int64_t size : sizes) {
        for (const test::TimedView& view : test::timedViews()) {
            registerOne("Picture/" + std::string(view.name), {size},
                        [&view](benchmark::State& state) { drawBarsOf(state, view); });
        }
        registerOne("Picture/marks and curve", {size}, drawMarksAndCurve);
    }
}

}  // namespace alloclens::bench
