// SPDX-License-Identifier: GPL-3.0-or-later
//
// However a recording ends (signals, a terminal that closes, memory that runs out), its trace is whole or says what is
// missing, and no socket is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <pty.h>
#include <random>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "tests/record/fixture.h"

namespace alloclens {
namespace {

constexpr bool kIsSanitized = ALLOCLENS_IS_SANITIZED;  // a sanitizer takes all addresses there are

using namespace test;
using ::testing::HasSubstr;

std::vector<std::string> recordCommand(const TemporaryFolder& folder, const std::vector<std::string>& before = {}) {
    std::vector<std::string> command = before;
    command.insert(command.end(),
                   {ALLOCLENS_CLI, "record", folder.path("run.alens"), "--socket", folder.path("socket")});
    return command;
}

void sendSome(const TemporaryFolder& folder) {
    (void)runLoad({"--socket", folder.path("socket"), "--processes", "2", "--messages", "3000", "--ask"});
}

/// The trace has all that sendSome() sent, and its end.
void expectWholeTrace(const TemporaryFolder& folder) {
    EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
    const auto analysis = analyseRecording(folder.path("run.alens"));
    EXPECT_GE(analysis->trace->events.count(), 6000U);
    EXPECT_EQ(analysis->trace->diagnostics.total(), 0U);
}

std::string detailOf(const Trace& trace, DiagnosticCode code) {
    for (const Diagnostic& diagnostic : trace.diagnostics.kept()) {
        if (diagnostic.code == code) return diagnostic.detail;
    }
    return {};
}

TEST(EndOfRecording, AnySignalToEndItGivesAWholeTrace) {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        const TemporaryFolder folder;
        Program program(recordCommand(folder), folder.path("output"), folder.path("errors"));
        ASSERT_TRUE(waitForSocket(folder.path("socket")));
        sendSome(folder);
        program.signal(number);
        program.signal(SIGHUP);  // a terminal that closes may send it twice
        EXPECT_EQ(program.wait(), 0);
        expectWholeTrace(folder);
    }
}

TEST(EndOfRecording, UnderNohupItOutlivesItsTerminal) {
    const TemporaryFolder folder;
    Program program(recordCommand(folder, {"/bin/sh", "-c", "trap '' HUP; exec \"$0\" \"$@\""}), folder.path("output"),
                    folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    program.signal(SIGHUP);
    sendSome(folder);
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait(), 0);
    expectWholeTrace(folder);
}

TEST(EndOfRecording, ATerminalThatClosesGivesAWholeTrace) {
    const TemporaryFolder folder;
    const std::string path = folder.path("run.alens");
    const std::string socket = folder.path("socket");
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (pid == 0) {
        ::execl(ALLOCLENS_CLI, ALLOCLENS_CLI, "record", path.c_str(), "--socket", socket.c_str(), nullptr);
        ::_exit(127);
    }
    ASSERT_GT(pid, 0);
    ASSERT_TRUE(waitForSocket(socket));
    sendSome(folder);
    ::close(terminal);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    EXPECT_EQ(status, 0);
    expectWholeTrace(folder);
}

TEST(EndOfRecording, StandardErrorThatTakesNothingChangesNothing) {
    for (const bool isDisk : {true, false}) {
        const TemporaryFolder folder;
        const std::string pipe = folder.path("pipe");
        ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
        int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        Program program(recordCommand(folder), folder.path("output"), isDisk ? "/dev/full" : pipe);
        ASSERT_TRUE(waitForSocket(folder.path("socket")));
        ::close(reader);
        sendSome(folder);
        program.signal(SIGTERM);
        EXPECT_EQ(program.wait(), 0);
        expectWholeTrace(folder);
    }
}

/// Sends until as much is in the recorder's way that it takes no more.
void fill(const std::string& socket) {
    Peer peer(socket);
    ASSERT_TRUE(peer.isConnected());
    std::mt19937_64 random(5);  // hard to compress
    std::string many;
    for (int i = 0; i < 40000; ++i) many += recordOf(allocationOf(random() >> 20U, ::getpid(), 1 + random() % 100000));
    EXPECT_TRUE(peer.send(many));
    ASSERT_TRUE(peer.send(recordOf({3, 0, 0, 0, 0, 0})));
    EXPECT_EQ(peer.receive(144).size(), 144U) << "all before has been taken";
}

TEST(EndOfRecording, ASecondSignalEndsItAtOnceAndLeavesNoSocket) {
    const TemporaryFolder folder;
    ASSERT_EQ(::mkfifo(folder.path("run.alens").c_str(), 0600), 0);
    const int reader = ::open(folder.path("run.alens").c_str(), O_RDWR | O_CLOEXEC);  // that never reads
    Program program(recordCommand(folder), folder.path("output"), folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    fill(folder.path("socket"));
    ASSERT_TRUE(waitFor([&] {
        program.signal(SIGINT);
        siginfo_t ended{};
        return ::waitid(P_PID, static_cast<id_t>(program.pid()), &ended, WEXITED | WNOHANG | WNOWAIT) == 0
               && ended.si_pid != 0;
    }));
    EXPECT_EQ(program.wait(), 128 + SIGINT);
    EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
    EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("ended at once"));
    ::close(reader);
}

TEST(EndOfRecording, MemoryThatRunsOutEndsItAsAFullDiskDoes) {
    if (kIsSanitized) GTEST_SKIP() << "needs a limit of the addresses";
    const TemporaryFolder folder;
    Program program(recordCommand(folder, {"/bin/sh", "-c", "ulimit -v 220000; exec \"$0\" \"$@\""}),
                    folder.path("output"), folder.path("errors"));
    ASSERT_TRUE(waitForSocket(folder.path("socket")));
    {
        Peer peer(folder.path("socket"));
        std::uint64_t address = 0;
        std::string many;
        do {
            many.clear();
            for (int i = 0; i < 1000; ++i) many += recordOf(allocationOf(address += 4096, ::getpid()));
        } while (peer.send(many));
    }
    EXPECT_EQ(program.wait(), 3);
    EXPECT_THAT(readFile(folder.path("errors")), HasSubstr("memory"));
    EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
    const auto analysis = analyseRecording(folder.path("run.alens"));
    EXPECT_GT(analysis->trace->events.count(), 1000U);
    EXPECT_EQ(analysis->trace->diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
    EXPECT_THAT(detailOf(*analysis->trace, DiagnosticCode::UnfinishedTrace), HasSubstr("memory"));
    EXPECT_THAT(detailOf(*analysis->trace, DiagnosticCode::RecordingGap), HasSubstr("memory"));
}

TEST(EndOfRecording, ThreadsThatCannotBeHadAreSaidAndNothingIsLeft) {
    if (kIsSanitized) GTEST_SKIP() << "needs a limit of the addresses";
    constexpr int kTimedOut = 124;  // what timeout says: the limit was enough, and the recorder waited for programs
    for (const char* const limit : {"20000", "30000", "40000"}) {
        const TemporaryFolder folder;
        const std::string limited = std::string("ulimit -v ") + limit + "; exec \"$0\" \"$@\"";
        Program program(recordCommand(folder, {"/usr/bin/timeout", "20", "/bin/sh", "-c", limited}),
                        folder.path("output"), folder.path("errors"));
        const int status = program.wait();
        EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
        EXPECT_NE(status, 128 + SIGABRT) << limit;
        if (status == kTimedOut) continue;
        EXPECT_THAT(readFile(folder.path("errors")), HasSubstr(status == 127 ? "shared" : "Allow more")) << limit;
    }
}

}  // namespace
}  // namespace alloclens
