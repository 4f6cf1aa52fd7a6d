// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/odd_times.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/trace/event.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::int64_t kStart = 1'760'000'000'000'000'000;
constexpr std::int64_t kMs = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMs;

struct Mended {
    std::vector<std::int64_t> times;
    Diagnostics diagnostics;
    [[nodiscard]] std::vector<std::string> said() const {
        std::vector<std::string> details;
        for (const Diagnostic& one : diagnostics.kept()) details.push_back(one.detail);
        return details;
    }
};

Mended mend(const std::vector<std::int64_t>& times) {
    Column<std::int64_t> column;
    for (const std::int64_t time : times) column.push_back(time);
    Mended mended;
    mendTimes(column, {}, mended.diagnostics);
    mended.times.assign(column.begin(), column.end());
    return mended;
}

/// A millisecond between events.
std::vector<std::int64_t> evenTimes(std::size_t count, std::int64_t from = kStart) {
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < count; ++i) times.push_back(from + static_cast<std::int64_t>(i) * kMs);
    return times;
}

TEST(OddTimes, ThoseInOrderStayAsTheyAre) {
    std::vector<std::int64_t> times = evenTimes(1000);
    times[500] = kNoTime;
    times[600] -= 500 * kMs;                                                                // a message that came late
    for (std::size_t i = 700; i < times.size(); ++i) times[i] += 90 * 24 * 3600 * kSecond;  // three months of silence
    const Mended mended = mend(times);
    EXPECT_EQ(mended.times, times);
    EXPECT_EQ(mended.diagnostics.total(), 0U);
    EXPECT_EQ(mend({}).diagnostics.total(), 0U);
    EXPECT_EQ(mend({kNoTime, kNoTime}).diagnostics.total(), 0U);
    EXPECT_EQ(mend({5, 6, 7}).times, (std::vector<std::int64_t>{5, 6, 7}));
}

TEST(OddTimes, AClockThatWasNotSetYetIsLeftOut) {
    for (const std::int64_t bogus : {kSecond, 1'300'000'000 * kSecond, 4'000'000'000 * kSecond, kStart / 1000}) {
        std::vector<std::int64_t> times = evenTimes(100);
        times[0] = bogus;
        times[1] = bogus + 1000;
        const Mended mended = mend(times);
        EXPECT_EQ(mended.times[0], kNoTime);
        EXPECT_EQ(mended.times[1], kNoTime);
        EXPECT_EQ(mended.times[2], times[2]);
        EXPECT_EQ(mended.diagnostics.count(DiagnosticCode::OddTime), 2U);
        ASSERT_EQ(mended.diagnostics.kept().size(), 1U);
        EXPECT_EQ(mended.diagnostics.kept()[0].line, 1U);
        EXPECT_THAT(mended.said(), ElementsAre(HasSubstr("2 times are out of line with the others")));
    }
}

TEST(OddTimes, AMomentAheadIsLeftOutAndPinsNothing) {
    std::vector<std::int64_t> times = evenTimes(100);
    for (std::size_t i = 40; i < 43; ++i) times[i] += 3600 * kSecond;
    const Mended mended = mend(times);
    for (std::size_t i = 0; i < times.size(); ++i) {
        EXPECT_EQ(mended.times[i], i >= 40 && i < 43 ? kNoTime : times[i]) << i;
    }
    EXPECT_EQ(mended.diagnostics.count(DiagnosticCode::OddTime), 3U);
}

TEST(OddTimes, AfterAClockWasSetBackTimesGoOn) {
    std::vector<std::int64_t> times = evenTimes(100);
    for (std::size_t i = 50; i < times.size(); ++i) times[i] -= 40 * kSecond;
    const Mended mended = mend(times);
    for (std::size_t i = 50; i < times.size(); ++i) {
        EXPECT_EQ(mended.times[i], kStart + static_cast<std::int64_t>(i - 1) * kMs) << i;
    }
    EXPECT_THAT(mended.said(), ElementsAre(HasSubstr("the clock was set back by ")));
    EXPECT_EQ(mended.diagnostics.kept()[0].line, 51U);
    EXPECT_EQ(mend(mended.times).diagnostics.total(), 0U) << "what was mended is in order";
}

TEST(OddTimes, NoTimesMakeItFail) {
    std::mt19937_64 random(9);
    for (int round = 0; round < 300; ++round) {
        std::vector<std::int64_t> times;
        const unsigned shift = static_cast<unsigned>(random() % 50);
        for (int i = 0; i < 60; ++i) times.push_back(static_cast<std::int64_t>(random()) >> shift);
        const Mended mended = mend(times);
        EXPECT_EQ(mended.times.size(), times.size());
        std::uint64_t changed = 0;
        for (std::size_t i = 0; i < times.size(); ++i) changed += mended.times[i] == times[i] ? 0 : 1;
        EXPECT_EQ(changed > 0, mended.diagnostics.total() > 0) << "no time is changed without a word";
    }
}

}  // namespace
}  // namespace alloclens
