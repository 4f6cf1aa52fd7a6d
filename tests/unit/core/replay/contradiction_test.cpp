// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines that do not fit the lines before them: each kind, and how the replay goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using test::analyseLog;
using test::contradictionTexts;
using test::lifecycle;

TEST(Contradiction, AFirstAllocationOfALiveKeyMeansThatItsReleaseIsMissing) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: allocation-of-live 1 0"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AAF");
    const auto lifetimes = analysis->replay.lifetimesOf(test::keyOf(*analysis, 0, 16));
    ASSERT_EQ(lifetimes.size(), 2U);
    EXPECT_EQ(lifetimes[0].end, LifetimeEnd::Lost);
    EXPECT_EQ(lifetimes[1].end, LifetimeEnd::Freed);
}

TEST(Contradiction, AnAllocationsCountIsBelievedAndTheDifferenceRecorded) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=4)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=3 remaining)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: reference-count 2 4"));
    EXPECT_THAT(test::depths(analysis->replay), ElementsAre(1, 4, 3));
}

TEST(Contradiction, AnAliasedAllocationOfAKeyThatIsNotLiveBeginsALifetimeWhoseBeginningIsLost) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 1: reference-count 1 2"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "afF");
    EXPECT_TRUE(analysis->replay.lifetime(LifetimeId(0U)).beginLost);
}

TEST(Contradiction, TheOwnerAndSizeOfALifetimeWhoseBeginningIsLostComeFromItsFrees) {
    const auto analysis = analyseLog("[PID 2] Allocated 2048 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (4096 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (4096 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 1: reference-count 1 2"));
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).size, 4096U);
    EXPECT_EQ(analysis->trace->pid(analysis->replay.lifetime(LifetimeId(0U)).owner), 1);
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U);
}

TEST(Contradiction, APartialFreesCountIsBelieved) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: reference-count 0 1"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AfF");
}

TEST(Contradiction, AFinalFreeOfADeeperKeyMeansThatOthersAreMissing) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 3: final-of-shared 2 1"));
    EXPECT_EQ(test::depths(analysis->replay).back(), 0U);
}

TEST(Contradiction, AnAcceptedFreeOfAnUnknownKeyMeansThatItsAllocationIsMissing) {
    const auto analysis = analyseLog("[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Freed buffer 32 on device 0 (8 bytes, ref_count=2 remaining)\n"
                                     "[PID 1] Freed buffer 32 on device 0 (8 bytes, ref_count=1 remaining)\n");
    EXPECT_THAT(contradictionTexts(*analysis),
                ElementsAre("line 1: free-of-unknown 0 1", "line 2: free-of-unknown 0 3"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "F");
    EXPECT_EQ(lifecycle(*analysis, 0, 32), "ff");
    EXPECT_TRUE(analysis->replay.lifetime(LifetimeId(0U)).beginLost);
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).end, LifetimeEnd::Freed);
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(1U)).end, LifetimeEnd::Open);
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(1U)).size, 8U);
}

TEST(Contradiction, ARefusedFreeOfALiveKeyMeansThatItsReleaseIsMissing) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: refusal-of-live 1 0"));
    EXPECT_EQ(lifecycle(*analysis, 0, 16), "AUA");
    EXPECT_EQ(analysis->replay.lifetime(LifetimeId(0U)).end, LifetimeEnd::Lost);
}

TEST(Contradiction, AnAcceptedFreePrintsTheSizeOfItsLifetime) {
    const auto analysis = analyseLog("[PID 1] Allocated 1048576 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (10485764 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: size-differs 1048576 10485764"));
    EXPECT_EQ(analysis->replay.devices[0].endLiveBytes, 0U) << "what was booked is what is taken off";
}

TEST(Contradiction, AnAcceptedFreePrintsTheOwnerOfItsLifetime) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(contradictionTexts(*analysis), ElementsAre("line 2: owner-differs 1 2"));
}

TEST(Contradiction, OneLineMayContradictInSeveralNumbers) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (9 bytes, ref_count=5 remaining)\n");
    EXPECT_THAT(contradictionTexts(*analysis),
                ElementsAre("line 2: reference-count 0 5", "line 2: size-differs 8 9", "line 2: owner-differs 1 2"));
    EXPECT_EQ(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::ReplayDivergence)], 1U);
}

TEST(Contradiction, EnormousCountsNeitherOverflowNorCrash) {
    const auto analysis = analyseLog(
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=4294967295)\n"
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=4294967295)\n"
        "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=4294967295 remaining)\n"
        "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=0 remaining)\n");
    EXPECT_THAT(contradictionTexts(*analysis),
                ElementsAre("line 2: reference-count 2 4294967295", "line 3: reference-count 4294967296 4294967295",
                            "line 4: reference-count 4294967294 4294967295", "line 5: reference-count 4294967294 0"));
}

TEST(Contradiction, EachKindHasAName) {
    for (int i = 0; i <= static_cast<int>(ContradictionKind::SweepCountDiffers); ++i) {
        EXPECT_FALSE(contradictionName(static_cast<ContradictionKind>(i)).empty());
    }
}

TEST(Contradiction, ThereIsNoneInAProperLog) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 9 bytes of DRAM on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 3] Deallocation for unknown buffer 16 on device 0\n");
    EXPECT_THAT(contradictionTexts(*analysis), IsEmpty());
}

}  // namespace
}  // namespace alloclens
