// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/timeline/picture.h"
#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

/// The colour's meaning and the shade of each lifetime: "L1 0".
std::vector<std::string> meanings(const Analysis& analysis, ColourMode mode) {
    std::vector<std::string> texts;
    for (const std::uint8_t one : lifetimeClasses(analysis, mode)) {
        texts.push_back(fmt::format("{} {}", colourMeaning(analysis, mode, (one - 1) / 2), (one - 1) % 2));
    }
    return texts;
}

constexpr std::string_view kLog = "[PID 11] Allocated 4095 bytes of L1 on device 0 (buffer_id=16)\n"
                                  "[PID 11] Freed buffer 16 on device 0 (4095 bytes, FINAL)\n"
                                  "[PID 12] Allocated 4096 bytes of DRAM on device 0 (buffer_id=16)\n"
                                  "[PID 12] Freed buffer 16 on device 0 (4096 bytes, FINAL)\n"
                                  "[PID 12] Deallocation for unknown buffer 16 on device 0\n"
                                  "[PID 11] Allocated 268435456 bytes of TRACE on device 0 (buffer_id=16)\n"
                                  "[PID 13] Allocated 65536 bytes of L1 on device 0 (buffer_id=32)\n"
                                  "   Removed 1 buffers (0.0625 MB) from PID 13\n";

TEST(LifetimeClasses, OfMemoriesAreTheMemories) {
    EXPECT_THAT(meanings(*test::analyseLog(kLog), ColourMode::Memory),
                ElementsAre("L1 0", "DRAM 1", "TRACE 0", "L1 0"));
}

TEST(LifetimeClasses, OfSizesAreStepsOfSixteen) {
    EXPECT_THAT(meanings(*test::analyseLog(kLog), ColourMode::SizeClass),
                ElementsAre("below 4,096 B 0", "below 64.0 KiB 1", "from 256 MiB 0", "below 1.0 MiB 0"));
}

TEST(LifetimeClasses, OfProcessesAreTheirOwners) {
    EXPECT_THAT(meanings(*test::analyseLog(kLog), ColourMode::Process), ElementsAre("11 0", "12 1", "11 0", "13 0"));
}

TEST(LifetimeClasses, OfFindingsTellHowALifetimeEnded) {
    EXPECT_THAT(meanings(*test::analyseEndedLog(kLog), ColourMode::Finding),
                ElementsAre("freed once 0", "freed again 1", "leaked 0", "swept 0"));
    EXPECT_THAT(meanings(*test::analyseLog(kLog), ColourMode::Finding),
                ElementsAre("freed once 0", "freed again 1", "live at the end 0", "swept 0"));
}

TEST(LifetimeClasses, WhatIsLiveAtTheEndIsALeakOnlyIfAFindingSaysSo) {
    Analysis growing = *test::analyseLog(kLog);
    growing.findings.rows = {};
    EXPECT_THAT(meanings(growing, ColourMode::Finding),
                ElementsAre("freed once 0", "freed once 1", "live at the end 0", "swept 0"));
}

TEST(LifetimeClasses, AreWithinTheColoursOfTheirModeAndShadedByGeneration) {
    for (std::uint64_t seed = 0; seed < 14; ++seed) {
        const auto analysis = test::smallAnalysis(seed);
        for (const ColourMode mode :
             {ColourMode::Memory, ColourMode::SizeClass, ColourMode::Process, ColourMode::Finding}) {
            const auto classes = lifetimeClasses(*analysis, mode);
            ASSERT_EQ(classes.size(), analysis->replay.lifetimes.size());
            for (std::size_t i = 0; i < classes.size(); ++i) {
                ASSERT_GE(classes[i], 1);
                ASSERT_LT(classes[i], 1 + 2 * colourCount(mode));
                ASSERT_EQ((classes[i] - 1) % 2 == 0, analysis->replay.lifetime(LifetimeId(i)).generation % 2 == 1);
            }
        }
    }
}

TEST(LifetimeClasses, EveryColourOfAModeHasAMeaning) {
    const auto analysis = test::smallAnalysis(5);
    for (const ColourMode mode : {ColourMode::Memory, ColourMode::SizeClass, ColourMode::Finding}) {
        for (int i = 0; i < colourCount(mode); ++i) EXPECT_FALSE(colourMeaning(*analysis, mode, i).empty());
    }
}

}  // namespace
}  // namespace alloclens
