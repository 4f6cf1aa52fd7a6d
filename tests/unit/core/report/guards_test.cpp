// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/query/filter.h"
#include "tests/unit/support/report_text.h"

namespace alloclens {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// A double free, the reuse of its address, and two references of another address.
constexpr std::string_view kLog =
    "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n"
    "[PID 7] Freed buffer 16 on device 0 (512 bytes, FINAL)\n"
    "[PID 7] Deallocation for unknown buffer 16 on device 0 (allocated before tracking started)\n"
    "[PID 7] Allocated 256 bytes of L1 on device 0 (buffer_id=16)\n"
    "[PID 7] Freed buffer 16 on device 0 (256 bytes, FINAL)\n"
    "[PID 7] Allocated 64 bytes of DRAM on device 1 (buffer_id=32)\n"
    "[PID 7] Allocated 64 bytes of DRAM on device 1 (buffer_id=32, ref_count=2)\n"
    "[PID 7] Freed buffer 32 on device 1 (64 bytes, ref_count=1 remaining)\n"
    "[PID 7] Freed buffer 32 on device 1 (64 bytes, FINAL)\n";

TEST(GuardsReport, AsJsonHasItsKeysAndNumbers) {
    const json report = test::reportJson("guards", *test::analyseLog(kLog));
    EXPECT_EQ(report["schema"], "alloclens.guards/1");
    EXPECT_EQ(report["source"]["format"], "server-log");
    EXPECT_EQ(report["freesReceived"], 5);
    EXPECT_EQ(report["refusedFrees"], 1);
    EXPECT_EQ(report["assumedSenders"], 4);
    EXPECT_EQ(report["leaks"], 0);
    ASSERT_THAT(report["guards"], SizeIs(4));
    const json& set = report["guards"][2];
    EXPECT_EQ(set["guard"], "freed-set");
    EXPECT_EQ(set["isBound"], false);
    EXPECT_EQ(set["silenced"], 1);
    EXPECT_EQ(set["left"], 0);
    EXPECT_EQ(set["caused"], 0);
    EXPECT_EQ(set["rightfulFreesLost"], 1);
    EXPECT_EQ(set["leftLive"], json({{"buffers", 1}, {"bytes", 64}}));
    EXPECT_EQ(set["leftToSweeps"], json({{"buffers", 0}, {"bytes", 0}}));
    EXPECT_EQ(set["firstRightfulLines"], json({9}));
    EXPECT_EQ(set["blames"]["program"].get<int>() + set["blames"]["undetermined"].get<int>(), 1);
    EXPECT_EQ(report["guards"][0]["rightfulFreesLost"], 0);
    EXPECT_EQ(report["guards"][0]["isBound"], true);
    EXPECT_EQ(report["guards"][3]["rightfulFreesLost"], 2);
    ASSERT_THAT(report["findings"], SizeIs(1));
    EXPECT_EQ(report["findings"][0]["id"], "double-free:0:0x10:g1:1");
    EXPECT_EQ(report["findings"][0]["line"], 3);
    EXPECT_EQ(report["findings"][0]["silencedBy"],
              json({"object-flag", "suppress-duplicates", "freed-set", "freed-set-kept"}));
}

TEST(GuardsReport, AsTextSaysOfEachGuardWhatItHidesAndBreaks) {
    const std::string text = test::reportText("guards", "text", *test::analyseLog(kLog));
    EXPECT_THAT(text, HasSubstr("5 frees received, 1 of them refused."));
    EXPECT_THAT(text, HasSubstr("Loses no rightful free and causes no warning."));
    EXPECT_THAT(text,
                HasSubstr("Loses 1 rightful free, first at line 9.\n    Leaves 1 buffer (64 B) live to the end."));
    EXPECT_THAT(text,
                HasSubstr("Loses 2 rightful frees, first at line 5.\n    Leaves 2 buffers (320 B) live to the end."));
    EXPECT_THAT(text, HasSubstr("line 3  double-free:0:0x10:g1:1"));
}

TEST(GuardsReport, AsCsvHasARowAGuard) {
    const std::string csv = test::reportText("guards", "csv", *test::analyseLog(kLog));
    EXPECT_THAT(csv, HasSubstr("guard,refusedFrees,silenced,program,undetermined,tracking,mayStay,left,caused,"));
    EXPECT_THAT(csv, HasSubstr("\r\nfreed-set-kept,1,1,"));
}

TEST(GuardsReport, TheFilterChoosesWhatIsListedAndChangesNoSum) {
    const auto analysis = test::analyseLog(kLog);
    const auto filter = Filter::parse("device:1");
    ASSERT_TRUE(filter);
    const auto shown = applyFilter(*analysis, *filter, {});
    ASSERT_TRUE(shown);
    ReportInput input;
    input.analysis = analysis.get();
    input.filter = &*shown;
    const json report = json::parse(test::reportText("guards", "json", input));
    EXPECT_EQ(report["guards"][2]["silenced"], 1);
    EXPECT_THAT(report["findings"], SizeIs(0));
    const std::string text = test::reportText("guards", "text", input);
    EXPECT_THAT(text, Not(HasSubstr("double-free:0:0x10:g1:1")));
    EXPECT_THAT(text, HasSubstr("Sums are those of the whole log"));
}

TEST(GuardsReport, ALogWithoutAWarningHasNothingToSilence) {
    const std::string text = test::reportText(
        "guards", "text", *test::analyseLog("[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n"));
    EXPECT_THAT(text, HasSubstr("0 frees received, 0 of them refused."));
    EXPECT_THAT(text, HasSubstr("Silences nothing."));
}

}  // namespace
}  // namespace alloclens
