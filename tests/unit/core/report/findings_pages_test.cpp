// SPDX-License-Identifier: GPL-3.0-or-later
//
// Findings as Markdown, HTML and SARIF, and comparisons as HTML: whole, well-formed, and not to be broken by what
// stands in a log.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <sstream>

#include "core/base/replace_file.h"
#include "core/report/comparison.h"
#include "core/report/report.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Five double frees of one cause, and a leak; a line with what could break a page in front of it.
std::string logOfFive() {
    std::string log;
    for (int i = 0; i < 5; ++i) {
        const int address = 16 * (i + 1);
        log += fmt::format("<b>|`x`</b> [PID 1] Allocated 4096 bytes of DRAM on device 0 (buffer_id={})\n", address);
        log += fmt::format("[PID 1] Freed buffer {} on device 0 (4096 bytes, FINAL)\n", address);
        log += fmt::format("[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id={})\n", 4096 + address);
        log += fmt::format("[PID 1] Freed buffer {} on device 0 (64 bytes, FINAL)\n", 4096 + address);
        log += fmt::format(
            "⚠ [PID 1] Deallocation for unknown buffer {} on device 0 (allocated before tracking started)\n", address);
    }
    return log + "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=8192)\n🛑 Allocation Server stopped\n";
}

std::string written(const Analysis& analysis, const char* format, std::size_t limit = 0) {
    ReportInput input;
    input.analysis = &analysis;
    input.limit = limit;
    std::ostringstream out;
    const Report* report = findReport("findings", format);
    if (report == nullptr || !report->write(input, out)) test::stop("no report");
    return out.str();
}

std::size_t countOf(const std::string& text, std::string_view words) {
    std::size_t count = 0;
    for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
    return count;
}

/// Empty where every element is closed by its own end, in order; else what is wrong.
std::string disorderOf(const std::string& html) {
    std::vector<std::string> open;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const std::size_t end = html.find('>', at);
        if (end == std::string::npos) return "a tag without end";
        std::string name = html.substr(at + 1, html.find_first_of(" >", at) - at - 1);
        if (name == "!DOCTYPE" || name == "meta" || name == "br") continue;
        if (name[0] != '/') {
            open.push_back(name);
        } else if (open.empty() || open.back() != name.substr(1)) {
            return name + " closes " + (open.empty() ? "nothing" : open.back());
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : open.back() + " is not closed";
}

TEST(FindingsAsMarkdown, HasARowForEachClusterAndAFewExamples) {
    const auto analysis = test::analyseLog(logOfFive());
    ASSERT_EQ(analysis->findings.clusters.size(), 2U);
    const std::string text = written(*analysis, "markdown");
    EXPECT_THAT(text, HasSubstr("6 findings in 2 clusters."));
    EXPECT_THAT(text, HasSubstr("| c1 | 5 | double-free | "));
    EXPECT_THAT(text, HasSubstr("| c2 | 1 | leak | "));
    EXPECT_EQ(countOf(text, "`double-free:0:0x"), 3U);
    EXPECT_THAT(text, HasSubstr("and 2 more"));
    EXPECT_EQ(countOf(written(*analysis, "markdown", 5), "`double-free:0:0x"), 5U);
    EXPECT_THAT(text, HasSubstr("<b>\\|`x`</b>")) << "as code a line keeps its text";
}

TEST(FindingsAsHtml, IsWholeAndCannotBeBrokenByTheLog) {
    const auto analysis = test::analyseLog(logOfFive());
    const std::string page = written(*analysis, "html");
    EXPECT_EQ(disorderOf(page), "");
    EXPECT_THAT(page, HasSubstr("&lt;b&gt;|`x`&lt;/b&gt; [PID 1]"));
    EXPECT_THAT(page, Not(HasSubstr("<b>")));
    EXPECT_EQ(countOf(page, "<details "), 2U);
    EXPECT_EQ(countOf(page, "<code>double-free:"), 3U);
    EXPECT_THAT(page, HasSubstr("<a href=\"#c1\">c1</a>"));
}

TEST(FindingsAsHtml, OfALogWithoutFindingsSaysSo) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    const std::string page = written(*analysis, "html");
    EXPECT_EQ(disorderOf(page), "");
    EXPECT_THAT(page, HasSubstr("<p>0 findings. 2 lines, 2 events.</p>"));
    EXPECT_THAT(written(*analysis, "markdown"), HasSubstr("0 findings."));
}

TEST(FindingsAsSarif, HasAResultForEachFinding) {
    const auto analysis = test::analyseLog(logOfFive());
    const auto json = nlohmann::json::parse(written(*analysis, "sarif"));
    EXPECT_EQ(json["version"], "2.1.0");
    const auto& run = json["runs"][0];
    const auto& rules = run["tool"]["driver"]["rules"];
    const auto& results = run["results"];
    ASSERT_EQ(results.size(), analysis->findings.rows.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
        const Finding& finding = analysis->findings.rows[i];
        EXPECT_EQ(results[i]["ruleId"], rules[results[i]["ruleIndex"].get<std::size_t>()]["id"]);
        EXPECT_EQ(results[i]["locations"][0]["physicalLocation"]["region"]["startLine"],
                  analysis->trace->events.line[finding.primary.index()]);
        EXPECT_EQ(results[i]["partialFingerprints"]["allocLensFinding/v1"], findingId(analysis->replay, finding));
        EXPECT_FALSE(results[i]["message"]["text"].get<std::string>().empty());
    }
    EXPECT_EQ(results[0]["level"], "error");
    const auto& related = results[0]["relatedLocations"];
    ASSERT_EQ(related.size(), 2U);
    EXPECT_EQ(related[0]["physicalLocation"]["region"]["startLine"], 1);
    EXPECT_EQ(related[1]["message"]["text"], "freed");
    EXPECT_EQ(results.back()["level"], "warning");
    EXPECT_FALSE(results.back().contains("relatedLocations"));
}

TEST(FindingsAsSarif, ASumStandsAtItsOwnLine) {
    const auto analysis = test::analyseLog("✓ [PID 7] Allocated 16 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "📊 Current Statistics:\n"
                                           "  Active allocations: 5\n"
                                           "✗ [PID 7] Freed buffer 16 on device 0 (16 bytes, FINAL)\n");
    const auto json = nlohmann::json::parse(written(*analysis, "sarif"));
    std::vector<int> lines;
    for (const auto& result : json["runs"][0]["results"]) {
        EXPECT_EQ(result["ruleId"], "replay-divergence");
        lines.push_back(result["locations"][0]["physicalLocation"]["region"]["startLine"]);
    }
    EXPECT_THAT(lines, ::testing::Contains(3));
}

TEST(FindingsAsSarif, ThePathIsAUri) {
    const std::string path = ::testing::TempDir() + "a b#1.log";
    ASSERT_TRUE(writeFileWhole(path, {}, [](std::ostream& out) {
        out << "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n";
        return Result<void>();
    }));
    const auto trace = readTrace(path, {}, {}, {});
    ASSERT_TRUE(trace);
    const auto analysis = analyse(*trace, {});
    ASSERT_TRUE(analysis);
    const auto json = nlohmann::json::parse(written(**analysis, "sarif"));
    std::filesystem::remove(path);
    const std::string uri = json["runs"][0]["artifacts"][0]["location"]["uri"];
    EXPECT_THAT(uri, ::testing::EndsWith("a%20b%231.log"));
    EXPECT_EQ(json["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], uri);
}

TEST(ComparisonAsHtml, IsWholeAndHasEveryState) {
    const auto before = test::analyseLog(logOfFive());
    const auto after = test::analyseLog("[PID 2] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                        "[PID 2] Allocated 64 bytes of DRAM on device 1 (buffer_id=32)\n");
    const auto comparison = compareRuns(*before, *after, {});
    ASSERT_TRUE(comparison);
    std::ostringstream out;
    findComparisonWriter("html")({&*comparison, before.get(), after.get(), false}, out);
    EXPECT_EQ(disorderOf(out.str()), "");
    for (std::size_t state = 0; state < kClusterStateCount; ++state) {
        if (comparison->countOf[state] == 0) continue;
        EXPECT_THAT(out.str(), HasSubstr(fmt::format("<h2>{}: ", clusterStateName(static_cast<ClusterState>(state)))));
    }
    EXPECT_EQ(countOf(out.str(), "<h2>"), 3U);
}

TEST(ComparisonAsHtml, OfTwoRunsWithoutFindingsSaysSo) {
    const auto run = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                      "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    const auto comparison = compareRuns(*run, *run, {});
    ASSERT_TRUE(comparison);
    std::ostringstream out;
    findComparisonWriter("html")({&*comparison, run.get(), run.get(), false}, out);
    EXPECT_EQ(disorderOf(out.str()), "");
    EXPECT_THAT(out.str(), HasSubstr("No findings in either run."));
}

}  // namespace
}  // namespace alloclens
