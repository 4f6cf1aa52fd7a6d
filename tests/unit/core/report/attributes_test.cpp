// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names and stacks in reports and in the filter; a trace without them has neither columns nor keys for them.
#include "core/report/attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/query/filter.h"
#include "tests/unit/support/named_capture.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::shared_ptr<const Analysis> namedAnalysis() { return test::analysisOf(test::readCapture(test::namedDoubleFree())); }

std::shared_ptr<const Analysis> plainAnalysis() {
    std::string bytes;
    for (const auto& message :
         {test::allocation(4, 4096, 2048, 7), test::release(4, 4096, 7), test::release(4, 4096, 8)})
        bytes += test::packed(message, 648);
    return test::analysisOf(test::readCapture(bytes));
}

/// How many events, addresses, lifetimes and findings pass.
std::vector<std::uint64_t> passing(const Analysis& analysis, std::string_view text) {
    const auto filter = Filter::parse(text);
    if (!filter) test::stop(filter.error().sentence());
    const auto result = applyFilter(analysis, *filter, {});
    if (!result) test::stop(result.error().sentence());
    return {result->eventCount, result->addressCount, result->lifetimeCount, result->findingCount};
}

std::string firstLine(const std::string& text) { return text.substr(0, text.find_first_of("\r\n")); }

TEST(AttributeReports, EventsAsJsonHaveNamesAndTheCallsOfStacks) {
    const auto events = test::reportJson("events", *namedAnalysis())["events"];
    EXPECT_EQ(events[0]["name"], "layer 1, weights");
    const json calls = {{{"function", "allocate()"}, {"file", "buffer.cpp"}, {"line", 11}},
                        {{"function", "forward()"}, {"file", "model.cpp"}, {"line", 5}}};
    EXPECT_EQ(events[0]["stack"], calls);
    const json inModule = {{"function", "allocate"}, {"module", "lib.so"}, {"offset", 18}};
    EXPECT_EQ(events[1]["stack"], json::array({inModule}));
    EXPECT_EQ(events[2]["name"], nullptr);
}

TEST(AttributeReports, EventsAsCsvAndTextHaveAColumnForEach) {
    const std::string csv = test::reportText("events", "csv", *namedAnalysis());
    EXPECT_THAT(firstLine(csv), ::testing::EndsWith("time,sender,name,stack"));
    EXPECT_THAT(csv, HasSubstr("\"layer 1, weights\",allocate() at buffer.cpp:11; forward() at model.cpp:5\r\n"));
    EXPECT_THAT(test::reportText("events", "text", *namedAnalysis()), HasSubstr("allocate+0x12 in lib.so"));
}

TEST(AttributeReports, FindingsTellTheStacksOfTheirEvents) {
    const auto analysis = namedAnalysis();
    const auto findings = test::reportJson("findings", *analysis)["findings"];
    const auto doubleFree = *std::find_if(findings.begin(), findings.end(),
                                          [](const json& finding) { return finding["kind"] == "double-free"; });
    std::vector<std::string> innermost;
    for (const json& event : doubleFree["events"]) innermost.push_back(event["stack"][0]["function"]);
    EXPECT_THAT(innermost, ElementsAre("allocate()", "release()", "finish"));
    for (const std::string_view format : {"text", "markdown", "html"}) {
        const std::string text = test::reportText("findings", format, *analysis);
        EXPECT_THAT(text, AllOf(HasSubstr("finish at cleanup.py:9"), HasSubstr("release() at buffer.cpp:40")))
            << format;
    }
    const std::string csv = test::reportText("findings", "csv", *analysis);
    EXPECT_THAT(firstLine(csv),
                ::testing::EndsWith("name,allocatedName,releasedName,stack,allocatedStack,releasedStack"));
    EXPECT_THAT(csv, HasSubstr(",\"layer 1, weights\",,finish at cleanup.py:9,allocate() at buffer.cpp:11; forward()"));
}

TEST(AttributeReports, SarifHasTheStacksWithTheirPlacesInSourceFiles) {
    const auto run = json::parse(test::reportText("findings", "sarif", *namedAnalysis()))["runs"][0];
    std::vector<std::string> places;
    for (const json& result : run["results"]) {
        if (result["ruleId"] != "double-free") continue;
        for (const json& stack : result["stacks"]) {
            const json& place = stack["frames"][0]["location"]["physicalLocation"];
            places.push_back(stack["message"]["text"].get<std::string>() + ' '
                             + place["artifactLocation"]["uri"].get<std::string>() + ':'
                             + std::to_string(place["region"]["startLine"].get<int>()));
        }
    }
    EXPECT_THAT(places, ElementsAre("allocated buffer.cpp:11", "freed buffer.cpp:40", "freed again cleanup.py:9"));
}

TEST(AttributeReports, TheHistoryOfAnAddressTellsThem) {
    const auto analysis = namedAnalysis();
    ReportInput input;
    input.analysis = analysis.get();
    std::ostringstream text;
    ASSERT_TRUE(writeHistory(input, test::keyOf(*analysis, 4, 4096), "text", text));
    EXPECT_THAT(text.str(), HasSubstr("       name   layer 1, weights\n"
                                      "       stack  allocate() at buffer.cpp:11\n"
                                      "              forward() at model.cpp:5\n"));
    std::ostringstream out;
    ASSERT_TRUE(writeHistory(input, test::keyOf(*analysis, 4, 4096), "json", out));
    EXPECT_EQ(json::parse(out.str())["events"][2]["stack"][0]["file"], "cleanup.py");
}

TEST(AttributeReports, ATraceWithoutThemHasNeitherKeysNorColumns) {
    const auto analysis = plainAnalysis();
    for (const Report& report : reports()) {
        const std::string text = test::reportText(report.subject, report.format, *analysis);
        EXPECT_THAT(text, AllOf(Not(HasSubstr("\"stack\"")), Not(HasSubstr(",stack")), Not(HasSubstr("\"name\":null"))))
            << report.subject << ' ' << report.format;
    }
}

TEST(AttributeReports, RowsOfAConvertedTraceHaveThemOnlyWhereThereAreAny) {
    std::ostringstream csv;
    ASSERT_TRUE(writeTraceCsv(*namedAnalysis()->trace, {}, csv));
    EXPECT_THAT(firstLine(csv.str()), ::testing::EndsWith(",sender,time,name,stack"));
    EXPECT_THAT(csv.str(), HasSubstr(",\"layer 1, weights\",allocate() at buffer.cpp:11; forward()"));
    std::ostringstream lines;
    ASSERT_TRUE(writeTraceJsonLines(*namedAnalysis()->trace, {}, lines));
    const json first = json::parse(firstLine(lines.str()));
    EXPECT_EQ(first["name"], "layer 1, weights");
    EXPECT_EQ(first["stack"].size(), 2U);
    std::ostringstream plain;
    ASSERT_TRUE(writeTraceCsv(*plainAnalysis()->trace, {}, plain));
    EXPECT_THAT(firstLine(plain.str()), ::testing::EndsWith(",sender,time"));
}

TEST(AttributeReports, ATerminalObeysNothingOfThem) {
    const auto analysis = test::analysisOf(
        test::readCapture(test::named(test::allocation(0, 64, 8), "\x1b[31mred\nline", "#0 f\x1b]0;title at a\xff:1")
                          + test::named(test::allocation(0, 128, 8), "\x1b[31mred\nline", "#0 g")));
    for (const Report& report : reports()) {
        const std::string text = test::reportText(report.subject, report.format, *analysis);
        EXPECT_THAT(text, Not(HasSubstr("\x1b"))) << report.subject << ' ' << report.format;
    }
}

TEST(AttributeFilter, NamesAndCallsAreFoundByAPartOfThem) {
    const auto analysis = namedAnalysis();
    EXPECT_THAT(passing(*analysis, "name:WEIGHTS"), ElementsAre(1, 1, 1, 1));
    EXPECT_THAT(passing(*analysis, "name:\"layer 1, w\""), ElementsAre(1, 1, 1, 1));
    EXPECT_THAT(passing(*analysis, "name:weights,bias"), ElementsAre(2, 2, 2, 2));
    EXPECT_EQ(passing(*analysis, "stack:forward")[0], 2U);
    EXPECT_EQ(passing(*analysis, "stack:cleanup.py:9")[0], 1U);
    EXPECT_EQ(passing(*analysis, "stack:lib.so stack:allocate")[0], 1U);
    EXPECT_EQ(passing(*analysis, "-stack:forward")[0], 2U);
    EXPECT_EQ(passing(*analysis, "stack:nothing")[0], 0U);
}

TEST(AttributeFilter, ASourceWithoutThemIsToldSo) {
    const auto filter = Filter::parse("stack:main");
    ASSERT_TRUE(filter);
    const auto result = applyFilter(*plainAnalysis(), *filter, {});
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().sentence(), HasSubstr("the events of this source have no stacks"));
}

TEST(AttributeFilter, NamesAndFunctionsAreOfferedAsTheyHaveToBeTyped) {
    const auto analysis = namedAnalysis();
    const auto offered = [&analysis](std::string_view text) {
        return completeFilter(text, text.size(), analysis.get()).candidates;
    };
    EXPECT_THAT(offered("name:"), ElementsAre("name:bias", "name:\"layer 1, weights\""));
    EXPECT_THAT(offered("stack:f"), ElementsAre("stack:finish", "stack:forward()"));
    EXPECT_THAT(offered("nam"), ElementsAre("name:"));
    EXPECT_THAT(completeFilter("nam", 3, plainAnalysis().get()).candidates, IsEmpty());
}

}  // namespace
}  // namespace alloclens
