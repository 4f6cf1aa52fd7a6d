// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLog = "[PID 2] Deallocation for unknown buffer 16 on device 0\n"
                                  "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                  "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                  "[PID 2] Deallocation for unknown buffer 16 on device 0\n"
                                  "[PID 1] Allocated 9 bytes of DRAM on device 0 (buffer_id=16)\n"
                                  "   Removed 1 buffers (0 MB) from PID 1\n";

std::string historyOf(const Analysis& analysis, std::string_view format) {
    ReportInput input;
    input.analysis = &analysis;
    std::ostringstream out;
    if (const auto done = writeHistory(input, test::keyOf(analysis, 0, 16), format, out); !done) {
        test::stop(done.error().sentence());
    }
    return out.str();
}

TEST(History, TellsEveryLifetimeWithItsVerbatimLines) {
    const std::string text = historyOf(*test::analyseLog(kLog), "text");
    EXPECT_THAT(text, HasSubstr("device 0  16 (0x10)\n"));
    EXPECT_THAT(text, HasSubstr("2 allocations, 1 accepted free, 2 refused frees, 2 lifetimes\n"));
    EXPECT_THAT(text, HasSubstr("lifecycle UAFUAR\n"));
    EXPECT_THAT(text, HasSubstr("before any allocation in this trace\n"
                                "  U  line          1  [PID 2] Deallocation for unknown buffer 16 on device 0\n"));
    EXPECT_THAT(text, HasSubstr("g1  8 B of L1, process 1, line 2 to 3, freed\n"
                                "  A  line          2  [PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                "  F  line          3  [PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                "  U  line          4  [PID 2] Deallocation for unknown buffer 16 on device 0\n"));
    EXPECT_THAT(text, HasSubstr("g2  9 B of DRAM, process 1, line 5 to 6, removed by a dead-process sweep\n"));
    EXPECT_THAT(text, HasSubstr("  R  line          6     Removed 1 buffers (0 MB) from PID 1\n"));
}

TEST(History, AsJsonHasLifetimesAndEvents) {
    const auto json = nlohmann::json::parse(historyOf(*test::analyseLog(kLog), "json"));
    EXPECT_EQ(json["schema"], "alloclens.history/1");
    EXPECT_EQ(json["device"], 0);
    EXPECT_EQ(json["addressHex"], "0x10");
    EXPECT_EQ(json["lifecycle"], "UAFUAR");
    EXPECT_EQ(json["lowestBalance"], -2);
    ASSERT_EQ(json["lifetimes"].size(), 2U);
    EXPECT_EQ(json["lifetimes"][0]["end"], "freed");
    EXPECT_EQ(json["lifetimes"][1]["end"], "swept");
    EXPECT_EQ(json["lifetimes"][1]["lastLine"], 6);
    ASSERT_EQ(json["events"].size(), 6U);
    EXPECT_TRUE(json["events"][0]["generation"].is_null());
    EXPECT_EQ(json["events"][3]["generation"], 1);
    EXPECT_EQ(json["events"][5]["letter"], "R");
}

}  // namespace
}  // namespace alloclens
