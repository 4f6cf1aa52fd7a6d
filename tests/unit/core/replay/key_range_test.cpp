// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/replay/key_range.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace alloclens {
namespace {

using Pairs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// Devices with two keys each.
Pairs divided(const std::vector<std::uint64_t>& eventsOf, std::size_t ranges) {
    std::vector<DeviceSummary> devices(eventsOf.size());
    for (DeviceSummary& device : devices) device.addresses = 2;
    Pairs pairs;
    for (const KeyRange& range : divideKeys(devices, eventsOf, ranges)) pairs.emplace_back(range.first, range.last);
    return pairs;
}

TEST(DivideKeys, EachRangeHasWholeDevicesAndAboutAsManyEvents) {
    EXPECT_EQ(divided({5, 5, 5, 5}, 2), (Pairs{{0, 4}, {4, 8}}));
    EXPECT_EQ(divided({30, 5, 5, 5}, 2), (Pairs{{0, 2}, {2, 8}}));
    EXPECT_EQ(divided({5, 5, 5, 5}, 1), (Pairs{{0, 8}}));
}

TEST(DivideKeys, ThereAreNoMoreRangesThanDevicesAndAlwaysOne) {
    EXPECT_EQ(divided({5, 5}, 8), (Pairs{{0, 2}, {2, 4}}));
    EXPECT_EQ(divided({}, 4), (Pairs{{0, 0}}));
    EXPECT_EQ(divided({0, 0, 0}, 4), (Pairs{{0, 6}}));
}

TEST(DivideKeys, DevicesWithoutEventsGoToTheLastRange) {
    EXPECT_EQ(divided({5, 0}, 1), (Pairs{{0, 4}}));
    EXPECT_EQ(divided({5, 5, 0, 0}, 2), (Pairs{{0, 2}, {2, 8}}));
}

}  // namespace
}  // namespace alloclens
