// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is left of lines when the pieces of an event are taken out of them, and whether it looks like other lines.
#include "importers/server_log/residue.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "tests/unit/support/foreign_lines.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::server_log {
namespace {

using Likeness = ForeignShapes::Likeness;
using test::shapesOf;

/// The reading that takes these pieces, one behind the other, out of the text.
TornReading readingOf(std::string_view text, std::initializer_list<std::string_view> pieces) {
    TornReading reading;
    std::size_t from = 0;
    for (const std::string_view piece : pieces) {
        const std::size_t begin = text.find(piece, from);
        if (begin == std::string_view::npos) test::stop("no piece " + std::string(piece));
        from = begin + piece.size();
        reading.pieces[reading.pieceCount++] = {begin, from};
    }
    return reading;
}

constexpr std::string_view kEvent = "[PID 7] Freed buffer 64";

Residue residueOfEvent(std::string_view text, const ForeignShapes& shapes, std::size_t from = 0) {
    return residueOf(text, from, readingOf(text, {kEvent}), shapes);
}

TEST(Residue, AnEventThatFillsItsLineLeavesNothing) {
    for (const std::string_view text : {"[PID 7] Freed buffer 64\n", "[PID 7] Freed buffer 64"}) {
        const Residue residue = residueOfEvent(text, ForeignShapes());
        EXPECT_EQ(residue.likeness, Likeness::Exact);
        EXPECT_TRUE(residue.isCutSurely);
    }
}

TEST(Residue, WhatStandsBeforeAndBehindIsOneText) {
    const ForeignShapes shapes = shapesOf({"Peak 12 MB of L1"});
    const Residue residue = residueOfEvent("Peak 34 [PID 7] Freed buffer 64MB of L1\n", shapes);
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_TRUE(residue.isCutSurely);
    EXPECT_EQ(residueOfEvent("Peak 3 [PID 7] Freed buffer 64MB of L1\n", shapes).likeness, Likeness::Loose);
    EXPECT_EQ(residueOfEvent("Peak 34 [PID 7] Freed buffer 64KB of L1\n", shapes).likeness, Likeness::None);
}

TEST(Residue, TheSymbolOfTheEventIsNotLeft) {
    const ForeignShapes shapes = shapesOf({"Starting"});
    EXPECT_EQ(residueOfEvent("Starting\u2717 [PID 7] Freed buffer 64\n", shapes).likeness, Likeness::Exact);
    EXPECT_EQ(residueOfEvent("\u2717\u2717 Starting[PID 7] Freed buffer 64\n", shapes).likeness, Likeness::None);
}

TEST(Residue, TextBetweenPiecesIsLeft) {
    const ForeignShapes shapes = shapesOf({"Peak 12 MB of L1"});
    const std::string text = "[PID 7] FreedPeak 34 MB of L1 buffer 64\n";
    const Residue residue = residueOf(text, 0, readingOf(text, {"[PID 7] Freed", " buffer 64"}), shapes);
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_TRUE(residue.isCutSurely);
    EXPECT_EQ(residueOf(text, 0, readingOf(text, {"[PID 7] Freed", " buffer 64"}), ForeignShapes()).likeness,
              Likeness::None);
}

TEST(Residue, TheLeastLikePieceDecides) {
    const ForeignShapes shapes = shapesOf({"Starting", "Stopping"});
    const std::string text = "[PID 7] FreedStarting\nStopping buffer 64\n";
    EXPECT_EQ(residueOf(text, 0, readingOf(text, {"[PID 7] Freed", " buffer 64"}), shapes).likeness, Likeness::Exact);
    const std::string other = "[PID 7] FreedStarting\nWaiting buffer 64\n";
    EXPECT_EQ(residueOf(other, 0, readingOf(other, {"[PID 7] Freed", " buffer 64"}), shapes).likeness, Likeness::None);
}

TEST(Residue, WhatBelongsToTheEventBeforeIsNotLookedAt) {
    const std::string text = "what an event was[PID 7] Freed buffer 64\n";
    EXPECT_EQ(residueOfEvent(text, ForeignShapes()).likeness, Likeness::None);
    const Residue residue = residueOfEvent(text, ForeignShapes(), text.find('['));
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_TRUE(residue.isCutSurely);
}

TEST(Residue, LinesBeforeTheEventsOwnAreNotLookedAt) {
    const Residue residue = residueOfEvent("what others wrote\n[PID 7] Freed buffer 64\n", ForeignShapes());
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_TRUE(residue.isCutSurely);
}

TEST(Residue, TheNextEventIsNotLeft) {
    const Residue residue = residueOfEvent("[PID 7] Freed buffer 64\u2713 [PID 8] Allocated\n", ForeignShapes());
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_TRUE(residue.isCutSurely);
}

TEST(Residue, WhereANumberTouchesDigitsALineMustBegin) {
    const std::string text = "[PID 7] of 51212 MB of L1 bytes\n";
    const TornReading reading = readingOf(text, {"[PID 7] of 512", " bytes"});
    const Residue sure = residueOf(text, 0, reading, shapesOf({"34 MB of L1"}));
    EXPECT_EQ(sure.likeness, Likeness::Exact);
    EXPECT_TRUE(sure.isCutSurely);
    const Residue unsure = residueOf(text, 0, reading, shapesOf({"134 MB of L1"}));
    EXPECT_EQ(unsure.likeness, Likeness::Exact) << "a piece of a line";
    EXPECT_FALSE(unsure.isCutSurely) << "one more digit may be the other writer's";
}

TEST(Residue, DigitsThatRunIntoANumberOfTheEventAreNotCutSurely) {
    const std::string text = "[PID 7] ofPeak 12512 bytes\n";
    const Residue residue = residueOf(text, 0, readingOf(text, {"[PID 7] of", "512 bytes"}), shapesOf({"Peak 34"}));
    EXPECT_EQ(residue.likeness, Likeness::Exact);
    EXPECT_FALSE(residue.isCutSurely);
}

TEST(Residue, ALineThatDoesNotEndMustGoOnOnTheNext) {
    const ForeignShapes shapes = shapesOf({"Peak 12 MB of L1"});
    const Residue atEnd = residueOfEvent("Peak 34 [PID 7] Freed buffer 64\n", shapes);
    EXPECT_EQ(atEnd.likeness, Likeness::Exact);
    EXPECT_FALSE(atEnd.isCutSurely);
    EXPECT_TRUE(residueOfEvent("Peak 34 [PID 7] Freed buffer 64\nMB of L1\n", shapes).isCutSurely);
    EXPECT_FALSE(residueOfEvent("Peak 34 [PID 7] Freed buffer 64\nKB of L1\n", shapes).isCutSurely);
}

TEST(LikenessOfLines, IsThatOfTheLineLeastLikeOthers) {
    const ForeignShapes shapes = shapesOf({"Peak 12 MB of L1", "Starting"});
    EXPECT_EQ(likenessOfLines("", shapes), Likeness::Exact);
    EXPECT_EQ(likenessOfLines("\n\n", shapes), Likeness::Exact);
    EXPECT_EQ(likenessOfLines("Starting\nPeak 34", shapes), Likeness::Exact);
    EXPECT_EQ(likenessOfLines("Starting\n\nPeak 3 MB\n", shapes), Likeness::Loose);
    EXPECT_EQ(likenessOfLines("Peak 3 MB\nWaiting\nStarting", shapes), Likeness::None);
    EXPECT_EQ(likenessOfLines("Peak 34\nStarting", ForeignShapes()), Likeness::None);
}

TEST(BeginOfHead, IsAtTheSymbolInAnyCodePage) {
    EXPECT_EQ(beginOfHead("[PID 7]", 0), 0U);
    EXPECT_EQ(beginOfHead("x[PID 7]", 1), 1U);
    EXPECT_EQ(beginOfHead("xx [PID 7]", 3), 3U) << "a blank alone is the other writer's";
    EXPECT_EQ(beginOfHead("\u2713 [PID 7]", 4), 0U);
    EXPECT_EQ(beginOfHead("ab\u2713 [PID 7]", 6), 2U);
    EXPECT_EQ(beginOfHead("ab\xfb [PID 7]", 4), 2U) << "of one byte";
    EXPECT_EQ(beginOfHead("\u2713[PID 7]", 3), 3U) << "a blank stands between";
}

TEST(BeginOfHead, ASymbolHasFewBytes) {
    const std::string text = std::string(100, '\xe2') + " [PID 7]";
    const std::size_t head = text.find('[');
    EXPECT_GT(beginOfHead(text, head), head - 16);
    EXPECT_LT(beginOfHead(text, head), head);
}

}  // namespace
}  // namespace alloclens::server_log
