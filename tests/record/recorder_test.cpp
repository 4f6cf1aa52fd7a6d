// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/recorder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <random>
#include <set>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "app/record/trace_output.h"
#include "core/findings/detector.h"
#include "core/trace/attribute_text.h"
#include "tests/record/fixture.h"

namespace alloclens {
namespace {

using Json = nlohmann::json;
using namespace test;
using record::RecorderOptions;

std::uint64_t numberAt(const std::string& record, std::size_t at, std::size_t bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, record.data() + at, bytes);
    return value;
}

std::uint64_t countOf(const Analysis& analysis, EventKind kind) {
    const auto& kinds = analysis.trace->events.kind;
    return static_cast<std::uint64_t>(std::count(kinds.begin(), kinds.end(), kind));
}

std::uint64_t countOf(const Analysis& analysis, std::string_view kind) {
    const auto kinds = findingKinds();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].name == kind) return analysis.findings.countOf[i];
    }
    return 0;
}

void expectTruth(const Analysis& analysis, const Json& truth) {
    const auto of = [&truth](const char* key) { return truth.at(key).get<std::uint64_t>(); };
    EXPECT_EQ(countOf(analysis, EventKind::Allocation), of("allocations"));
    EXPECT_EQ(countOf(analysis, EventKind::PartialFree), of("partialFrees"));
    EXPECT_EQ(countOf(analysis, EventKind::FinalFree), of("finalFrees"));
    EXPECT_EQ(countOf(analysis, EventKind::RefusedFree), of("unknownFrees"));
    EXPECT_EQ(countOf(analysis, "double-free"), of("doubleFrees"));
    EXPECT_EQ(countOf(analysis, "unknown-free"), of("neverAllocated"));
    EXPECT_EQ(countOf(analysis, "aliased-allocation"), of("aliasedAllocations"));
    EXPECT_EQ(countOf(analysis, "swept-leak"), of("liveAtEnd"));
    EXPECT_EQ(countOf(analysis, "leak"), 0U);
    EXPECT_EQ(countOf(analysis, "replay-divergence"), 0U);
}

/// Descriptor of a file in the folder, to be echoed to.
int openFile(const std::string& path) { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); }

TEST(Recorder, RecordsAndEchoesTheTruthOfEveryRecordSizeAtOnce) {
    for (const record::Voice voice : {record::Voice::Poc, record::Voice::Enhanced}) {
        const TemporaryFolder folder;
        RecorderOptions options = optionsIn(folder);
        options.voice = voice;
        options.echo = openFile(folder.path("echo.log"));
        options.complaints = openFile(folder.path("complaints.log"));
        const int echo = options.echo;
        const int complaints = options.complaints;
        Json load;
        {
            RunningRecorder recorder(options);
            load = Json::parse(runLoad({"--socket", folder.path("socket"), "--processes", "5", "--record-size",
                                        "72,112,128,144,648", "--messages", "5000", "--careless", "1,3", "--ask"}));
            ASSERT_TRUE(recorder.waitForMessages(load["messages"].get<std::uint64_t>()));
            ASSERT_TRUE(waitFor([&] { return recorder.figures().counts.sweeps == 5; }));
            ASSERT_TRUE(recorder.stop());
            EXPECT_EQ(recorder.figures().dropped, 0U);
            EXPECT_EQ(recorder.figures().notEchoed, 0U);
            EXPECT_EQ(recorder.figures().skippedBytes, 0U);
        }
        ::close(echo);
        ::close(complaints);
        const auto recorded = analyseRecording(options.path);
        const auto echoed = analyseRecording(folder.path("echo.log"));
        if (voice == record::Voice::Poc) expectTruth(*recorded, load["truth"]);
        EXPECT_EQ(findingsOf(*recorded), findingsOf(*echoed));
        EXPECT_EQ(recorded->trace->events.count(), echoed->trace->events.count());
        EXPECT_EQ(countOf(*recorded, "replay-divergence"), 0U);
        EXPECT_EQ(countOf(*echoed, "replay-divergence"), 0U);
        EXPECT_EQ(echoed->trace->lineCounts.foreign, 0U);
        EXPECT_EQ(echoed->trace->lineCounts.damaged, 0U);
        EXPECT_EQ(readFile(folder.path("complaints.log")), "");
    }
}

TEST(Recorder, StampsMessagesAndNamesTheirSenders) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    for (std::uint64_t i = 1; i <= 100; ++i) {
        ASSERT_TRUE(peer.send(recordOf(allocationOf(i * 4096, 1))));
        if (i % 10 == 0) {
            ASSERT_TRUE(recorder.waitForMessages(i));
        }
    }
    ASSERT_TRUE(recorder.stop());
    const auto analysis = analyseRecording(options.path);
    const EventTable& events = analysis->trace->events;
    ASSERT_EQ(events.count(), 100U);
    ASSERT_TRUE(events.hasTime());
    for (std::size_t i = 0; i < events.count(); ++i) {
        EXPECT_GE(events.time[i], events.time[i > 0 ? i - 1 : 0]);
        EXPECT_EQ(analysis->trace->pid(events.sender[i]), ::getpid());
        EXPECT_EQ(analysis->trace->pid(events.process[i]), 1);
    }
    EXPECT_GT(events.time[0], 1'700'000'000'000'000'000);
}

TEST(Recorder, KeepsTheNamesAndStacksOfTheLargestRecords) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.echo = openFile(folder.path("echo.log"));
    const int echo = options.echo;
    {
        RunningRecorder recorder(options);
        Peer peer(options.socket.path);
        std::string named = recordOf(allocationOf(4096, 1), 648);
        named.replace(72, 7, "weights");
        named.replace(136, 22, "#0 allocate at a.cpp:7");
        ASSERT_TRUE(peer.send(named));
        ASSERT_TRUE(recorder.waitForMessages(1));
        ASSERT_TRUE(peer.send(recordOf(freeOf(4096, 1), 648)));
        ASSERT_TRUE(recorder.waitForMessages(2));
        ASSERT_TRUE(recorder.stop());
    }
    ::close(echo);
    const auto recorded = analyseRecording(options.path);
    ASSERT_EQ(recorded->trace->events.count(), 2U);
    EXPECT_EQ(attributeText(*recorded->trace, Attribute::Name, EventId(0U)), "weights");
    EXPECT_EQ(attributeText(*recorded->trace, Attribute::Stack, EventId(0U)), "allocate at a.cpp:7");
    EXPECT_EQ(attributeText(*recorded->trace, Attribute::Name, EventId(1U)), "");
    EXPECT_EQ(readFile(folder.path("echo.log")).find("weights"), std::string::npos);
    EXPECT_FALSE(analyseRecording(folder.path("echo.log"))->trace->events.attributes.hasAny());
}

TEST(Recorder, AnswersInTheSizeOfWhoAsks) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.devices = *record::devicesOfArchitecture("wormhole_b0", 8);
    RunningRecorder recorder(options);
    Peer owner(options.socket.path);
    owner.send(recordOf({1, 3, 8192, 0, 1, 0x1000}) + recordOf({1, 3, 4096, 1, 1, 0x2000})
               + recordOf({1, 3, 512, 2, 1, 0x3000}) + recordOf({1, 3, 256, 3, 1, 0x4000})
               + recordOf({1, 3, 128, 4, 1, 0x5000}) + recordOf({8, 3, 64, 0, 1, 0x6000})
               + recordOf({10, 3, 32, 0, 1, 0x7000}));
    ASSERT_TRUE(recorder.waitForMessages(7));
    for (const std::size_t size : {72U, 112U, 128U, 144U, 648U}) {
        Peer peer(options.socket.path);
        ASSERT_TRUE(peer.send(recordOf({3, 3, 0, 0, 0, 0}, size)));
        const std::string answer = peer.receive(size);
        ASSERT_EQ(answer.size(), size);
        EXPECT_EQ(answer[0], 4);
        EXPECT_EQ(numberAt(answer, 4, 4), 3U);
        EXPECT_EQ(numberAt(answer, 40, 8), 8192U);
        EXPECT_EQ(numberAt(answer, 48, 8), 4096U);
        EXPECT_EQ(numberAt(answer, 56, 8), 512U + 256U);
        EXPECT_EQ(numberAt(answer, 64, 8), 128U);
        const bool hasCode = size == 128 || size == 144;
        EXPECT_EQ(size > 72 ? numberAt(answer, 72, 8) : 0, hasCode ? 64U : 0U);
        EXPECT_EQ(size > 72 ? numberAt(answer, 80, 8) : 0, hasCode ? 32U : 0U);

        ASSERT_TRUE(peer.send(recordOf({6, -1, 0, 0, 0, 0}, size) + recordOf({6, 7, 0, 0, 0, 0}, size)));
        const std::string count = peer.receive(size);
        const std::string device = peer.receive(size);
        ASSERT_EQ(device.size(), size);
        EXPECT_EQ(count[0], 7);
        if (size == 72 || size == 648) continue;
        const std::size_t sizes = size == 112 ? 72 : 88;
        EXPECT_EQ(numberAt(count, sizes + 16 + 20, 4), 8U);
        EXPECT_EQ(numberAt(count, sizes + 16 + 16, 4), 1U);
        EXPECT_EQ(numberAt(device, sizes, 8), std::uint64_t{12} << 30);
        EXPECT_EQ(numberAt(device, sizes + 16, 4), 2U);
        EXPECT_EQ(numberAt(device, sizes + 16 + 16, 4), 1U);
    }
    ASSERT_TRUE(recorder.stop());
}

// Makes pidfd_open fail for this thread and those that it starts, as in an old kernel or under a container's rules.
bool refuseProcessDescriptors() {
    std::array<sock_filter, 4> rules{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog program{static_cast<unsigned short>(rules.size()), rules.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

void runWithoutProcessDescriptors(void (*scenario)()) {
    bool isRefused = false;
    std::thread([&] {
        isRefused = refuseProcessDescriptors();
        if (isRefused) scenario();
    }).join();
    if (!isRefused) GTEST_SKIP() << "no rules for system calls can be set here";
}

// A process of its own that waits to be let go. It is forked before the recorder's threads are: a copy of a process
// with threads may have a lock that nobody releases.
class ForkedClient {
public:
    explicit ForkedClient(const std::function<void()>& work) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0) return;
        m_pid = ::fork();
        if (m_pid == 0) {
            char byte = 0;
            ::close(ends[1]);
            if (::read(ends[0], &byte, 1) == 1) work();
            ::_exit(0);
        }
        ::close(ends[0]);
        m_go = ends[1];
    }
    ForkedClient(const ForkedClient&) = delete;
    ForkedClient& operator=(const ForkedClient&) = delete;
    ~ForkedClient() { wait(); }

    [[nodiscard]] pid_t pid() const { return m_pid; }
    [[nodiscard]] bool letGo() const { return m_pid > 0 && ::write(m_go, "g", 1) == 1; }
    void wait() {
        if (m_go >= 0) ::close(std::exchange(m_go, -1));
        if (m_pid > 0) ::waitpid(std::exchange(m_pid, -1), nullptr, 0);
    }

private:
    pid_t m_pid = -1;
    int m_go = -1;
};

void sweepAKilledProcess() {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    ForkedClient child([&options] {
        Peer peer(options.socket.path);
        for (std::uint64_t i = 1; i <= 1000; ++i) peer.send(recordOf(allocationOf(i * 64, ::getpid())));
        ::raise(SIGKILL);
    });
    RunningRecorder recorder(options);
    ASSERT_TRUE(child.letGo());
    // It stays a zombie until it is waited for, and is swept all the same.
    ASSERT_TRUE(waitFor([&] { return recorder.figures().counts.sweeps == 1; }));
    EXPECT_EQ(recorder.figures().counts.messages, 1000U);
    child.wait();
    ASSERT_TRUE(recorder.stop());
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(countOf(*analysis, "swept-leak"), 1000U);
    EXPECT_EQ(countOf(*analysis, "replay-divergence"), 0U);
}

TEST(Recorder, SweepsAtOnceWhenAProcessIsKilled) { sweepAKilledProcess(); }

TEST(Recorder, SweepsAKilledProcessThatItCouldNotWatch) { runWithoutProcessDescriptors(sweepAKilledProcess); }

TEST(Recorder, AProcessOfAnotherNamespaceEndsWithItsConnections) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    constexpr std::int32_t kAbsent = 0x7ffffff0;  // beyond what any kernel gives
    Peer first(options.socket.path);
    Peer second(options.socket.path);
    ASSERT_TRUE(first.send(recordOf(allocationOf(4096, kAbsent))));
    ASSERT_TRUE(second.send(recordOf(allocationOf(8192, kAbsent))));
    ASSERT_TRUE(recorder.waitForMessages(2));
    first.close();
    ASSERT_TRUE(waitFor([&] { return recorder.figures().clients == 1; }));
    EXPECT_EQ(recorder.figures().counts.sweeps, 0U);
    second.close();
    ASSERT_TRUE(waitFor([&] { return recorder.figures().counts.sweeps == 1; }));
    ASSERT_TRUE(recorder.stop());
    EXPECT_EQ(countOf(*analyseRecording(options.path), "swept-leak"), 2U);
}

void sweepBeforeAReport() {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.echo = openFile(folder.path("echo.log"));
    ForkedClient child([&options] {
        Peer own(options.socket.path);
        own.send(recordOf(allocationOf(64, ::getpid())));
    });
    const pid_t dead = child.pid();
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    ASSERT_TRUE(child.letGo());
    child.wait();
    ASSERT_TRUE(peer.send(recordOf({5, 0, 0, 0, 0, 0}) + recordOf({12, 0, 0, 0, 0, 0})));
    ASSERT_TRUE(waitFor([&] { return recorder.figures().counts.messages == 3; }));
    ASSERT_TRUE(recorder.stop());
    ::close(options.echo);
    const std::string echo = readFile(folder.path("echo.log"));
    const std::size_t swept = echo.find(fmt::format("Removed 1 buffers (0.00390625 MB) from PID {}", dead));
    const std::size_t clean = echo.find("No buffers remaining - perfect cleanup!");
    ASSERT_NE(swept, std::string::npos) << echo;
    ASSERT_NE(clean, std::string::npos) << echo;
    EXPECT_LT(swept, clean);
    EXPECT_NE(echo.find("DUMP_KERNELS complete."), std::string::npos);
}

TEST(Recorder, AReportSweepsTheDeadBefore) { sweepBeforeAReport(); }

TEST(Recorder, AReportSweepsTheDeadThatCouldNotBeWatched) { runWithoutProcessDescriptors(sweepBeforeAReport); }

TEST(Recorder, GoesOnInAnotherFileThatNamesRunAndPart) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.rotateBytes = 20000;
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    std::mt19937_64 random(5);  // hard to compress
    std::uint64_t sent = 0;
    while (recorder.figures().parts < 4) {
        std::string many;
        for (int i = 0; i < 10000; ++i) many += recordOf(allocationOf(random() >> 20U, 1, 1 + random() % 100000));
        sent += 10000;
        ASSERT_TRUE(peer.send(many));
        ASSERT_TRUE(recorder.waitForMessages(sent));
    }
    ASSERT_TRUE(recorder.stop());
    // The first one opens as all of them.
    const auto whole = analyseRecording(options.path)->trace;
    EXPECT_EQ(whole->events.count(), sent);
    EXPECT_EQ(whole->diagnostics.total(), 0U);
    std::uint64_t eventsInLater = 0;
    std::set<std::string> runs;
    for (unsigned part = 1; part <= recorder.figures().parts; ++part) {
        const std::string path = record::PartFile::pathOf(options.path, part);
        ASSERT_TRUE(std::filesystem::exists(path)) << path;
        const auto analysis = analyseRecording(path);
        if (part > 1) eventsInLater += analysis->trace->events.count();
        const Json details = Json::parse(analysis->trace->origin.details);
        EXPECT_EQ(details.at("part"), part);
        runs.insert(details.at("run").get<std::string>());
        EXPECT_EQ(analysis->trace->diagnostics.count(DiagnosticCode::PartOfRun), part > 1 ? 1U : 0U);
        EXPECT_EQ(analysis->trace->diagnostics.total(), part > 1 ? 1U : 0U);
    }
    EXPECT_GT(eventsInLater, 0U);
    EXPECT_LT(eventsInLater, sent);
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_EQ(runs.begin()->size(), 32U);
    // Another run has another name.
    RecorderOptions again = optionsIn(folder);
    again.path = folder.path("again.alens");
    again.socket.path = folder.path("again");
    ASSERT_TRUE(RunningRecorder(again).stop());
    const auto other = analyseRecording(again.path);
    EXPECT_FALSE(runs.contains(Json::parse(other->trace->origin.details).at("run").get<std::string>()));
}

TEST(Recorder, NamesOfPartsKeepTheEnding) {
    using record::PartFile;
    EXPECT_EQ(PartFile::pathOf("run.alens", 1), "run.alens");
    EXPECT_EQ(PartFile::pathOf("run.alens", 2), "run.2.alens");
    EXPECT_EQ(PartFile::pathOf("/a.b/run", 3), "/a.b/run.3");
    EXPECT_EQ(PartFile::pathOf("/a.b/.run", 3), "/a.b/.run.3");
}

TEST(Recorder, WhatTheDiskCannotTakeIsCountedAndTheRestGoesOn) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.path = folder.path("slow");
    options.queueBytes = 1;  // one batch at a time
    ASSERT_EQ(::mkfifo(options.path.c_str(), 0600), 0);
    const int disk = ::open(options.path.c_str(), O_RDWR | O_CLOEXEC);
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    std::string many;
    std::mt19937_64 random(5);  // hard to compress
    for (int i = 0; i < 40000; ++i) many += recordOf(allocationOf(random() >> 20U, 1, 1 + random() % 100000));
    std::uint64_t sent = 0;
    while (recorder.figures().dropped == 0) {
        ASSERT_TRUE(peer.send(many));
        sent += 40000;
        ASSERT_TRUE(recorder.waitForMessages(sent));
    }
    // From now on the disk takes what it gets.
    const int source = ::open(options.path.c_str(), O_RDONLY | O_CLOEXEC);
    ::close(disk);
    std::thread reader([&] {
        std::ofstream file(folder.path("run.alens"), std::ios::binary);
        std::string piece(65536, '\0');
        for (ssize_t got = 0; (got = ::read(source, piece.data(), piece.size())) > 0;) file.write(piece.data(), got);
    });
    EXPECT_TRUE(peer.send(recordOf(allocationOf(64, 1))));
    EXPECT_TRUE(recorder.waitForMessages(++sent));
    EXPECT_TRUE(recorder.stop());
    reader.join();
    ::close(source);
    const auto figures = recorder.figures();
    EXPECT_EQ(figures.counts.events, sent);
    EXPECT_GT(figures.dropped, 0U);
    EXPECT_TRUE(std::filesystem::is_fifo(options.path)) << "is written to and not replaced";
    const auto analysis = analyseRecording(folder.path("run.alens"));
    EXPECT_EQ(analysis->trace->events.count(), sent - figures.dropped);
    EXPECT_GT(analysis->trace->diagnostics.total(), 0U) << "the gap is told";
}

record::TraceOutputOptions outputTo(const std::string& path) {
    record::TraceOutputOptions options;
    options.path = path;
    options.replacesFile = true;
    options.describe = [](unsigned) { return native::Description(); };
    return options;
}

TEST(TraceOutput, WithoutABeginningNothingHasChanged) {
    const TemporaryFolder folder;
    const std::string path = folder.path("run.alens");
    const auto entries = [&] { return std::distance(std::filesystem::directory_iterator(folder.path("")), {}); };
    ASSERT_TRUE(record::TraceOutput::create(outputTo(path)));
    EXPECT_EQ(entries(), 0);
    std::ofstream(path) << "mine";
    {
        auto output = record::TraceOutput::create(outputTo(path));
        ASSERT_TRUE(output) << output.error().sentence();
        EXPECT_EQ(readFile(path), "mine");
    }
    EXPECT_EQ(readFile(path), "mine");
    EXPECT_EQ(entries(), 1);
    {
        auto output = record::TraceOutput::create(outputTo(path));
        ASSERT_TRUE((*output)->begin());
    }
    EXPECT_NE(readFile(path), "mine");
    EXPECT_EQ(entries(), 1);
}

TEST(TraceOutput, ADeviceOrPipeIsNeverRemoved) {
    const TemporaryFolder folder;
    const std::string pipe = folder.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const int held = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_TRUE(record::TraceOutput::create(outputTo(pipe)));
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
    ::close(held);
}

TEST(Recorder, PythonsNumbersOfMemoriesAreUnderstood) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.bufferTypes = alloc_message::BufferTypes::Python;
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    ASSERT_TRUE(peer.send(recordOf({1, 0, 64, 2, 1, 64}, 72) + recordOf({1, 0, 64, 3, 1, 128}, 72)));
    ASSERT_TRUE(recorder.waitForMessages(2));
    ASSERT_TRUE(recorder.stop());
    const auto analysis = analyseRecording(options.path);
    ASSERT_EQ(analysis->trace->events.count(), 2U);
    EXPECT_EQ(analysis->trace->events.memory[0], Memory::L1Small);
    EXPECT_EQ(analysis->trace->events.memory[1], Memory::Trace);
}

TEST(Recorder, APlaceThatCannotBeWrittenToIsSaidAndNothingIsLeftBehind) {
    const TemporaryFolder folder;
    RecorderOptions options = optionsIn(folder);
    options.path = folder.path("missing/run.alens");
    EXPECT_FALSE(record::Recorder::open(options));
    EXPECT_FALSE(std::filesystem::exists(options.socket.path));
    options = optionsIn(folder);
    options.socket.path = folder.path("missing/socket");
    EXPECT_FALSE(record::Recorder::open(options));
    EXPECT_FALSE(std::filesystem::exists(options.path));
}

}  // namespace
}  // namespace alloclens
