// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using test::analyseEndedLog;
using test::analyseLog;
using test::findingTexts;

TEST(Leak, IsALifetimeThatIsOpenWhenItsServerStops) {
    const auto analysis = analyseEndedLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                          "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                          "[PID 1] Freed buffer 32 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("leak:0:0x10:g1:1 line 1: allocated 1"));
    EXPECT_EQ(analysis->findings.rows[0].severity, Severity::Warning);
    EXPECT_EQ(analysis->findings.rows[0].size, 8U);
}

TEST(Leak, OfAPartlyFreedAddressIsOneLeak) {
    const auto analysis = analyseEndedLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                          "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                          "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::Leak), ElementsAre("leak:0:0x10:g1:1 line 1: allocated 1"));
}

TEST(Leak, IsAlsoWhatARestartOfTheServerCutOff) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "🚀 Allocation Server started\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("leak:0:0x10:g1:1 line 1: allocated 1"));
}

TEST(OpenAtEnd, IsALifetimeThatIsOpenWhereTheLogMerelyStops) {
    const auto analysis = analyseLog("🚀 Allocation Server started\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("open-at-end:0:0x10:g1:1 line 2: allocated 2"));
    EXPECT_EQ(analysis->findings.rows[0].severity, Severity::Note);
    EXPECT_EQ(analysis->findings.clusters[0].sentence,
              "1 buffer of process 1 open where the log ends, before its server stopped, 8 B of L1, on device 0");
}

TEST(OpenAtEnd, IsNotWhatARestartBeforeItCutOff) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "🚀 Allocation Server started\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n");
    EXPECT_THAT(findingTexts(*analysis),
                ElementsAre("leak:0:0x10:g1:1 line 1: allocated 1", "open-at-end:0:0x20:g1:1 line 3: allocated 3"));
}

TEST(Leak, OfADeadProcessIsASweptLeakAtItsSweep) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 1 (buffer_id=16)\n"
                                     "   PID 1 is dead, removing its buffers...\n"
                                     "   Removed 2 buffers (1.6e-05 MB) from PID 1\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::SweptLeak),
                ElementsAre("swept-leak:0:0x10:g1:1 line 4: allocated 1 swept 4",
                            "swept-leak:1:0x10:g1:1 line 4: allocated 2 swept 4"));
    EXPECT_EQ(analysis->findings.rows[0].severity, Severity::Note);
}

TEST(Leak, IsNoneWhereTheReleaseIsOnlyMissingInTheLog) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::Leak), IsEmpty());
}

}  // namespace
}  // namespace alloclens
