// SPDX-License-Identifier: GPL-3.0-or-later
//
// What reports say of time and sender where a trace has them, and that they say nothing where it has not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/wording/story.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/timed_trace.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kStart = "2026-02-26T21:56:10.191000123Z";
constexpr std::string_view kRefused = "2026-02-26T21:56:13.195200123Z";

std::string historyOf(const Analysis& analysis, std::string_view format) {
    ReportInput input;
    input.analysis = &analysis;
    std::ostringstream out;
    if (!writeHistory(input, test::keyOf(analysis, 0, 16), format, out)) test::stop("no history");
    return out.str();
}

std::vector<std::string> linesOf(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

TEST(ReportsOfTime, EventsHaveColumnsForIt) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    const auto csv = linesOf(test::reportText("events", "csv", *analysis));
    EXPECT_THAT(csv[0], EndsWith("generation,time,sender\r"));
    EXPECT_THAT(csv[4], EndsWith(std::string(kRefused) + ",77\r"));
    EXPECT_THAT(test::reportText("events", "text", *analysis), HasSubstr(kRefused));
    const auto json = test::reportJson("events", *analysis);
    EXPECT_EQ(json["events"][0]["time"], kStart);
    EXPECT_EQ(json["events"][5]["pid"], 77);
    EXPECT_EQ(json["events"][5]["sender"], 42);
}

TEST(ReportsOfTime, WhatHasNoTimeIsLeftOut) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree(false));
    const auto csv = linesOf(test::reportText("events", "csv", *analysis));
    EXPECT_THAT(csv[4], EndsWith(",,77\r"));
    EXPECT_TRUE(test::reportJson("events", *analysis)["events"][3]["time"].is_null());
    const auto finding = test::reportJson("findings", *analysis)["findings"][1];
    EXPECT_FALSE(finding["events"][2].contains("time"));
    EXPECT_EQ(finding["events"][2]["sender"], 77);
    const std::string text = test::reportText("findings", "text", *analysis);
    EXPECT_THAT(text, HasSubstr("no time"));
    EXPECT_THAT(text, HasSubstr("    freed again by process 77, which is not the owner (42)\n"));
}

TEST(ReportsOfTime, FindingsSayHowLongAfterwardsAndByWhom) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    const std::string text = test::reportText("findings", "text", *analysis);
    EXPECT_THAT(text, HasSubstr("    freed again     line          4  " + std::string(kRefused) + "  record 4\n"));
    EXPECT_THAT(text, HasSubstr("    freed again 4.2 ms after it was freed, by process 77, which is not the owner "
                                "(42)\n"));
    const auto finding = test::reportJson("findings", *analysis)["findings"][1];
    EXPECT_EQ(finding["kind"], "double-free");
    EXPECT_EQ(finding["events"][2]["time"], kRefused);
    EXPECT_EQ(finding["events"][2]["sender"], 77);
    const auto csv = linesOf(test::reportText("findings", "csv", *analysis));
    EXPECT_THAT(csv[0], EndsWith("cluster,cause,confidence,time,sender\r"));
    EXPECT_THAT(csv[2], EndsWith(std::string(kRefused) + ",77\r"));
}

TEST(ReportsOfTime, TheOwnersOwnSecondFreeIsNotPointedOut) {
    auto events = test::timedDoubleFree();
    events[3].sender = 42;
    const auto analysis = test::timedAnalysis(events);
    EXPECT_EQ(surplusSentence(*analysis, analysis->findings.row(test::surplusOf(*analysis))),
              "freed again 4.2 ms after it was freed");
}

TEST(ReportsOfTime, AFreeAfterASweepIsTimedFromTheSweep) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 42, 0, 42},
                                               {EventKind::Sweep, 0, 42, 1'000'000, kNoPid},
                                               {EventKind::RefusedFree, 16, 42, 1'000'900, 42}});
    EXPECT_EQ(surplusSentence(*analysis, analysis->findings.row(test::surplusOf(*analysis))),
              "freed again 900 ns after it was swept");
}

TEST(ReportsOfTime, HistoryHasItInFrontOfTheLine) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree(false));
    const std::string text = historyOf(*analysis, "text");
    EXPECT_THAT(text, HasSubstr("  A  line          1  " + std::string(kStart) + "  record 1\n"));
    EXPECT_THAT(text, HasSubstr("  U  line          4  no time                         record 4\n"));
    const auto json = nlohmann::json::parse(historyOf(*analysis, "json"));
    EXPECT_EQ(json["events"][0]["time"], kStart);
    EXPECT_FALSE(json["events"][1].contains("time"));
    EXPECT_EQ(json["events"][1]["sender"], 42);
}

TEST(ReportsOfTime, ALifetimeSaysHowLongItLasted) {
    EXPECT_THAT(historyOf(*test::timedAnalysis(test::timedDoubleFree()), "text"),
                HasSubstr("g1  64 B of L1, process 42, line 1 to 3, 3.0 s, freed\n"));
    EXPECT_THAT(historyOf(*test::timedAnalysis(test::timedDoubleFree(false)), "text"),
                HasSubstr("g1  64 B of L1, process 42, line 1 to 3, freed\n"));
}

TEST(ReportsOfTime, TheSummaryGivesTheSpan) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree(false));
    EXPECT_THAT(
        test::reportText("summary", "text", *analysis),
        HasSubstr(std::string(kStart) + " to 2026-02-26T21:56:15.191000123Z, 5.0 s\n3 events without a time\n"));
    const auto json = test::reportJson("summary", *analysis);
    EXPECT_EQ(json["time"]["first"], kStart);
    EXPECT_EQ(json["time"]["nanoseconds"], 5'000'000'000);
    EXPECT_EQ(json["time"]["eventsWithoutTime"], 3);
}

TEST(ReportsOfTime, OfALogNothingIsSaidOfIt) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                           "[PID 2] Deallocation for unknown buffer 16 on device 0\n");
    for (const Report& report : reports()) {
        const std::string text = test::reportText(report.subject, report.format, *analysis);
        EXPECT_THAT(text, Not(ContainsRegex("[^e]time|\"time|sender"))) << report.subject << " as " << report.format;
    }
    EXPECT_THAT(historyOf(*analysis, "text"), Not(ContainsRegex("[^e]time|\"time|sender")));
    EXPECT_EQ(surplusSentence(*analysis, analysis->findings.row(test::surplusOf(*analysis))), "");
}

}  // namespace
}  // namespace alloclens
