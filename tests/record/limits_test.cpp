// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one client, one clock or one odd output can do to a recording is bounded. Work is counted in steps, not timed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/record/echo_output.h"
#include "app/record/poller.h"
#include "app/record/process_watch.h"
#include "app/record/server_state.h"
#include "importers/alloc_message/code_memory.h"
#include "tests/record/fixture.h"

namespace alloclens::record {
namespace {

using alloc_message::CodeMemory;
using ::testing::HasSubstr;

TEST(CodeMemory, ASweepCostsWhatItRemoves) {
    constexpr std::uint64_t kOfEach = 20;
    constexpr std::int32_t kOwners = 500;
    CodeMemory memory;
    for (std::int32_t owner = 1; owner <= kOwners; ++owner) {
        for (std::uint64_t i = 0; i < kOfEach; ++i) {
            memory.allocate({0, static_cast<std::uint64_t>(owner) << 16 | i}, 8, owner);
            memory.load({1, static_cast<std::uint64_t>(owner) << 16 | i}, {16, owner, 0, 0});
        }
    }
    std::size_t steps = 0;
    for (std::int32_t owner = 1; owner <= kOwners; ++owner) {
        const CodeMemory::Removed removed = memory.sweep(owner);
        EXPECT_EQ(removed.circularBuffers, kOfEach);
        EXPECT_EQ(removed.kernelBytes, kOfEach * 16);
        EXPECT_FALSE(memory.isOwner(owner));
        steps += removed.steps;
    }
    EXPECT_EQ(steps, 2 * kOfEach * kOwners);
    EXPECT_EQ(memory.sums(0).circularBuffers, 0U);
    EXPECT_EQ(memory.sums(1).kernels, 0U);
}

TEST(CodeMemory, AnEntryBelongsToWhoMadeItLast) {
    CodeMemory memory;
    for (const std::int32_t owner : {1, 2, 1, 2}) memory.allocate({0, 64}, 8, owner);
    memory.allocate({0, 128}, 8, 2);
    memory.allocate({0, 192}, 8, 2);
    EXPECT_FALSE(memory.isOwner(1));
    memory.release({0, 128}, 8);
    EXPECT_EQ(memory.sweep(1).circularBuffers, 0U);
    EXPECT_EQ(memory.sweep(2).circularBuffers, 2U);
    EXPECT_EQ(memory.sweep(2).circularBuffers, 0U);
}

alloc_message::Message kernelLoad(std::uint64_t id) {
    alloc_message::Message message;
    message.type = static_cast<std::uint8_t>(alloc_message::MessageType::KernelLoad);
    message.size = 1024;
    message.pid = 1;
    message.bufferId = id;
    return message;
}

TEST(Reports, OneClientCannotHaveSoManyThatOthersWait) {
    constexpr std::uint64_t kKernels = 50'000;
    ServerState server({Voice::Poc, alloc_message::BufferTypes::Cpp, true});
    for (std::uint64_t i = 0; i < kKernels; ++i) server.take(kernelLoad(i), {});
    for (int i = 0; i < 1000; ++i) server.dumpKernels(0);
    EXPECT_LE(server.counts().reportRows, ServerState::kReportRowsASecond + kKernels);
    EXPECT_GT(server.counts().reportRows, kKernels);
    EXPECT_GT(server.counts().reportsLeftOut, 0U);
    // A second later there may be some again.
    const std::uint64_t rows = server.counts().reportRows;
    server.allowReports();
    server.dumpKernels(0);
    EXPECT_EQ(server.counts().reportRows, rows + kKernels);
}

TEST(Reports, OfKernelsAreMadeByWhoPrintsThem) {
    ServerState server({Voice::Poc, alloc_message::BufferTypes::Cpp, true});
    for (const std::uint64_t id : {512U, 256U}) server.take(kernelLoad(id), {});
    (void)server.takeBatch();
    server.dumpKernels(0);
    std::string text;
    std::string complaints;
    appendBatchText(*server.takeBatch(), Voice::Poc, text, complaints);
    EXPECT_THAT(text, HasSubstr("Total kernel allocations: 2"));
    EXPECT_LT(text.find("0x100"), text.find("0x200"));
    EXPECT_THAT(text, HasSubstr("DUMP_KERNELS complete."));
}

TEST(ArrivalClock, ASystemClockThatIsSetMovesNoEvent) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    constexpr std::int64_t kNow = 1'760'000'000 * kSecond;
    ArrivalClock clock;
    EXPECT_EQ(clock.stepAt(kNow, 0), 0);
    EXPECT_EQ(clock.at(kNow, 5 * kSecond), kNow);
    EXPECT_EQ(clock.at(kNow + 3600 * kSecond, 6 * kSecond), kNow + kSecond) << "set forward";
    EXPECT_EQ(clock.stepAt(kNow + 3600 * kSecond, 6 * kSecond), 3599 * kSecond);
    EXPECT_EQ(clock.at(kNow + 3601 * kSecond, 7 * kSecond), kNow + 2 * kSecond);
    EXPECT_EQ(clock.stepAt(kNow + 3601 * kSecond, 7 * kSecond), 0) << "is told once";
    EXPECT_EQ(clock.at(kNow, 8 * kSecond), kNow + 3 * kSecond) << "set back";
    EXPECT_LT(clock.stepAt(kNow, 8 * kSecond), -3600 * kSecond);
    EXPECT_EQ(clock.last(), kNow + 3 * kSecond);
}

// The number of a process that died may be another's before its death is heard of.
TEST(ProcessWatch, ADeathIsSeenBeforeTheNumberIsUsedAgain) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::pause();
        ::_exit(0);
    }
    ProcessWatch watch;
    ASSERT_NE(watch.add(pid), ProcessWatch::State::Absent);
    EXPECT_FALSE(watch.hasDied(pid));
    EXPECT_FALSE(watch.hasDied(pid + 1)) << "nobody knows that one";
    ::kill(pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(test::waitFor([&] { return watch.hasDied(pid); }));
    watch.remove(pid);
    EXPECT_FALSE(watch.hasDied(pid));
}

TEST(Output, APipeThatNobodyReadsIsRefusedAtOnce) {
    const test::TemporaryFolder folder;
    RecorderOptions options = test::optionsIn(folder);
    ASSERT_EQ(::mkfifo(options.path.c_str(), 0600), 0);
    const auto recorder = Recorder::open(options);
    ASSERT_FALSE(recorder);
    EXPECT_THAT(recorder.error().sentence(), HasSubstr("nobody reads"));
}

TEST(Output, APipeOfAnotherUserGetsNothing) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs another user";
    const test::TemporaryFolder folder;
    RecorderOptions options = test::optionsIn(folder);
    ASSERT_EQ(::mkfifo(options.path.c_str(), 0600), 0);
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(::chown(options.path.c_str(), kNobody, 0), 0);
    const int reader = ::open(options.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const auto recorder = Recorder::open(options);
    ASSERT_FALSE(recorder);
    EXPECT_THAT(recorder.error().sentence(), HasSubstr("another user"));
    char byte = 0;
    EXPECT_EQ(::read(reader, &byte, 1), 0);
    ::close(reader);
}

TEST(Output, HalfARecordAtTheEndOfAConnectionIsNoMessage) {
    for (const std::size_t bytes : {72U, 80U, 111U}) {
        const test::TemporaryFolder folder;
        const RecorderOptions options = test::optionsIn(folder);
        test::RunningRecorder recorder(options);
        test::Peer peer(options.socket.path);
        std::string sent;
        for (std::uint64_t i = 1; i <= 20; ++i) sent += test::recordOf(test::allocationOf(i << 12, ::getpid()), 112);
        sent += test::recordOf(test::allocationOf(21 << 12, ::getpid()), 112).substr(0, bytes);
        ASSERT_TRUE(peer.send(sent));
        ASSERT_TRUE(recorder.waitForMessages(20));
        peer.close();
        ASSERT_TRUE(
            test::waitFor([&] { return recorder.figures().clientsEver == 1 && recorder.figures().clients == 0; }));
        ASSERT_TRUE(recorder.stop());
        EXPECT_EQ(recorder.figures().counts.messages, 20U) << bytes;
        EXPECT_EQ(recorder.figures().skippedBytes, bytes);
    }
}

}  // namespace
}  // namespace alloclens::record
