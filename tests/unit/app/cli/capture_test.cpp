// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-cli with captures of messages: the options that decide how they are read, and what is said of damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/app/cli/run_cli.h"
#include "tests/unit/support/log_fixture.h"
#include "tests/unit/support/message_stream.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using test::allocation;
using test::packed;
using test::release;
using test::runCli;

constexpr std::size_t kRecord = 112;

std::string captureOf(const std::vector<test::SentMessage>& messages) {
    std::string bytes;
    for (const test::SentMessage& message : messages) bytes += packed(message, kRecord);
    return bytes;
}

nlohmann::json jsonOf(const std::vector<std::string>& arguments) {
    const test::CliResult result = runCli(arguments);
    if (result.status != 0) test::stop(result.errors);
    return nlohmann::json::parse(result.output);
}

std::vector<std::string> columnOf(const nlohmann::json& rows, const char* column) {
    std::vector<std::string> values;
    for (const nlohmann::json& row : rows) values.push_back(row[column].dump());
    return values;
}

TEST(CliCapture, RulesDecideWhichSizeALiveAddressHas) {
    const test::TemporaryFile file(captureOf({allocation(0, 1, 100), allocation(0, 1, 300), release(0, 1)}));
    const auto sizes = [&file](const std::vector<std::string>& options) {
        std::vector<std::string> arguments = {"events", file.path(), "--format", "json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return columnOf(jsonOf(arguments)["events"], "size");
    };
    EXPECT_THAT(sizes({}), ElementsAre("100", "300", "100"));
    EXPECT_THAT(sizes({"--rules", "poc"}), ElementsAre("100", "300", "100"));
    EXPECT_THAT(sizes({"--rules", "enhanced"}), ElementsAre("100", "300", "300"));
}

TEST(CliCapture, BufferTypesAreNumberedAsTold) {
    const test::TemporaryFile file(captureOf({allocation(0, 1, 8, 7, 2), allocation(0, 2, 8, 7, 3)}));
    const auto memories = [&file](const std::string& numbering) {
        return columnOf(jsonOf({"events", file.path(), "--format", "json", "--buffer-types", numbering})["events"],
                        "memory");
    };
    EXPECT_THAT(memories("cpp"), ElementsAre("\"SYSTEM_MEMORY\"", "\"L1_SMALL\""));
    EXPECT_THAT(memories("python"), ElementsAre("\"L1_SMALL\"", "\"TRACE\""));
}

TEST(CliCapture, AnotherWordForTheseOptionsIsAWrongCommandLine) {
    const test::TemporaryFile file(captureOf({allocation(0, 1, 8)}));
    for (const char* option : {"--rules", "--buffer-types"}) {
        const test::CliResult result = runCli({"summary", file.path(), option, "java"});
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.output, IsEmpty());
        EXPECT_THAT(result.errors, HasSubstr(option));
    }
}

TEST(CliCapture, SummaryCountsWhatIsWrongWithIt) {
    std::vector<test::SentMessage> messages = {allocation(300, 1, 8)};
    for (std::uint64_t i = 1; i <= 40; ++i)  // times as Python makes them
        messages.push_back(allocation(0, i, 8, 7, i % 4, (test::kSomeTime / 256 + i) * 256));
    const std::string bytes = "garbage" + captureOf(messages) + packed(allocation(0, 99, 8), kRecord).substr(0, 60);
    const test::TemporaryFile file(bytes);
    const auto json = jsonOf({"summary", file.path(), "--json"});
    EXPECT_EQ(json["source"]["bytes"], bytes.size());
    EXPECT_EQ(json["source"]["lines"], 41);
    EXPECT_EQ(json["diagnostics"], nlohmann::json::parse(R"({"skipped-bytes": 1, "truncated-record": 1,
                                                             "invalid-message": 1, "buffer-types": 1})"));
    const test::CliResult text = runCli({"summary", file.path()});
    for (const char* code : {"skipped-bytes", "truncated-record", "invalid-message", "buffer-types"})
        EXPECT_THAT(text.output, HasSubstr(code));
    EXPECT_EQ(
        jsonOf({"summary", file.path(), "--json", "--buffer-types", "python"})["diagnostics"].count("buffer-types"),
        0U);
}

TEST(CliCapture, ComesThroughAPipeAsWell) {
    test::CliOptions options;
    options.input = captureOf({allocation(0, 1, 8), release(0, 1), release(0, 1)});
    const test::CliResult result = runCli({"summary", "-", "--json"}, options);
    ASSERT_EQ(result.status, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["source"]["format"], "alloc-message");
    EXPECT_EQ(json["source"]["bytes"], options.input.size());
    EXPECT_EQ(json["findings"]["double-free"], 1);
}

}  // namespace
}  // namespace alloclens
