// SPDX-License-Identifier: GPL-3.0-or-later
//
// The contract of `alloclens-cli convert`: what it writes, where it writes it, and what it refuses to write over.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/stat.h>

#include "tests/generator/generator.h"
#include "tests/unit/app/cli/run_cli.h"
#include "tests/unit/support/message_stream.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using test::CliOptions;
using test::CliResult;
using test::runCli;

constexpr std::string_view kLog = "[PID 1] Allocated 8192 bytes of DRAM on device 4 (buffer_id=695055872)\n"
                                  "a line of another program\n"
                                  "[PID 1] Freed buffer 695055872 on device 4 (8192 bytes, FINAL)\n"
                                  "[PID 1] Deallocation for unknown buffer 695055872 on device 4\n";

/// A log in a folder of its own, in which nothing else may be left behind.
class Convert : public ::testing::Test {
protected:
    void SetUp() override {
        m_folder = ::testing::TempDir() + "alloclens-convert-XXXXXX";
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
    [[nodiscard]] static std::string findingsOf(const std::string& path) {
        return runCli({"findings", path, "--format", "csv"}).output;
    }

    std::string log;

private:
    std::string m_folder;
};

TEST_F(Convert, MakesATraceWithTheFindingsAndLinesOfItsSource) {
    const CliResult result = runCli({"convert", log, path("server.alens")});
    EXPECT_EQ(result.status, 0) << result.errors;
    EXPECT_THAT(result.output, IsEmpty());
    EXPECT_THAT(result.errors, IsEmpty());
    EXPECT_EQ(files(), 2);
    EXPECT_THAT(findingsOf(path("server.alens")), StartsWith("id,"));
    EXPECT_EQ(findingsOf(path("server.alens")), findingsOf(log));
    const auto analysis = test::analyseFile(path("server.alens"), "alens");
    EXPECT_EQ(*analysis->trace->source->lineText(2), "a line of another program");
    EXPECT_EQ(analysis->trace->origin.path, log);
}

TEST_F(Convert, IsTheSameWhateverItsSourceIsPackedIn) {
    ASSERT_EQ(runCli({"convert", log, path("a.alens")}).status, 0);
    ASSERT_EQ(runCli({"convert", path("a.alens"), path("b.alens")}).status, 0);
    EXPECT_EQ(contentOf(path("b.alens")), contentOf(path("a.alens")));
    ASSERT_EQ(runCli({"convert", log, path("c.alens"), "--threads", "1"}).status, 0);
    EXPECT_EQ(contentOf(path("c.alens")), contentOf(path("a.alens")));
}

TEST_F(Convert, EveryLevelGivesTheSameTrace) {
    generator::Recipe recipe;
    recipe.events = 2000;
    const std::string large = write("large.log", generator::generate(recipe).log);
    for (const char* level : {"1", "3", "19"}) {
        const std::string to = path(std::string("level") + level + ".alens");
        ASSERT_EQ(runCli({"convert", large, to, "--level", level}).status, 0);
        EXPECT_EQ(findingsOf(to), findingsOf(large));
    }
    EXPECT_LT(fs::file_size(path("level19.alens")), fs::file_size(path("level1.alens")));
    EXPECT_EQ(runCli({"convert", large, path("x.alens"), "--level", "0"}).status, 2);
    EXPECT_EQ(runCli({"convert", large, path("x.alens"), "--level", "20"}).status, 2);
    EXPECT_FALSE(fs::exists(path("x.alens")));
}

TEST_F(Convert, MakesRowsAsCsv) {
    EXPECT_EQ(runCli({"convert", log, path("events.csv")}).status, 0);
    EXPECT_EQ(contentOf(path("events.csv")),
              "ordinal,line,kind,device,address,addressHex,memory,size,refCount,pid,sender,time\r\n"
              "1,1,allocation,4,695055872,0x296db600,DRAM,8192,,1,,\r\n"
              "2,3,final-free,4,695055872,0x296db600,,8192,,1,,\r\n"
              "3,4,refused-free,4,695055872,0x296db600,,,,1,,\r\n");
}

TEST_F(Convert, MakesRowsAsJsonLines) {
    EXPECT_EQ(runCli({"convert", log, path("events.jsonl")}).status, 0);
    std::istringstream lines(contentOf(path("events.jsonl")));
    std::vector<nlohmann::json> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0]["address"], 695055872);
    EXPECT_EQ(rows[0]["memory"], "DRAM");
    EXPECT_EQ(rows[2]["kind"], "refused-free");
    EXPECT_TRUE(rows[2]["size"].is_null());
    EXPECT_TRUE(rows[2]["time"].is_null());
}

TEST_F(Convert, RowsOfATraceAreThoseOfItsSource) {
    using test::allocation;
    using test::release;
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
        bytes += test::packed(allocation(1, 4096 + static_cast<std::uint64_t>(i), 512, 77), 112);
        bytes += test::packed(release(1, 4096 + static_cast<std::uint64_t>(i), 78), 112);
    }
    const std::string capture = write("messages.bin", bytes);
    ASSERT_EQ(runCli({"convert", capture, path("m.alens")}).status, 0);
    for (const char* format : {"csv", "jsonl"}) {
        const CliResult rows = runCli({"convert", path("m.alens"), "-", "--output-format", format});
        EXPECT_EQ(rows.status, 0);
        EXPECT_EQ(rows.output, runCli({"convert", capture, "-", "--output-format", format}).output);
        EXPECT_THAT(rows.output, HasSubstr(std::to_string(test::kSomeTime)));
    }
}

TEST_F(Convert, WritesToStandardOutputInEveryFormat) {
    for (const char* format : {"alens", "csv", "jsonl"}) {
        const std::string to = path(std::string("file.") + format);
        ASSERT_EQ(runCli({"convert", log, to}).status, 0);
        const CliResult piped = runCli({"convert", log, "-", "--output-format", format});
        EXPECT_EQ(piped.status, 0) << piped.errors;
        EXPECT_EQ(piped.output, contentOf(to)) << format;
        EXPECT_THAT(piped.errors, IsEmpty());
    }
    EXPECT_EQ(files(), 4);
}

TEST_F(Convert, StandardOutputMayBeAFile) {
    ASSERT_EQ(runCli({"convert", log, path("a.alens")}).status, 0);
    CliOptions options;
    options.outputPath = path("redirected");
    EXPECT_EQ(runCli({"convert", log, "-", "--output-format", "alens"}, options).status, 0);
    EXPECT_EQ(contentOf(path("redirected")), contentOf(path("a.alens")));
    EXPECT_EQ(runCli({"convert", log, "/dev/stdout", "--output-format", "alens", "--force"}, options).status, 0);
    EXPECT_EQ(contentOf(path("redirected")), contentOf(path("a.alens")));
    EXPECT_EQ(runCli({"findings", log, "--output", "/dev/stdout"}, options).status, 0);
    EXPECT_THAT(contentOf(path("redirected")), HasSubstr("double-free"));
    EXPECT_TRUE(fs::is_symlink("/dev/stdout"));
    EXPECT_EQ(files(), 3);
}

TEST_F(Convert, ReadsStandardInput) {
    CliOptions options;
    options.input = kLog;
    EXPECT_EQ(runCli({"convert", "-", path("piped.alens")}, options).status, 0);
    EXPECT_EQ(findingsOf(path("piped.alens")), findingsOf(log));
    const CliResult both = runCli({"convert", "-", "-", "--output-format", "alens"}, options);
    EXPECT_EQ(both.status, 0) << both.errors;
    options.input = both.output;
    EXPECT_EQ(runCli({"findings", "-", "--format", "csv"}, options).output, findingsOf(log));
}

TEST_F(Convert, TheNameDoesNotDecideWhereTheFormatIsGiven) {
    EXPECT_EQ(runCli({"convert", log, path("rows.alens"), "--output-format", "csv"}).status, 0);
    EXPECT_THAT(contentOf(path("rows.alens")), StartsWith("ordinal,"));
}

TEST_F(Convert, AnUnknownEndingOrFormatIsAWrongCommandLine) {
    for (const std::string name : {"events.txt", "events", ".alens/events", "events.ALENS.gz", "events."}) {
        const CliResult result = runCli({"convert", log, path(name)});
        EXPECT_EQ(result.status, 2) << name;
        EXPECT_THAT(result.errors, HasSubstr("Output formats: alens, csv, jsonl.")) << name;
    }
    const CliResult toPipe = runCli({"convert", log, "-"});
    EXPECT_EQ(toPipe.status, 2);
    EXPECT_THAT(toPipe.errors, HasSubstr("Output formats: alens, csv, jsonl."));
    const CliResult named = runCli({"convert", log, path("e.csv"), "--output-format", "xml"});
    EXPECT_EQ(named.status, 2);
    EXPECT_THAT(named.errors, HasSubstr("'xml' is not an output format"));
    EXPECT_EQ(runCli({"convert", log}).status, 2);
    EXPECT_EQ(files(), 1);
}

TEST_F(Convert, AnExistingFileIsReplacedWithForceOnly) {
    for (const char* name : {"old.alens", "old.csv", "old.jsonl"}) {
        const std::string old = write(name, "mine");
        const CliResult result = runCli({"convert", log, old});
        EXPECT_EQ(result.status, 3) << name;
        EXPECT_THAT(result.errors, HasSubstr("exists"));
        EXPECT_THAT(result.errors, HasSubstr("--force"));
        EXPECT_EQ(contentOf(old), "mine");
        EXPECT_EQ(runCli({"convert", log, old, "--force"}).status, 0);
        EXPECT_NE(contentOf(old), "mine");
    }
    EXPECT_EQ(files(), 4);
}

TEST_F(Convert, AFileIsNeverConvertedOntoItself) {
    ASSERT_EQ(runCli({"convert", log, path("a.alens")}).status, 0);
    const std::string before = contentOf(path("a.alens"));
    fs::create_symlink(path("a.alens"), path("link.alens"));
    fs::create_hard_link(path("a.alens"), path("hard.alens"));
    for (const char* name : {"a.alens", "link.alens", "hard.alens"}) {
        const CliResult result = runCli({"convert", path("a.alens"), path(name), "--force"});
        EXPECT_EQ(result.status, 2) << name;
        EXPECT_THAT(result.errors, HasSubstr("would replace the file to be converted"));
    }
    EXPECT_EQ(contentOf(path("a.alens")), before);
    EXPECT_EQ(files(), 4);
}

TEST_F(Convert, AnUnwritableOutputExitsWithThreeAndLeavesNothing) {
    const CliResult nowhere = runCli({"convert", log, path("missing/server.alens")});
    EXPECT_EQ(nowhere.status, 3);
    EXPECT_THAT(nowhere.errors, HasSubstr("missing/server.alens"));
    EXPECT_THAT(nowhere.errors, HasSubstr("No such file or directory"));
    fs::create_directory(path("folder.alens"));
    const CliResult folder = runCli({"convert", log, path("folder.alens"), "--force"});
    EXPECT_EQ(folder.status, 3);
    EXPECT_THAT(folder.errors, HasSubstr("folder.alens"));
    EXPECT_EQ(files(), 2);
}

TEST_F(Convert, AFullDiskExitsWithThreeAndKeepsTheOldFile) {
    generator::Recipe recipe;
    recipe.events = 5000;
    const std::string large = write("large.log", generator::generate(recipe).log);
    CliOptions options;
    options.fileSizeLimit = 4096;
    for (const char* name : {"old.alens", "old.csv", "old.jsonl"}) {
        const std::string old = write(name, "mine");
        const CliResult result = runCli({"convert", large, old, "--force"}, options);
        EXPECT_EQ(result.status, 3) << name << ": " << result.errors;
        EXPECT_THAT(result.errors, HasSubstr(name));
        EXPECT_EQ(contentOf(old), "mine");
    }
    EXPECT_EQ(files(), 5);
}

TEST_F(Convert, AFullOrClosedStandardOutputExitsWithThree) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    for (const char* format : {"alens", "csv", "jsonl"}) {
        CliOptions full;
        full.outputPath = "/dev/full";
        const CliResult result = runCli({"convert", log, "-", "--output-format", format}, full);
        EXPECT_EQ(result.status, 3) << format << ": " << result.errors;
        CliOptions closed;
        closed.isOutputClosed = true;
        EXPECT_EQ(runCli({"convert", log, "-", "--output-format", format}, closed).status, 3) << format;
    }
    EXPECT_EQ(contentOf(log), kLog);
}

TEST_F(Convert, AnInputThatCannotBeReadExitsWithThreeAndLeavesNothing) {
    EXPECT_EQ(runCli({"convert", path("missing.log"), path("a.alens")}).status, 3);
    EXPECT_EQ(runCli({"convert", write("other.txt", "no log at all\n"), path("a.alens")}).status, 3);
    EXPECT_FALSE(fs::exists(path("a.alens")));
}

TEST_F(Convert, ADamagedTraceIsReadAndItsDamageIsCounted) {
    ASSERT_EQ(runCli({"convert", log, path("a.alens")}).status, 0);
    const std::string bytes = contentOf(path("a.alens"));
    const std::string cut = write("cut.alens", bytes.substr(0, bytes.size() - 10));
    const CliResult summary = runCli({"summary", cut, "--json"});
    EXPECT_EQ(summary.status, 0);
    EXPECT_THAT(summary.output, HasSubstr("\"unfinished-trace\": 1"));
    const CliResult newer = runCli({"summary", cut, "--input-format", "alens"});
    EXPECT_EQ(newer.status, 0);
    EXPECT_EQ(runCli({"summary", log, "--input-format", "alens"}).status, 3);
}

}  // namespace
}  // namespace alloclens
