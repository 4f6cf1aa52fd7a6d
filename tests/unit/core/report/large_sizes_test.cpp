// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sizes up to 2^64 - 1 and the numbers at the ends of their types: no sum starts again at 0, and nothing that is in a
// line is silently taken for nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/report_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kLargest = 18446744073709551615U;

TEST(LargeSizes, SumsStopAtTheLargestNumber) {
    // 16 EiB and a half, then 8 EiB of them are freed: live is 8.5 EiB again.
    const auto analysis = test::analyseLog(
        "[PID 1] Allocated 9223372036854775808 bytes of DRAM on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 9223372036854775808 bytes of DRAM on device 0 (buffer_id=32)\n"
        "[PID 1] Allocated 576460752303423488 bytes of DRAM on device 0 (buffer_id=48)\n"
        "[PID 1] Freed buffer 16 on device 0 (9223372036854775808 bytes, FINAL)\n");
    const auto json = test::reportJson("summary", *analysis);
    EXPECT_EQ(json["devices"][0]["peakLiveBytes"], kLargest);
    EXPECT_EQ(json["devices"][0]["liveBytesSaturated"], true);
    EXPECT_EQ(json["devices"][0]["endLiveBytes"], 9223372036854775808U + 576460752303423488U);
    EXPECT_THAT(test::reportText("summary", "text", *analysis), HasSubstr("over 16 EiB"));
}

TEST(LargeSizes, OrdinarySumsSayNothingOfIt) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_FALSE(test::reportJson("summary", *analysis)["devices"][0].contains("liveBytesSaturated"));
}

TEST(LargeSizes, TheLargestSizeIsAlikeInEventsAndAddresses) {
    const auto analysis = test::analyseLog(
        "[PID 1] Allocated 18446744073709551615 bytes of DRAM on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 512 bytes of DRAM on device 0 (buffer_id=32)\n");
    EXPECT_TRUE(test::reportJson("events", *analysis)["events"][0]["size"].is_null());
    EXPECT_EQ(test::reportJson("addresses", *analysis)["addresses"][0]["sizes"], nlohmann::json::array());
    EXPECT_EQ(test::reportJson("addresses", *analysis)["addresses"][1]["sizes"], nlohmann::json::array({512}));
}

TEST(LargeSizes, ADeviceThatMeansNoneIsADamagedLine) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Allocated 512 bytes of L1 on device -2147483648 (buffer_id=16)\n"
                                           "[PID 1] Allocated 512 bytes of L1 on device -2147483647 (buffer_id=16)\n");
    EXPECT_EQ(analysis->trace->events.count(), 2U);
    EXPECT_GT(test::reportJson("summary", *analysis)["diagnostics"].size(), 0U);
}

}  // namespace
}  // namespace alloclens
