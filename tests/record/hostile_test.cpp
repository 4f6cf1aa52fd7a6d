// SPDX-License-Identifier: GPL-3.0-or-later
//
// Clients that do wrong, on purpose or not, beside one that does right: it loses nothing, and what was wrong is told.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "tests/record/fixture.h"

namespace alloclens {
namespace {

using namespace test;
using record::RecorderOptions;

/// A client that allocates and frees, a hundred messages at a time.
class GoodClient {
public:
    explicit GoodClient(const std::string& socket) : m_peer(socket) {}
    void work() {
        for (int i = 0; i < 50; ++i) {
            ++m_address;
            EXPECT_TRUE(m_peer.send(recordOf(allocationOf(m_address << 10, ::getpid()))
                                    + recordOf(freeOf(m_address << 10, ::getpid()))));
            m_sent += 2;
        }
    }
    /// Asks, and so knows that all before has been taken.
    void expectAnswer() {
        ASSERT_TRUE(m_peer.send(recordOf({3, 0, 0, 0, 0, 0})));
        const std::string answer = m_peer.receive(144);
        ASSERT_EQ(answer.size(), 144U);
        EXPECT_EQ(answer[0], 4);
    }
    [[nodiscard]] std::uint64_t sent() const { return m_sent; }
    [[nodiscard]] Peer& peer() { return m_peer; }

private:
    Peer m_peer;
    std::uint64_t m_address = 0;
    std::uint64_t m_sent = 0;
};

/// Events of the good client in the recording.
std::uint64_t eventsOf(const Analysis& analysis, std::int32_t pid) {
    const Trace& trace = *analysis.trace;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        const bool isSweep = trace.events.kind[i] == EventKind::Sweep;
        count += !isSweep && trace.pid(trace.events.process[i]) == pid ? 1 : 0;
    }
    return count;
}

std::size_t residentBytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t pages = 0;
    file >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(HostileClients, GarbageIsCountedAndHurtsNobodyElse) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    GoodClient good(options.socket.path);
    std::mt19937 random(7);
    std::uint64_t garbage = 0;
    {
        Peer peer(options.socket.path);
        for (int round = 0; round < 50; ++round) {
            good.work();
            std::string bytes(5000, '\0');
            for (char& byte : bytes) byte = static_cast<char>(random() | 0x80U);  // no type of a message
            ASSERT_TRUE(peer.send(bytes));
            garbage += bytes.size();
        }
        good.expectAnswer();
    }
    ASSERT_TRUE(waitFor([&] { return recorder.figures().clients == 1; }));
    ASSERT_TRUE(recorder.stop());
    EXPECT_EQ(recorder.figures().skippedBytes, garbage);
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(eventsOf(*analysis, ::getpid()), good.sent());
    EXPECT_GT(analysis->trace->diagnostics.total(), 0U);
}

TEST(HostileClients, HalfARecordThatHangsHoldsNothingUp) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    std::vector<Peer> hanging;
    for (std::size_t bytes = 1; bytes < 648; bytes += 9) {
        hanging.emplace_back(options.socket.path);
        ASSERT_TRUE(hanging.back().send(recordOf(allocationOf(1 << 30, 1), 648).substr(0, bytes)));
    }
    GoodClient good(options.socket.path);
    good.work();
    good.expectAnswer();
    ASSERT_TRUE(recorder.stop());
    EXPECT_EQ(eventsOf(*analyseRecording(options.path), ::getpid()), good.sent());
}

TEST(HostileClients, MessagesThatMakeNoSenseChangeNothing) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    GoodClient good(options.socket.path);
    Peer peer(options.socket.path);
    const std::vector<Sent> senseless = {
        {1, -1, 4096, 0, 1, 4096}, {1, 1000000000, 4096, 0, 1, 4096},     {1, 256, 4096, 0, 1, 4096},
        {1, 0, 0, 0, 1, 4096},     {1, 0, ~std::uint64_t{0}, 0, 1, 4096}, {1, 0, 4096, 5, 1, 4096},
        {8, -1, 4096, 0, 1, 4096}, {9, 1000000000, 4096, 0, 1, 4096},     {10, 256, 4096, 0, 1, 4096},
        {11, 0, 4096, 0, 1, 4096},
    };
    for (const Sent& message : senseless) ASSERT_TRUE(peer.send(recordOf(message)));
    // Large but possible, and frees on devices that do not exist, which the server refuses as any other.
    ASSERT_TRUE(peer.send(recordOf({1, 0, std::uint64_t{4} << 30, 0, 1, 8192})));
    ASSERT_TRUE(peer.send(recordOf(freeOf(8192, 1, -1)) + recordOf(freeOf(8192, 1, 1000000000))));
    good.work();
    good.expectAnswer();
    ASSERT_TRUE(recorder.waitForMessages(senseless.size() + 3 + good.sent() + 1));
    ASSERT_TRUE(recorder.stop());
    EXPECT_EQ(recorder.figures().counts.invalid, senseless.size() - 1) << "unloading an unknown kernel is passed over";
    EXPECT_EQ(recorder.figures().counts.refusedFrees, 2U);
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(analysis->trace->events.count(), good.sent() + 3);
    const auto& facts = analysis->trace->facts;
    EXPECT_EQ(std::count_if(facts.begin(), facts.end(),
                            [](const PrintedFact& fact) { return fact.kind == FactKind::InvalidMessage; }),
              static_cast<std::ptrdiff_t>(senseless.size()) - 1);
}

TEST(HostileClients, WhoNeverReadsAnswersIsLetGo) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    GoodClient good(options.socket.path);
    Peer peer(options.socket.path);
    const std::string query = recordOf({3, 0, 0, 0, 0, 0});
    while (peer.send(query)) {}  // ends when the recorder closes the connection
    good.work();
    good.expectAnswer();
    ASSERT_TRUE(waitFor([&] { return recorder.figures().deafClients == 1; }));
    ASSERT_TRUE(recorder.stop());
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(eventsOf(*analysis, ::getpid()), good.sent());
    EXPECT_EQ(analysis->trace->diagnostics.count(DiagnosticCode::RecordingGap), 1U) << "what it sent later is missing";
}

TEST(HostileClients, MoreConnectionsThanDescriptorsAreTurnedAwayAndToldOf) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    // The recorder is in this process, and the connections' other ends are too.
    const rlimit small{200, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &small);
    RunningRecorder recorder(options);
    GoodClient good(options.socket.path);
    good.work();
    std::vector<Peer> many;
    for (int i = 0; i < 150; ++i) {
        many.emplace_back(options.socket.path);
        if (!many.back().isConnected()) break;
    }
    const std::size_t count = many.size();
    ASSERT_TRUE(waitFor([&] { return recorder.figures().turnedAway > 0; }));
    good.work();
    good.expectAnswer();
    many.clear();
    ASSERT_TRUE(waitFor([&] { return recorder.figures().clients == 1; }));
    GoodClient late(options.socket.path);
    late.work();
    late.expectAnswer();
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_GT(count, 60U);
    ASSERT_TRUE(recorder.stop());
    EXPECT_FALSE(recorder.figures().notices.empty());
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(eventsOf(*analysis, ::getpid()), good.sent() + late.sent());
    EXPECT_GT(analysis->trace->diagnostics.count(DiagnosticCode::RecordingGap), 0U);
}

TEST(HostileClients, WithoutRoomForAClientNothingIsBegun) {
    const TemporaryFolder folder;
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit small{64, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &small);
    const auto recorder = record::Recorder::open(optionsIn(folder));
    ::setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(recorder);
    EXPECT_NE(recorder.error().sentence().find("only 64 files"), std::string::npos) << recorder.error().sentence();
    EXPECT_FALSE(std::ifstream(folder.path("run.alens")).is_open());
}

TEST(HostileClients, ASocketThatIsRemovedIsPutThereAgain) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    GoodClient good(options.socket.path);
    good.work();
    ASSERT_EQ(::unlink(options.socket.path.c_str()), 0);
    ASSERT_TRUE(waitForSocket(options.socket.path));
    GoodClient late(options.socket.path);
    late.work();
    late.expectAnswer();
    good.work();
    good.expectAnswer();
    ASSERT_TRUE(recorder.stop());
    ASSERT_EQ(recorder.figures().notices.size(), 1U);
    EXPECT_NE(recorder.figures().notices[0].find("AllocLens made it again"), std::string::npos);
    const auto analysis = analyseRecording(options.path);
    EXPECT_EQ(eventsOf(*analysis, ::getpid()), good.sent() + late.sent());
    EXPECT_EQ(analysis->trace->diagnostics.count(DiagnosticCode::RecordingGap), 1U);
}

TEST(HostileClients, AnotherServerInItsPlaceEndsItWhenNobodyIsConnectedAnyLonger) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    {
        GoodClient good(options.socket.path);
        good.work();
        record::SocketOptions other = options.socket;
        other.replacesServer = true;
        const auto server = record::SocketPlace::open(other);
        ASSERT_TRUE(server);
        ASSERT_TRUE(waitFor([&] { return recorder.figures().notices.size() == 1; }));
        good.work();
        good.expectAnswer();
        EXPECT_TRUE(Peer(options.socket.path).isConnected()) << "the other server keeps the place";
        EXPECT_TRUE(recorder.waitForMessages(good.sent()));
        good.peer().close();
        const auto outcome = recorder.wait();
        ASSERT_FALSE(outcome);
        EXPECT_NE(outcome.error().sentence().find("another server"), std::string::npos) << outcome.error().sentence();
        EXPECT_TRUE(Peer(options.socket.path).isConnected());
    }
    EXPECT_EQ(analyseRecording(options.path)->trace->diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
}

TEST(HostileClients, ManyIdleConnectionsTakeLittleMemory) {
    const TemporaryFolder folder;
    const RecorderOptions options = optionsIn(folder);
    RunningRecorder recorder(options);
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const auto count = static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1000) / 2) - 64;
    std::vector<Peer> many;
    const std::size_t before = residentBytes();
    for (std::size_t i = 0; i < count; ++i) {
        many.emplace_back(options.socket.path);
        ASSERT_TRUE(many.back().send(recordOf(allocationOf(i << 12, ::getpid())) + recordOf({}).substr(0, 20)));
    }
    ASSERT_TRUE(recorder.waitForMessages(count));
    EXPECT_LT(residentBytes() - before, (std::size_t{64} << 10) * count);
    ASSERT_TRUE(recorder.stop());
}

}  // namespace
}  // namespace alloclens
