// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which readings of a torn event are among the best, and when the choice is clear.
#include "importers/server_log/best_readings.h"

#include <gtest/gtest.h>

namespace alloclens::server_log {
namespace {

/// A reading of one piece that says a size.
TornReading readingOf(std::uint64_t size, std::size_t end = 10) {
    TornReading reading;
    reading.match.event.size = size;
    reading.pieces[0] = {0, end};
    reading.pieceCount = 1;
    return reading;
}

TEST(BestReadings, WithoutReadingsNothingIsClear) {
    const BestReadings best;
    EXPECT_TRUE(best.readings().empty());
    EXPECT_FALSE(best.isClear());
    EXPECT_FALSE(best.isConfirmed());
    EXPECT_TRUE(best.canTake(Fit::No)) << "to doubt it";
}

TEST(BestReadings, WhatHasNoRankIsNotTaken) {
    BestReadings best;
    best.offer(ReadingRank::None, readingOf(1));
    EXPECT_TRUE(best.readings().empty());
}

TEST(BestReadings, ABetterOneTakesThePlaceOfAllOthers) {
    BestReadings best;
    best.offer(ReadingRank::WeakExact, readingOf(1));
    best.offer(ReadingRank::WeakExact, readingOf(2));
    EXPECT_FALSE(best.isClear());
    best.offer(ReadingRank::Strong, readingOf(3));
    best.offer(ReadingRank::WeakExact, readingOf(4));
    ASSERT_EQ(best.readings().size(), 1U);
    EXPECT_EQ(best.readings()[0].match.event.size, 3U);
    EXPECT_TRUE(best.isClear());
    EXPECT_TRUE(best.isConfirmed());
    EXPECT_FALSE(best.canTake(Fit::Weak));
    EXPECT_TRUE(best.canTake(Fit::Strong));
}

TEST(BestReadings, OfThoseThatSayTheSameTheShortestIsHeld) {
    BestReadings best;
    best.offer(ReadingRank::WeakExact, readingOf(1, 20));
    best.offer(ReadingRank::WeakExact, readingOf(1, 10));
    best.offer(ReadingRank::WeakExact, readingOf(1, 15));
    ASSERT_EQ(best.readings().size(), 1U);
    EXPECT_EQ(best.readings()[0].end(), 10U);
    EXPECT_TRUE(best.isClear());
}

TEST(BestReadings, EveryNumberOfTheEventCounts) {
    const auto isToldApart = [](const auto& change) {
        BestReadings best;
        best.offer(ReadingRank::Strong, readingOf(1));
        TornReading other = readingOf(1);
        change(other.match);
        best.offer(ReadingRank::Strong, other);
        return best.readings().size() == 2;
    };
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.kind = EventKind::FinalFree; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.memory = Memory::L1; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.key.device = 1; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.key.address = 1; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.pid = 1; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.event.refCount = 2; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.isAlreadyFreed = true; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.allocations = 1; }));
    EXPECT_TRUE(isToldApart([](EventMatch& match) { match.freesReceived = 1; }));
    EXPECT_FALSE(isToldApart([](EventMatch&) {}));
}

TEST(BestReadings, WhatDoesNotFitMakesOnlyTheUnconfirmedDoubtful) {
    BestReadings weak;
    weak.offer(ReadingRank::WeakLoose, readingOf(1));
    EXPECT_TRUE(weak.isClear());
    weak.doubt(ReadingRank::WeakLoose);
    EXPECT_FALSE(weak.isClear()) << "founded no better";
    weak.offer(ReadingRank::WeakExact, readingOf(1));
    EXPECT_TRUE(weak.isClear());
    BestReadings strong;
    strong.doubt(ReadingRank::WeakExact);
    strong.offer(ReadingRank::Strong, readingOf(1));
    EXPECT_TRUE(strong.isClear());
}

TEST(BestReadings, HoldsABoundedNumber) {
    BestReadings best;
    for (std::size_t size = 0; size < 10 * BestReadings::kMost; ++size)
        best.offer(ReadingRank::Strong, readingOf(size));
    EXPECT_EQ(best.readings().size(), BestReadings::kMost);
    EXPECT_FALSE(best.isClear());
}

}  // namespace
}  // namespace alloclens::server_log
