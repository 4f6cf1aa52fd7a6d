// SPDX-License-Identifier: GPL-3.0-or-later
//
// What scripts rely on: the schemas, the keys that are always there, and what their numbers mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr std::string_view kLog =
    "[PID 20645] Allocated 8192 bytes of DRAM on device 4 (buffer_id=695055872)\n"
    "foreign\n"
    "[PID 20645] Freed buffer 695055872 on device 4 (8192 bytes, FINAL)\n"
    "[PID 20646] Deallocation for unknown buffer 695055872 on device 4 (allocated before tracking started)\n"
    "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n"
    "[PID 8] Allocated 512 bytes of L1 on device 0 (buffer_id=16, ref_count=2)\n"
    "[PID 7] Freed buffer 16 on device 0 (512 bytes, ref_count=1 remaining)\n"
    "[PID 9] Allocated 512 bytes of L1 on device 1 (buffer_id=16)\n"
    "   Removed 1 buffers (0.000488281 MB) from PID 9\n"
    "[PID 7] Freed buffer \n";

void expectKeys(const json& object, const std::set<std::string>& keys) {
    for (const std::string& key : keys) EXPECT_TRUE(object.contains(key)) << key << " in " << object.dump();
}

TEST(JsonContract, SummaryHasItsKeysAndNumbers) {
    const auto analysis = test::analyseLog(kLog);
    const json summary = test::reportJson("summary", *analysis);
    EXPECT_EQ(summary["schema"], "alloclens.summary/1");
    expectKeys(summary["source"], {"path", "format", "bytes", "lines"});
    EXPECT_EQ(summary["source"]["format"], "server-log");
    EXPECT_EQ(summary["source"]["bytes"], kLog.size());
    EXPECT_EQ(summary["source"]["lines"], 10);
    EXPECT_EQ(summary["events"], json({{"total", 8},
                                       {"allocations", 4},
                                       {"aliasedAllocations", 1},
                                       {"partialFrees", 1},
                                       {"finalFrees", 1},
                                       {"unknownFrees", 1},
                                       {"refusedFrees", 1},
                                       {"swept", 1}}));
    EXPECT_EQ(summary["addresses"], json({{"total", 3}, {"balanced", 0}, {"unreleased", 2}, {"overFreed", 1}}));
    ASSERT_EQ(summary["devices"].size(), 3U);
    EXPECT_EQ(summary["devices"][2], json({{"device", 4},
                                           {"addresses", 1},
                                           {"allocations", 1},
                                           {"frees", 1},
                                           {"unknownFrees", 1},
                                           {"refusedFrees", 1},
                                           {"peakLiveBytes", 8192},
                                           {"endLiveBytes", 0}}));
    for (const FindingKindInfo& kind : findingKinds()) EXPECT_TRUE(summary["findings"].contains(kind.name));
    EXPECT_EQ(summary["findings"]["double-free"], 1);
    EXPECT_EQ(summary["findings"]["swept-leak"], 1);
    EXPECT_EQ(summary["clusters"], analysis->findings.clusters.size());
    EXPECT_EQ(summary["diagnostics"], json({{"torn-line", 1}}));
    EXPECT_EQ(summary["lines"], json({{"total", 10}, {"events", 7}, {"facts", 1}, {"foreign", 1}, {"damaged", 1}}));
}

TEST(JsonContract, LinesOfTheSourceAreThoseOfWcAndOneMoreForATornEnd) {
    const std::string log(kLog);
    EXPECT_EQ(test::reportJson("summary", *test::analyseLog(log + "\n\n"))["source"]["lines"], 12);
    EXPECT_EQ(test::reportJson("summary", *test::analyseLog(log + "x"))["source"]["lines"], 11);
}

TEST(JsonContract, FindingsHaveTheirKeysAndVerbatimLines) {
    const auto analysis = test::analyseLog(kLog);
    const json report = test::reportJson("findings", *analysis);
    EXPECT_EQ(report["schema"], "alloclens.findings/1");
    expectKeys(report["source"], {"path", "format", "bytes", "lines"});
    ASSERT_EQ(report["findings"].size(), analysis->findings.rows.size());
    for (const json& finding : report["findings"]) {
        expectKeys(finding, {"id", "kind", "severity", "device", "address", "addressHex", "generation", "memory",
                             "size", "pids", "events", "cluster", "verdict"});
        expectKeys(finding["verdict"], {"cause", "confidence", "for", "against"});
        for (const json& event : finding["events"]) {
            expectKeys(event, {"role", "line", "ordinal", "text"});
            EXPECT_EQ(event["text"], *analysis->trace->source->lineText(event["line"]));
            EXPECT_EQ(analysis->trace->events.line[event["ordinal"].get<std::size_t>() - 1], event["line"]);
        }
    }
    const json& finding = report["findings"][0];
    EXPECT_EQ(finding["id"], "double-free:4:0x296db600:g1:1");
    EXPECT_EQ(finding["kind"], "double-free");
    EXPECT_EQ(finding["severity"], "error");
    EXPECT_EQ(finding["device"], 4);
    EXPECT_EQ(finding["address"], 695055872);
    EXPECT_EQ(finding["addressHex"], "0x296db600");
    EXPECT_EQ(finding["generation"], 1);
    EXPECT_EQ(finding["memory"], "DRAM");
    EXPECT_EQ(finding["size"], 8192);
    EXPECT_EQ(finding["pids"], json({20645, 20646}));
    ASSERT_EQ(finding["events"].size(), 3U);
    EXPECT_EQ(finding["events"][0]["role"], "allocated");
    EXPECT_EQ(finding["events"][1]["role"], "released");
    EXPECT_EQ(finding["events"][2]["role"], "freed-again");
    EXPECT_EQ(finding["events"][2]["line"], 4);
    EXPECT_EQ(finding["events"][2]["ordinal"], 3);
}

TEST(JsonContract, EveryFindingNamesAClusterOfItsKind) {
    const json report = test::reportJson("findings", *test::analyseLog(generator::generate({.events = 3'000}).log));
    std::map<std::string, json> clusters;
    for (const json& cluster : report["clusters"]) {
        expectKeys(cluster, {"id", "kind", "signature", "count", "devices", "addresses", "firstLine", "lastLine"});
        clusters[cluster["id"]] = cluster;
    }
    EXPECT_EQ(clusters.size(), report["clusters"].size());
    std::map<std::string, int> counts;
    for (const json& finding : report["findings"]) {
        ASSERT_TRUE(clusters.contains(finding["cluster"]));
        EXPECT_EQ(clusters[finding["cluster"]]["kind"], finding["kind"]);
        ++counts[finding["cluster"]];
    }
    for (const auto& [id, cluster] : clusters) EXPECT_EQ(cluster["count"], counts[id]) << id;
}

TEST(JsonContract, WhatTheLogDoesNotNameIsNull) {
    const auto analysis = test::analyseLog("⚠ Warning: Deallocation for unknown buffer 16\n");
    const json finding = test::reportJson("findings", *analysis)["findings"][0];
    EXPECT_TRUE(finding["device"].is_null());
    EXPECT_TRUE(finding["memory"].is_null());
    EXPECT_TRUE(finding["size"].is_null());
    EXPECT_EQ(finding["pids"], json::array());
    EXPECT_TRUE(test::reportJson("summary", *analysis)["devices"][0]["device"].is_null());
    const json event = test::reportJson("events", *analysis)["events"][0];
    EXPECT_TRUE(event["device"].is_null());
    EXPECT_TRUE(event["pid"].is_null());
    EXPECT_TRUE(event["size"].is_null());
}

TEST(JsonContract, EventsAreOneObjectEach) {
    const json report = test::reportJson("events", *test::analyseLog(kLog));
    EXPECT_EQ(report["schema"], "alloclens.events/1");
    ASSERT_EQ(report["events"].size(), 8U);
    expectKeys(report["events"][0], {"ordinal", "line", "kind", "letter", "device", "address", "addressHex", "memory",
                                     "size", "pid", "depth", "generation"});
    EXPECT_EQ(report["events"][2]["letter"], "U");
    EXPECT_EQ(report["events"][4]["depth"], 2);
    EXPECT_EQ(report["events"][7]["kind"], "sweep");
    EXPECT_TRUE(report["events"][7]["address"].is_null());
    EXPECT_TRUE(report["events"][7]["size"].is_null()) << "a number of entries is no size";
}

TEST(JsonContract, AddressesAreOneObjectEach) {
    const json report = test::reportJson("addresses", *test::analyseLog(kLog));
    EXPECT_EQ(report["schema"], "alloclens.addresses/1");
    ASSERT_EQ(report["addresses"].size(), 3U);
    const json& address = report["addresses"][0];
    expectKeys(address, {"device", "address", "addressHex", "allocations", "frees", "unknownFrees", "refusedFrees",
                         "lowestBalance", "finalBalance", "lifetimes", "peakDepth", "state", "sizes", "lifecycle"});
    EXPECT_EQ(address["lifecycle"], "Aaf");
    EXPECT_EQ(address["finalBalance"], 1);
    EXPECT_EQ(report["addresses"][2]["lowestBalance"], -1);
    EXPECT_EQ(report["addresses"][2]["unknownFrees"], 1);
    EXPECT_EQ(report["addresses"][2]["refusedFrees"], 1) << "the same under the name that the glossary has";
    EXPECT_EQ(report["addresses"][2]["state"], "over-freed");
}

TEST(JsonContract, AddressesHaveSizesOfAnyMagnitude) {
    const auto analysis = test::analyseLog(
        "[PID 7] Allocated 9223372036854775808 bytes of L1 on device 0 (buffer_id=4096)\n"
        "[PID 7] Freed buffer 4096 on device 0 (9223372036854775808 bytes, FINAL)\n"
        "[PID 7] Allocated 64 bytes of L1 on device 0 (buffer_id=4096)\n");
    EXPECT_EQ(test::reportJson("addresses", *analysis)["addresses"][0]["sizes"],
              json::array({64, 9223372036854775808ULL}));
}

TEST(JsonContract, InvalidUtf8InALineCannotBreakIt) {
    const auto analysis = test::analyseLog("\xff\xfe\"\\ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    const json report = test::reportJson("findings", *analysis);
    EXPECT_THAT(report["findings"][0]["events"][0]["text"].get<std::string>(), HasSubstr("[PID 1] Allocated"));
}

TEST(JsonContract, AnAnalysisWithoutEventsGivesEmptyLists) {
    const auto analysis = test::analyseLog("🚀 Allocation Server started\n");
    EXPECT_EQ(test::reportJson("findings", *analysis)["findings"], json::array());
    EXPECT_EQ(test::reportJson("findings", *analysis)["clusters"], json::array());
    EXPECT_EQ(test::reportJson("events", *analysis)["events"], json::array());
    EXPECT_EQ(test::reportJson("addresses", *analysis)["addresses"], json::array());
    EXPECT_EQ(test::reportJson("summary", *analysis)["devices"], json::array());
}

TEST(JsonContract, AFilterLeavesTheClustersOfItsFindingsAndIsNamed) {
    const auto analysis = test::analyseLog(kLog);
    const auto filter = Filter::parse("kind:double-free");
    ASSERT_TRUE(filter);
    const auto result = applyFilter(*analysis, *filter, {});
    ASSERT_TRUE(result);
    ReportInput input;
    input.analysis = analysis.get();
    input.filter = &*result;
    input.filterText = "kind:double-free";
    const json report = json::parse(test::reportText("findings", "json", input));
    EXPECT_EQ(report["findings"].size(), 1U);
    EXPECT_EQ(report["filter"], "kind:double-free");
    EXPECT_LT(report["clusters"].size(), analysis->findings.clusters.size());
    ASSERT_EQ(report["clusters"].size(), 1U);
    EXPECT_EQ(report["clusters"][0]["kind"], "double-free");
    EXPECT_EQ(report["clusters"][0]["count"], 1U);
    EXPECT_GE(report["clusters"][0]["total"], 1U);
    EXPECT_FALSE(test::reportJson("findings", *analysis).contains("filter"));
}

TEST(JsonContract, ATruncatedSourceIsAnErrorAndNotAHole) {
    const test::TemporaryFile file(kLog);
    const auto analysis = test::analyseFile(file.path());
    ASSERT_EQ(::truncate(file.path().c_str(), 20), 0);
    ReportInput input;
    input.analysis = analysis.get();
    for (const std::string_view format : {"json", "text"}) {
        std::ostringstream out;
        const auto done = findReport("findings", format)->write(input, out);
        ASSERT_FALSE(done) << format;
        EXPECT_THAT(done.error().sentence(), HasSubstr("is shorter now"));
    }
}

}  // namespace
}  // namespace alloclens
