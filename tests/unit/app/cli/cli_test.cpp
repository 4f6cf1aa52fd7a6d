// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contract of alloclens-cli: results on standard output, all else on standard error, and the exit status.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>

#include "core/report/report.h"
#include "tests/generator/generator.h"
#include "tests/unit/app/cli/run_cli.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using test::CliOptions;
using test::CliResult;
using test::runCli;

constexpr std::string_view kLog = "[PID 1] Allocated 8192 bytes of DRAM on device 4 (buffer_id=695055872)\n"
                                  "[PID 1] Freed buffer 695055872 on device 4 (8192 bytes, FINAL)\n"
                                  "[PID 1] Deallocation for unknown buffer 695055872 on device 4\n"
                                  "[PID 1] Allocated 512 bytes of L1 on device 0 (buffer_id=16)\n"
                                  "🛑 Allocation Server stopped\n";

/// A log in a folder of its own, in which nothing else may be left behind.
class Cli : public ::testing::Test {
protected:
    void SetUp() override {
        m_folder = ::testing::TempDir() + "alloclens-cli-XXXXXX";
        ASSERT_NE(::mkdtemp(m_folder.data()), nullptr);
        log = write("server.log", kLog);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    std::string write(const std::string& name, std::string_view bytes) {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return m_folder + "/" + name; }
    [[nodiscard]] static std::string contentOf(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(fs::directory_iterator(m_folder), fs::directory_iterator());
    }

    std::string log;

private:
    std::string m_folder;
};

TEST_F(Cli, EveryReportIsThatOfTheLibraryByteForByte) {
    const auto analysis = test::analyseFile(log);
    for (const Report& report : reports()) {
        const CliResult result = runCli({std::string(report.subject), log, "--format", std::string(report.format)});
        EXPECT_EQ(result.status, 0) << report.subject << " " << report.format;
        EXPECT_EQ(result.output, test::reportText(report.subject, report.format, *analysis));
        EXPECT_THAT(result.errors, IsEmpty());
    }
}

TEST_F(Cli, SummaryAsJsonHasAShortForm) {
    const CliResult result = runCli({"summary", log, "--json"});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(nlohmann::json::parse(result.output)["schema"], "alloclens.summary/1");
}

TEST_F(Cli, HistoryTakesAddressesInBothForms) {
    const CliResult decimal = runCli({"history", log, "--device", "4", "--address", "695055872"});
    const CliResult hexadecimal = runCli({"history", log, "--device", "4", "--address", "0x296db600"});
    EXPECT_EQ(decimal.status, 0);
    EXPECT_EQ(decimal.output, hexadecimal.output);
    EXPECT_THAT(decimal.output, HasSubstr("lifecycle AFU"));
    const CliResult json = runCli({"history", log, "--device", "4", "--address", "695055872", "--format", "json"});
    EXPECT_EQ(nlohmann::json::parse(json.output)["lifecycle"], "AFU");
}

TEST_F(Cli, HistoryOfAnAddressThatIsNotThereIsAWrongCommandLine) {
    const CliResult result = runCli({"history", log, "--device", "5", "--address", "695055872"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.errors, HasSubstr("has no event of 695055872 on device 5"));
    EXPECT_EQ(runCli({"history", log, "--device", "4", "--address", "0xzz"}).status, 2);
    EXPECT_EQ(runCli({"history", log, "--device", "4"}).status, 2);
    EXPECT_EQ(runCli({"history", log, "--device", "4", "--address", "695055872", "--format", "csv"}).status, 2);
}

TEST_F(Cli, FormatsListsWhatCanBeRead) {
    const CliResult result = runCli({"formats"});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, StartsWith("server-log"));
}

TEST_F(Cli, HelpAndVersionGoToStandardOutput) {
    for (const std::string word : {"--help", "--version"}) {
        const CliResult result = runCli({word});
        EXPECT_EQ(result.status, 0);
        EXPECT_THAT(result.output, HasSubstr("alloclens-cli"));
        EXPECT_THAT(result.errors, IsEmpty());
    }
    EXPECT_THAT(runCli({"findings", "--help"}).output, HasSubstr("--fail-on"));
}

TEST_F(Cli, HelpOfACommandShowsItsOwnExamplesAndArguments) {
    for (const std::string command : {"summary", "findings", "events", "addresses", "history", "mesh", "guards",
                                      "ledger", "compare", "convert", "record", "formats"}) {
        const std::string help = runCli({command, "--help"}).output;
        const std::size_t examples = help.find("Example");
        ASSERT_NE(examples, std::string::npos) << command;
        EXPECT_THAT(help.substr(examples), HasSubstr("  alloclens-cli " + command)) << command;
        EXPECT_THAT(help, Not(HasSubstr("Exit status"))) << command << " shows the examples of the whole program";
    }
    EXPECT_THAT(runCli({"compare", "--help"}).output, AllOf(HasSubstr("BEFORE"), HasSubstr("AFTER")));
}

TEST_F(Cli, AWrongCommandLineExitsWithTwoAndSaysWhy) {
    const std::vector<std::vector<std::string>> wrong = {
        {},
        {"nonsense"},
        {"findings"},
        {"findings", log, "--nonsense"},
        {"findings", log, "--format", "xml"},
        {"findings", log, "--filter", "kind:doublefree"},
        {"findings", log, "--fail-on", "doublefree"},
        {"findings", log, "--limit", "many"},
        {"compare", log, log, log},
        {"addresses", log, "--sort", "nonsense"},
        {"summary", log, "--input-format", "nonsense"},
        {"summary", log, "--filter", "device:4"},
    };
    for (const auto& arguments : wrong) {
        const CliResult result = runCli(arguments);
        EXPECT_EQ(result.status, 2) << ::testing::PrintToString(arguments);
        EXPECT_THAT(result.output, IsEmpty());
        EXPECT_THAT(result.errors, Not(IsEmpty()));
    }
}

TEST_F(Cli, AFilterIsJudgedBeforeAFileIsRead) {
    const CliResult result = runCli({"findings", path("missing"), "--filter", "kind:doublefree"});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.errors, HasSubstr("double-free"));
}

TEST_F(Cli, SeveralFilesAreReadAsOneLog) {
    const std::string first = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n"
                              "✗ [PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)\n";
    const std::string second = "⚠ [PID 1] Deallocation for unknown buffer 16 on device 0 (allocated before tracking "
                               "started)\n";
    const std::string older = write("a.log.1", first);
    const std::string newer = write("a.log", second);
    const CliResult json = runCli({"findings", older, newer, "--format", "json"});
    EXPECT_EQ(json.status, 0) << json.errors;
    EXPECT_THAT(json.output, HasSubstr("double-free"));
    EXPECT_THAT(json.output, HasSubstr(R"("firstLine":3,"lines":1})"));
    EXPECT_THAT(runCli({"findings", older, newer}).output, HasSubstr(newer + ":1"));
    EXPECT_THAT(runCli({"findings", older, newer, "--format", "sarif"}).output,
                HasSubstr("{\"artifactLocation\":{\"uri\":\"" + newer + "\"},\"region\":{\"startLine\":1}}"));
    EXPECT_THAT(runCli({"summary", older, newer}).output, HasSubstr(newer + ": lines 3 to 3"));
    const CliResult ordered = runCli({"findings", newer, older, "--order"});
    EXPECT_THAT(ordered.errors, HasSubstr("Read in this order"));
    EXPECT_THAT(ordered.output, HasSubstr("double-free"));
    EXPECT_THAT(runCli({"history", older, newer, "--device", "0", "--address", "16"}).output, HasSubstr(newer + ":1"));
    EXPECT_EQ(runCli({"convert", older, newer, path("both.alens")}).status, 0);
    EXPECT_THAT(runCli({"findings", path("both.alens")}).output, HasSubstr("double-free"));
    EXPECT_EQ(runCli({"compare", older, newer}).status, 0);
    EXPECT_EQ(runCli({"compare", older, newer, older}).status, 2);
    EXPECT_EQ(runCli({"convert", older}).status, 2);
    EXPECT_EQ(runCli({"convert", older, newer, older, "--force"}).status, 2) << "it would replace what it reads";
}

TEST_F(Cli, AnUnreadableInputExitsWithThreeAndSaysWhy) {
    const std::vector<std::pair<std::string, std::string>> unreadable = {
        {path("missing"), "does not exist"},
        {path(""), "is a directory"},
        {write("empty", ""), "is empty"},
        {write("text", "a letter\nto nobody\n"), "has no lines of an allocation server"},
        {write("binary", "\x7f?" + std::string(100, '\2')), "To force one, use --input-format NAME."},
        {write("broken.gz", "\x1f\x8b\x08 nonsense"), "nothing can be read"},
    };
    for (const auto& [file, words] : unreadable) {
        const CliResult result = runCli({"findings", file});
        EXPECT_EQ(result.status, 3) << file;
        EXPECT_THAT(result.output, IsEmpty());
        EXPECT_THAT(result.errors, StartsWith("alloclens-cli: " + file));
        EXPECT_THAT(result.errors, HasSubstr(words));
    }
}

TEST_F(Cli, WhereNoThreadCanBeStartedItSaysSo) {
    CliOptions options;
    options.isWithoutThreads = true;
    rlimit limit{};
    if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_max != RLIM_INFINITY)
        GTEST_SKIP() << "the size of stacks has a limit";
    if (runCli({"--version"}, options).status != 0) GTEST_SKIP() << "it does not even start, as with a sanitizer";
    options.input = kLog;
    for (const std::string& file : {log, std::string("-")}) {
        const CliResult result = runCli({"summary", file}, options);
        EXPECT_EQ(result.status, 3) << file;
        EXPECT_THAT(result.errors, HasSubstr(file == "-" ? "standard input: " : log + ": "));
        EXPECT_THAT(result.errors, HasSubstr("allows no more threads"));
    }
}

TEST_F(Cli, MoreThreadsThanThereCanBeReadAllTheSame) {
    const CliResult result = runCli({"summary", log, "--threads", "4000000000"});
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_EQ(result.output, runCli({"summary", log}).output);
}

TEST_F(Cli, FailOnExitsWithOneWhereThereAreFindingsOfThatKind) {
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "double-free"}).status, 1);
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "unknown-free,leak"}).status, 1);
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "unknown-free", "--fail-on", "leak"}).status, 1);
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "unknown-free,swept-leak"}).status, 0);
    EXPECT_EQ(runCli({"findings", log}).status, 0);
}

TEST_F(Cli, FailOnLooksAtWhatTheFilterLetsThroughAndNotAtTheLimit) {
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "double-free", "--filter", "device:0"}).status, 0);
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "double-free", "--filter", "device:4"}).status, 1);
    EXPECT_EQ(runCli({"findings", log, "--fail-on", "leak", "--limit", "1", "--format", "json"}).status, 1);
}

TEST_F(Cli, FailOnALeakPassesOverWhatIsOpenWhereALogMerelyStops) {
    const std::string cut = write("cut.log", kLog.substr(0, kLog.find("🛑")));
    EXPECT_EQ(runCli({"findings", cut, "--fail-on", "leak"}).status, 0);
    EXPECT_EQ(runCli({"findings", cut, "--fail-on", "open-at-end"}).status, 1);
    EXPECT_THAT(runCli({"findings", cut, "--filter", "kind:open-at-end"}).output, HasSubstr("open-at-end  device 0"));
}

TEST_F(Cli, FailOnExitsWithFourWhereTooMuchIsLostToSayThatNothingIsThere) {
    const std::string torn = write("torn.log", std::string(kLog) + "[PID 1] Freed buf\n");
    const CliResult none = runCli({"findings", torn, "--fail-on", "unknown-free"});
    EXPECT_EQ(none.status, 4);
    EXPECT_THAT(none.errors,
                HasSubstr("Too much of the log is lost or wrong: 1 place cannot be read. It has 4 events."));
    EXPECT_THAT(none.errors, HasSubstr("begins at line 6"));
    EXPECT_THAT(none.output, HasSubstr("Too much of the log is lost"));
    EXPECT_EQ(runCli({"findings", torn, "--fail-on", "double-free"}).status, 1) << "what is found is there";
    EXPECT_EQ(runCli({"findings", torn}).status, 0);
    const std::string nothing = write("nothing.log", "🚀 Allocation Server started\n[PID 1] Freed buf\n");
    EXPECT_EQ(runCli({"findings", nothing, "--fail-on", "double-free"}).status, 4);
}

TEST_F(Cli, FailOnStatesOfTwoRunsNeedsBothOfThem) {
    const std::string torn = write("torn.log", std::string(kLog) + "[PID 1] Freed buf\n");
    EXPECT_EQ(runCli({"compare", log, log, "--fail-on", "new"}).status, 0);
    EXPECT_EQ(runCli({"compare", log, torn, "--fail-on", "new"}).status, 4);
    EXPECT_EQ(runCli({"compare", log, torn}).status, 0);
    const std::string cut = write("cut.log", kLog.substr(0, kLog.find("🛑")));
    EXPECT_EQ(runCli({"compare", log, cut, "--fail-on", "new,fixed"}).status, 0) << "the leak is open there";
}

TEST_F(Cli, FailOnStillWritesTheReport) {
    const CliResult result = runCli(
        {"findings", log, "--fail-on", "leak", "--output", path("out.json"), "--format", "json"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(nlohmann::json::parse(contentOf(path("out.json")))["findings"].size(), 2U);
}

TEST_F(Cli, FailOnLooksAtNewsOnly) {
    ASSERT_EQ(runCli({"findings", log, "--format", "json", "--output", path("known.json")}).status, 0);
    const CliResult known = runCli(
        {"findings", log, "--baseline", path("known.json"), "--fail-on", "double-free,leak"});
    EXPECT_EQ(known.status, 0) << known.output;
    EXPECT_THAT(known.output, HasSubstr("0 findings, the baseline knows 2"));
    const std::string gone = write("gone.txt", "leak:0:0x10:g1\n");
    EXPECT_THAT(runCli({"findings", log, "--baseline", gone}).output, HasSubstr("1 finding of the baseline is gone"));
    const std::string empty = write("empty.txt", "# nothing is accepted yet\n");
    EXPECT_EQ(runCli({"findings", log, "--baseline", empty, "--fail-on", "double-free"}).status, 1);
}

TEST_F(Cli, SuppressionsThatHideNothingAreToldBesideTheResult) {
    const auto suppress = [this](std::string_view signature, std::string_view day) {
        return write("quiet.json", R"({ "schema": "alloclens.suppressions/1", "suppressions": [ { "signature": ")"
                                       + std::string(signature) + R"(", "reason": "known", "expires": ")"
                                       + std::string(day) + "\" } ] }");
    };
    const CliResult all = runCli({"findings", log, "--suppressions", suppress("*", "9999-12-31"), "--fail-on", "leak"});
    EXPECT_EQ(all.status, 0);
    EXPECT_THAT(all.errors, IsEmpty());
    const CliResult expired = runCli(
        {"findings", log, "--suppressions", suppress("*", "2020-01-01"), "--fail-on", "leak"});
    EXPECT_EQ(expired.status, 1);
    EXPECT_THAT(expired.errors, HasSubstr("expired on 2020-01-01 and hides nothing"));
    const CliResult unused = runCli({"findings", log, "--suppressions", suppress("no such*", "9999-12-31")});
    EXPECT_THAT(unused.errors, HasSubstr("matches nothing in this log"));
}

TEST_F(Cli, WhatIsKnownIsReadBeforeTheLog) {
    const CliResult missing = runCli({"findings", path("no.log"), "--baseline", path("no.json")});
    EXPECT_EQ(missing.status, 3);
    EXPECT_THAT(missing.errors, HasSubstr("no.json: cannot be opened"));
    const CliResult wrong = runCli({"findings", log, "--baseline", write("wrong.txt", "what?\n")});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.errors, HasSubstr("wrong.txt: line 1"));
    const CliResult folder = runCli({"findings", log, "--suppressions", "/"});
    EXPECT_EQ(folder.status, 3);
}

TEST_F(Cli, ReadsStandardInput) {
    CliOptions options;
    options.input = std::string(kLog);
    const CliResult result = runCli({"summary", "-", "--json"}, options);
    EXPECT_EQ(result.status, 0) << result.errors;
    const auto json = nlohmann::json::parse(result.output);
    EXPECT_EQ(json["source"]["path"], "standard input");
    EXPECT_EQ(json["events"]["total"], 4);
}

TEST_F(Cli, ReadsALargePipe) {
    CliOptions options;
    options.input = generator::generate({.events = 60'000}).log;
    const CliResult result = runCli({"summary", "-", "--json"}, options);
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_EQ(nlohmann::json::parse(result.output)["source"]["bytes"], options.input.size());
}

TEST_F(Cli, ReadsACompressedPipe) {
    gzFile file = ::gzopen(path("server.log.gz").c_str(), "wb");
    ::gzwrite(file, kLog.data(), static_cast<unsigned>(kLog.size()));
    ::gzclose(file);
    CliOptions options;
    options.input = contentOf(path("server.log.gz"));
    EXPECT_EQ(runCli({"findings", "-", "--format", "csv"}, options).output,
              runCli({"findings", log, "--format", "csv"}).output);
}

TEST_F(Cli, AnEmptyStandardInputExitsWithThree) {
    const CliResult result = runCli({"summary", "-"});
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.errors, HasSubstr("standard input: is empty"));
}

TEST_F(Cli, ALogWithoutEventsIsDoneAndNoted) {
    const CliResult result = runCli({"findings", write("banner", "🚀 Allocation Server started\n")});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.output, "No findings.\n");
    EXPECT_THAT(result.errors, HasSubstr("has no allocation or free"));
}

TEST_F(Cli, ADamagedLogIsReadAndDone) {
    const CliResult result = runCli({"summary", write("torn", std::string(kLog) + "[PID 1] Freed buf"), "--json"});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(nlohmann::json::parse(result.output)["diagnostics"]["unfinished-line"], 1);
}

TEST_F(Cli, EveryNumberOfThreadsGivesTheSame) {
    const std::string file = write("big.log", generator::generate({.events = 80'000}).log);
    const CliResult one = runCli({"findings", file, "--threads", "1", "--format", "csv"});
    EXPECT_EQ(one.status, 0);
    EXPECT_TRUE(runCli({"findings", file, "--threads", "7", "--format", "csv"}).output == one.output);
}

TEST_F(Cli, WritesItsOutputWholeAndLeavesNothingElse) {
    const CliResult result = runCli({"events", log, "--format", "csv", "--output", path("out.csv")});
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, IsEmpty());
    EXPECT_EQ(contentOf(path("out.csv")), runCli({"events", log, "--format", "csv"}).output);
    EXPECT_EQ(files(), 2);
}

TEST_F(Cli, AnUnwritableOutputExitsWithThreeAndLeavesNothing) {
    for (const std::string& target : {path("missing/out.csv"), path(""), std::string("/proc/out.csv")}) {
        const CliResult result = runCli({"events", log, "--format", "csv", "--output", target});
        EXPECT_EQ(result.status, 3) << target;
        EXPECT_THAT(result.errors, HasSubstr("cannot be written"));
    }
    EXPECT_EQ(files(), 1);
}

TEST_F(Cli, AFullDiskExitsWithThreeAndKeepsTheOldFile) {
    const std::string big = write("big.log", generator::generate({.events = 20'000}).log);
    write("out.csv", "old");
    CliOptions options;
    options.fileSizeLimit = 64 * 1024;
    const CliResult result = runCli({"events", big, "--format", "csv", "--output", path("out.csv")}, options);
    EXPECT_EQ(result.status, 3);
    EXPECT_THAT(result.errors, HasSubstr("File too large"));
    EXPECT_EQ(contentOf(path("out.csv")), "old");
    EXPECT_EQ(files(), 3);
}

TEST_F(Cli, AFullStandardOutputExitsWithThree) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    CliOptions options;
    options.outputPath = "/dev/full";
    for (const std::string command : {"summary", "findings", "events", "addresses"}) {
        const CliResult result = runCli({command, log}, options);
        EXPECT_EQ(result.status, 3) << command;
        EXPECT_THAT(result.errors, HasSubstr("standard output: cannot be written to: No space left on device"));
    }
    EXPECT_EQ(runCli({"formats"}, options).status, 3);
}

TEST_F(Cli, AClosedStandardOutputExitsWithThreeAndHarmsNoFile) {
    CliOptions options;
    options.isOutputClosed = true;
    const CliResult result = runCli({"events", log}, options);
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(contentOf(log), kLog);
}

TEST_F(Cli, HasColoursOnATerminalOnly) {
    CliOptions terminal;
    terminal.isOutputTerminal = true;
    terminal.environment = {"TERM=xterm-256color", "NO_COLOR"};
    EXPECT_THAT(runCli({"findings", log}, terminal).output, HasSubstr("\x1b["));
    EXPECT_THAT(runCli({"findings", log}).output, Not(HasSubstr("\x1b[")));
}

TEST_F(Cli, HasNoColoursWhereTheyAreNotWanted) {
    CliOptions terminal;
    terminal.isOutputTerminal = true;
    for (const std::vector<std::string>& environment :
         {std::vector<std::string>{"TERM=xterm", "NO_COLOR=1"}, {"TERM=dumb", "NO_COLOR"}, {"TERM", "NO_COLOR"}}) {
        terminal.environment = environment;
        const CliResult result = runCli({"findings", log}, terminal);
        EXPECT_EQ(result.status, 0);
        EXPECT_THAT(result.output, Not(HasSubstr("\x1b"))) << ::testing::PrintToString(environment);
    }
    terminal.environment = {"TERM=xterm", "NO_COLOR="};
    EXPECT_THAT(runCli({"findings", log}, terminal).output, HasSubstr("\x1b[")) << "an empty NO_COLOR forbids nothing";
}

TEST_F(Cli, HasNoColoursInAFileAlthoughItsOutputIsATerminal) {
    CliOptions terminal;
    terminal.isOutputTerminal = true;
    terminal.environment = {"TERM=xterm", "NO_COLOR"};
    EXPECT_EQ(runCli({"findings", log, "--output", path("out.txt")}, terminal).status, 0);
    EXPECT_THAT(contentOf(path("out.txt")), Not(HasSubstr("\x1b")));
}

TEST_F(Cli, AFilterHidesRowsAndSortsAndLimitsWork) {
    const CliResult events = runCli({"events", log, "--filter", "device:4 -kind:refused-free", "--format", "csv"});
    EXPECT_EQ(std::count(events.output.begin(), events.output.end(), '\n'), 3);
    const CliResult addresses = runCli(
        {"addresses", log, "--sort", "unknownFrees", "--limit", "1", "--format", "json"});
    EXPECT_EQ(nlohmann::json::parse(addresses.output)["addresses"][0]["address"], 695055872);
}

}  // namespace
}  // namespace alloclens
