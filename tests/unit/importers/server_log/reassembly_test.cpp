// SPDX-License-Identifier: GPL-3.0-or-later
//
// Torn events are put together where one reading fits, and only there. Small logs show single rules; generated logs
// into which others write at the same time are held against the same logs untorn.
#include "importers/server_log/reassembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "importers/follower.h"
#include "tests/generator/generator.h"
#include "tests/generator/tearing.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string lines(const std::vector<std::string>& texts) {
    std::string log;
    for (const std::string& text : texts) log.append(text).append("\n");
    return log;
}

std::string lineSums(const Trace& trace) {
    const LineCounts& counts = trace.lineCounts;
    return counts.events + counts.facts + counts.foreign + counts.damaged == trace.source->lines()
               ? "hold"
               : test::lineCountText(trace);
}

TEST(Reassembly, PartsOnTwoLinesAreOneEventOnTheFirst) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 512 bytes of L1 PASSED [ 12%]",
        "✓ [PID 7] Allocated 512 bytes of PASSED [ 12%]",
        "L1 on device 3 (buffer_id=4096)",
        "✗ [PID 7] Freed buffer 4096 on device 3 (512 bytes, FINAL)",
    }));
    EXPECT_THAT(test::eventTexts(*trace), Contains("2: allocation 3:4096 L1 pid 7 size 512"));
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::Reassembled), 1U);
    EXPECT_EQ(lineSums(*trace), "hold");
}

TEST(Reassembly, TheDiagnosticSaysWhatWasRead) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 512 bytes of Starting",
        "L1 on device 3 (buffer_id=4096)",
        "✗ [PID 7] Freed buffer 4096 on device 3 (512 bytes, FINAL)",
    }));
    ASSERT_EQ(trace->diagnostics.kept().size(), 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].line, 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail,
              "to line 2: [PID 7] Allocated 512 bytes of L1 on device 3 (buffer_id=4096)");
    EXPECT_EQ(test::lineCountText(*trace), "3 0 0 0");
}

// As a memory meter and a server wrote into one file: 262144 and 39 stand side by side.
TEST(Reassembly, TheFreeOfABufferTellsItsDigitsFromOthers) {
    const auto trace = test::readLog(lines({
        "[36039ms] ✓ [PID L1 Peak on device 208257] Allocated : 3 MB (26214439 buffers) bytes of ",
        "L1 on device 6 (buffer_id=1305344)",
        "✗ [PID 20825] Freed buffer 1305344 on device 6 (262144 bytes, FINAL)",
    }));
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("1: allocation 6:1305344 L1 pid 20825 size 262144",
                                                      "3: final-free 6:1305344 pid 20825 size 262144"));
}

TEST(Reassembly, WhatNothingDecidesStaysTorn) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 64 bytes of L1 on device 3 (buffer_id=64)",
        "[36039ms] ✓ [PID 7] Allocated L1 Peak 26214439 buffers) bytes of ",
        "L1 on device 3 (buffer_id=1305344)",
    }));
    EXPECT_THAT(test::eventTexts(*trace), ElementsAre("1: allocation 3:64 L1 pid 7 size 64"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("2: torn-line", "3: torn-line"));
    EXPECT_EQ(lineSums(*trace), "hold");
}

TEST(Reassembly, AFreeThatTheTrackerCannotHavePrintedStaysTorn) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 64 bytes of L1 on device 3 (buffer_id=64)",
        "✗ [PID 7] Freed buffer 64 on device 3 (Starting",
        "128 bytes, FINAL)",
    }));
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::Reassembled), 0U);
}

TEST(Reassembly, AnEventIsNotPutTogetherAcrossAnother) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 512 bytes of Starting",
        "✓ [PID 7] Allocated 64 bytes of L1 on device 3 (buffer_id=64)",
        "L1 on device 3 (buffer_id=4096)",
        "✗ [PID 7] Freed buffer 4096 on device 3 (512 bytes, FINAL)",
    }));
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::Reassembled), 0U);
    EXPECT_EQ(trace->events.count(), 2U);
}

TEST(Reassembly, AWholeEventLosesAnotherWritersDigits) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 1048576 bytes of DRAM on device 5 (buffer_id=4096)",
        "✓ [PID 7] Allocated Unknown message type: 64 bytes of L1 on device 5 (buffer_id=8192)",
        "✗ [PID 7] Freed buffer 4096 on device 5 (10485764 bytes, FINAL)",
        "✗ [PID 7] Freed buffer 8192 on device 5 (64 bytes, FINAL)",
    }));
    EXPECT_THAT(test::eventTexts(*trace), Contains("3: final-free 5:4096 pid 7 size 1048576"));
    ASSERT_EQ(trace->diagnostics.count(DiagnosticCode::Reassembled), 2U);
    EXPECT_THAT(trace->diagnostics.kept()[1].detail, HasSubstr("without another writer's digits"));
}

TEST(Reassembly, ARefusalThatIsCutBehindItsIdGetsItsDevice) {
    const auto trace = test::readLog(lines({
        "✓ [PID 7] Allocated 64 bytes of L1 on device 3 (buffer_id=64)",
        "✗ [PID 7] Freed buffer 64 on device 3 (64 bytes, FINAL)",
        "⚠ [PID 7] Deallocation for unknown buffer 64",
        " on device 3 (allocated before tracking started)",
    }));
    EXPECT_THAT(test::eventTexts(*trace), Contains("3: refused-free 3:64 pid 7 size none"));
    EXPECT_EQ(trace->addresses.size(), 1U);
    EXPECT_EQ(test::lineCountText(*trace), "4 0 0 0");
}

struct Outcome {
    std::size_t events = 0;
    std::size_t lost = 0;
    std::size_t invented = 0;
    std::string firstInvented;
};

/// Events of the torn log in their order are events of the untorn one in theirs, with gaps where some were lost.
Outcome compare(const Trace& whole, const Trace& torn) {
    constexpr std::size_t kFarthest = 40;
    Outcome outcome;
    outcome.events = whole.events.count();
    std::size_t next = 0;
    for (std::size_t i = 0; i < torn.events.count(); ++i) {
        const std::string text = test::eventText(torn, i);
        std::size_t at = next;
        const std::size_t end = std::min(outcome.events, next + kFarthest);
        while (at < end && test::eventText(whole, at) != text) ++at;
        if (at == end) {
            if (outcome.invented++ == 0)
                outcome.firstInvented = *torn.source->lineText(torn.events.line[i]) + " read as " + text;
            continue;
        }
        outcome.lost += at - next;
        next = at + 1;
    }
    outcome.lost += outcome.events - next;
    return outcome;
}

Outcome tornOutcome(generator::Generation generation, std::uint64_t seed, double share) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = seed;
    recipe.events = 20'000;
    recipe.foreignLines = true;
    const std::string log = generator::generate(recipe).log;
    generator::Tearing tearing;
    tearing.seed = seed;
    tearing.share = share;
    const auto torn = test::readLog(generator::tear(log, tearing));
    EXPECT_EQ(lineSums(*torn), "hold");
    return compare(*test::readLog(log), *torn);
}

class TornLog : public ::testing::TestWithParam<generator::Generation> {};

// One event in a hundred is torn, as in real logs of several processes at full speed.
TEST_P(TornLog, GivesBackNearlyAllEventsAndInventsNone) {
    Outcome sum;
    for (const std::uint64_t seed : {2U, 3U, 4U}) {
        const Outcome outcome = tornOutcome(GetParam(), seed, 0.0008);
        EXPECT_EQ(outcome.invented, 0U) << "seed " << seed << ": " << outcome.firstInvented;
        sum.events += outcome.events;
        sum.lost += outcome.lost;
    }
    EXPECT_LE(sum.lost * 1000, sum.events) << sum.lost << " of " << sum.events << " lost";
}

// Several writers at nearly every line: much is beyond hope, and what is found is still true for the most part.
TEST_P(TornLog, GivesBackMostEventsWhereOthersWriteAllTheTime) {
    const Outcome outcome = tornOutcome(GetParam(), 5, 0.005);
    EXPECT_LE(outcome.lost * 100, outcome.events) << outcome.lost << " of " << outcome.events << " lost";
    EXPECT_LE(outcome.invented * 500, outcome.events) << outcome.invented << ": " << outcome.firstInvented;
}

INSTANTIATE_TEST_SUITE_P(Generations, TornLog,
                         ::testing::Values(generator::Generation::G1, generator::Generation::G1e,
                                           generator::Generation::G2, generator::Generation::G3,
                                           generator::Generation::G5),
                         [](const auto& test) { return std::string(generator::traitsOf(test.param).name); });

TEST(Reassembly, GivesTheSameWhereLinesEndWithCarriageReturns) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        generator::Recipe recipe;
        recipe.seed = seed;
        recipe.events = 10'000;
        recipe.foreignLines = true;
        generator::Tearing tearing;
        tearing.seed = seed;
        tearing.share = 0.005;
        const std::string log = generator::tear(generator::generate(recipe).log, tearing);
        std::string returned;
        for (const char c : log) {
            if (c == '\n') returned += '\r';
            returned += c;
        }
        const auto plain = test::readLog(log);
        const auto other = test::readLog(returned);
        ASSERT_GT(plain->diagnostics.count(DiagnosticCode::Reassembled), 100U);
        EXPECT_EQ(test::eventTexts(*other), test::eventTexts(*plain)) << "seed " << seed;
        EXPECT_EQ(test::lineCountText(*other), test::lineCountText(*plain)) << "seed " << seed;
    }
}

// Of a line as long as that only the beginning is looked at when its torn event is put together.
TEST(Reassembly, ALineIsCountedOnceWhereAWholeEventStandsFarBehindATornOne) {
    const auto trace = test::readLog(lines({
        "other program says 7 lines",
        "other program says 8 lines",
        "✓ [PID 7] Allocated 2048 bytes of L1 on device 1other program says 9 lines (buffer_id=4096) "
            + std::string(20'000, 'z') + "✓ [PID 7] Allocated 64 bytes of L1 on device 1 (buffer_id=64)",
        "✗ [PID 7] Freed buffer 4096 on device 1 (2048 bytes, FINAL)",
    }));
    ASSERT_EQ(trace->diagnostics.count(DiagnosticCode::Reassembled), 1U);
    EXPECT_EQ(test::lineCountText(*trace), "2 0 2 0");
    EXPECT_EQ(lineSums(*trace), "hold");
}

TEST(Reassembly, GivesTheSameForAnyNumberOfThreads) {
    generator::Recipe recipe;
    recipe.events = 60'000;
    generator::Tearing tearing;
    const std::string log = generator::tear(generator::generate(recipe).log, tearing);
    const auto one = test::readLog(log, 1);
    const auto four = test::readLog(log, 4);
    ASSERT_GT(one->diagnostics.count(DiagnosticCode::Reassembled), 100U);
    EXPECT_EQ(test::eventTexts(*one), test::eventTexts(*four));
    EXPECT_EQ(test::diagnosticTexts(*one), test::diagnosticTexts(*four));
    EXPECT_EQ(test::lineCountText(*one), test::lineCountText(*four));
}

TEST(Reassembly, GivesTheSameOfALogThatGrows) {
    generator::Recipe recipe;
    recipe.events = 3'000;
    generator::Tearing tearing;
    tearing.share = 0.002;
    const std::string log = generator::tear(generator::generate(recipe).log, tearing);
    const auto atOnce = test::readLog(log);

    const test::TemporaryFile file(std::string_view(log).substr(0, log.size() / 3));
    auto follower = Follower::open(file.path(), {}, {}, {});
    ASSERT_TRUE(follower);
    ASSERT_TRUE(follower->advance({}));
    ASSERT_TRUE(follower->trace(false));
    std::ofstream(file.path(), std::ios::app | std::ios::binary) << std::string_view(log).substr(log.size() / 3);
    ASSERT_TRUE(follower->advance({}));
    const auto grown = follower->trace(true);
    ASSERT_TRUE(grown);
    ASSERT_GT(atOnce->diagnostics.count(DiagnosticCode::Reassembled), 20U);
    EXPECT_EQ(test::eventTexts(**grown), test::eventTexts(*atOnce));
    EXPECT_EQ(test::diagnosticTexts(**grown), test::diagnosticTexts(*atOnce));
}

TEST(Reassembly, OfALogOfNothingButDamageEnds) {
    std::string log = lines({"✓ [PID 7] Allocated 64 bytes of L1 on device 3 (buffer_id=64)"});
    for (int i = 0; i < 20'000; ++i)
        log += "✓ [PID 7] Allocated 64 64 64 [ 6: 4 (64 64 bytes of 64 64 L1 on device 3 3\n";
    const auto trace = test::readLog(log);
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_EQ(lineSums(*trace), "hold");
}

}  // namespace
}  // namespace alloclens
