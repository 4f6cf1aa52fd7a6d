// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/printed_number.h"

#include <gtest/gtest.h>

#include <limits>

namespace alloclens {
namespace {

TEST(PrintedNumber, SixDigitsAreThoseOfAStream) {
    EXPECT_EQ(sixDigits(25600), "25600");
    EXPECT_EQ(sixDigits(12884901888.0 / 1024), "1.25829e+07");
    EXPECT_EQ(sixDigits(12288.0 / (1024 * 1024)), "0.0117188");
    EXPECT_EQ(sixDigits(0), "0");
    EXPECT_EQ(sixDigits(1.0 / (1024 * 1024)), "9.53674e-07");
}

TEST(PrintedNumber, EqualityIsThatOfTheTexts) {
    EXPECT_TRUE(areSixDigitsEqual(12288.0 / (1024 * 1024), 0.0117188));
    EXPECT_FALSE(areSixDigitsEqual(12288.0 / (1024 * 1024), 0.0117187));
    EXPECT_FALSE(areSixDigitsEqual(1, 2));
    EXPECT_TRUE(areSixDigitsEqual(0, 0));
    EXPECT_FALSE(areSixDigitsEqual(std::numeric_limits<double>::quiet_NaN(), 1));
}

TEST(PrintedNumber, SmallNumbersOfMegabytesStandForOneNumberOfBytes) {
    const ByteRange quarter = ByteRange::of(0.25, kBytesPerMb);
    EXPECT_EQ(quarter.lowest, 262144);
    EXPECT_TRUE(quarter.isExact());
    EXPECT_TRUE(ByteRange::of(0, kBytesPerMb).isExact());
    EXPECT_TRUE(ByteRange::of(-2.5, kBytesPerMb).meets({-2621440, -2621440}));
}

TEST(PrintedNumber, LargeOnesStandForARange) {
    const ByteRange range = ByteRange::of(137.442, kBytesPerMb);
    EXPECT_FALSE(range.isExact());
    EXPECT_LT(range.lowest, static_cast<std::int64_t>(137.442 * kBytesPerMb));
    EXPECT_GT(range.highest, static_cast<std::int64_t>(137.442 * kBytesPerMb));
    EXPECT_LT(range.highest - range.lowest, 1100);
}

TEST(PrintedNumber, WhatIsNoNumberStandsForAnything) {
    EXPECT_TRUE(ByteRange::of(std::numeric_limits<double>::quiet_NaN(), 1).meets({5, 5}));
    EXPECT_TRUE(ByteRange::of(std::numeric_limits<double>::infinity(), 1).meets({-5, -5}));
    const ByteRange wrapped = ByteRange::of(1.75922e+13, kBytesPerMb);
    EXPECT_TRUE(wrapped.meets({-262144, -262144}));
    EXPECT_FALSE(wrapped.meets({0, 5}));
}

TEST(PrintedNumber, SumsOfRangesNeverOverflow) {
    const ByteRange all = ByteRange::any();
    EXPECT_LE(all.plus(all).highest, all.highest);
    EXPECT_GE(all.minus(all).lowest, all.lowest);
    const ByteRange sum = ByteRange{1, 2}.plus({10, 20}).minus({1, 1});
    EXPECT_EQ(sum.lowest, 10);
    EXPECT_EQ(sum.highest, 21);
    EXPECT_EQ(sum.within({0, 15}).highest, 15);
}

}  // namespace
}  // namespace alloclens
