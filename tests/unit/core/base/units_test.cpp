// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/units.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace alloclens {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(Units, CountsAreGroupedByThousands) {
    EXPECT_EQ(formatCount(0), "0");
    EXPECT_EQ(formatCount(999), "999");
    EXPECT_EQ(formatCount(1'000), "1,000");
    EXPECT_EQ(formatCount(1'234'567), "1,234,567");
    EXPECT_EQ(formatCount(kMost), "18,446,744,073,709,551,615");
}

TEST(Units, SignedCountsKeepTheirSign) {
    EXPECT_EQ(formatSignedCount(-3), "-3");
    EXPECT_EQ(formatSignedCount(1'000), "1,000");
    EXPECT_EQ(formatSignedCount(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Units, SmallSizesAreExactAndLargeOnesRounded) {
    EXPECT_EQ(formatBytes(0), "0 B");
    EXPECT_EQ(formatBytes(4'096), "4,096 B");
    EXPECT_EQ(formatBytes(10 * 1024 - 1), "10,239 B");
    EXPECT_EQ(formatBytes(10 * 1024), "10.0 KiB");
    EXPECT_EQ(formatBytes(12'503'040), "11.9 MiB");
    EXPECT_EQ(formatBytes(kMost), "16.0 EiB");
}

TEST(Units, AddressesComeInTheFormOfTheLog) {
    EXPECT_EQ(formatHex(695'055'872), "0x296db600");
    EXPECT_EQ(formatHex(0), "0x0");
    EXPECT_EQ(formatAddress(695'055'872, AddressForm::Decimal), "695055872");
    EXPECT_EQ(formatAddress(695'055'872, AddressForm::Hexadecimal), "0x296db600");
}

TEST(Units, QuantitiesKnowTheirPlural) {
    EXPECT_EQ(formatQuantity(0, "finding"), "0 findings");
    EXPECT_EQ(formatQuantity(1, "finding"), "1 finding");
    EXPECT_EQ(formatQuantity(2'000, "finding"), "2,000 findings");
    EXPECT_EQ(formatQuantity(2, "address", "addresses"), "2 addresses");
}

TEST(Units, NumbersAreReadAsPeopleTypeThem) {
    EXPECT_EQ(parseUnsigned("0"), 0U);
    EXPECT_EQ(parseUnsigned("695055872"), 695'055'872U);
    EXPECT_EQ(parseUnsigned("0x296db600"), 695'055'872U);
    EXPECT_EQ(parseUnsigned("0X296DB600"), 695'055'872U);
    EXPECT_EQ(parseUnsigned("14,896"), 14'896U);
    EXPECT_EQ(parseUnsigned("14_896"), 14'896U);
    EXPECT_EQ(parseUnsigned("18446744073709551615"), kMost);
    EXPECT_EQ(parseUnsigned("0xffffffffffffffff"), kMost);
}

TEST(Units, WhatIsNoNumberIsRefused) {
    for (const std::string_view text : {"", "-1", "+1", "0x", "0xg", "1x", "1 ", " 1", ",1", "1,", "_", "1.5",
                                        "18446744073709551616", "0x10000000000000000"}) {
        EXPECT_EQ(parseUnsigned(text), std::nullopt) << text;
    }
}

TEST(Units, SizesAreReadWithUnitsAndFractions) {
    EXPECT_EQ(parseByteSize("512"), 512U);
    EXPECT_EQ(parseByteSize("512B"), 512U);
    EXPECT_EQ(parseByteSize("4KiB"), 4'096U);
    EXPECT_EQ(parseByteSize("4kb"), 4'096U);
    EXPECT_EQ(parseByteSize("1.5MiB"), 1'572'864U);
    EXPECT_EQ(parseByteSize("1 GB"), std::uint64_t{1} << 30);
    EXPECT_EQ(parseByteSize("1,024 KB"), std::uint64_t{1} << 20);
    EXPECT_EQ(parseByteSize("0x1000"), 4'096U);
}

TEST(Units, SizesOfNoKnownUnitOrTooLargeAreRefused) {
    for (const std::string_view text :
         {"", "MiB", "1TiB", "1.5.5MiB", "-1KiB", "1e99GiB", "99999999999999999999", "17179869184GiB", "nan", "inf"}) {
        EXPECT_EQ(parseByteSize(text), std::nullopt) << text;
    }
}

TEST(Units, WhatIsFormattedExactlyCanBeReadBack) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{999}, std::uint64_t{123'456'789}, kMost}) {
        EXPECT_EQ(parseUnsigned(formatCount(value)), value);
        EXPECT_EQ(parseUnsigned(formatHex(value)), value);
    }
}

}  // namespace
}  // namespace alloclens
