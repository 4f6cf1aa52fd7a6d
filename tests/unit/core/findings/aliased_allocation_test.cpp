// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

using test::analyseLog;
using test::findingTexts;

TEST(AliasedAllocation, EachOneIsAFindingWithTheFirstAllocation) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 9 bytes of DRAM on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 3] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=3)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::AliasedAllocation),
                ElementsAre("aliased-allocation:0:0x10:g1:1 line 2: allocated 1 aliased 2",
                            "aliased-allocation:0:0x10:g1:2 line 3: allocated 1 aliased 3"));
}

TEST(AliasedAllocation, HasItsOwnSizeAndMemory) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Allocated 9 bytes of DRAM on device 0 (buffer_id=16, ref_count=2)\n");
    const auto& rows = analysis->findings.rows;
    ASSERT_EQ(rows.size(), 2U) << "and the leak";
    EXPECT_EQ(rows[1].size, 9U);
    EXPECT_EQ(rows[1].memory, Memory::Dram);
    EXPECT_EQ(rows[1].severity, Severity::Note);
}

TEST(AliasedAllocation, IsCountedFromEachGenerationAnew) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, ref_count=1 remaining)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::AliasedAllocation),
                ElementsAre("aliased-allocation:0:0x10:g1:1 line 2: allocated 1 aliased 2",
                            "aliased-allocation:0:0x10:g2:1 line 6: allocated 5 aliased 6"));
}

TEST(AliasedAllocation, OfALifetimeWhoseBeginningIsLostNamesNoAllocation) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::AliasedAllocation),
                ElementsAre("aliased-allocation:0:0x10:g1:1 line 1: aliased 1"));
}

TEST(AliasedAllocation, OfAServerWithoutCountsIsTheRepeatedLine) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of DRAM on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes)\n");
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("aliased-allocation:0:0x10:g1:1 line 2: allocated 1 aliased 2"));
}

}  // namespace
}  // namespace alloclens
