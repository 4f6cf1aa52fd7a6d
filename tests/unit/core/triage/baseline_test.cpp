// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/report/report.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> idsOf(std::string_view text) {
    const auto baseline = Baseline::parse(text, "known.txt");
    if (!baseline) test::stop(baseline.error().sentence());
    return baseline->ids();
}

std::string errorOf(std::string_view text) {
    const auto baseline = Baseline::parse(text, "known.txt");
    return baseline ? "read" : baseline.error().sentence();
}

TEST(Baseline, IsAListOfIdsWithComments) {
    EXPECT_THAT(
        idsOf("# accepted in May\n\nleak:0:0x10:g1:1   # the pool\r\n  double-free:4:0x20:g2:1\nleak:0:0x10:g1:1"),
        ElementsAre("leak:0:0x10:g1:1", "double-free:4:0x20:g2:1"));
    EXPECT_THAT(idsOf(""), IsEmpty());
    EXPECT_THAT(idsOf("# nothing"), IsEmpty());
}

TEST(Baseline, IsWhatFindingsWrites) {
    const auto analysis = test::analyseEndedLog(
        "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
        "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
        "⚠ [PID 1] Deallocation for unknown buffer 16 on device 0 (allocated before "
        "tracking started)\n"
        "[PID 1] Allocated 8 bytes of L1 on device 3 (buffer_id=32)\n");
    ReportInput input;
    input.analysis = analysis.get();
    std::ostringstream out;
    ASSERT_TRUE(findReport("findings", "json")->write(input, out));
    EXPECT_THAT(idsOf(out.str()), ElementsAre("double-free:0:0x10:g1:1", "leak:3:0x20:g1:1"));
}

TEST(Baseline, SaysWhatIsWrongAndWhere) {
    EXPECT_THAT(errorOf("leak:0:0x10:g1:1\nlaek:0:0x10:g1:1\n"), HasSubstr("known.txt: line 2: 'laek:0:0x10:g1:1'"));
    EXPECT_THAT(errorOf("double-free\n"), HasSubstr("line 1"));
    EXPECT_THAT(errorOf("leak:0:0x10 g1:1\n"), HasSubstr("line 1"));
    EXPECT_THAT(errorOf("{ \"findings\": ["), HasSubstr("is not valid JSON"));
    EXPECT_THAT(errorOf("{}"), HasSubstr("has no list \"findings\""));
    EXPECT_THAT(errorOf(R"({ "findings": 7 })"), HasSubstr("has no list \"findings\""));
    EXPECT_THAT(errorOf(R"({ "findings": [ { "id": "leak:0:0x1:g1:1" }, { "kind": "leak" } ] })"),
                HasSubstr("findings[1] does not have the id"));
    EXPECT_THAT(errorOf(R"({ "findings": [ { "id": 7 } ] })"), HasSubstr("findings[0] does not have the id"));
    EXPECT_THAT(errorOf(R"({ "findings": [ 7 ] })"), HasSubstr("findings[0] does not have the id"));
}

}  // namespace
}  // namespace alloclens
