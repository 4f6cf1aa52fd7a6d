// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same bytes as a capture and as a recording: events, facts, diagnostics and verdicts are the same.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

#include "importers/importer.h"
#include "tests/record/fixture.h"

namespace alloclens::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// What both know: not times, which a capture has from the messages, nor the words of a diagnostic, since only a
/// capture shows the message itself.
std::vector<std::string> contentsOf(const Analysis& analysis) {
    const Trace& trace = *analysis.trace;
    std::vector<std::string> contents;
    for (std::size_t i = 0; i < trace.events.count(); ++i) {
        const AddressKey key = trace.key(trace.events.address[i]);
        contents.push_back(fmt::format("{}: event {} {}:{:x} {} of {} by {}, count {}", trace.events.line[i],
                                       static_cast<int>(trace.events.kind[i]), key.device, key.address,
                                       memoryName(trace.events.memory[i]), trace.events.size[i],
                                       trace.pid(trace.events.process[i]), trace.events.refCount[i]));
    }
    for (const PrintedFact& fact : trace.facts) {
        contents.push_back(fmt::format("{}: fact {} device {} process {} amount {} total {}", fact.line,
                                       factKindName(fact.kind), fact.device, fact.pid, fact.amount, fact.total));
    }
    for (const Diagnostic& diagnostic : trace.diagnostics.kept())
        contents.push_back(fmt::format("{}: {}", diagnostic.line, diagnosticName(diagnostic.code)));
    for (const Verdict& verdict : analysis.findings.verdicts.rows) {
        contents.push_back(fmt::format("verdict on line {}: {} {}",
                                       trace.events.line[analysis.findings.row(verdict.finding).primary.index()],
                                       static_cast<int>(verdict.cause), verdict.confidence));
    }
    return contents;
}

std::vector<std::string> captured(const std::string& bytes, const TemporaryFolder& folder, const ReadOptions& reading) {
    const std::string path = folder.path("capture.bin");
    std::ofstream(path, std::ios::binary) << bytes;
    const auto trace = readTrace(path, "alloc-message", reading, {});
    if (!trace) return {trace.error().sentence()};
    const auto analysis = analyse(*trace, {});
    return analysis ? contentsOf(**analysis) : std::vector<std::string>{analysis.error().sentence()};
}

std::vector<std::string> recorded(const std::string& bytes, std::uint64_t messages, const TemporaryFolder& folder,
                                  const ReadOptions& reading) {
    record::RecorderOptions options = optionsIn(folder);
    options.bufferTypes = reading.bufferTypes;
    if (reading.rules.keepsLastSize) options.voice = record::Voice::Enhanced;
    RunningRecorder recorder(options);
    Peer peer(options.socket.path);
    EXPECT_TRUE(peer.send(bytes));
    EXPECT_TRUE(recorder.waitForMessages(messages));
    EXPECT_TRUE(recorder.stop());
    return contentsOf(*analyseRecording(options.path));
}

void expectSame(const std::vector<Sent>& messages, const ReadOptions& reading) {
    std::string bytes;
    for (const Sent& message : messages) bytes += recordOf(message);
    const TemporaryFolder folder;
    const auto capture = captured(bytes, folder, reading);
    EXPECT_EQ(recorded(bytes, messages.size(), folder, reading), capture);
    EXPECT_THAT(capture, Not(Contains(HasSubstr("skipped"))));
}

TEST(SameBytes, MeanTheSameInACaptureAndInARecording) {
    const std::int32_t pid = ::getpid();
    const std::vector<Sent> messages = {
        allocationOf(4096, pid),
        allocationOf(4096, pid, 8192),
        freeOf(4096, pid),
        freeOf(4096, pid),
        freeOf(4096, pid),
        {10, 2, 4096, 1, pid, 0x7f00},
        {11, 2, 1024, 1, pid, 0x7f00},  // another size than it was loaded with
        {11, 2, 4096, 1, pid, 0x7f00},  // unloaded twice: the server prints nothing
        {11, 2, 4096, 1, pid, 0x7f40},  // never loaded
        {8, 2, 4096, 0, pid, 64},
        {9, 2, 2048, 0, pid, 128},
        {8, 300, 4096, 0, pid, 64},
        {11, 300, 4096, 0, pid, 64},
        {1, 300, 4096, 0, pid, 4096},
        {1, 0, 0, 0, pid, 4096},
        {1, 0, (std::uint64_t{100} << 30) + 1, 0, pid, 4096},
        {1, 0, 4096, 5, pid, 4096},
        allocationOf(12288, pid),
    };
    expectSame(messages, {});
}

TEST(SameBytes, MeanTheSameUnderTheEnhancedServersRulesAndPythonsNumbers) {
    const std::int32_t pid = ::getpid();
    ReadOptions reading;
    reading.rules.keepsLastSize = true;
    expectSame({allocationOf(4096, pid), allocationOf(4096, pid, 8192), freeOf(4096, pid), {11, 0, 64, 0, pid, 64}},
               reading);
}

// The server does not know Python's numbers: a type 4 is its TRACE, whoever sends it.
TEST(SameBytes, ABufferTypeThatPythonDoesNotHaveIsTheServers) {
    const std::int32_t pid = ::getpid();
    ReadOptions reading;
    reading.bufferTypes = alloc_message::BufferTypes::Python;
    const std::vector<Sent> messages = {{1, 0, 4096, 3, pid, 64}, {1, 0, 4096, 5, pid, 128}};
    expectSame(messages, reading);
    std::string bytes;
    for (const Sent& message : {Sent{1, 0, 4096, 4, pid, 64}, Sent{1, 0, 4096, 2, pid, 128}})
        bytes += recordOf(message);
    const TemporaryFolder folder;
    const auto capture = captured(bytes, folder, reading);
    ASSERT_GE(capture.size(), 2U);
    EXPECT_THAT(capture[0], HasSubstr("TRACE"));
    EXPECT_THAT(recorded(bytes, 2, folder, reading), ElementsAre(capture[0], capture[1]));
}

TEST(SameBytes, MeanTheSameWhateverIsSent) {
    const std::int32_t pid = ::getpid();
    std::mt19937_64 random(7);
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    std::vector<Sent> messages;
    constexpr int kTypes[] = {1, 1, 1, 2, 2, 2, 8, 9, 10, 11};
    for (int i = 0; i < 3000; ++i) {
        Sent message;
        message.type = kTypes[below(std::size(kTypes))];
        message.device = below(50) == 0 ? 256 : static_cast<std::int32_t>(below(3));
        const bool isEmpty = message.type == 2 || (message.device != 256 && below(50) == 0);
        message.size = isEmpty ? 0 : 64 * (1 + below(8));
        message.bufferType = message.type == 2 ? 0 : static_cast<int>(below(message.type == 1 ? 5 : 4));
        message.pid = pid;
        message.address = 4096 * (1 + below(6));
        messages.push_back(message);
    }
    expectSame(messages, {});
}

}  // namespace
}  // namespace alloclens::test
