// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/memory_need.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kAllocation = "[PID 7] Allocated 64 bytes of L1 on device 0 (buffer_id=4096)\n";
constexpr std::string_view kFree = "[PID 7] Freed buffer 4096 on device 0 (64 bytes, FINAL)\n";
constexpr std::string_view kRefused =
    "[PID 7] Deallocation for unknown buffer 4096 on device 0 (allocated before tracking started)\n";

std::shared_ptr<const Analysis> analysisOf(std::string_view line, int times) {
    std::string log(kAllocation);
    log += kFree;
    for (int i = 0; i < times; ++i) log += line;
    return test::analyseLog(log);
}

TEST(MemoryNeed, ARefusedFreeNeedsSeveralTimesWhatAPlainEventNeeds) {
    constexpr int kEvents = 1000;
    const auto plain = analysisOf(std::string(kAllocation) + std::string(kFree), kEvents / 2);
    const auto refused = analysisOf(kRefused, kEvents);
    EXPECT_EQ(findingsNeed(plain->replay), 0U);
    EXPECT_GE(findingsNeed(refused->replay), kEvents * 200U);
    EXPECT_LE(replayNeeds(*plain->trace), kEvents * 30U);
}

TEST(MemoryNeed, AnErrorNamesWhatIsNeededAndWhatIsFree) {
    const auto analysis = analysisOf(kFree, 0);
    constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
    EXPECT_TRUE(fitsInMemory(*analysis->trace, 3 * kMiB, 3 * kMiB));
    EXPECT_TRUE(fitsInMemory(*analysis->trace, 3 * kMiB, std::nullopt)) << "where the system does not tell";
    const auto tight = fitsInMemory(*analysis->trace, 3 * kMiB, 2 * kMiB);
    ASSERT_FALSE(tight);
    EXPECT_EQ(tight.error().kind, ErrorKind::Input);
    EXPECT_EQ(tight.error().where, analysis->trace->source->path());
    EXPECT_THAT(tight.error().sentence(), HasSubstr("the analysis of its 2 events needs about 3.0 MiB, and 2.0 MiB "
                                                    "are free"));
}

}  // namespace
}  // namespace alloclens
