// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where results may go: never onto what is read, whatever it is called there, and with the rights that were there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include "tests/unit/app/cli/cli_folder.h"

namespace alloclens::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CliOutput : public CliFolder {
protected:
    void expectRefused(const std::vector<std::string>& arguments, std::string_view why,
                       const CliOptions& options = {}) {
        const CliResult result = runCli(arguments, options);
        EXPECT_EQ(result.status, 2) << ::testing::PrintToString(arguments) << result.errors;
        EXPECT_THAT(result.errors, HasSubstr(std::string(why))) << ::testing::PrintToString(arguments);
        EXPECT_EQ(contentOf(log), kSmallLog) << ::testing::PrintToString(arguments);
    }
};

TEST_F(CliOutput, IsNeverTheLogThatIsRead) {
    fs::create_symlink(log, path("link"));
    fs::create_hard_link(log, path("hard"));
    for (const std::string& name : {log, path("./server.log"), path("link"), path("hard")}) {
        for (const std::string command : {"summary", "findings", "events", "addresses", "mesh", "guards", "ledger"})
            expectRefused({command, log, "--output", name}, "would replace the log to be read");
        expectRefused({"history", log, "--device", "4", "--address", "695055872", "--output", name},
                      "would replace the log to be read");
        expectRefused({"compare", log, write("after.log", kSmallLog), "--output", name}, "would replace the first run");
        expectRefused({"compare", write("before.log", kSmallLog), log, "--output", name}, "would replace the second "
                                                                                          "run");
        expectRefused({"convert", log, name, "--force", "--output-format", "csv"}, "would replace the file to be "
                                                                                   "converted");
    }
}

TEST_F(CliOutput, IsNeverTheFileOnStandardInput) {
    CliOptions options;
    options.inputPath = log;
    expectRefused({"summary", "-", "--output", log}, "would replace the log to be read", options);
    expectRefused({"convert", "-", log, "--force", "--output-format", "csv"}, "would replace the file to be converted",
                  options);
}

TEST_F(CliOutput, IsNeverTheLogThatTheShellOpened) {
    CliOptions options;
    options.outputPath = log;
    options.appendsOutput = true;
    expectRefused({"summary", log}, "standard output: would replace the log to be read", options);
    expectRefused({"summary", log, "--output", "-"}, "standard output: would replace the log to be read", options);
    expectRefused({"summary", log, "--output", "/dev/stdout"}, "would replace the log to be read", options);
    expectRefused({"summary", log, "--output", "/proc/self/fd/1"}, "would replace the log to be read", options);
    expectRefused({"convert", log, "-", "--output-format", "csv"}, "would replace the file to be converted", options);
}

TEST_F(CliOutput, IsNeverWhatIsKnown) {
    const std::string ids = write("ids", "# none\n");
    expectRefused({"findings", log, "--baseline", ids, "--output", ids}, "would replace the baseline");
    const std::string list = write("list.json", R"({"schema":"alloclens.suppressions/1","suppressions":[]})");
    expectRefused({"findings", log, "--suppressions", list, "--output", list}, "would replace the list of "
                                                                               "suppressions");
    const std::string claims = write("claims.json", "{}");
    expectRefused({"ledger", "--claims", claims, "--output", claims}, "would replace the claims");
    EXPECT_EQ(contentOf(ids), "# none\n");
    EXPECT_EQ(contentOf(claims), "{}");
}

TEST_F(CliOutput, AppendsToWhatTheShellAppendsTo) {
    CliOptions options;
    options.outputPath = write("all.txt", "before\n");
    options.appendsOutput = true;
    const std::string summary = runCli({"summary", log}).output;
    for (const std::string name : {"/dev/stdout", "/proc/self/fd/1"})
        EXPECT_EQ(runCli({"summary", log, "--output", name}, options).status, 0);
    EXPECT_EQ(contentOf(path("all.txt")), "before\n" + summary + summary);
}

TEST_F(CliOutput, KeepsTheModeOfWhatItReplaces) {
    const std::string secret = write("secret.csv", "old");
    ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);
    EXPECT_EQ(runCli({"events", log, "--format", "csv", "--output", secret}).status, 0);
    EXPECT_EQ(runCli({"convert", log, secret, "--force"}).status, 0);
    struct stat status {};
    ASSERT_EQ(::stat(secret.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_THAT(contentOf(secret), StartsWith("ordinal,"));
}

TEST_F(CliOutput, MayHaveTheLongestNameThereIs) {
    const std::string longest = path(std::string(251, 'n') + ".csv");
    EXPECT_EQ(runCli({"events", log, "--output", longest}).status, 0);
    EXPECT_EQ(runCli({"convert", log, longest, "--force"}).status, 0);
    EXPECT_EQ(files(), 2);
    const CliResult tooLong = runCli({"events", log, "--output", path(std::string(256, 'n'))});
    EXPECT_EQ(tooLong.status, 3);
    EXPECT_THAT(tooLong.errors, HasSubstr("Choose a shorter name"));
}

TEST_F(CliOutput, ThatCannotBeWrittenIsSaidBeforeTheLogIsReadWithTheAdviceThatFits) {
    // A log that does not exist would be said first if it were opened first.
    const std::vector<std::pair<std::string, std::string>> unwritable = {
        {path("missing/x"), path("missing") + " does not exist. Create it"},
        {path("server.log/x"), "A part of the path is a file"},
        {path(""), "Name a file in that folder"},
    };
    for (const auto& [target, advice] : unwritable) {
        const CliResult result = runCli({"events", path("no.log"), "--output", target});
        EXPECT_EQ(result.status, 3) << target;
        EXPECT_THAT(result.errors, HasSubstr("cannot be written"));
        EXPECT_THAT(result.errors, HasSubstr(advice));
        EXPECT_THAT(result.errors, ::testing::Not(HasSubstr("free some space")));
    }
}

}  // namespace
}  // namespace alloclens::test
