// SPDX-License-Identifier: GPL-3.0-or-later
//
// The picture of any part at any zoom is that of a plain loop over all lifetimes and all pixels.
#include "core/timeline/picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "tests/unit/support/plain_picture.h"
#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

void expectSame(const Scene& scene, const PixelMap& map, const std::string& what) {
    const Picture drawn = drawBars(scene.source(), map);
    const test::PlainPicture plain = test::plainPicture(scene, map);
    ASSERT_EQ(drawn.width, map.width);
    ASSERT_EQ(drawn.height, map.height);
    ASSERT_TRUE(drawn.classes == plain.classes) << what;
    // Rows that lie on each other are summed up after rounding.
    if (scene.options.downMode == DownMode::Linear) return;
    for (std::size_t i = 0; i < plain.area.size(); ++i) {
        if (plain.classes[i] == 0) continue;
        ASSERT_NEAR(drawn.density[i], std::clamp(plain.area[i] * 256, 1.0, 255.0), 1.1) << what << " pixel " << i;
    }
}

TEST(Picture, OfAnyViewIsThatOfAPlainLoop) {
    std::mt19937_64 random(1);
    for (std::uint64_t seed = 0; seed < 48; ++seed) {
        const auto scene = test::smallScene(seed);
        for (int i = 0; i < 12; ++i) {
            const PixelMap map = test::randomView(*scene, random);
            expectSame(*scene, map, fmt::format("seed {} view {}", seed, i));
        }
    }
}

TEST(Picture, DoesNotChangeWhereItIsMovedByWholePixels) {
    std::mt19937_64 random(12);
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        PixelMap map = test::randomView(*scene, random);
        map.range.left = std::floor(map.range.left);
        map.range.right = map.range.left + map.width;  // a pixel an event, so that rounding plays no part
        const Picture before = drawBars(scene->source(), map);
        const int moved = static_cast<int>(random() % 20);
        map.range.left += moved;
        map.range.right += moved;
        const Picture after = drawBars(scene->source(), map);
        for (int y = 0; y < map.height; ++y) {
            for (int x = moved; x < map.width; ++x) {
                ASSERT_EQ(after.classAt(x - moved, y), before.classAt(x, y)) << "seed " << seed;
            }
        }
    }
}

TEST(Picture, OfTheWholeTraceIsThatOfAPlainLoopAtEverySize) {
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        for (const auto& [width, height] : {std::pair{1, 1}, {3, 200}, {300, 2}, {173, 91}}) {
            expectSame(*scene, {scene->fullRange(), width, height}, fmt::format("seed {} {}x{}", seed, width, height));
        }
    }
}

TEST(Picture, EveryVisibleLifetimeLightsAPixel) {
    std::mt19937_64 random(8);
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        const PixelMap map = {scene->fullRange(), static_cast<int>(1 + random() % 60),
                              static_cast<int>(1 + random() % 40)};
        const Picture picture = drawPicture(scene->source(), map);
        const auto classes = lifetimeClasses(*scene->analysis, scene->options.colourMode);
        for (std::size_t i = 0; i < classes.size(); ++i) {
            const std::uint32_t row = scene->rowOf(LifetimeId(i));
            if (row == LaneLayout::kNoRow) continue;
            const BarRows bar = barRows(scene->layout.rows()[row], map);
            const AcrossExtent extent = lifetimeExtent(*scene->analysis->trace, scene->options.acrossMode,
                                                       scene->analysis->replay.lifetime(LifetimeId(i)));
            ASSERT_LT(bar.from, bar.to);
            ASSERT_GE(picture.classAt(static_cast<int>(map.x(extent.from)), bar.from), classes[i])
                << "its own class or a worse one";
        }
    }
}

TEST(Picture, DensityIsThereWhereThereIsAClassAndOnlyThere) {
    std::mt19937_64 random(9);
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        const Picture picture = drawPicture(scene->source(), test::randomView(*scene, random));
        for (std::size_t i = 0; i < picture.classes.size(); ++i) {
            ASSERT_EQ(picture.classes[i] == 0, picture.density[i] == 0);
        }
    }
}

TEST(Picture, ASingleLeakAmongManyBuffersKeepsItsPixelWhenAllIsInView) {
    std::string log;
    for (int i = 0; i < 4'000; ++i) {
        log += fmt::format("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id={})\n", i * 16);
        if (i != 1'234) log += fmt::format("[PID 1] Freed buffer {} on device 0 (8 bytes, FINAL)\n", i * 16);
    }
    SceneOptions options;
    options.colourMode = ColourMode::Finding;
    const auto scene = test::sceneOf(test::analyseEndedLog(log), options);
    const Picture picture = drawPicture(scene->source(), {scene->fullRange(), 200, 20});
    const std::uint8_t worst = *std::max_element(scene->classes->begin(), scene->classes->end());
    EXPECT_EQ(std::count(scene->classes->begin(), scene->classes->end(), worst), 1);
    EXPECT_GT(std::count(picture.classes.begin(), picture.classes.end(), worst), 100) << "it stays open to the end";
}

TEST(BarRows, LeaveAGapWhereRowsAreTallAndFillAtLeastOnePixel) {
    LayoutRow row;
    row.top = 3;
    row.bottom = 4;
    const auto rows = [&row](double visible, int height) { return barRows(row, {{0, 1, 0, visible}, 100, height}); };
    EXPECT_EQ(rows(100, 100).to - rows(100, 100).from, 1);
    EXPECT_EQ(rows(100, 1'000).to - rows(100, 1'000).from, 8) << "ten pixels a row, two of them a gap";
    EXPECT_EQ(rows(1'000, 10).to - rows(1'000, 10).from, 1) << "a hundred rows a pixel";
    EXPECT_LE(rows(4, 1'000).to - rows(4, 1'000).from, 27) << "a single row does not fill the window";
    EXPECT_EQ(rows(2, 100).from, rows(2, 100).to) << "out of view";
}

TEST(BarRows, AreAsTallForAPersonWhateverThePixels) {
    LayoutRow row;
    row.top = 3;
    row.bottom = 4;
    for (const double visible : {4.0, 20.0, 100.0}) {
        const BarRows coarse = barRows(row, {{0, 1, 0, visible}, 100, 1'000});
        const BarRows fine = barRows(row, {{0, 1, 0, visible}, 300, 3'000, 3});
        EXPECT_NEAR(fine.to - fine.from, 3 * (coarse.to - coarse.from), 3) << visible;
        EXPECT_NEAR(fine.from, 3 * coarse.from, 3) << visible;
    }
}

TEST(Picture, OfBarsIsGivenUpWhereTheTaskIsCancelled) {
    const auto scene = test::smallScene(8);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_FALSE(drawBars(scene->source(), {scene->fullRange(), 100, 100}, TaskContext(stopped.get_token(), {})));
}

}  // namespace
}  // namespace alloclens
