// SPDX-License-Identifier: GPL-3.0-or-later
//
// Standard input, output and error that are closed, full or read by nobody: no command dies of them, and a result that
// nobody got is an error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/unit/app/cli/cli_folder.h"

namespace alloclens::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CliStreams : public CliFolder {
protected:
    /// A command of each kind that says something on standard error, and its status.
    [[nodiscard]] std::vector<std::pair<std::vector<std::string>, int>> talkative() {
        const std::string banner = write("banner.log", "🚀 Allocation Server started\n");
        return {
            {{"summary", banner}, 0},
            {{"findings", banner}, 0},
            {{"findings", log, "--suppressions", write("none.json", R"({"schema":"x"})")}, 2},
            {{"events", path("missing")}, 3},
            {{"addresses", log, "--sort", "nonsense"}, 2},
            {{"mesh", path("missing")}, 3},
            {{"guards", path("missing")}, 3},
            {{"ledger"}, 2},
            {{"history", log, "--device", "9", "--address", "1"}, 2},
            {{"compare", banner, banner}, 0},
            {{"convert", banner, "-", "--output-format", "csv"}, 0},
            {{"convert", log, path("a.nonsense")}, 2},
            {{"record", path("missing/run.alens"), "--socket", path("socket")}, 3},
            {{"nonsense"}, 2},
            {{}, 2},
        };
    }
    static void expectStatuses(const std::vector<std::pair<std::vector<std::string>, int>>& commands,
                               const CliOptions& options) {
        for (const auto& [arguments, status] : commands)
            EXPECT_EQ(runCli(arguments, options).status, status) << ::testing::PrintToString(arguments);
    }
};

TEST_F(CliStreams, AFullStandardErrorChangesNoStatus) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    CliOptions options;
    options.errorPath = "/dev/full";
    expectStatuses(talkative(), options);
}

TEST_F(CliStreams, AClosedStandardErrorChangesNoStatus) {
    CliOptions options;
    options.isErrorClosed = true;
    expectStatuses(talkative(), options);
}

TEST_F(CliStreams, AStandardErrorThatNobodyReadsChangesNoStatus) {
    CliOptions options;
    options.isErrorUnread = true;
    expectStatuses(talkative(), options);
}

TEST_F(CliStreams, AResultIsWrittenAlthoughStandardErrorIsClosed) {
    CliOptions options;
    options.isErrorClosed = true;
    EXPECT_EQ(runCli({"findings", log}, options).output, runCli({"findings", log}).output);
}

TEST_F(CliStreams, FilesDoNotGetTheNumbersOfClosedDescriptors) {
    CliOptions options;
    options.isInputClosed = true;
    options.isOutputClosed = true;
    options.isErrorClosed = true;
    const std::string banner = write("banner.log", "🚀 Allocation Server started\n");
    EXPECT_EQ(runCli({"summary", banner, "--output", path("out.txt")}, options).status, 0);
    EXPECT_EQ(contentOf(path("out.txt")), runCli({"summary", banner}).output);
    EXPECT_EQ(contentOf(banner), "🚀 Allocation Server started\n");
}

TEST_F(CliStreams, AClosedStandardInputCannotBeRead) {
    CliOptions options;
    options.isInputClosed = true;
    const CliResult result = runCli({"summary", "-"}, options);
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.errors, HasSubstr("standard input: cannot be read"));
    EXPECT_EQ(runCli({"summary", log}, options).status, 0);
}

TEST_F(CliStreams, AResultForAClosedStandardOutputIsAnErrorInEveryCommand) {
    CliOptions options;
    options.isOutputClosed = true;
    const std::vector<std::vector<std::string>> commands = {
        {"summary", log},      {"findings", log}, {"events", log},       {"addresses", log},
        {"mesh", log},         {"guards", log},   {"ledger", log},       {"formats"},
        {"compare", log, log}, {"--help"},        {"findings", "--help"}};
    for (const auto& arguments : commands) {
        const CliResult result = runCli(arguments, options);
        EXPECT_EQ(result.status, 3) << ::testing::PrintToString(arguments);
        EXPECT_THAT(result.errors, HasSubstr("standard output: is closed")) << ::testing::PrintToString(arguments);
    }
}

TEST_F(CliStreams, AReaderThatHasEndedEndsItQuietly) {
    CliOptions options;
    options.isOutputUnread = true;
    const CliResult result = runCli({"events", log}, options);
    EXPECT_EQ(result.status, 128 + SIGPIPE) << "as of other programs";
    EXPECT_THAT(result.errors, IsEmpty());
}

TEST_F(CliStreams, HelpAndVersionThatNobodyGotAreAnError) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    CliOptions options;
    options.outputPath = "/dev/full";
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--help"}, {"--version"}, {"findings", "--help"}}) {
        const CliResult result = runCli(arguments, options);
        EXPECT_EQ(result.status, 3);
        EXPECT_THAT(result.errors, HasSubstr("No space left on device"));
    }
}

TEST_F(CliStreams, SayNothingUnusualOfNamesAndWordsToATerminal) {
    const std::string evil = "\x1b]0;owned\x07\x1b[2J\xc2\x9b\xe2\x80\xae";
    const std::vector<std::vector<std::string>> commands = {
        {"summary", path(evil)},
        {"findings", log, "--filter", "kind:" + evil},
        {"findings", log, "--fail-on", evil},
        {"findings", log, "--format", evil},
        {"history", log, "--device", "4", "--address", evil},
        {evil},
        {"findings", log, "--" + evil},
        {"summary", log, "--output", path("missing/" + evil)},
        {"findings", log, "--baseline", write("list", "double-free:" + evil + "\n" + evil + "\n")},
    };
    for (const auto& arguments : commands) {
        const CliResult result = runCli(arguments);
        EXPECT_NE(result.status, 0) << ::testing::PrintToString(arguments);
        EXPECT_THAT(result.errors, Not(IsEmpty()));
        EXPECT_THAT(result.errors, Not(HasSubstr("\x1b"))) << result.errors;
        EXPECT_THAT(result.errors, Not(HasSubstr("\x07")));
        EXPECT_THAT(result.errors, Not(HasSubstr("\xc2\x9b")));
        EXPECT_THAT(result.errors, Not(HasSubstr("\xe2\x80\xae")));
    }
}

}  // namespace
}  // namespace alloclens::test
