// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

using test::analyseLog;
using test::findingTexts;

constexpr std::string_view kAllocated = "[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n";
constexpr std::string_view kFreed = "[PID 1] Freed buffer 16 on device 4 (8 bytes, FINAL)\n";
constexpr std::string_view kRefused = "[PID 2] Deallocation for unknown buffer 16 on device 4\n";

/// A for an allocation, F for a final free, U for a refused one, R for a sweep, S for a start of the server.
std::shared_ptr<const Analysis> analyseLetters(std::string_view letters) {
    std::string log;
    for (const char letter : letters) {
        if (letter == 'A') log += kAllocated;
        if (letter == 'F') log += kFreed;
        if (letter == 'U') log += kRefused;
        if (letter == 'R') log += "   Removed 1 buffers (0 MB) from PID 1\n";
        if (letter == 'S') log += "🚀 Allocation Server started\n";
    }
    return analyseLog(log);
}

TEST(SurplusFree, AfterAFinalFreeIsADoubleFreeWithItsThreeEvents) {
    EXPECT_THAT(findingTexts(*analyseLetters("AFU")),
                ElementsAre("double-free:4:0x10:g1:1 line 3: allocated 1 released 2 freed-again 3"));
}

TEST(SurplusFree, OfAnAddressThatWasNeverAllocatedIsUnknown) {
    EXPECT_THAT(findingTexts(*analyseLetters("U")), ElementsAre("unknown-free:4:0x10:g0:1 line 1: freed-again 1"));
}

TEST(SurplusFree, AfterASweepIsToldApart) {
    EXPECT_THAT(findingTexts(*analyseLetters("ARU"), FindingKind::FreeAfterSweep),
                ElementsAre("free-after-sweep:4:0x10:g1:1 line 3: allocated 1 swept 2 freed-again 3"));
}

TEST(SurplusFree, AfterARestartOfTheServerIsUnknown) {
    EXPECT_THAT(findingTexts(*analyseLetters("ASU"), FindingKind::UnknownFree),
                ElementsAre("unknown-free:4:0x10:g1:1 line 3: allocated 1 freed-again 3"));
}

TEST(SurplusFree, WhoseReleaseIsMissingInTheLogIsADoubleFreeWithoutIt) {
    EXPECT_THAT(findingTexts(*analyseLetters("AU"), FindingKind::DoubleFree),
                ElementsAre("double-free:4:0x10:g1:1 line 2: allocated 1 freed-again 2"));
}

TEST(SurplusFree, SeveralInARowAreOneFindingEachWithTheirOrdinal) {
    EXPECT_THAT(findingTexts(*analyseLetters("AFUU")),
                ElementsAre("double-free:4:0x10:g1:1 line 3: allocated 1 released 2 freed-again 3",
                            "double-free:4:0x10:g1:2 line 4: allocated 1 released 2 freed-again 4"));
}

TEST(SurplusFree, IsCountedFromEachGenerationAnew) {
    EXPECT_THAT(findingTexts(*analyseLetters("UAFUAFUU")),
                ElementsAre("unknown-free:4:0x10:g0:1 line 1: freed-again 1",
                            "double-free:4:0x10:g1:1 line 4: allocated 2 released 3 freed-again 4",
                            "double-free:4:0x10:g2:1 line 7: allocated 5 released 6 freed-again 7",
                            "double-free:4:0x10:g2:2 line 8: allocated 5 released 6 freed-again 8"));
}

TEST(SurplusFree, LegitimateReuseIsNone) { EXPECT_TRUE(analyseLetters("AFAFAF")->findings.rows.empty()); }

TEST(SurplusFree, OnAnotherDeviceHasItsOwnStory) {
    const auto analysis = analyseLog(std::string(kAllocated) + std::string(kFreed)
                                     + "[PID 2] Deallocation for unknown buffer 16 on device 5\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("unknown-free:5:0x10:g0:1 line 3: freed-again 3"));
}

TEST(SurplusFree, HasTheSizeAndMemoryOfTheLifetimeThatHadEnded) {
    const auto analysis = analyseLetters("AFU");
    const Finding& finding = analysis->findings.rows.front();
    EXPECT_EQ(finding.size, 8U);
    EXPECT_EQ(finding.memory, Memory::L1);
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_EQ(finding.primary, EventId(2U));
    EXPECT_THAT(findingPids(analysis->replay, analysis->findings, finding), ElementsAre(1, 2));
}

TEST(SurplusFree, OfAnUnknownAddressHasNeitherSizeNorMemory) {
    const auto analysis = analyseLetters("U");
    const Finding& finding = analysis->findings.rows.front();
    EXPECT_EQ(finding.size, kNoSize);
    EXPECT_EQ(finding.memory, Memory::Unknown);
    EXPECT_EQ(finding.severity, Severity::Warning);
    EXPECT_FALSE(finding.lifetime.isValid());
}

TEST(SurplusFree, AfterALifetimeWhoseBeginningIsLostNamesNoAllocation) {
    const auto analysis = analyseLetters("FU");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::DoubleFree),
                ElementsAre("double-free:4:0x10:g1:1 line 2: released 1 freed-again 2"));
}

TEST(SurplusFree, WithoutADeviceHasAnIdentifierAllTheSame) {
    const auto analysis = analyseLog("⚠ Warning: Deallocation for unknown buffer 16\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("unknown-free:none:0x10:g0:1 line 1: freed-again 1"));
}

}  // namespace
}  // namespace alloclens
