// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/axis.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// Events on lines 2, 3, 3 and 6 of seven.
std::shared_ptr<const Trace> smallTrace() {
    const std::string freed = "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)";
    return test::readLog("foreign\n" + freed + "\n" + freed + freed + "\nforeign\nforeign\n" + freed + "\nforeign\n");
}

TEST(Axis, AnEventStandsAtItsNumberOrItsLine) {
    const auto trace = smallTrace();
    ASSERT_EQ(trace->events.count(), 4U);
    EXPECT_EQ(acrossOf(*trace, AcrossMode::EventOrder, EventId(3U)), 3);
    EXPECT_EQ(acrossOf(*trace, AcrossMode::LineNumber, EventId(3U)), 6);
}

TEST(Axis, TheExtentHoldsAllEventsOrAllLines) {
    const auto trace = smallTrace();
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::EventOrder).from, 0);
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::EventOrder).to, 4);
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::LineNumber).from, 1);
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::LineNumber).to, 8);
}

TEST(Axis, TheExtentOfATraceWithoutEventsIsNotEmpty) {
    const auto trace = test::readLog("🚀 Allocation Server started\n");
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::EventOrder).to, 1);
    EXPECT_FALSE(eventAt(*trace, AcrossMode::EventOrder, 0).isValid());
    EXPECT_FALSE(eventAt(*trace, AcrossMode::LineNumber, 1).isValid());
}

TEST(Axis, TheEventAtAPlaceIsTheOneAtOrBeforeIt) {
    const auto trace = smallTrace();
    EXPECT_FALSE(eventAt(*trace, AcrossMode::EventOrder, -0.1).isValid());
    EXPECT_EQ(eventAt(*trace, AcrossMode::EventOrder, 0), EventId(0U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::EventOrder, 2.99), EventId(2U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::EventOrder, 1e12), EventId(3U));
    EXPECT_FALSE(eventAt(*trace, AcrossMode::LineNumber, 1.9).isValid());
    EXPECT_EQ(eventAt(*trace, AcrossMode::LineNumber, 2), EventId(0U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::LineNumber, 3), EventId(2U)) << "the last of several on one line";
    EXPECT_EQ(eventAt(*trace, AcrossMode::LineNumber, 5.9), EventId(2U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::LineNumber, 7), EventId(3U));
}

TEST(PixelMap, TurnsPlacesIntoPixelsAndBack) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> number(-1e6, 1e6);
    for (int i = 0; i < 2'000; ++i) {
        const double left = number(random);
        const double top = number(random);
        const PixelMap map{{left, left + std::abs(number(random)) + 1, top, top + std::abs(number(random)) + 1},
                           static_cast<int>(1 + random() % 4'000),
                           static_cast<int>(1 + random() % 4'000)};
        EXPECT_NEAR(map.x(map.range.left), 0, 1e-6);
        EXPECT_NEAR(map.x(map.range.right), map.width, 1e-6);
        EXPECT_NEAR(map.y(map.range.top), 0, 1e-6);
        EXPECT_NEAR(map.y(map.range.bottom), map.height, 1e-6);
        const double x = static_cast<double>(random() % 4'000) + 0.5;
        EXPECT_NEAR(map.x(map.across(x)), x, 1e-4);
        EXPECT_NEAR(map.y(map.down(x)), x, 1e-4);
    }
}

// Events at 0, 1 s, none, none, 5 s and none from the start.
TEST(Axis, ATimeIsCountedFromTheStartAndSharedByWhatHasNone) {
    const auto trace = test::timedTrace(test::timedDoubleFree(false));
    const auto across = [&](std::uint32_t event) { return acrossOf(*trace, AcrossMode::Time, EventId(event)); };
    EXPECT_EQ(across(0), 0);
    EXPECT_EQ(across(1), 1e9);
    EXPECT_EQ(across(3), 1e9);
    EXPECT_EQ(across(4), 5e9);
    EXPECT_EQ(across(5), 5e9);
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::Time).from, 0);
    EXPECT_EQ(acrossExtent(*trace, AcrossMode::Time).to, 5e9 + 1);
    EXPECT_FALSE(eventAt(*trace, AcrossMode::Time, -1).isValid());
    EXPECT_EQ(eventAt(*trace, AcrossMode::Time, 0), EventId(0U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::Time, 1e9), EventId(3U)) << "the last of those at one time";
    EXPECT_EQ(eventAt(*trace, AcrossMode::Time, 4.9e9), EventId(3U));
    EXPECT_EQ(eventAt(*trace, AcrossMode::Time, 1e18), EventId(5U));
    EXPECT_EQ(firstEventFrom(*trace, AcrossMode::Time, 0.5), 1U);
    EXPECT_EQ(firstEventFrom(*trace, AcrossMode::Time, 5e9 + 0.5), 6U);
    EXPECT_EQ(firstEventFrom(*trace, AcrossMode::Time, -1e30), 0U);
    EXPECT_EQ(firstEventFrom(*trace, AcrossMode::Time, 1e30), 6U);
}

TEST(Axis, OnlyATraceWithTimesHasOneOfTime) {
    EXPECT_TRUE(hasAxis(*test::timedTrace(test::timedDoubleFree()), AcrossMode::Time));
    const auto without = test::timedTrace({{EventKind::Allocation, 16, 1, kNoTime, 1}});
    EXPECT_FALSE(hasAxis(*without, AcrossMode::Time));
    EXPECT_TRUE(hasAxis(*without, AcrossMode::LineNumber));
    SceneOptions options;
    options.acrossMode = AcrossMode::Time;
    const auto scene = test::sceneOf(test::analysisOf(without), options);
    EXPECT_EQ(scene->options.acrossMode, AcrossMode::EventOrder) << "a scene falls back";
}

TEST(PixelMap, OfAnEmptyRangeIsStillFinite) {
    const PixelMap map{{5, 5, 7, 7}, 100, 100};
    EXPECT_TRUE(std::isfinite(map.x(5)));
    EXPECT_TRUE(std::isfinite(map.across(50)));
    EXPECT_TRUE(std::isfinite(map.down(50)));
}

TEST(Confined, AViewInsideIsLeftAlone) {
    const ViewRange inside{100, 300, 10, 20};
    const ViewRange result = confined(inside, {0, 1'000}, 50);
    EXPECT_NEAR(result.left, 100, 1e-9);
    EXPECT_NEAR(result.right, 300, 1e-9);
    EXPECT_NEAR(result.top, 10, 1e-9);
    EXPECT_NEAR(result.bottom, 20, 1e-9);
}

TEST(Confined, AViewBeyondAnEdgeMovesInAndKeepsItsSize) {
    const ViewRange result = confined({-500, -300, 45, 65}, {0, 1'000}, 50);
    EXPECT_NEAR(result.right - result.left, 200, 1e-9);
    EXPECT_NEAR(result.left, -10, 1e-9) << "with a hundredth of room";
    EXPECT_NEAR(result.bottom, 50, 1e-9);
    EXPECT_NEAR(result.top, 30, 1e-9);
}

TEST(Confined, AnyViewEndsInsideAndIsNeitherTooSmallNorTooLarge) {
    std::mt19937_64 random(2);
    std::uniform_real_distribution<double> number(-3e4, 3e4);
    for (int i = 0; i < 5'000; ++i) {
        const AcrossExtent extent{0, 1 + static_cast<double>(random() % 10'000)};
        const double height = 1 + static_cast<double>(random() % 500);
        const double left = number(random);
        const double top = number(random);
        const ViewRange view{left, left + std::abs(number(random)), top, top + std::abs(number(random))};
        const ViewRange result = confined(view, extent, height);
        const double room = (extent.to - extent.from) * 0.01 + 1e-6;
        ASSERT_GE(result.left, extent.from - room);
        ASSERT_LE(result.right, extent.to + room);
        ASSERT_GE(result.top, -1e-6);
        ASSERT_LE(result.bottom, std::max(height, 2.0) + 1e-6);
        ASSERT_GE(result.right - result.left, std::min(8.0, extent.to - extent.from) - 1e-6);
        ASSERT_GE(result.bottom - result.top, 2.0 - 1e-6);
        const ViewRange again = confined(result, extent, height);
        ASSERT_NEAR(again.left, result.left, 1e-6) << "confining twice is confining once";
        ASSERT_NEAR(again.bottom, result.bottom, 1e-6);
    }
}

}  // namespace
}  // namespace alloclens
