// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random small traces and random views of them, for tests that hold the timeline against plain loops over everything.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "core/timeline/scene.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/log_fixture.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens::test {

[[nodiscard]] inline std::shared_ptr<const Analysis> smallAnalysis(std::uint64_t seed) {
    generator::Recipe recipe;
    recipe.generation = static_cast<generator::Generation>(seed % 7);
    recipe.seed = seed;
    recipe.events = 40 + seed * 17 % 400;
    recipe.devices = static_cast<int>(1 + seed % 3);
    recipe.liveBuffers = 4;
    recipe.aliasShare = 0.05;
    recipe.doubleFreeShare = 0.08;
    recipe.unknownFreeShare = 0.03;
    recipe.teardownFrees = 6;
    recipe.statisticsEvery = 60;
    recipe.foreignLines = true;
    return analyseLog(generator::generate(recipe).log);
}

[[nodiscard]] inline std::shared_ptr<const Scene> sceneOf(std::shared_ptr<const Analysis> analysis,
                                                          const SceneOptions& options, SceneFilter filter = {}) {
    auto scene = buildScene(std::move(analysis), std::move(filter), options, {});
    if (!scene) stop(scene.error().sentence());
    return *scene;
}

/// A scene with axes, colours and a filter that the seed decides.
[[nodiscard]] inline std::shared_ptr<const Scene> smallScene(std::uint64_t seed) {
    auto analysis = smallAnalysis(seed);
    constexpr std::array kModes = {AcrossMode::EventOrder, AcrossMode::LineNumber, AcrossMode::EventOrder,
                                   AcrossMode::LineNumber, AcrossMode::Time};
    SceneOptions options;
    options.acrossMode = kModes[seed % kModes.size()];
    if (options.acrossMode == AcrossMode::Time) analysis = analysisOf(withTimes(*analysis->trace, seed));
    options.downMode = seed / 2 % 2 == 0 ? DownMode::Packed : DownMode::Linear;
    options.colourMode = static_cast<ColourMode>(seed / 4 % 4);
    SceneFilter filter;
    if (seed % 3 == 0) {
        std::mt19937_64 random(seed);
        const auto someOf = [&random](std::size_t count) {
            auto flags = std::make_shared<RowFlags>(count);
            for (std::size_t row = 0; row < count; ++row) {
                if (random() % 4 != 0) flags->set(row);
            }
            return flags;
        };
        filter.lifetimes = someOf(analysis->replay.lifetimes.size());
        filter.findings = someOf(analysis->findings.rows.size());
    }
    return sceneOf(std::move(analysis), options, std::move(filter));
}

/// A part of the scene on a picture of any size, from a few events to more than everything.
[[nodiscard]] inline PixelMap randomView(const Scene& scene, std::mt19937_64& random) {
    const auto between = [&random](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    const AcrossExtent across = scene.extent();
    const double length = across.to - across.from;
    ViewRange range;
    range.left = across.from + between(-0.2, 0.9) * length;
    range.right = range.left + between(0.01, 1.3) * length;
    range.top = between(-0.2, 0.9) * scene.layout.height();
    range.bottom = range.top + between(0.01, 1.3) * scene.layout.height();
    return {range, static_cast<int>(1 + random() % 200), static_cast<int>(1 + random() % 150)};
}

}  // namespace alloclens::test
