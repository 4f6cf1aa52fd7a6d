// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "core/findings/lifetime_lengths.h"
#include "core/wording/story.h"
#include "tests/unit/support/faults.h"
#include "tests/unit/support/report_text.h"

namespace alloclens {
namespace {

using test::Buffer;
using test::Scenario;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int32_t kProgram = 300;

std::uint32_t lineOf(const Analysis& analysis, EventId event) { return analysis.trace->events.line[event.index()]; }

/// Ordinary lifetimes of one sort, each about as long as the others.
void liveAndDie(Scenario& run, int count) {
    std::deque<Buffer> live;
    for (int i = 0; i < count; ++i) {
        Buffer buffer = run.newBuffer();
        buffer.size = 4096;
        buffer.memory = Memory::L1;
        run.allocate(kProgram, 1, buffer);
        live.push_back(buffer);
        if (live.size() < 20) continue;
        const auto at = static_cast<std::ptrdiff_t>(run.random(5));
        run.release(kProgram, 1, live[static_cast<std::size_t>(at)]);
        live.erase(live.begin() + at);
    }
    for (const Buffer& buffer : live) run.release(kProgram, 1, buffer);
}

struct Lines {
    std::uint32_t stale = 0;    ///< the free that a stale owner made
    std::uint32_t refused = 0;  ///< the one that the server refused
};

/// A1 F1 A2 F2 U; the stale owner's free is F2 if `isEarly`, else U.
Lines reuseAndFreeTwice(Scenario& run, bool isEarly) {
    Buffer buffer = run.newBuffer();
    buffer.size = 4096;
    buffer.memory = Memory::L1;
    Lines lines;
    run.allocate(kProgram, 1, buffer);
    liveAndDie(run, 20);
    run.release(kProgram, 1, buffer);
    liveAndDie(run, 5);
    run.allocate(kProgram, 1, buffer);
    if (isEarly) {
        liveAndDie(run, 1);
        run.release(kProgram, 1, buffer);
        lines.stale = run.lines();
    }
    liveAndDie(run, 20);
    run.release(kProgram, 1, buffer);
    lines.refused = run.lines();
    if (isEarly) return lines;
    liveAndDie(run, 3);
    run.release(kProgram, 1, buffer);
    lines.refused = run.lines();
    lines.stale = lines.refused;
    return lines;
}

TEST(SuspectFree, AFreeThatCameFarTooEarlyMayBeTheWrongOne) {
    Scenario run(1);
    liveAndDie(run, 100);
    const Lines lines = reuseAndFreeTwice(run, true);
    liveAndDie(run, 100);
    const auto analysis = run.analyse();
    const auto& suspicions = analysis->findings.suspicions;
    ASSERT_THAT(suspicions, SizeIs(1));
    const SuspectCandidate& first = suspicions[0].candidates.front();
    EXPECT_EQ(lineOf(*analysis, first.free), lines.stale);
    EXPECT_EQ(lineOf(*analysis, first.rightful), lines.refused);
    EXPECT_EQ(first.generation, 2U);
    EXPECT_GE(first.likelihood, 50);
    EXPECT_EQ(first.evidence.front().clue, SuspectClue::LengthsFit);
    EXPECT_EQ(suspicions[0].allocationsMeanwhile(), 0U);
    const Finding& finding = analysis->findings.row(suspicions[0].finding);
    EXPECT_EQ(findingId(analysis->replay, finding).substr(0, 13), "suspect-free:");
    EXPECT_EQ(lineOf(*analysis, analysis->findings.eventIn(finding, Role::FreedAgain)), lines.refused);
}

TEST(SuspectFree, APlainDoubleFreeIsItsOwnCulprit) {
    Scenario run(2);
    liveAndDie(run, 100);
    (void)reuseAndFreeTwice(run, false);
    liveAndDie(run, 100);
    const auto analysis = run.analyse();
    EXPECT_EQ(analysis->replay.totals.unknownFrees, 1U);
    EXPECT_THAT(analysis->findings.suspicions, IsEmpty());
}

TEST(SuspectFree, WithoutReuseThereIsNothingToConfuse) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 4 (8 bytes, FINAL)\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 4\n");
    EXPECT_THAT(analysis->findings.suspicions, IsEmpty());
}

TEST(SuspectFree, WhatNothingSpeaksForIsNotSuspected) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 4 (8 bytes, FINAL)\n"
                                           "[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 4 (8 bytes, FINAL)\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 4\n");
    EXPECT_THAT(analysis->findings.suspicions, IsEmpty());
}

TEST(SuspectFree, TheSenderTells) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 42, 0, 42},
                                               {EventKind::FinalFree, 16, 42, 100, 42},
                                               {EventKind::Allocation, 16, 77, 200, 77},
                                               {EventKind::FinalFree, 16, 77, 300, 42},
                                               {EventKind::RefusedFree, 16, 77, 400, 77}});
    ASSERT_THAT(analysis->findings.suspicions, SizeIs(1));
    const Suspicion& suspicion = analysis->findings.suspicions[0];
    EXPECT_GE(suspicion.candidates[0].likelihood, 90);
    EXPECT_EQ(suspectSentence(suspicion.candidates[0].evidence[0]),
              "sent by process 42, the owner of the previous allocation");
    const std::string text = test::reportText("findings", "text", *analysis);
    EXPECT_THAT(text, HasSubstr("    suspect: the free at line 4 ("));
    EXPECT_THAT(text, HasSubstr("then the free refused at line 5 is the rightful one of g2\n"));
    EXPECT_THAT(
        text,
        HasSubstr(
            "g2 was in use from line 4 to line 5 although its address was free; no allocation used the address in "
            "between\n"));
    const auto json = test::reportJson("findings", *analysis);
    const auto& findings = json["findings"];
    const auto suspect = std::find_if(findings.begin(), findings.end(),
                                      [](const auto& finding) { return finding["kind"] == "suspect-free"; });
    ASSERT_NE(suspect, findings.end());
    EXPECT_EQ((*suspect)["suspects"]["candidates"][0]["line"], 4);
    EXPECT_EQ((*suspect)["suspects"]["exposure"]["fromLine"], 4);
    EXPECT_EQ((*suspect)["suspects"]["exposure"]["toLine"], 5);
}

TEST(SuspectFree, AnOwnersOwnFreeIsNotSuspected) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 42, 0, 42},
                                               {EventKind::FinalFree, 16, 42, 100, 42},
                                               {EventKind::Allocation, 16, 77, 200, 77},
                                               {EventKind::FinalFree, 16, 77, 300, 77},
                                               {EventKind::RefusedFree, 16, 42, 400, 42}});
    EXPECT_THAT(analysis->findings.suspicions, IsEmpty());
}

TEST(SuspectFree, ACulpritGenerationsAgoLeavesTheLaterFreesOnePlaceTooEarly) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 42, 0, 42},
                                               {EventKind::FinalFree, 16, 42, 100, 42},
                                               {EventKind::Allocation, 16, 77, 200, 77},
                                               {EventKind::FinalFree, 16, 77, 300, 42},  // the stale owner's
                                               {EventKind::Allocation, 16, 88, 400, 88},
                                               {EventKind::FinalFree, 16, 88, 500, 77},  // that of the lifetime before
                                               {EventKind::RefusedFree, 16, 88, 600, 88}});
    ASSERT_THAT(analysis->findings.suspicions, SizeIs(1));
    const Suspicion& suspicion = analysis->findings.suspicions[0];
    ASSERT_THAT(suspicion.candidates, SizeIs(2));
    EXPECT_EQ(lineOf(*analysis, suspicion.candidates[0].free), 6U);
    EXPECT_EQ(lineOf(*analysis, suspicion.candidates[1].free), 4U);
    EXPECT_LE(suspicion.refusedLikelihood, 10);
}

TEST(SuspectFree, DevicesInStepTell) {
    Scenario run(4);
    const Buffer buffer = run.newBuffer();
    run.work(kProgram, 30);
    run.allocateOnAll(kProgram, buffer);
    run.work(kProgram, 10);
    run.releaseOnAll(kProgram, buffer);
    run.work(kProgram, 10);
    run.allocateOnAll(kProgram, buffer);
    run.work(kProgram, 2);
    run.release(kProgram, 6, buffer);
    const std::uint32_t stale = run.lines();
    run.work(kProgram, 60);
    run.releaseOnAll(kProgram, buffer);
    run.work(kProgram, 10);
    const auto analysis = run.analyse();
    ASSERT_THAT(analysis->findings.suspicions, SizeIs(1));
    const SuspectCandidate& first = analysis->findings.suspicions[0].candidates.front();
    EXPECT_EQ(lineOf(*analysis, first.free), stale);
    EXPECT_THAT(first.evidence, Contains(::testing::Field(&SuspectEvidence::clue, SuspectClue::SiblingsLater)));
}

TEST(SuspectFree, CulpritsAreFoundAndPlainDoubleFreesLeftAlone) {
    int culprits = 0;
    int found = 0;
    int plain = 0;
    int suspected = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        Scenario run(seed);
        liveAndDie(run, 150);
        std::map<std::uint32_t, Lines> refused;
        for (int i = 0; i < 20; ++i) {
            const Lines lines = reuseAndFreeTwice(run, i % 2 == 0);
            refused[lines.refused] = lines;
            ++(i % 2 == 0 ? culprits : plain);
        }
        const auto analysis = run.analyse();
        for (const Suspicion& suspicion : analysis->findings.suspicions) {
            const Lines lines = refused.at(lineOf(*analysis, suspicion.refused));
            if (lines.stale == lines.refused) ++suspected;
            if (lines.stale == lineOf(*analysis, suspicion.candidates.front().free)) ++found;
        }
    }
    std::cout << fmt::format("culprits {} of {}, plain ones suspected {} of {}\n", found, culprits, suspected, plain);
    EXPECT_GE(found, 0.9 * culprits);
    EXPECT_LE(suspected, 0.02 * plain);
}

TEST(LifetimeLengths, AreTheMedianOfTheirSort) {
    Scenario run(5);
    liveAndDie(run, 60);
    const auto analysis = run.analyse();
    LifetimeLengths lengths(analysis->replay);
    EXPECT_FALSE(lengths.sortOf(LifetimeId(0U)));
    lengths.ask(LifetimeId(0U));
    ASSERT_TRUE(lengths.collect({}));
    const auto sort = lengths.sortOf(LifetimeId(0U));
    ASSERT_TRUE(sort);
    EXPECT_GT(sort->median, 4);
    EXPECT_LT(sort->median, 7);
    EXPECT_GE(sort->spread, 0.5);
}

}  // namespace
}  // namespace alloclens
