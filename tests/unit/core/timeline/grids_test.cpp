// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pictures of cells show all that bars would, and hardly more.
#include "core/timeline/grids.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>

#include "tests/unit/support/plain_picture.h"
#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

Picture drawCells(const Scene& scene, const PixelMap& map, Grids& grids) {
    const GridView view = gridViewOf(scene.source(), map);
    auto picture = grids.draw(scene.source(), map, view, {});
    if (!picture) test::stop(picture.error().sentence());
    return std::move(*picture);
}

/// Every pixel that bars light is lit, with that class or a worse one, and what else is lit lies beside one of those.
void expectCoversPlain(const Scene& scene, const PixelMap& map, const std::string& what) {
    Grids grids;
    const Picture drawn = drawCells(scene, map, grids);
    // More on each side: what lies just out of sight may be seen on the edge, and rounding adds a pixel across.
    const double wide = 2 / map.xScale();
    const double high = 1 / map.yScale();
    const PixelMap around{
        {map.range.left - wide, map.range.right + wide, map.range.top - high, map.range.bottom + high},
        map.width + 4,
        map.height + 2};
    const auto plain = test::plainPicture(scene, map).classes;
    const auto plainAround = test::plainPicture(scene, around).classes;
    for (int y = 0; y < map.height; ++y) {
        for (int x = 0; x < map.width; ++x) {
            const std::uint8_t there = plain[static_cast<std::size_t>(y * map.width + x)];
            ASSERT_GE(drawn.classAt(x, y), there) << what << " at " << x << ", " << y;
            const auto pixel = static_cast<std::size_t>(y * map.width + x);
            ASSERT_EQ(drawn.density[pixel] == 0, drawn.classes[pixel] == 0);
            std::uint8_t worst = 0;
            for (int dy = 0; dy <= 2; ++dy) {
                for (int dx = 0; dx <= 4; ++dx) {
                    worst = std::max(worst, plainAround[static_cast<std::size_t>((y + dy) * around.width + x + dx)]);
                }
            }
            ASSERT_LE(drawn.classAt(x, y), worst) << what << " at " << x << ", " << y;
        }
    }
}

TEST(Grids, ShowEveryPixelOfBarsInAnyView) {
    std::mt19937_64 random(21);
    for (std::uint64_t seed = 0; seed < 48; ++seed) {
        const auto scene = test::smallScene(seed);
        for (int i = 0; i < 12; ++i) {
            expectCoversPlain(*scene, test::randomView(*scene, random), fmt::format("seed {} view {}", seed, i));
        }
    }
}

TEST(Grids, ShowEveryPixelOfTheWholeTraceAtEverySize) {
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        for (const auto& [width, height] : {std::pair{1, 1}, {3, 200}, {300, 2}, {173, 91}, {1'200, 7}, {64, 5}}) {
            expectCoversPlain(*scene, {scene->fullRange(), width, height},
                              fmt::format("seed {} {}x{}", seed, width, height));
        }
    }
}

// A cell that ends where a pixel ends must not be lost or doubled by rounding.
TEST(Grids, ShowEveryPixelWhereCellsAndPixelsCoincide) {
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        const AcrossExtent extent = scene->extent();
        for (const int width : {16, 64, 128, 256}) {
            const ViewRange whole{extent.from, extent.to, 0, scene->layout.height()};
            expectCoversPlain(*scene, {whole, width, 20}, fmt::format("seed {} width {}", seed, width));
            const double half = (extent.to - extent.from) / 2;
            const ViewRange right{extent.from + half, extent.to, 0, scene->layout.height()};
            expectCoversPlain(*scene, {right, width, 20}, fmt::format("seed {} right half {}", seed, width));
        }
    }
}

TEST(Grids, CoverAsMuchAsBars) {
    for (std::uint64_t seed = 0; seed < 40; seed += 4) {
        const auto scene = test::smallScene(seed);
        ASSERT_EQ(scene->options.downMode, DownMode::Packed);
        const PixelMap map{scene->fullRange(), 100, static_cast<int>(8 + seed)};
        Grids grids;
        const Picture cells = drawCells(*scene, map, grids);
        const Picture bars = drawBars(scene->source(), map);
        const auto sumOf = [](const Picture& picture) {
            double sum = 0;
            for (const std::uint8_t density : picture.density) sum += density;
            return sum;
        };
        EXPECT_NEAR(sumOf(cells), sumOf(bars), 0.08 * sumOf(bars) + 100) << "seed " << seed;
    }
}

TEST(Grids, AreAsDenseAsCanBeWhereManyRowsLieOnOneLine) {
    std::string log;
    for (int i = 0; i < 5'000; ++i)
        log += fmt::format("[PID 1] Allocated 16 bytes of L1 on device 0 (buffer_id={})\n", 16 + 16 * i);
    log += "[PID 1] Allocated 16 bytes of L1 on device 0 (buffer_id=0x10000000000)\n";
    SceneOptions options;
    options.downMode = DownMode::Linear;
    const auto scene = test::sceneOf(test::analyseLog(log), options);
    const AcrossExtent extent = scene->extent();
    // Where nearly all of them are live.
    const PixelMap map{{extent.to * 0.9, extent.to, 0, scene->layout.height()}, 100, 200};
    Grids grids;
    const Picture cells = drawCells(*scene, map, grids);
    for (const Picture& picture : {cells, drawBars(scene->source(), map)}) {
        int full = 0;
        for (int y = 0; y < map.height; ++y) {
            const auto pixel = static_cast<std::size_t>(y * map.width + map.width / 2);
            full += picture.density[pixel] == 255 ? 1 : 0;
        }
        EXPECT_GE(full, 1);
        EXPECT_LE(full, 3);
    }
}

TEST(Grids, DoNotShowViewsOfPixelsThatAreFinerThanTheirCells) {
    const auto scene = test::smallScene(8);
    const Grids grids;
    PixelMap map{scene->fullRange(), 1'000, 100};
    EXPECT_TRUE(grids.fits(gridViewOf(scene->source(), map)));
    map.range.right = map.range.left + 1e-5;
    EXPECT_FALSE(grids.fits(gridViewOf(scene->source(), map)));
}

TEST(Grids, KeepCellsWithinTheirMemoryAndDrawTheSameWithoutThem) {
    const auto scene = test::smallScene(8);
    Grids roomy;
    constexpr std::size_t kFewBytes = 40'000;
    Grids tight(kFewBytes);
    std::mt19937_64 random(22);
    for (int i = 0; i < 40; ++i) {
        const PixelMap map = test::randomView(*scene, random);
        const Picture first = drawCells(*scene, map, roomy);
        EXPECT_TRUE(roomy.has(gridViewOf(scene->source(), map)));
        const std::size_t bytes = roomy.bytes();
        EXPECT_TRUE(drawCells(*scene, map, roomy).classes == first.classes);
        EXPECT_EQ(roomy.bytes(), bytes) << "all cells were there";
        EXPECT_TRUE(drawCells(*scene, map, tight).classes == first.classes);
    }
    EXPECT_GT(roomy.bytes(), 4 * kFewBytes);
    EXPECT_LE(tight.bytes(), kFewBytes);
}

TEST(Grids, MayBeDrawnFromByManyThreads) {
    const auto scene = test::smallScene(4);
    std::mt19937_64 random(23);
    std::vector<PixelMap> maps;
    std::vector<Picture> expected;
    for (int i = 0; i < 24; ++i) {
        maps.push_back(test::randomView(*scene, random));
        Grids alone;
        expected.push_back(drawCells(*scene, maps.back(), alone));
    }
    constexpr std::size_t kFewBytes = 200'000;  // so that cells are dropped while others draw
    Grids shared(kFewBytes);
    std::vector<int> equal(4, 0);
    {
        std::vector<std::jthread> threads;
        for (std::size_t t = 0; t < equal.size(); ++t) {
            threads.emplace_back([&, t] {
                for (std::size_t i = 0; i < maps.size(); ++i) {
                    const std::size_t at = (i + t * 5) % maps.size();
                    const Picture picture = drawCells(*scene, maps[at], shared);
                    equal[t] += picture.classes == expected[at].classes && picture.density == expected[at].density;
                }
            });
        }
    }
    for (const int count : equal) EXPECT_EQ(count, static_cast<int>(maps.size()));
}

TEST(Grids, OfACancelledTaskGiveNoPicture) {
    const auto scene = test::smallScene(4);
    const PixelMap map{scene->fullRange(), 100, 100};
    std::stop_source stop;
    stop.request_stop();
    const GridView view = gridViewOf(scene->source(), map);
    const auto picture = scene->grids->draw(scene->source(), map, view, TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().kind, ErrorKind::Cancelled);
    EXPECT_FALSE(scene->grids->has(view));
}

TEST(Grids, AreTakenWhereManyBarsAreInSightAndThenQuick) {
    std::string log;
    for (int i = 0; i < 80'000; ++i) {
        log += fmt::format("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id={})\n", i % 50);
        log += fmt::format("[PID 1] Freed buffer {} on device 0 (8 bytes, FINAL)\n", i % 50);
    }
    const auto scene = test::sceneOf(test::analyseLog(log), {});
    const PixelMap whole{scene->fullRange(), 200, 100};
    EXPECT_FALSE(isPictureQuick(scene->source(), whole));
    const Picture picture = drawPicture(scene->source(), whole);
    EXPECT_TRUE(isPictureQuick(scene->source(), whole));
    EXPECT_GT(scene->grids->bytes(), 0U);
    const auto plain = drawBars(scene->source(), whole).classes;
    for (std::size_t i = 0; i < plain.size(); ++i) ASSERT_GE(picture.classes[i], plain[i]);
    ViewRange part = whole.range;
    part.right = part.left + 20'000;
    EXPECT_TRUE(isPictureQuick(scene->source(), {part, 200, 100})) << "few enough to be drawn one by one";
}

}  // namespace
}  // namespace alloclens
