// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stays in sight when there is another scene to show.
#include "core/timeline/range_carry.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/small_scene.h"

namespace alloclens {
namespace {

/// Allocations at so many addresses, an unrelated line after each; more of them continue a log of fewer. From
/// `lowestAt` on the addresses lie below all others.
std::shared_ptr<const Analysis> allocations(int count, int lowestAt = 1'000'000) {
    std::string log;
    for (int i = 0; i < count; ++i) {
        const int address = i < lowestAt ? 1'000'000 + 64 * i : 64 * i;
        log += "[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id=" + std::to_string(address) + ")\nother\n";
    }
    return test::analyseLog(log);
}

std::shared_ptr<const Scene> sceneOn(const std::shared_ptr<const Analysis>& analysis, AcrossMode mode) {
    SceneOptions options;
    options.acrossMode = mode;
    return test::sceneOf(analysis, options);
}

RangeOnAxes onAxesOf(const Scene& scene, const ViewRange& range) {
    return {range, scene.options.acrossMode, scene.options.downMode, scene.layout.height()};
}

TEST(CarriedRange, AcrossAGrowingFileItStaysUnlessItEndedWithTheTrace) {
    const auto before = sceneOn(allocations(100), AcrossMode::EventOrder);
    const auto after = sceneOn(allocations(160), AcrossMode::EventOrder);
    const ViewRange all = before->fullRange();
    const ViewRange more = after->fullRange();
    struct Case {
        const char* what;
        double left, right;
        bool isFollowing;
        double newLeft, newRight;
    };
    const std::vector<Case> cases = {
        {"all of it stays all of it", all.left, all.right, false, more.left, more.right},
        {"all of it that follows too", all.left, all.right, true, more.left, more.right},
        {"a part stays where it is", 20, 40, false, 20, 40},
        {"a part that follows, but not the end", 20, 40, true, 20, 40},
        {"the newest, without following", 80, 100, false, 80, 100},
        {"the newest goes on being shown", 80, 100, true, 140, 160},
        {"the beginning goes on from there", all.left, 50, false, all.left, 50},
    };
    for (const Case& of : cases) {
        const RangeOnAxes left = onAxesOf(*before, {of.left, of.right, 0, before->layout.height()});
        const ViewRange carried = carriedRange(before.get(), *after, left, of.isFollowing);
        EXPECT_DOUBLE_EQ(carried.left, of.newLeft) << of.what;
        EXPECT_DOUBLE_EQ(carried.right, of.newRight) << of.what;
        EXPECT_EQ(carried.top, 0) << of.what;
        EXPECT_EQ(carried.bottom, after->layout.height()) << of.what << ": all rows stay all rows";
    }
}

TEST(CarriedRange, DownTheRowInTheMiddleStaysThereThoughRowsComeInAboveIt) {
    const auto before = sceneOn(allocations(100), AcrossMode::EventOrder);
    const auto after = sceneOn(allocations(160, 100), AcrossMode::EventOrder);
    const std::uint32_t middle = before->rowOf(AddressId(50U), Memory::L1);
    const LayoutRow& old = before->layout.rows()[middle];
    const double tall = 10;
    const double top = (old.top + old.bottom) / 2 - tall / 2;
    const RangeOnAxes left = onAxesOf(*before, {20, 40, top, top + tall});
    const ViewRange carried = carriedRange(before.get(), *after, left, false);
    const AddressId address = after->analysis->trace->findAddress(before->analysis->key(old.address));
    const LayoutRow& now = after->layout.rows()[after->rowOf(address, Memory::L1)];
    ASSERT_NE(now.top, old.top) << "rows came in";
    EXPECT_DOUBLE_EQ(carried.top - now.top, top - old.top);
    EXPECT_DOUBLE_EQ(carried.bottom - carried.top, tall);
}

TEST(CarriedRange, OnAnotherAxisItIsTheSameEvents) {
    const auto analysis = allocations(100);
    const auto events = sceneOn(analysis, AcrossMode::EventOrder);
    const auto lines = sceneOn(analysis, AcrossMode::LineNumber);
    const ViewRange all = events->fullRange();
    struct Case {
        const char* what;
        double left, right;
        double newLeft, newRight;
    };
    const std::vector<Case> cases = {
        {"a part", 20, 40, 41, 81},  // an event has two lines
        {"all of it", all.left, all.right, lines->fullRange().left, lines->fullRange().right},
        {"from the beginning", all.left, 40, lines->fullRange().left, 81},
        {"to the end", 20, all.right, 41, lines->fullRange().right},
    };
    for (const Case& of : cases) {
        const RangeOnAxes left = onAxesOf(*events, {of.left, of.right, 3, 9});
        const ViewRange carried = carriedRange(events.get(), *lines, left, false);
        EXPECT_DOUBLE_EQ(carried.left, of.newLeft) << of.what;
        EXPECT_DOUBLE_EQ(carried.right, of.newRight) << of.what;
        EXPECT_EQ(carried.top, 3) << of.what;
        EXPECT_EQ(carried.bottom, 9) << of.what;
    }
}

TEST(CarriedRange, AmongOtherRowsAllRowsAreShown) {
    const auto analysis = allocations(100);
    const auto all = sceneOn(analysis, AcrossMode::EventOrder);
    auto some = std::make_shared<RowFlags>(analysis->replay.lifetimes.size());
    for (std::size_t i = 0; i < 10; ++i) some->set(i);
    const auto filtered = test::sceneOf(analysis, {}, {some, nullptr});
    const ViewRange carried = carriedRange(all.get(), *filtered, onAxesOf(*all, {20, 40, 3, 9}), false);
    EXPECT_EQ(carried, (ViewRange{20, 40, 0, filtered->layout.height()}));
}

TEST(CarriedRange, ADocumentThatWasNotShownOrLacksTheAxisIsShownWhole) {
    const auto scene = sceneOn(allocations(100), AcrossMode::EventOrder);
    EXPECT_EQ(carriedRange(nullptr, *scene, std::nullopt, true), scene->fullRange());
    const RangeOnAxes inTime{{20, 40, 3, 9}, AcrossMode::Time, DownMode::Packed, scene->layout.height()};
    EXPECT_EQ(carriedRange(scene.get(), *scene, inTime, false), scene->fullRange());
}

}  // namespace
}  // namespace alloclens
