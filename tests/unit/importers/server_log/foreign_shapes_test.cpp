// SPDX-License-Identifier: GPL-3.0-or-later
//
// How like other writers' lines a text is, with every digit as good as any other.
#include "importers/server_log/foreign_shapes.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/foreign_lines.h"

namespace alloclens::server_log {
namespace {

using Likeness = ForeignShapes::Likeness;
using test::shapesOf;

/// Another for each number below kMost.
std::string distinctLine(std::size_t number) {
    return "task " + std::string(number % 200, '.') + std::string(number / 200 + 1, '!') + " ready";
}

TEST(ForeignShapes, WithoutLinesOnlyBlanksAreLikeThem) {
    const ForeignShapes shapes;
    EXPECT_EQ(shapes.count(), 0U);
    EXPECT_EQ(shapes.likenessOf("Peak"), Likeness::None);
    EXPECT_EQ(shapes.likenessOf(""), Likeness::Exact);
    EXPECT_EQ(shapes.likenessOf(" \t\r"), Likeness::Exact);
    EXPECT_FALSE(shapes.beginsOne("Peak"));
    EXPECT_FALSE(shapes.isOne("Peak"));
    EXPECT_FALSE(shapes.endsOne("Peak"));
    EXPECT_FALSE(shapes.followsDigit("Peak"));
}

TEST(ForeignShapes, AnyDigitsOfTheSameNumberAreExactlyLikeIt) {
    const ForeignShapes shapes = shapesOf({"Device 12: 34 MB used"});
    EXPECT_EQ(shapes.likenessOf("Device 12: 34 MB used"), Likeness::Exact);
    EXPECT_EQ(shapes.likenessOf("Device 99: 0"), Likeness::Exact);
    EXPECT_EQ(shapes.likenessOf("MB"), Likeness::Exact) << "any piece of it";
}

TEST(ForeignShapes, NumbersOfOtherLengthsAreLooselyLikeIt) {
    const ForeignShapes shapes = shapesOf({"Device 12: 34 MB used"});
    EXPECT_EQ(shapes.likenessOf("Device 7:"), Likeness::Loose);
    EXPECT_EQ(shapes.likenessOf("Device 1234: 5 MB"), Likeness::Loose);
    EXPECT_EQ(shapes.likenessOf("Device x:"), Likeness::None);
    EXPECT_EQ(shapes.likenessOf("device 12"), Likeness::None) << "letters have their case";
}

TEST(ForeignShapes, APieceLiesInOneLine) {
    const ForeignShapes shapes = shapesOf({"Starting", "Stopping"});
    EXPECT_EQ(shapes.likenessOf("StartingStopping"), Likeness::None);
    EXPECT_EQ(shapes.likenessOf("ingStop"), Likeness::None);
}

TEST(ForeignShapes, BeginsEndsAndWholeLinesAreToldApart) {
    const ForeignShapes shapes = shapesOf({"[36039ms] L1 Peak", "Test passed"});
    EXPECT_TRUE(shapes.beginsOne("[10000ms"));
    EXPECT_FALSE(shapes.beginsOne("L1"));
    EXPECT_FALSE(shapes.beginsOne("[1ms")) << "of another length";
    EXPECT_TRUE(shapes.endsOne("L1 Peak"));
    EXPECT_TRUE(shapes.endsOne("passed")) << "of the last line as well";
    EXPECT_FALSE(shapes.endsOne("Test"));
    EXPECT_TRUE(shapes.isOne("[55555ms] L2 Peak"));
    EXPECT_FALSE(shapes.isOne("[55555ms] L2"));
    EXPECT_FALSE(shapes.isOne(""));
}

TEST(ForeignShapes, WhatStandsBehindADigitIsKnown) {
    const ForeignShapes shapes = shapesOf({"[36039ms] L1 Peak"});
    EXPECT_TRUE(shapes.followsDigit("ms]"));
    EXPECT_TRUE(shapes.followsDigit("9ms]"));
    EXPECT_TRUE(shapes.followsDigit(" Peak"));
    EXPECT_FALSE(shapes.followsDigit("Peak"));
}

TEST(ForeignShapes, EachShapeIsKeptOnce) {
    const ForeignShapes shapes = shapesOf({"Run 12 ok", "Run 34 ok", "Run 12 ok", "Run 5 ok"});
    EXPECT_EQ(shapes.count(), 2U);
}

TEST(ForeignShapes, EndsOfEventsAndOpenLinesAreNotKept) {
    const ForeignShapes shapes = shapesOf({"", "4096)", "0x10 ", " (512 bytes, FINAL)", " bytes of L1", " on device 3",
                                           "Device:", "Device ", "Sizes (", "of [", "a=", "to -"});
    EXPECT_EQ(shapes.count(), 0U);
}

TEST(ForeignShapes, OnlyTheFirstThousandAreKept) {
    ForeignShapes shapes;
    for (std::size_t i = 0; i < ForeignShapes::kMost; ++i) shapes.add(distinctLine(i));
    EXPECT_EQ(shapes.count(), ForeignShapes::kMost);
    shapes.add("Starting");
    EXPECT_EQ(shapes.count(), ForeignShapes::kMost);
    EXPECT_EQ(shapes.likenessOf("Starting"), Likeness::None);
    shapes.append(shapesOf({"Stopping"}));
    EXPECT_EQ(shapes.count(), ForeignShapes::kMost);
    EXPECT_FALSE(shapes.isOne("Stopping"));
    EXPECT_TRUE(shapes.isOne(distinctLine(0))) << "the first";
    EXPECT_TRUE(shapes.isOne(distinctLine(ForeignShapes::kMost - 1))) << "the last";
}

TEST(ForeignShapes, OfALongLineTheBeginIsKept) {
    const std::string begin(256, 'x');
    const ForeignShapes shapes = shapesOf({begin + " and its end"});
    EXPECT_EQ(shapes.likenessOf(begin), Likeness::Exact);
    EXPECT_EQ(shapes.likenessOf("and its end"), Likeness::None);
    EXPECT_TRUE(shapes.isOne(begin + " and another end")) << "is compared no further";
}

TEST(ForeignShapes, ALaterLineChangesWhatWasFound) {
    ForeignShapes shapes = shapesOf({"Peak 12 MB of L1"});
    EXPECT_EQ(shapes.likenessOf("Peak 1 MB"), Likeness::Loose);
    shapes.add("Peak 3 MB of DRAM");
    EXPECT_EQ(shapes.likenessOf("Peak 1 MB"), Likeness::Exact);
    EXPECT_TRUE(shapes.endsOne("DRAM"));
}

TEST(ForeignShapes, AppendingPartsIsLikeReadingThemAsOne) {
    ForeignShapes parts = shapesOf({"Starting", "Run 12 ok"});
    parts.append(shapesOf({"Run 34 ok", "Stopping"}));
    const ForeignShapes whole = shapesOf({"Starting", "Run 12 ok", "Run 34 ok", "Stopping"});
    EXPECT_EQ(parts.count(), whole.count());
    for (const std::string_view piece : {"Start", "Run 55", "Run 5 ok", "Stopping", "Running", "ok"}) {
        EXPECT_EQ(parts.likenessOf(piece), whole.likenessOf(piece)) << piece;
        EXPECT_EQ(parts.isOne(piece), whole.isOne(piece)) << piece;
        EXPECT_EQ(parts.endsOne(piece), whole.endsOne(piece)) << piece;
    }
}

TEST(ForeignShapes, ClearedItKnowsNothing) {
    ForeignShapes shapes = shapesOf({"Starting"});
    EXPECT_EQ(shapes.likenessOf("Start"), Likeness::Exact);
    shapes.clear();
    EXPECT_EQ(shapes.count(), 0U);
    EXPECT_EQ(shapes.likenessOf("Start"), Likeness::None);
    shapes.add("Stopping");
    EXPECT_EQ(shapes.likenessOf("Stop"), Likeness::Exact);
}

}  // namespace
}  // namespace alloclens::server_log
