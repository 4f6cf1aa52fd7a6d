// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/time_index.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/trace/event.h"

namespace alloclens {
namespace {

Column<std::int64_t> columnOf(const std::vector<std::int64_t>& times) {
    Column<std::int64_t> column;
    for (const std::int64_t time : times) column.push_back(time);
    return column;
}

TEST(TimeIndex, WithoutATimeThereIsNone) {
    EXPECT_TRUE(TimeIndex().isEmpty());
    EXPECT_TRUE(TimeIndex(columnOf({})).isEmpty());
    const auto times = columnOf({kNoTime, kNoTime});
    const TimeIndex index(times);
    EXPECT_TRUE(index.isEmpty());
    EXPECT_EQ(index.firstFrom(times, 5), 2U);
}

TEST(TimeIndex, EventsWithoutATimeStandAtTheOneBeforeThem) {
    const auto times = columnOf({kNoTime, 50, kNoTime, 70, 60, kNoTime, 80});
    const TimeIndex index(times);
    const std::vector<std::int64_t> places = {50, 50, 50, 70, 70, 70, 80};
    for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(index.placeOf(times, i), places[i]) << i;
    EXPECT_EQ(index.start(), 50);
    EXPECT_EQ(index.end(), 80);
    EXPECT_EQ(index.firstFrom(times, 0), 0U);
    EXPECT_EQ(index.firstFrom(times, 50), 0U);
    EXPECT_EQ(index.firstFrom(times, 51), 3U);
    EXPECT_EQ(index.firstFrom(times, 70), 3U);
    EXPECT_EQ(index.firstFrom(times, 80), 6U);
    EXPECT_EQ(index.firstFrom(times, 81), 7U);
}

TEST(TimeIndex, IsLikeALoopOverEverything) {
    std::mt19937_64 random(5);
    for (std::size_t count : {1U, 15U, 16U, 17U, 32U, 33U, 500U}) {
        std::vector<std::int64_t> times(count);
        for (std::size_t i = 0; i < count; ++i) {
            const bool hasTime = random() % 3 != 0 || i == count / 2;
            times[i] = hasTime ? static_cast<std::int64_t>(i * 10 + random() % 60) - 200 : kNoTime;
        }
        const auto column = columnOf(times);
        const TimeIndex index(column);
        std::int64_t latest = *std::find_if(times.begin(), times.end(), [](std::int64_t t) { return t != kNoTime; });
        std::vector<std::int64_t> places;
        for (const std::int64_t time : times) places.push_back(latest = std::max(latest, time));
        for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(index.placeOf(column, i), places[i]);
        EXPECT_EQ(index.end(), places.back());
        for (std::int64_t time = index.start() - 3; time <= index.end() + 3; ++time) {
            const auto from = std::lower_bound(places.begin(), places.end(), time) - places.begin();
            ASSERT_EQ(index.firstFrom(column, time), static_cast<std::size_t>(from)) << time << " of " << count;
        }
    }
}

}  // namespace
}  // namespace alloclens
