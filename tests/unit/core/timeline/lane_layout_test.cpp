// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/lane_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view kLog = "[PID 1] Allocated 8 bytes of L1 on device 1 (buffer_id=4096)\n"
                                  "[PID 1] Freed buffer 4096 on device 1 (8 bytes, FINAL)\n"
                                  "[PID 1] Allocated 8 bytes of DRAM on device 1 (buffer_id=4096)\n"
                                  "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=100)\n"
                                  "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=200)\n"
                                  "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=500)\n"
                                  "[PID 1] Deallocation for unknown buffer 7 on device 1\n"
                                  "[PID 1] Deallocation for unknown buffer 4096 on device 2\n";

/// "0 DRAM 100: 1", with the number of its shown lifetimes, one a row.
std::vector<std::string> rowTexts(const Scene& scene) {
    std::vector<int> lifetimes(scene.layout.rows().size(), 0);
    for (std::size_t i = 0; i < scene.analysis->replay.lifetimes.size(); ++i) {
        const std::uint32_t row = scene.rowOf(LifetimeId(i));
        if (row != LaneLayout::kNoRow) ++lifetimes[row];
    }
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
        const LayoutRow& row = scene.layout.rows()[i];
        const AddressKey& key = scene.analysis->key(row.address);
        texts.push_back(fmt::format("{} {} {}: {}", key.device, memoryName(row.memory), key.address, lifetimes[i]));
    }
    return texts;
}

SceneFilter filterOf(RowFlags lifetimes, RowFlags findings) {
    return {std::make_shared<const RowFlags>(std::move(lifetimes)),
            std::make_shared<const RowFlags>(std::move(findings))};
}

SceneOptions linear() {
    SceneOptions options;
    options.downMode = DownMode::Linear;
    return options;
}

TEST(LaneLayout, RowsComeByDeviceThenMemoryThenAddress) {
    const auto scene = test::sceneOf(test::analyseLog(kLog), {});
    const LaneLayout& layout = scene->layout;
    EXPECT_THAT(rowTexts(*scene), ElementsAre("0 DRAM 100: 1", "0 DRAM 200: 1", "0 DRAM 500: 1", "1 DRAM 4096: 1",
                                              "1 L1 4096: 1", "1 unknown 7: 0", "2 unknown 4096: 0"));
    ASSERT_EQ(layout.lanes().size(), 3U);
    EXPECT_EQ(layout.lanes()[1].device, 1);
    EXPECT_EQ(layout.lanes()[1].subLanes.size(), 3U);
}

TEST(LaneLayout, PackedRowsAreOneHighAndSideBySide) {
    const auto scene = test::sceneOf(test::analyseLog(kLog), {});
    const LaneLayout& layout = scene->layout;
    for (const LayoutRow& row : layout.rows()) EXPECT_DOUBLE_EQ(row.bottom - row.top, 1);
    EXPECT_DOUBLE_EQ(layout.rows()[1].top, layout.rows()[0].bottom);
}

TEST(LaneLayout, LinearRowsLieInProportionToTheirAddresses) {
    const auto scene = test::sceneOf(test::analyseLog(kLog), linear());
    const LaneLayout& layout = scene->layout;
    const auto& rows = layout.rows();
    const double first = rows[0].top;
    EXPECT_DOUBLE_EQ(rows[1].top - first, 2 * 0.25) << "200 is a quarter of the way from 100 to 500";
    EXPECT_DOUBLE_EQ(rows[2].top - first, 2);
    EXPECT_DOUBLE_EQ(layout.lanes()[0].bottom - layout.lanes()[0].top, 3) << "as high as packed";
}

TEST(LaneLayout, WhatAFilterHidesTakesNoRoom) {
    const auto analysis = test::analyseLog(kLog);
    RowFlags lifetimes(analysis->replay.lifetimes.size());
    const RowFlags findings(analysis->findings.rows.size());
    lifetimes.set(analysis->replay.address(test::keyOf(*analysis, 0, 200)).firstLifetime.index());
    const auto scene = test::sceneOf(analysis, {}, filterOf(lifetimes, findings));
    EXPECT_THAT(rowTexts(*scene), ElementsAre("0 DRAM 200: 1"));
    EXPECT_EQ(scene->rowOf(LifetimeId(0U)), LaneLayout::kNoRow);
    EXPECT_EQ(scene->rowOf(test::keyOf(*analysis, 0, 100), Memory::Dram), LaneLayout::kNoRow);
    EXPECT_EQ(scene->rowOf(test::keyOf(*analysis, 0, 200), Memory::L1), 0U) << "in any memory if not in that one";
}

TEST(LaneLayout, ARefusedFreeKeepsTheRowOfItsHiddenLifetime) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 0\n");
    SceneFilter filter;
    filter.lifetimes = std::make_shared<const RowFlags>(1);
    EXPECT_THAT(rowTexts(*test::sceneOf(analysis, {}, filter)), ElementsAre("0 L1 16: 0"));
}

TEST(LaneLayout, OfATraceWithoutEventsIsEmptyAndHasAHeight) {
    const auto scene = test::sceneOf(test::analyseLog("🚀 Allocation Server started\n"), {});
    const LaneLayout& layout = scene->layout;
    EXPECT_TRUE(layout.rows().empty());
    EXPECT_TRUE(layout.lanes().empty());
    EXPECT_GE(layout.height(), 1);
    EXPECT_EQ(layout.rowsBetween(0, 10), (std::pair<std::size_t, std::size_t>{0, 0}));
}

TEST(LaneLayout, TheHighestAddressesKeepTheirOrder) {
    const auto analysis = test::analyseLog(
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=0)\n"
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=0xfffffffffffffffe)\n"
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=0xffffffffffffffff)\n");
    const auto scene = test::sceneOf(analysis, linear());
    const LaneLayout& layout = scene->layout;
    ASSERT_EQ(layout.rows().size(), 3U);
    EXPECT_LE(layout.rows()[1].top, layout.rows()[2].top);
    EXPECT_LE(layout.rows()[2].bottom, layout.height());
}

TEST(LaneLayout, NeighboursAmongTheHighestAddressesLieApart) {
    std::string log;
    constexpr int kBuffers = 100;
    for (int i = 0; i < kBuffers; ++i) {
        log += fmt::format("[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id={:#x})\n",
                           0xffff'8880'0000'0000ULL + 64ULL * static_cast<unsigned>(i));
    }
    const auto scene = test::sceneOf(test::analyseLog(log), linear());
    const auto& rows = scene->layout.rows();
    ASSERT_EQ(rows.size(), kBuffers);
    for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_NEAR(rows[i].top - rows[i - 1].top, 1, 1e-9);
}

TEST(LaneLayout, EveryShownLifetimeIsOnTheRowOfItsAddressAndMemory) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto scene = test::smallScene(seed);
        const auto& lifetimes = scene->analysis->replay.lifetimes;
        std::size_t shown = 0;
        for (std::size_t i = 0; i < lifetimes.size(); ++i) {
            const std::uint32_t row = scene->rowOf(LifetimeId(i));
            const bool isShown = scene->filter.lifetimes == nullptr || (*scene->filter.lifetimes)[i] != 0;
            ASSERT_EQ(row != LaneLayout::kNoRow, isShown);
            if (!isShown) continue;
            ++shown;
            const LayoutRow& place = scene->layout.rows()[row];
            const Lifetime lifetime = scene->analysis->replay.lifetime(LifetimeId(i));
            ASSERT_EQ(place.address, lifetime.address);
            ASSERT_EQ(place.memory, lifetime.memory);
            ASSERT_EQ(scene->rowOf(place.address, place.memory), row);
        }
        const auto& classes = *scene->classes;
        ASSERT_EQ(shown + static_cast<std::size_t>(std::count(classes.begin(), classes.end(), 0)), lifetimes.size());
    }
}

TEST(LaneLayout, LanesHoldTheirSubLanesAndThoseTheirRows) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto scene = test::smallScene(seed);
        const LaneLayout& layout = scene->layout;
        double behind = 0;
        std::uint32_t row = 0;
        for (const Lane& lane : layout.lanes()) {
            ASSERT_GE(lane.top, behind);
            double inLane = lane.top;
            for (const SubLane& subLane : lane.subLanes) {
                ASSERT_GE(subLane.top, inLane);
                ASSERT_EQ(subLane.firstRow, row);
                for (; row < subLane.firstRow + subLane.rows; ++row) {
                    const LayoutRow& place = layout.rows()[row];
                    ASSERT_EQ(place.memory, subLane.memory);
                    ASSERT_EQ(scene->analysis->key(place.address).device, lane.device);
                    ASSERT_GE(place.top, subLane.top - 1e-9);
                    ASSERT_LE(place.bottom, subLane.bottom + 1e-9);
                }
                inLane = subLane.bottom;
            }
            ASSERT_EQ(inLane, lane.bottom);
            behind = lane.bottom;
        }
        ASSERT_EQ(row, layout.rows().size());
        ASSERT_LE(behind, layout.height());
    }
}

TEST(LaneLayout, RowsBetweenAreThoseThatTouchTheRange) {
    std::mt19937_64 random(5);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto scene = test::smallScene(seed);
        const auto& rows = scene->layout.rows();
        for (int i = 0; i < 50; ++i) {
            const ViewRange range = test::randomView(*scene, random).range;
            const auto [first, last] = scene->layout.rowsBetween(range.top, range.bottom);
            for (std::size_t row = 0; row < rows.size(); ++row) {
                const bool touches = rows[row].bottom > range.top && rows[row].top < range.bottom;
                ASSERT_EQ(first <= row && row < last, touches);
            }
        }
    }
}

TEST(LifetimeExtent, RunsFromItsFirstToItsLastEventOrToTheEnd) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "foreign\n"
                                           "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                           "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "foreign\n");
    const auto extent = [&](std::uint32_t lifetime, AcrossMode mode) {
        const AcrossExtent e = lifetimeExtent(*analysis->trace, mode, analysis->replay.lifetime(LifetimeId(lifetime)));
        return std::pair{e.from, e.to};
    };
    EXPECT_EQ(extent(0, AcrossMode::EventOrder), std::pair(0.0, 1.0));
    EXPECT_EQ(extent(1, AcrossMode::EventOrder), std::pair(2.0, 3.0));
    EXPECT_EQ(extent(0, AcrossMode::LineNumber), std::pair(1.0, 3.0));
    EXPECT_EQ(extent(1, AcrossMode::LineNumber), std::pair(4.0, 6.0));
}

TEST(LifetimeAt, IsTheNearestOfItsRowWithinTheTolerance) {
    std::mt19937_64 random(6);
    std::uniform_real_distribution<double> unit(0, 1);
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        const auto scene = test::smallScene(seed);
        const Analysis& analysis = *scene->analysis;
        const AcrossMode mode = scene->options.acrossMode;
        const auto distanceOf = [&](LifetimeId id, double across) {
            const AcrossExtent e = lifetimeExtent(*analysis.trace, mode, analysis.replay.lifetime(id));
            return std::max({0.0, e.from - across, across - e.to});
        };
        for (int i = 0; i < 200; ++i) {
            const double across = unit(random) * scene->extent().to;
            const double down = unit(random) * scene->layout.height();
            constexpr double kTolerance = 4;
            double nearest = kTolerance;
            bool isAny = false;
            for (const LayoutRow& row : scene->layout.rows()) {
                if (row.top > down || row.bottom <= down) continue;
                for (std::size_t k = 0; k < analysis.replay.lifetimes.size(); ++k) {
                    const LifetimeId id(k);
                    if (scene->rowOf(id) != static_cast<std::uint32_t>(&row - scene->layout.rows().data())) continue;
                    if (distanceOf(id, across) > nearest) continue;
                    nearest = distanceOf(id, across);
                    isAny = true;
                }
            }
            const LifetimeId found = scene->lifetimeAt(across, down, kTolerance);
            ASSERT_EQ(found.isValid(), isAny);
            ASSERT_TRUE(!isAny || distanceOf(found, across) == nearest);
        }
    }
}

}  // namespace
}  // namespace alloclens
