// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Table tableOf(std::vector<Cell> cells) {
    Table table;
    table.columns = {{"name", "name"}, {"count", "count", true}};
    table.rows = 1;
    table.fill = [cells = std::move(cells)](std::size_t, std::vector<Cell>& row) { row = cells; };
    return table;
}

std::string csvOf(std::vector<Cell> cells) {
    std::ostringstream out;
    writeTableCsv(tableOf(std::move(cells)), out);
    return out.str();
}

/// Reads CSV as RFC 4180 says.
std::vector<std::vector<std::string>> parseCsv(std::string_view text) {
    std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
    bool isQuoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        std::string& cell = rows.back().back();
        if (isQuoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            cell += '"';
            ++i;
        } else if (c == '"') {
            isQuoted = !isQuoted;
        } else if (!isQuoted && c == ',') {
            rows.back().emplace_back();
        } else if (!isQuoted && c == '\r') {
            continue;
        } else if (!isQuoted && c == '\n') {
            rows.emplace_back(1);
        } else {
            cell += c;
        }
    }
    rows.pop_back();
    return rows;
}

TEST(Csv, QuotesWhatNeedsQuotesAndNothingElse) {
    EXPECT_EQ(csvOf({std::string("plain"), std::uint64_t{1234567}}), "name,count\r\nplain,1234567\r\n");
    EXPECT_EQ(csvOf({std::string("a,b"), std::int64_t{-3}}), "name,count\r\n\"a,b\",-3\r\n");
    EXPECT_EQ(csvOf({std::string("say \"no\""), std::monostate{}}), "name,count\r\n\"say \"\"no\"\"\",\r\n");
    EXPECT_EQ(csvOf({std::string("two\nlines\r"), std::monostate{}}), "name,count\r\ntwo\\nlines\\r,\r\n");
    EXPECT_EQ(csvOf({std::vector<std::int64_t>{1, 2}, std::monostate{}}), "name,count\r\n1 2,\r\n");
}

TEST(Csv, OfEveryReportHasOneRowEachAndAsManyCellsAsItsHeading) {
    const auto analysis = test::analyseLog(generator::generate({.events = 2'000}).log);
    const auto expectRows = [&](std::string_view subject, std::size_t rows) {
        const auto csv = parseCsv(test::reportText(subject, "csv", *analysis));
        ASSERT_EQ(csv.size(), rows + 1) << subject;
        const std::set<std::string> names(csv[0].begin(), csv[0].end());
        EXPECT_EQ(names.size(), csv[0].size()) << "names of columns are distinct";
        for (const auto& row : csv) ASSERT_EQ(row.size(), csv[0].size()) << subject;
    };
    expectRows("findings", analysis->findings.rows.size());
    expectRows("events", analysis->trace->events.count());
    expectRows("addresses", analysis->trace->addresses.size());
}

TEST(Csv, FindingsNameTheirLines) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 16 on device 4 (8 bytes, FINAL)\n"
                                           "[PID 2] Deallocation for unknown buffer 16 on device 4\n");
    EXPECT_THAT(parseCsv(test::reportText("findings", "csv", *analysis)),
                ElementsAre(ElementsAre("id", "kind", "severity", "device", "address", "addressHex", "memory", "size",
                                        "generation", "pids", "line", "allocatedLine", "releasedLine", "cluster",
                                        "cause", "confidence"),
                            ElementsAre("double-free:4:0x10:g1:1", "double-free", "error", "4", "16", "0x10", "L1", "8",
                                        "1", "1 2", "3", "1", "2", "c1", "stale-owner", "0.85")));
}

TEST(TextTable, AlignsColumnsAndGroupsNumbers) {
    std::ostringstream out;
    writeTableText(tableOf({std::string("✓ two"), std::uint64_t{1234567}}), false, out);
    EXPECT_EQ(out.str(), "name       count\n✓ two  1,234,567\n");
}

TEST(TextTable, HasAHeadingWithoutRows) {
    Table table = tableOf({});
    table.rows = 0;
    std::ostringstream out;
    writeTableText(table, false, out);
    EXPECT_EQ(out.str(), "name  count\n");
}

TEST(TextTable, LongTablesAreWrittenWhole) {
    Table table;
    table.columns = {{"n", "n", true}};
    table.rows = 10'000;
    table.fill = [](std::size_t row, std::vector<Cell>& cells) { cells[0] = std::uint64_t{row}; };
    std::ostringstream out;
    writeTableText(table, false, out);
    const std::string text = out.str();
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10'001);
    EXPECT_TRUE(text.ends_with("9,999\n"));
}

TEST(JsonTable, KeepsNumbersNumbersAndNothingNull) {
    std::ostringstream out;
    writeTableJsonRows(tableOf({std::monostate{}, std::uint64_t{18446744073709551615U}}), out);
    EXPECT_EQ(out.str(), "    {\"name\":null,\"count\":18446744073709551615}\n");
}

TEST(Addresses, AreSortedByAnyColumn) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    ReportInput input;
    input.analysis = analysis.get();
    const auto columns = parseCsv(test::reportText("addresses", "csv", input))[0];
    for (const std::string& column : columns) {
        input.sortColumn = column;
        EXPECT_EQ(parseCsv(test::reportText("addresses", "csv", input)).size(), analysis->trace->addresses.size() + 1);
    }
    const auto valuesOf = [&](const std::string& column) {
        input.sortColumn = column;
        const auto rows = parseCsv(test::reportText("addresses", "csv", input));
        const auto at = static_cast<std::size_t>(std::find(rows[0].begin(), rows[0].end(), column) - rows[0].begin());
        std::vector<long long> values;
        for (std::size_t i = 1; i < rows.size(); ++i) values.push_back(std::stoll(rows[i][at], nullptr, 0));
        return values;
    };
    for (const char* const column : {"unknownFrees", "allocations", "peakDepth"}) {
        const auto values = valuesOf(column);
        EXPECT_TRUE(std::is_sorted(values.rbegin(), values.rend())) << column << ": the largest first";
    }
    for (const char* const column : {"device", "address", "addressHex", "lowestBalance", "finalBalance"}) {
        const auto values = valuesOf(column);
        EXPECT_TRUE(std::is_sorted(values.begin(), values.end())) << column << ": the smallest first";
    }
}

TEST(Addresses, TheColumnOfRefusedFreesHasThreeNamesForSorting) {
    const auto analysis = test::analyseLog(
        "[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n"
        "[PID 1] Deallocation for unknown buffer 32 on device 4 (allocated before tracking started)\n");
    ReportInput input;
    input.analysis = analysis.get();
    const std::string unsorted = test::reportText("addresses", "csv", input);
    input.sortColumn = "unknownFrees";
    const std::string sorted = test::reportText("addresses", "csv", input);
    EXPECT_NE(sorted, unsorted);
    EXPECT_THAT(sorted, Not(HasSubstr("refusedFrees"))) << "CSV keeps its columns";
    for (const char* const name : {"refusedFrees", "refused", "surplus"}) {
        input.sortColumn = name;
        EXPECT_EQ(test::reportText("addresses", "csv", input), sorted) << name;
    }
}

TEST(Addresses, AnUnknownColumnIsAUsageErrorThatListsThem) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 4 (buffer_id=16)\n");
    ReportInput input;
    input.analysis = analysis.get();
    input.sortColumn = "surpluss";
    for (const std::string_view format : {"text", "json", "csv"}) {
        std::ostringstream out;
        const auto done = findReport("addresses", format)->write(input, out);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().kind, ErrorKind::Usage);
        EXPECT_THAT(done.error().sentence(), HasSubstr("unknownFrees, refusedFrees"));
        EXPECT_TRUE(out.str().empty());
    }
}

TEST(Reports, EachSubjectAndFormatIsListedOnce) {
    std::set<std::pair<std::string_view, std::string_view>> known;
    for (const Report& report : reports()) {
        EXPECT_TRUE(known.insert({report.subject, report.format}).second);
        EXPECT_EQ(findReport(report.subject, report.format), &report);
    }
    EXPECT_EQ(findReport("findings", "xml"), nullptr);
    EXPECT_EQ(findReport("nothing", "text"), nullptr);
}

TEST(Reports, ALimitOfRowsHolds) {
    const auto analysis = test::analyseLog(generator::generate({.events = 2'000}).log);
    ReportInput input;
    input.analysis = analysis.get();
    input.limit = 3;
    for (const std::string_view subject : {"findings", "events", "addresses"}) {
        EXPECT_EQ(parseCsv(test::reportText(subject, "csv", input)).size(), 4U) << subject;
    }
}

}  // namespace
}  // namespace alloclens
