// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

using test::analyseLog;
using test::findingTexts;

TEST(ReplayDivergence, IsOneFindingALineHoweverManyNumbersDiffer) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 2] Freed buffer 16 on device 0 (9 bytes, FINAL)\n");
    EXPECT_EQ(analysis->replay.contradictions.size(), 2U);
    EXPECT_THAT(findingTexts(*analysis), ElementsAre("replay-divergence:0:0x10:g1:1 line 2: candidate 2"));
}

TEST(ReplayDivergence, IsNumberedWithinItsAddress) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "[PID 1] Freed buffer 32 on device 0 (8 bytes, FINAL)\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::ReplayDivergence),
                ElementsAre("replay-divergence:0:0x10:g2:1 line 2: candidate 2",
                            "replay-divergence:0:0x10:g3:2 line 3: candidate 3",
                            "replay-divergence:0:0x20:g1:1 line 4: candidate 4"));
}

TEST(ReplayDivergence, OfASweepHasNoAddress) {
    const auto analysis = analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                     "   Removed 5 buffers (0 MB) from PID 1\n"
                                     "   Removed 5 buffers (0 MB) from PID 1\n");
    EXPECT_THAT(findingTexts(*analysis, FindingKind::ReplayDivergence),
                ElementsAre("replay-divergence:1 line 2: candidate 2", "replay-divergence:2 line 3: candidate 3"));
}

}  // namespace
}  // namespace alloclens
