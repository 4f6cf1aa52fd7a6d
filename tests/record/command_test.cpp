// SPDX-License-Identifier: GPL-3.0-or-later
//
// alloclens-cli record as a program: signals, exit statuses, a full disk, sudden death, a client in Python.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/record/part_file.h"
#include "importers/importer.h"
#include "tests/record/fixture.h"

namespace alloclens {
namespace {

using namespace test;
using ::testing::HasSubstr;

std::vector<std::string> recordCommand(const TemporaryFolder& folder, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {ALLOCLENS_CLI, "record", folder.path("run.alens"), "--socket",
                                        folder.path("socket")};
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

struct Ended {
    int status;
    std::string errors;
};

/// Runs a recording that ends by itself.
Ended runRecord(const TemporaryFolder& folder, const std::vector<std::string>& more) {
    Program program(recordCommand(folder, more), folder.path("output"), folder.path("errors"));
    const int status = program.wait();
    return {status, readFile(folder.path("errors"))};
}

TEST(RecordCommand, ASignalEndsItWithACompleteFileAndASummary) {
    for (const int number : {SIGTERM, SIGINT}) {
        const TemporaryFolder folder;
        Program program(recordCommand(folder), folder.path("output"), folder.path("errors"));
        ASSERT_TRUE(waitForSocket(folder.path("socket")));
        (void)runLoad({"--socket", folder.path("socket"), "--processes", "2", "--messages", "3000", "--ask"});
        program.signal(number);
        ASSERT_EQ(program.wait(), 0);
        EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("refused frees"));
        EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
        const auto analysis = analyseRecording(folder.path("run.alens"));
        EXPECT_GE(analysis->trace->events.count(), 6000U);
        EXPECT_EQ(analysis->trace->diagnostics.total(), 0U);
    }
}

TEST(RecordCommand, QuietSaysNothing) {
    const TemporaryFolder folder;
    Program program(recordCommand(folder, {"--quiet"}), folder.path("output"), folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    program.signal(SIGTERM);
    ASSERT_EQ(program.wait(), 0);
    EXPECT_EQ(readFile(folder.path("errors")), "");
    EXPECT_EQ(readFile(folder.path("output")), "");
}

TEST(RecordCommand, AWrongCommandLineIsStatus2) {
    const TemporaryFolder folder;
    for (const std::vector<std::string>& more : {std::vector<std::string>{"--rules", "other"},
                                                 {"--buffer-types", "rust"},
                                                 {"--rotate", "much"},
                                                 {"--rotate", "0"},
                                                 {"--arch", "pentium"},
                                                 {"--devices", "3"},
                                                 {"--arch", "blackhole", "--devices", "257"}}) {
        const Ended ended = runRecord(folder, more);
        EXPECT_EQ(ended.status, 2) << more[0] << ' ' << more[1];
        EXPECT_NE(ended.errors, "");
        EXPECT_FALSE(std::filesystem::exists(folder.path("run.alens")));
    }
}

TEST(RecordCommand, WhatCannotBeHadIsStatus3BeforeAnythingIsRecorded) {
    const TemporaryFolder folder;
    for (const auto& [more, words] :
         {std::pair{std::vector<std::string>{"--socket", folder.path(std::string(150, 'x'))}, "too long"},
          {{"--socket", folder.path("missing/socket")}, "does not exist"},
          {{"--group", "no-such-group-here"}, "the group does not exist"},
          {{"--devices", folder.path("missing.json")}, "missing.json"}}) {
        std::vector<std::string> command = {ALLOCLENS_CLI, "record", folder.path("run.alens")};
        if (more[0] != "--socket") command.insert(command.end(), {"--socket", folder.path("socket")});
        command.insert(command.end(), more.begin(), more.end());
        Program program(command, folder.path("output"), folder.path("errors"));
        EXPECT_EQ(program.wait(), 3) << words;
        EXPECT_THAT(readFile(folder.path("errors")), HasSubstr(words));
        EXPECT_FALSE(std::filesystem::exists(folder.path("run.alens")));
    }
}

void writeFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

/// Starts a recording and ends it once it listens.
int recordNothing(const TemporaryFolder& folder, const std::vector<std::string>& more) {
    Program program(recordCommand(folder, more), folder.path("output"), folder.path("errors"));
    EXPECT_TRUE(waitForSocket(folder.path("socket")));
    program.signal(SIGTERM);
    return program.wait();
}

TEST(RecordCommand, AFileThatIsThereIsKeptUnlessItIsForced) {
    const TemporaryFolder folder;
    const std::string path = folder.path("run.alens");
    writeFile(path, "mine");
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--replace"}}) {
        const Ended ended = runRecord(folder, more);
        EXPECT_EQ(ended.status, 3);
        EXPECT_THAT(ended.errors, HasSubstr("--force"));
        EXPECT_EQ(readFile(path), "mine");
    }
    EXPECT_EQ(recordNothing(folder, {"--force"}), 0);
    EXPECT_TRUE(readTrace(path, {}, {}, {}));
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path("")), {}), 3) << "trace and two outputs";
}

TEST(RecordCommand, ATraceThatWouldTakeTheSocketsNameIsRefused) {
    const TemporaryFolder folder;
    for (const std::string& name : {folder.path("socket"), folder.path("./socket")}) {
        Program program({ALLOCLENS_CLI, "record", name, "--socket", folder.path("socket"), "--force"},
                        folder.path("output"), folder.path("errors"));
        EXPECT_EQ(program.wait(), 2) << name;
        EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("is also the path of the socket"));
    }
    EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
}

TEST(RecordCommand, ForceDoesNotTakeTheServersPlaceNorReplaceTheFile) {
    const TemporaryFolder folder;
    Program first(recordCommand(folder), folder.path("first-output"), folder.path("first-errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    const std::string other = folder.path("other.alens");
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--force"}}) {
        std::vector<std::string> command = {ALLOCLENS_CLI, "record", other, "--socket", folder.path("socket")};
        command.insert(command.end(), more.begin(), more.end());
        Program second(command, folder.path("output"), folder.path("errors"));
        EXPECT_EQ(second.wait(), 3);
        EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("--replace"));
        EXPECT_FALSE(std::filesystem::exists(other));
    }
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 0);
}

TEST(RecordCommand, PartsOfAnotherRecordingAreKeptUnlessTheyAreForced) {
    const TemporaryFolder folder;
    for (const char* const name : {"run.alens.old", "run.2nd.alens", "run.alens.2", "run..alens"}) {
        writeFile(folder.path(name), "no part");
    }
    EXPECT_EQ(recordNothing(folder, {"--rotate", "1MB"}), 0);
    std::filesystem::remove(folder.path("run.alens"));
    writeFile(folder.path("run.17.alens"), "mine");
    EXPECT_EQ(runRecord(folder, {"--rotate", "1MB"}).status, 3);
    EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("run.17.alens"));
    EXPECT_FALSE(std::filesystem::exists(folder.path("run.alens")));
    EXPECT_EQ(recordNothing(folder, {}), 0) << "it has one part";
    EXPECT_EQ(recordNothing(folder, {"--rotate", "1MB", "--force"}), 0);
    EXPECT_EQ(readFile(folder.path("run.17.alens")), "mine") << "nothing was recorded that needs the name";
}

/// Allocations that are hard to compress, the same ones each time.
class Allocations {
public:
    Sent next() {
        const std::uint64_t address = m_random() >> 20U;
        const std::uint64_t size = 1 + m_random() % 100000;
        return allocationOf(address, ::getpid(), size, static_cast<std::int32_t>(m_random() % 8));
    }

private:
    std::mt19937_64 m_random{3};
};

/// Sends until the recorder is gone.
void sendUntilClosed(const std::string& socket) {
    Peer peer(socket);
    Allocations allocations;
    std::string many;
    do {
        many.clear();
        for (int i = 0; i < 1000; ++i) many += recordOf(allocations.next());
    } while (peer.send(many));
}

/// The number in front of these words, with its commas; 0 where they are missing.
std::uint64_t numberBefore(std::string_view words, const std::string& text) {
    const std::size_t end = text.find(words);
    if (end == std::string::npos) return 0;
    const std::size_t begin = text.find_last_not_of("0123456789,", end - 1) + 1;
    std::string digits = text.substr(begin, end - begin);
    digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
    return std::stoull(digits);
}

void expectAFullDiskEndsCleanly(const TemporaryFolder& folder, const std::string& path, std::uint64_t limit) {
    Program program({ALLOCLENS_CLI, "record", path, "--socket", folder.path("socket")}, folder.path("output"),
                    folder.path("errors"), limit);
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    sendUntilClosed(folder.path("socket"));
    EXPECT_EQ(program.wait(), 3);
    EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("cannot be written"));
    EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
    const auto analysis = analyseRecording(path);
    EXPECT_GT(analysis->trace->events.count(), 1000U);
    // The trace tells of the loss as the summary does.
    const Diagnostics& diagnostics = analysis->trace->diagnostics;
    EXPECT_EQ(diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
    std::uint64_t lost = 0;
    for (const Diagnostic& diagnostic : diagnostics.kept()) {
        if (diagnostic.code == DiagnosticCode::RecordingGap) lost += numberBefore(" messages lost", diagnostic.detail);
    }
    // The summary accounts for every message.
    const std::string summary = readFile(folder.path("errors"));
    EXPECT_EQ(numberBefore(" messages of", summary), analysis->trace->events.count()
                                                         + numberBefore(" messages missing at the end", summary)
                                                         + numberBefore(" messages missing in the trace", summary));
    EXPECT_EQ(lost, numberBefore(" messages missing at the end", summary)
                        + numberBefore(" messages missing in the trace", summary));
    EXPECT_GT(lost, 0U);
}

TEST(RecordCommand, AFileSizeLimitEndsItCleanly) {
    const TemporaryFolder folder;
    expectAFullDiskEndsCleanly(folder, folder.path("run.alens"), std::uint64_t{2} << 20);
}

TEST(RecordCommand, AFullDiskEndsItCleanly) {
    const TemporaryFolder folder;
    const std::string disk = folder.path("disk");
    ASSERT_EQ(::mkdir(disk.c_str(), 0700), 0);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0) GTEST_SKIP() << "a small disk needs root";
    expectAFullDiskEndsCleanly(folder, disk + "/run.alens", 0);
    EXPECT_EQ(::umount2(disk.c_str(), MNT_DETACH), 0);
}

/// Events in the blocks of a trace that are there to their last byte, by the description of the format alone.
std::uint64_t eventsInCompleteBlocks(const std::string& trace) {
    constexpr std::size_t kFileHeader = 24;
    constexpr std::size_t kBlockHeader = 48;
    constexpr char kEventsBlock = 3;
    const auto numberAt = [&trace](std::size_t at) {
        std::uint32_t value = 0;
        std::memcpy(&value, trace.data() + at, sizeof value);
        return value;
    };
    std::uint64_t events = 0;
    for (std::size_t at = kFileHeader; at + kBlockHeader <= trace.size();) {
        const std::size_t end = at + kBlockHeader + numberAt(at + 12);
        if (trace.compare(at, 4, "\xab\x41LB") != 0 || end > trace.size()) break;
        if (trace[at + 8] == kEventsBlock) events += numberAt(at + 20);
        at = end;
    }
    return events;
}

/// The parts of a recording hold what was sent from its first message on, all of it that reached the disk.
std::uint64_t expectWhatWasSent(const std::string& path) {
    std::uint64_t events = 0;
    for (unsigned part = 1;; ++part) {
        const std::string file = record::PartFile::pathOf(path, part);
        if (!std::filesystem::exists(file)) break;
        events += eventsInCompleteBlocks(readFile(file));
    }
    if (!std::filesystem::exists(path)) return 0;
    const auto read = readTrace(path, {}, {}, {});
    EXPECT_TRUE(read) << read.error().sentence();
    if (!read) return 0;
    const Trace& trace = **read;
    EXPECT_EQ(trace.events.count(), events);
    Allocations sent;
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        const Sent message = sent.next();
        const AddressKey key{message.device, message.address};
        if (trace.key(trace.events.address[i]) != key) {
            ADD_FAILURE() << "event " << i << " is not what was sent";
            break;
        }
    }
    return trace.events.count();
}

TEST(RecordCommand, KilledAtAnyMomentItLeavesAllCompleteBlocks) {
    const char* const wished = std::getenv("ALLOCLENS_KILLS");
    const int kills = wished != nullptr ? std::atoi(wished) : 10;
    std::mt19937 random(11);
    std::uint64_t events = 0;
    for (int i = 0; i < kills && !HasFailure(); ++i) {
        const TemporaryFolder folder;
        const bool rotates = i % 2 == 1;
        Program program(
            recordCommand(folder, rotates ? std::vector<std::string>{"--rotate", "200KB"} : std::vector<std::string>{}),
            folder.path("output"), folder.path("errors"));
        ASSERT_TRUE(waitForSocket(folder.path("socket")));
        std::thread sender([&] { sendUntilClosed(folder.path("socket")); });
        // The moment is random; nothing depends on how long it is.
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 400000));
        program.signal(SIGKILL);
        EXPECT_EQ(program.wait(), 128 + SIGKILL);
        sender.join();
        events += expectWhatWasSent(folder.path("run.alens"));
    }
    EXPECT_GT(events, 0U);
    if (wished != nullptr) fmt::print("{} kills, {} events read\n", kills, events);
}

TEST(RecordCommand, AClientInPythonIsServed) {
    const TemporaryFolder folder;
    Program program(
        recordCommand(folder, {"--arch", "blackhole", "--devices", "4", "--buffer-types", "python", "--echo"}),
        folder.path("output"), folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    Program client({ALLOCLENS_PYTHON, ALLOCLENS_PYTHON_CLIENT, folder.path("socket")}, folder.path("client"),
                   folder.path("client-errors"));
    EXPECT_EQ(client.wait(), 0) << readFile(folder.path("client-errors"));
    ASSERT_TRUE(waitFor([&] {
        const std::string text = readFile(folder.path("output"));
        const std::size_t first = text.find("DUMP_REMAINING complete.");
        return first != std::string::npos && text.find("DUMP_REMAINING complete.", first + 1) != std::string::npos;
    }));
    program.signal(SIGTERM);
    ASSERT_EQ(program.wait(), 0);
    const auto recorded = analyseRecording(folder.path("run.alens"));
    EXPECT_EQ(recorded->trace->events.count(), 402U);
    EXPECT_EQ(findingsOf(*recorded), (std::vector<std::string>{"double-free 0:1", "double-free 1:1"}));
    EXPECT_EQ(findingsOf(*recorded), findingsOf(*analyseRecording(folder.path("output"))));
}

TEST(RecordCommand, AnEchoThatNobodyReadsIsCountedAndTheTraceIsWhole) {
    const TemporaryFolder folder;
    const std::string pipe = folder.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    // Open at both ends, so that it neither blocks at opening nor is ever read.
    const int held = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_GE(held, 0);
    Program program(recordCommand(folder, {"--echo"}), pipe, folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    (void)runLoad({"--socket", folder.path("socket"), "--processes", "2", "--messages", "20000", "--ask"});
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
    ::close(held);
    EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("not printed"));
    EXPECT_GE(analyseRecording(folder.path("run.alens"))->trace->events.count(), 40000U);
}

}  // namespace
}  // namespace alloclens
