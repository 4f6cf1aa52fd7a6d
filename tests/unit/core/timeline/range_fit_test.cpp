// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ranges that bring a place into sight, or are drawn close around it.
#include "core/timeline/range_fit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/small_scene.h"

namespace alloclens {
namespace {

/// At each of 100 addresses a lifetime of 100 events: allocated one after the other, freed in the same order.
std::shared_ptr<const Scene> hundred() {
    std::string log;
    for (int i = 0; i < 100; ++i)
        log += "[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id=" + std::to_string(1000 + 64 * i) + ")\n";
    for (int i = 0; i < 100; ++i)
        log += "[PID 1] Freed buffer " + std::to_string(1000 + 64 * i) + " on device 0 (64 bytes, FINAL)\n";
    return test::sceneOf(test::analyseLog(log), {});
}

LayoutRow rowOf(const Scene& scene, AddressId address) { return scene.layout.rows()[scene.rowOf(address, Memory::L1)]; }

TEST(RangeInSight, MovesAcrossOnlyWhereTheEventIsOutOfSight) {
    const auto scene = hundred();
    struct Case {
        const char* what;
        unsigned event;
        double left, right;
    };
    for (const Case& of : std::vector<Case>{{"in the middle", 30, 20, 40},
                                            {"at its first", 20, 20, 40},
                                            {"at its last", 39, 20, 40},
                                            {"the first behind it", 40, 30, 50},
                                            {"before it", 5, -5, 15},
                                            {"far behind it", 150, 140, 160}}) {
        const ViewRange moved = rangeInSight(*scene, {20, 40, 0, 10}, {EventId(of.event), {}, {}});
        EXPECT_EQ(moved, (ViewRange{of.left, of.right, 0, 10})) << of.what;
    }
}

TEST(RangeInSight, MovesDownOnlyWhereTheRowIsNotWhollyInSight) {
    const auto scene = hundred();
    const AddressId address(50U);
    const LayoutRow row = rowOf(*scene, address);
    const double middle = (row.top + row.bottom) / 2;
    struct Case {
        const char* what;
        double top;
        bool isMoved;
    };
    for (const Case& of : std::vector<Case>{{"in sight", row.top - 2, false},
                                            {"just in sight", row.top, false},
                                            {"cut above", row.top + 0.1, true},
                                            {"below", row.top - 30, true},
                                            {"above", row.top + 30, true}}) {
        const ViewRange range{20, 40, of.top, of.top + 8};
        const ViewRange moved = rangeInSight(*scene, range, {EventId(30U), address, LifetimeId(50U)});
        EXPECT_DOUBLE_EQ(moved.top, of.isMoved ? middle - 4 : of.top) << of.what;
        EXPECT_DOUBLE_EQ(moved.bottom - moved.top, 8) << of.what;
    }
}

TEST(RangeAround, ALifetimeHasAQuarterOfItsLengthOnEitherSideAndSomeRows) {
    const auto scene = hundred();
    const LayoutRow row = rowOf(*scene, AddressId(50U));
    const ViewRange range = rangeAround(*scene, {}, {EventId(50U), AddressId(50U), LifetimeId(50U)}, {});
    EXPECT_DOUBLE_EQ(range.left, 50 - 25);
    EXPECT_DOUBLE_EQ(range.right, 150 + 25);
    EXPECT_DOUBLE_EQ(range.top, row.top - 12);
    EXPECT_DOUBLE_EQ(range.bottom, row.bottom + 12);
}

TEST(RangeAround, TheEventAndWhatElseIsAskedForAreInIt) {
    const auto scene = hundred();
    const ScenePlace late{EventId(190U), AddressId(50U), LifetimeId(50U)};
    EXPECT_DOUBLE_EQ(rangeAround(*scene, {}, late, {}).right, 190 + 35);
    const std::vector<double> also{10, 170};
    const ScenePlace place{EventId(50U), AddressId(50U), LifetimeId(50U)};
    const ViewRange range = rangeAround(*scene, {}, place, also);
    EXPECT_DOUBLE_EQ(range.left, 10 - 40);
    EXPECT_DOUBLE_EQ(range.right, 170 + 40);
}

TEST(RangeAround, AnEventAloneHasRoomAroundIt) {
    const auto scene = hundred();
    const ViewRange range = rangeAround(*scene, {}, {EventId(50U), AddressId(50U), {}}, {});
    EXPECT_DOUBLE_EQ(range.left, 40);
    EXPECT_DOUBLE_EQ(range.right, 60);
}

TEST(RangeAround, AHiddenRowLeavesTheRowsThatAreShown) {
    const auto shown = hundred();
    auto none = std::make_shared<RowFlags>(shown->analysis->replay.lifetimes.size());
    const auto scene = test::sceneOf(shown->analysis, {}, {none, nullptr});
    const ViewRange range = rangeAround(*scene, {0, 1, 3, 9}, {EventId(50U), AddressId(50U), LifetimeId(50U)}, {});
    EXPECT_EQ(range.top, 3);
    EXPECT_EQ(range.bottom, 9);
}

TEST(StepsOfKeys, ZoomAboutTheMiddleAndPanByFractions) {
    const ViewRange range{20, 60, 10, 30};
    EXPECT_EQ(zoomed(range, 2), (ViewRange{30, 50, 10, 30}));
    EXPECT_EQ(zoomed(range, 0.5), (ViewRange{0, 80, 10, 30}));
    EXPECT_EQ(panned(range, 0.25, 0), (ViewRange{30, 70, 10, 30}));
    EXPECT_EQ(panned(range, 0, -0.5), (ViewRange{20, 60, 0, 20}));
}

}  // namespace
}  // namespace alloclens
