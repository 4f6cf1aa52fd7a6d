// SPDX-License-Identifier: GPL-3.0-or-later
//
// A connection of the recorder: any bytes in pieces of any size, with pauses, reading of answers and deaths of
// processes in between. Nothing is lost count of, what is kept is bounded, answers are whole records, and the batch
// holds what the state of the server says it does.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/record/conversation.h"
#include "app/record/echo_output.h"
#include "tests/fuzz/memory_file.h"

namespace alloclens::record {
namespace {

using fuzz::check;

class Host : public Conversation::Host {
public:
    explicit Host(ServerState& server) : m_server(server) {}
    void meet(int client, std::int32_t pid) override {
        check(client == 1 && pid > 0, "the client is named as it was, and its process can be watched");
        m_last = pid;
    }
    void prepareReport() override { ++m_reports; }
    void deliver(int) override {
        if (m_reads) m_conversation->sent(m_conversation->unread().size());
    }
    void attach(Conversation& conversation) { m_conversation = &conversation; }
    void setReads(bool reads) { m_reads = reads; }
    void killLast(std::int64_t time) {
        m_conversation->forget(m_last);
        m_server.sweep(m_last, time);
        check(!m_server.isOwner(m_last), "a dead process owns nothing");
    }

private:
    ServerState& m_server;
    Conversation* m_conversation = nullptr;
    std::int32_t m_last = 1;
    std::uint64_t m_reports = 0;
    bool m_reads = true;
};

void checkBatch(ServerState& server, Voice voice) {
    const auto batch = server.takeBatch();
    const native::Block& block = batch->block;
    check(block.lineCounts.events + block.lineCounts.facts == block.lines, "every line is counted");
    std::uint32_t line = 0;
    for (const TracePart::Event& event : block.events) {
        check(event.line > line && event.line <= block.lines, "lines of events grow");
        line = event.line;
    }
    for (const EchoText& text : batch->echo) check(text.before <= block.events.size(), "a text has its place");
    std::string text;
    std::string complaints;
    appendBatchText(*batch, voice, text, complaints);
    check(text.empty() || text.back() == '\n', "lines end");
}

void run(std::string_view data) {
    const auto take = [&data]() -> unsigned {
        if (data.empty()) return 0;
        const auto byte = static_cast<unsigned char>(data.front());
        data.remove_prefix(1);
        return byte;
    };
    const unsigned choice = take();
    ServerOptions options;
    options.voice = (choice & 1U) != 0 ? Voice::Enhanced : Voice::Poc;
    options.bufferTypes = (choice & 2U) != 0 ? alloc_message::BufferTypes::Python : alloc_message::BufferTypes::Cpp;
    options.echoes = (choice & 4U) != 0;
    ServerState server(options);
    const DeviceList devices = *devicesOfArchitecture("blackhole", 2);
    Host host(server);
    Conversation conversation(server, devices, host, 1, 77);
    host.attach(conversation);
    conversation.begin();
    host.setReads((choice & 8U) != 0);
    std::int64_t time = 1;
    while (!data.empty()) {
        // A byte says how much comes at once and what happens then.
        const unsigned action = take();
        constexpr std::size_t kUnit = 24;
        const std::string_view piece = data.substr(0, (action & 31U) * kUnit + 1);
        conversation.receive(piece.data(), piece.size(), (action & 32U) != 0, ++time);
        data.remove_prefix(piece.size());
        if ((action & 64U) != 0) conversation.settle(++time);
        if ((action & 128U) != 0) host.killLast(++time);
        const std::size_t unread = conversation.unread().size();
        check(unread <= Conversation::kMostUnread, "answers that nobody reads are bounded");
        check(conversation.processes().size() <= Conversation::kMostProcesses, "processes of a client are bounded");
        if ((action & 3U) == 3 && unread > 0) conversation.sent(1 + action % unread);
        if (action % 7 == 0) checkBatch(server, options.voice);
    }
    conversation.end(++time);
    if (!conversation.isDeaf()) check(!conversation.isUndecided(), "at the end all is decided");
    server.dumpRemaining();
    server.dumpKernels(++time);
    server.printStatistics();
    server.announceStop();
    checkBatch(server, options.voice);
}

}  // namespace
}  // namespace alloclens::record

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    alloclens::record::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
