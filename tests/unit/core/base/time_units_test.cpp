// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/time_units.h"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace alloclens {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(TimeUnits, TimesAreIsoTextInUtcToTheNanosecond) {
    EXPECT_EQ(formatTime(0), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(formatTime(1'772'142'970'191'000'123), "2026-02-26T21:56:10.191000123Z");
    EXPECT_EQ(formatTime(951'782'400'000'000'000), "2000-02-29T00:00:00.000000000Z");
    EXPECT_EQ(formatTime(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(formatTime(kMost), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(formatTime(kLeast), "1677-09-21T00:12:43.145224192Z");
}

TEST(TimeUnits, TimesAreReadAsTheyAreWritten) {
    for (const std::int64_t time : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'772'142'970'191'000'123},
                                    std::int64_t{951'782'400'000'000'000}, std::int64_t{-9'000'000'000'000'000'000}}) {
        EXPECT_EQ(parseTime(formatTime(time)), time) << formatTime(time);
    }
}

TEST(TimeUnits, WhatATimeDoesNotNameIsZero) {
    constexpr std::int64_t kMinute = 1'772'142'960'000'000'000;
    EXPECT_EQ(parseTime("2026-02-26T21:56"), kMinute);
    EXPECT_EQ(parseTime("2026-02-26T21:56Z"), kMinute);
    EXPECT_EQ(parseTime("2026-02-26 21:56:10"), kMinute + 10 * kNanosecondsOfSecond);
    EXPECT_EQ(parseTime("2026-02-26t21:56:10.5z"), kMinute + 10'500'000'000);
    EXPECT_EQ(parseTime("2026-02-26"), 1'772'064'000'000'000'000);
}

TEST(TimeUnits, WhatIsNoTimeIsNone) {
    for (const std::string_view text : {"",
                                        "2026",
                                        "2026-2-26",
                                        "2026-02-30",
                                        "2026-13-01",
                                        "2026-00-01",
                                        "2026-02-26T",
                                        "2026-02-26T24:00",
                                        "2026-02-26T21:60",
                                        "2026-02-26T21:56:60",
                                        "2026-02-26T21:56:10.",
                                        "2026-02-26T21:56:10.1234567890",
                                        "2026-02-26T21:56:10+01:00",
                                        "2026-02-26Z",
                                        "x026-02-26",
                                        "2026-02-26T21:56:10ZZ",
                                        "1500-01-01",
                                        "9999-12-31",
                                        "2026--1-26",
                                        "-026-01-26",
                                        "2026-02-26T-1:00"}) {
        EXPECT_EQ(parseTime(text), std::nullopt) << text;
    }
}

TEST(TimeUnits, DurationsAreShortAndHaveTheirUnit) {
    EXPECT_EQ(formatDuration(0), "0 ns");
    EXPECT_EQ(formatDuration(999), "999 ns");
    EXPECT_EQ(formatDuration(1'000), "1.0 µs");
    EXPECT_EQ(formatDuration(4'200'000), "4.2 ms");
    EXPECT_EQ(formatDuration(420'000'000), "420 ms");
    EXPECT_EQ(formatDuration(999'999'999), "1.0 s");
    EXPECT_EQ(formatDuration(59'940'000'000), "59.9 s");
    EXPECT_EQ(formatDuration(59'999'999'999), "1 min 00 s");
    EXPECT_EQ(formatDuration(65'000'000'000), "1 min 05 s");
    EXPECT_EQ(formatDuration(3'599'600'000'000), "1 h 00 min");
    EXPECT_EQ(formatDuration(7'260'000'000'000), "2 h 01 min");
    EXPECT_EQ(formatDuration(90'000'000'000'000), "1 d 01 h");
    EXPECT_EQ(formatDuration(-4'200'000), "-4.2 ms");
    EXPECT_EQ(formatDuration(kMost), "106752 d 00 h");
    EXPECT_EQ(formatDuration(kLeast), "-106752 d 00 h");
}

TEST(TimeUnits, DurationsAreRead) {
    EXPECT_EQ(parseDuration("1.5s"), 1'500'000'000);
    EXPECT_EQ(parseDuration("20 ms"), 20'000'000);
    EXPECT_EQ(parseDuration("3us"), 3'000);
    EXPECT_EQ(parseDuration("3µs"), 3'000);
    EXPECT_EQ(parseDuration("7ns"), 7);
    EXPECT_EQ(parseDuration("2min"), 120 * kNanosecondsOfSecond);
    EXPECT_EQ(parseDuration("0.5h"), 1'800 * kNanosecondsOfSecond);
    for (const std::string_view text : {"", "s", "5", "-1s", "1 parsec", "1e300s", "nan s", "infs", "1s2"}) {
        EXPECT_EQ(parseDuration(text), std::nullopt) << text;
    }
}

TEST(TimeUnits, OffsetsHaveTheDigitsThatTellTicksApart) {
    EXPECT_EQ(formatOffset(0, 1), "0");
    EXPECT_EQ(formatOffset(2'000'000'000, 1'000'000'000), "2 s");
    EXPECT_EQ(formatOffset(2'500'000'000, 500'000'000), "2.5 s");
    EXPECT_EQ(formatOffset(1'234'500'000, 500'000), "1.2345 s");
    EXPECT_EQ(formatOffset(500'000'000, 250'000'000), "500 ms");
    EXPECT_EQ(formatOffset(1'500, 500), "1.5 µs");
    EXPECT_EQ(formatOffset(7, 1), "7 ns");
    EXPECT_EQ(formatOffset(150'000'000'000, 30'000'000'000), "2:30 min");
    EXPECT_EQ(formatOffset(3'605'000'000'000, 5'000'000'000), "1:00:05 h");
    EXPECT_EQ(formatOffset(60'002'500'000, 500'000), "1:00.0025 min");
}

TEST(TimeUnits, SecondsHaveAllTheirDigits) {
    EXPECT_EQ(formatSeconds(0), "0.000000000 s");
    EXPECT_EQ(formatSeconds(3'004'200'000), "3.004200000 s");
    EXPECT_EQ(formatSeconds(-1), "-0.000000001 s");
}

TEST(TimeUnits, SumsAndDifferencesStopAtTheEnds) {
    EXPECT_EQ(sumOfTimes(5, 7), 12);
    EXPECT_EQ(sumOfTimes(kMost, 1), kMost);
    EXPECT_EQ(sumOfTimes(kLeast, -1), kLeast);
    EXPECT_EQ(timeBetween(5, 12), 7);
    EXPECT_EQ(timeBetween(kLeast, kMost), kMost);
    EXPECT_EQ(timeBetween(kMost, kLeast), kLeast);
}

}  // namespace
}  // namespace alloclens
