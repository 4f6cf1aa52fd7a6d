// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guard_replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <sstream>
#include <stop_token>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/faults.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

GuardStudy studyOf(const Analysis& analysis) {
    auto study = replayUnderGuards(analysis, guards(), {});
    if (!study) test::stop(study.error().sentence());
    return std::move(*study);
}

/// What became of the warnings, and what else: "silenced 1, left 0, caused 0, rightful 0, strangers 0, live 0, swept
/// 0".
std::string told(const GuardOutcome& of) {
    return "silenced " + std::to_string(of.silenced) + ", left " + std::to_string(of.left) + ", caused "
           + std::to_string(of.caused) + ", rightful " + std::to_string(of.rightfulDropped) + ", strangers "
           + std::to_string(of.strangersDropped) + ", live " + std::to_string(of.leftLive.buffers) + ", swept "
           + std::to_string(of.leftToSweeps.buffers);
}

std::vector<std::string> toldOfAll(const Analysis& analysis) {
    std::vector<std::string> all;
    for (const GuardOutcome& outcome : studyOf(analysis).outcomes) all.push_back(told(outcome));
    return all;
}

std::string silenced(int silenced, int left) {
    return "silenced " + std::to_string(silenced) + ", left " + std::to_string(left)
           + ", caused 0, rightful 0, strangers 0, live 0, swept 0";
}

/// Of one device and address, in the words of a log.
std::string allocated(int pid, std::uint32_t count = 1, int device = 0, int id = 16) {
    return "[PID " + std::to_string(pid) + "] Allocated 64 bytes of L1 on device " + std::to_string(device)
           + " (buffer_id=" + std::to_string(id) + (count > 1 ? ", ref_count=" + std::to_string(count) : "") + ")\n";
}
std::string freed(int owner, std::uint32_t remaining = 0, int device = 0, int id = 16) {
    return "[PID " + std::to_string(owner) + "] Freed buffer " + std::to_string(id) + " on device "
           + std::to_string(device) + " (64 bytes, "
           + (remaining > 0 ? "ref_count=" + std::to_string(remaining) + " remaining)\n" : "FINAL)\n");
}
std::string refused(int pid, int device = 0, int id = 16) {
    return "[PID " + std::to_string(pid) + "] Deallocation for unknown buffer " + std::to_string(id) + " on device "
           + std::to_string(device) + " (allocated before tracking started)\n";
}
std::string swept(int pid, int count) {
    return "   Removed " + std::to_string(count) + " buffers (0.0001 MB) from PID " + std::to_string(pid) + "\n";
}

constexpr int kFlag = 0;
constexpr int kSuppress = 1;
constexpr int kSet = 2;
constexpr int kKept = 3;

TEST(GuardReplay, TheGuardsHaveTheirStableNames) {
    ASSERT_THAT(guards(), SizeIs(4));
    EXPECT_EQ(guards()[kFlag].name, "object-flag");
    EXPECT_EQ(guards()[kSuppress].name, "suppress-duplicates");
    EXPECT_EQ(guards()[kSet].name, "freed-set");
    EXPECT_EQ(guards()[kKept].name, "freed-set-kept");
    EXPECT_TRUE(guards()[kFlag].isBound);
}

TEST(GuardReplay, ADoubleFreeOfTheSameProcessFallsSilentUnderEachGuard) {
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + refused(1));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(1, 0), silenced(1, 0), silenced(1, 0), silenced(1, 0)));
    const GuardStudy study = studyOf(*analysis);
    EXPECT_EQ(study.warnings, 1U);
    EXPECT_EQ(study.freesReceived, 2U);
    EXPECT_EQ(study.assumedSenders, 1U);
    EXPECT_THAT(study.silencers, ElementsAre(0b1111));
}

// It is the first free that the other process sends: its object and its set know of none, but it did not allocate.
TEST(GuardReplay, ADoubleFreeOfAnotherProcessStaysUnlessAllocationsAreAskedFor) {
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + refused(2));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 1), silenced(1, 0), silenced(0, 1), silenced(0, 1)));
    EXPECT_THAT(studyOf(*analysis).silencers, ElementsAre(0b0010));
}

TEST(GuardReplay, ReuseIsLeftAloneUnlessTheSetIsNeverCleared) {
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + allocated(1) + freed(1));
    EXPECT_THAT(toldOfAll(*analysis),
                ElementsAre(silenced(0, 0), silenced(0, 0), silenced(0, 0),
                            "silenced 0, left 0, caused 0, rightful 1, strangers 0, live 1, swept 0"));
    const GuardOutcome kept = studyOf(*analysis).outcomes[kKept];
    EXPECT_EQ(kept.leftLive.bytes, 64U);
    EXPECT_THAT(kept.firstRightful, ElementsAre(EventId(3U)));
}

TEST(GuardReplay, ABufferThatIsKeptLiveMergesWithTheNextOfItsAddressAndIsSweptWithItsOwner) {
    // The second buffer of process 1 stays live, that of process 2 is booked to it, and its free is refused.
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + allocated(1) + freed(1) + allocated(2)
                                           + allocated(1, 1, 1, 32) + swept(1, 1) + freed(2));
    EXPECT_THAT(toldOfAll(*analysis)[kKept], "silenced 0, left 0, caused 1, rightful 1, strangers 0, live 0, swept 1");
    const GuardOutcome kept = studyOf(*analysis).outcomes[kKept];
    EXPECT_EQ(kept.mergedAllocations, 1U);
    EXPECT_THAT(kept.firstCaused, ElementsAre(EventId(7U)));
    EXPECT_EQ(kept.leftToSweeps.bytes, 64U);
    EXPECT_EQ(kept.leaksHidden, 0U);
}

TEST(GuardReplay, ALeakHidesWhereItsAddressIsStillBookedToAProcessThatDies) {
    const auto analysis = test::analyseEndedLog(allocated(1) + freed(1) + allocated(1) + freed(1) + allocated(2)
                                                + allocated(1, 1, 1, 32) + swept(1, 1));
    const GuardStudy study = studyOf(*analysis);
    EXPECT_EQ(study.leaks, 2U);
    EXPECT_EQ(study.outcomes[kSet].leaksHidden, 0U);
    const GuardOutcome& kept = study.outcomes[kKept];
    EXPECT_EQ(kept.leaksHidden, 1U);
    ASSERT_THAT(kept.firstHiddenLeaks, SizeIs(1));
    const Finding& leak = analysis->findings.row(kept.firstHiddenLeaks[0]);
    EXPECT_EQ(findingId(analysis->replay, leak), "leak:0:0x10:g3:1");
}

TEST(GuardReplay, ALeakThatIsBookedToAnotherProcessIsChanged) {
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + allocated(1) + freed(1) + allocated(2) + freed(2)
                                           + allocated(2));
    const GuardStudy study = studyOf(*analysis);
    EXPECT_EQ(study.outcomes[kSet].leaksChanged, 0U);
    EXPECT_EQ(study.outcomes[kKept].leaksChanged, 1U);
    EXPECT_EQ(study.outcomes[kKept].leftLive.buffers, 0U);
}

// Two references of one process: the second free is rightful, and only the flag counts objects.
TEST(GuardReplay, TheSecondFreeOfTwoReferencesIsRightful) {
    const auto analysis = test::analyseLog(allocated(1) + allocated(1, 2) + freed(1, 1) + freed(1));
    const std::string lost = "silenced 0, left 0, caused 0, rightful 1, strangers 0, live 1, swept 0";
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 0), lost, lost, lost));
}

// The log prints the owner on both frees; they are taken to come from both that hold the address.
TEST(GuardReplay, FreesOfASharedAddressAreGivenToThoseWhoHoldIt) {
    const auto analysis = test::analyseLog(allocated(1) + allocated(2, 2) + allocated(3, 3) + freed(1, 2) + freed(1, 1)
                                           + freed(1) + refused(2));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(1, 0), silenced(1, 0), silenced(1, 0), silenced(1, 0)));
}

// The first free is taken for the owner's, and whoever else held the address is dead when the second one comes.
TEST(GuardReplay, AFreeThatNobodySeemsToHoldIsTheOwners) {
    const auto analysis = test::analyseLog(allocated(1) + allocated(2, 2) + allocated(2, 1, 1, 32) + freed(1, 1)
                                           + swept(2, 1) + freed(1));
    EXPECT_THAT(toldOfAll(*analysis)[kFlag], silenced(0, 0));
    EXPECT_THAT(toldOfAll(*analysis)[kSuppress], silenced(0, 0));
    EXPECT_THAT(toldOfAll(*analysis)[kSet], silenced(0, 0));
}

TEST(GuardReplay, DevicesWithTheSameAddressAreKeptApart) {
    const auto analysis = test::analyseLog(allocated(1, 1, 0) + allocated(1, 1, 1) + freed(1, 0, 0) + freed(1, 0, 1)
                                           + refused(1, 1));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(1, 0), silenced(1, 0), silenced(1, 0), silenced(1, 0)));
}

// A sweep took the entry, no free: the objects of those who shared it have not sent theirs.
TEST(GuardReplay, AFreeAfterASweepOfWhatTheSenderSharedStays) {
    const auto analysis = test::analyseLog(allocated(1) + allocated(2, 2) + swept(1, 1) + refused(2));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 1), silenced(0, 1), silenced(0, 1), silenced(0, 1)));
}

TEST(GuardReplay, AProcessThatDiedLeavesNoSetBehind) {
    const auto analysis = test::analyseLog(allocated(1, 1, 0, 32) + allocated(1) + freed(1) + swept(1, 1) + allocated(1)
                                           + freed(1));
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 0), silenced(0, 0), silenced(0, 0), silenced(0, 0)));
}

TEST(GuardReplay, OfACauseThatTheGuardCannotReachTheWarningMayStay) {
    test::Scenario run(3);
    test::olderThanTracker(run);
    const auto analysis = run.analyse();
    const GuardStudy study = studyOf(*analysis);
    EXPECT_EQ(study.warnings, run.refusedFrees());
    EXPECT_EQ(study.outcomes[kSuppress].silenced, study.warnings);
    EXPECT_EQ(study.outcomes[kSuppress].mayStay, study.warnings);
    EXPECT_EQ(study.outcomes[kSuppress].silencedBy(Blame::Tracking), study.warnings);
    EXPECT_EQ(study.outcomes[kSet].silenced, 0U);
}

TEST(GuardReplay, AClusterWithoutAWarningLeftIsGone) {
    test::Scenario run(4);
    test::poolInOrder(run);
    const auto analysis = run.analyse();
    const GuardStudy study = studyOf(*analysis);
    for (const GuardOutcome& outcome : study.outcomes) {
        EXPECT_EQ(outcome.silenced, run.refusedFrees()) << outcome.guard->name;
        EXPECT_EQ(outcome.silencedBy(Blame::Program), run.refusedFrees()) << outcome.guard->name;
        EXPECT_EQ(outcome.clustersGone(analysis->findings, Blame::Program), 1U) << outcome.guard->name;
        EXPECT_EQ(outcome.clustersGone(analysis->findings, Blame::Tracking), 0U) << outcome.guard->name;
    }
    EXPECT_EQ(study.outcomes[kSet].rightfulDropped, 0U);
    EXPECT_GT(study.outcomes[kKept].rightfulDropped, 0U) << "some addresses are used again";
}

/// Of each fault what the guards silence, as docs/guards.md has it: all, part or none of its refused frees, and none
/// for sure where the cause says that the guard may not reach them.
std::string reachOf(const GuardOutcome& of, std::uint64_t warnings) {
    if (of.silenced == 0) return "none";
    return std::string(of.silenced == warnings ? "all" : "part") + (of.mayStay == of.silenced ? "?" : "");
}

TEST(GuardReplay, SilencesOfEachFaultWhatTheDocumentSays) {
    const std::map<std::string, std::array<std::string, 4>> expected = {
        {"a stale owner", {"all", "all", "all", "all"}},
        {"a stale owner of mesh buffers", {"all", "all", "all", "all"}},
        {"a stale owner in another process", {"none", "all", "none", "none"}},
        {"a pool at the end, in order", {"all", "all", "all", "all"}},
        {"a pool at the end, reversed", {"all", "all", "all", "all"}},
        {"a pool in the middle", {"all", "all", "all", "all"}},
        {"two levels of a mesh", {"all?", "all", "all", "all"}},
        {"a backing buffer", {"all?", "all", "all", "all"}},
        {"views", {"all?", "all", "all", "all"}},
        {"frees before allocations", {"none", "all?", "none", "none"}},
        {"lost allocations", {"part?", "all?", "part?", "part"}},
        {"buffers older than the tracker", {"none", "all?", "none", "none"}},
        {"a process that was swept", {"none", "all", "none", "none"}},
        {"two memories under one address", {"none", "all", "all", "all"}},
        {"stray messages", {"none", "all?", "none", "none"}},
        {"a client of another record size", {"none", "all?", "none", "none"}},
        {"torn lines", {"none", "all?", "none", "none"}},
        {"a wrong device", {"none", "all", "none", "none"}},
    };
    for (const test::Fault& fault : test::kFaults) {
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            test::Scenario run(seed, fault.rules);
            test::workBeside(run, 60);
            fault.run(run);
            const GuardStudy study = studyOf(*run.analyse());
            ASSERT_EQ(study.warnings, run.refusedFrees());
            for (std::size_t i = 0; i < study.outcomes.size(); ++i) {
                const GuardOutcome& of = study.outcomes[i];
                EXPECT_EQ(reachOf(of, study.warnings), expected.at(fault.name)[i])
                    << fault.name << ", " << of.guard->name << ", seed " << seed;
                EXPECT_EQ(of.silenced + of.left, study.warnings);
                EXPECT_EQ(of.rightfulDropped > 0, i == kKept) << fault.name << ", " << of.guard->name;
                EXPECT_EQ(of.caused, 0U) << fault.name << ", " << of.guard->name;
            }
        }
    }
}

// Where the source names senders: process 2 frees its buffer twice, the second time after process 1 got the address.
TEST(GuardReplay, AFreeOfAStrangersBufferIsStoppedAndTheOwnersIsAccepted) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 2, 0, 2},
                                               {EventKind::FinalFree, 16, 2, kNoTime, 2},
                                               {EventKind::Allocation, 16, 1, 1, 1},
                                               {EventKind::FinalFree, 16, 1, kNoTime, 2},
                                               {EventKind::RefusedFree, 16, 1, kNoTime, 1}});
    const std::string stopped = "silenced 1, left 0, caused 0, rightful 0, strangers 1, live 0, swept 0";
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(stopped, stopped, stopped, stopped));
    const GuardStudy study = studyOf(*analysis);
    EXPECT_EQ(study.assumedSenders, 0U);
    EXPECT_EQ(study.outcomes[kFlag].acceptedInstead, 1U);
}

// The owner leaves the free to the other process and sends none.
TEST(GuardReplay, AStrangersFreeThatTheOwnerReliesOnIsMissed) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 2, 0, 2},
                                               {EventKind::FinalFree, 16, 2, kNoTime, 2},
                                               {EventKind::Allocation, 16, 1, 1, 1},
                                               {EventKind::FinalFree, 16, 1, kNoTime, 2}});
    const std::string missed = "silenced 0, left 0, caused 0, rightful 0, strangers 1, live 1, swept 0";
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(missed, missed, missed, missed));
    EXPECT_THAT(studyOf(*analysis).outcomes[kFlag].firstStrangers, ElementsAre(EventId(3U)));
}

TEST(GuardReplay, AnEmptyTraceHasNothingToSilence) {
    const auto analysis = test::timedAnalysis({});
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 0), silenced(0, 0), silenced(0, 0), silenced(0, 0)));
}

TEST(GuardReplay, ALogOfDamageOnlyHasNothingToSilence) {
    test::Scenario run(5);
    for (int i = 0; i < 3; ++i) run.tornLine();
    const auto analysis = run.analyse();
    EXPECT_EQ(analysis->trace->events.count(), 0U);
    EXPECT_THAT(toldOfAll(*analysis), ElementsAre(silenced(0, 0), silenced(0, 0), silenced(0, 0), silenced(0, 0)));
}

// A line that is lost must not look like the guards' doing.
TEST(GuardReplay, WhereLinesAreMissingTheLogIsBelieved) {
    const std::string cases[] = {
        freed(1),                                                   // its allocation is missing
        allocated(1) + allocated(1) + freed(1),                     // a release
        allocated(1) + refused(1),                                  // a release
        allocated(1) + freed(1, 4'294'967'295U) + allocated(2, 5),  // many
        allocated(1, 4'294'967'295U) + allocated(2, 7) + freed(1),
        allocated(1) + allocated(2, 2) + freed(1) + refused(2),
        "[PID 2] Allocated 64 bytes of L1 on device 0 (buffer_id=16, ref_count=1)\n" + allocated(1, 2),
        allocated(1) + "[PID 2] Allocated 64 bytes of L1 on device 0 (buffer_id=16, ref_count=1)\n",
    };
    const Guard none{"none", "", "", [](const CallsSoFar&) { return false; }, 0};
    for (const std::string& log : cases) {
        const auto analysis = test::analyseLog(log);
        const auto study = replayUnderGuards(*analysis, std::span(&none, 1), {});
        ASSERT_TRUE(study);
        EXPECT_EQ(told(study->outcomes[0]), silenced(0, static_cast<int>(study->warnings))) << log;
        EXPECT_EQ(study->outcomes[0].leaksHidden + study->outcomes[0].leaksChanged, 0U) << log;
        EXPECT_EQ(study->outcomes[0].mergedAllocations, 0U) << log;
    }
}

TEST(GuardReplay, OfALogThatLostLinesAtRandomNothingIsHeldAgainstAGuardThatDropsNothing) {
    const Guard none{"none", "", "", [](const CallsSoFar&) { return false; }, 0};
    for (const generator::Generation generation : {generator::Generation::G2, generator::Generation::G1e}) {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            generator::Recipe recipe;
            recipe.generation = generation;
            recipe.seed = seed;
            recipe.events = 4'000;
            recipe.aliasShare = 0.1;
            recipe.doubleFreeShare = 0.05;
            std::mt19937_64 random(seed);
            std::string log;
            std::istringstream lines(generator::generate(recipe).log);
            for (std::string line; std::getline(lines, line);) log += random() % 20 == 0 ? "" : line + '\n';
            const auto analysis = test::analyseLog(log);
            ASSERT_GT(analysis->replay.contradictions.size(), 20U);
            const auto study = replayUnderGuards(*analysis, std::span(&none, 1), {});
            ASSERT_TRUE(study);
            const GuardOutcome& of = study->outcomes[0];
            EXPECT_EQ(told(of), silenced(0, static_cast<int>(analysis->replay.totals.unknownFrees))) << seed;
            EXPECT_EQ(of.leaksHidden + of.mergedAllocations, 0U) << seed;
            EXPECT_EQ(of.leaksChanged, 0U) << seed;
        }
    }
}

TEST(GuardReplay, AtARestartTheTableIsEmptyAndTheGuardsAreNot) {
    const std::string start = "Allocation Server started\n";
    const auto analysis = test::analyseLog(allocated(1) + freed(1) + allocated(1) + freed(1) + start + refused(1));
    ASSERT_EQ(analysis->trace->events.kind[4], EventKind::Restart);
    EXPECT_THAT(toldOfAll(*analysis)[kSet], silenced(1, 0));
    EXPECT_THAT(toldOfAll(*analysis)[kKept], "silenced 1, left 0, caused 0, rightful 1, strangers 0, live 1, swept 0");
}

TEST(GuardReplay, ACancelledTaskIsAnError) {
    const auto analysis = test::analyseLog(allocated(1));
    std::stop_source stop;
    stop.request_stop();
    const auto study = replayUnderGuards(*analysis, guards(), TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(study);
    EXPECT_EQ(study.error().kind, ErrorKind::Cancelled);
}

}  // namespace
}  // namespace alloclens
