// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "app/record/answer.h"
#include "core/base/units.h"

namespace alloclens::record {

using alloc_message::MessageType;
using alloc_message::Record;

Conversation::Conversation(ServerState& server, const DeviceList& devices, Host& host, int client, std::int32_t sender)
    : m_server(server), m_devices(devices), m_host(host), m_client(client), m_sender(sender) {}

// Passes on small pieces, so that the framer keeps little.
void Conversation::receive(const char* bytes, std::size_t size, bool isAll, std::int64_t time) {
    constexpr std::size_t kPiece = 4096;
    m_received += size;
    while (size > 0 && !m_isDeaf) {
        const std::size_t piece = std::min(size, kPiece);
        m_framer.feed(bytes, piece);
        bytes += piece;
        size -= piece;
        handleAll(time);
    }
    // A new client may wait for its first answer, and its record size is not known yet.
    if (isAll && m_framer.recordSize() == 0) settle(time);
}

void Conversation::settle(std::int64_t time) {
    m_framer.settle();
    handleAll(time);
}

void Conversation::end(std::int64_t time) {
    m_framer.finish();
    handleAll(time);
}

void Conversation::handleAll(std::int64_t time) {
    Record record;
    while (!m_isDeaf && m_framer.next(record)) {
        m_decided = record.offset + record.size;
        handle(record, time);
    }
    reportSkips();
}

void Conversation::handle(const Record& record, std::int64_t time) {
    const alloc_message::Message& message = record.message;
    switch (static_cast<MessageType>(message.type)) {
    case MessageType::Query:
    case MessageType::DeviceInfoQuery:
        m_server.countQuery();
        answer(record);
        return;
    case MessageType::DumpRemaining:
        m_server.countQuery();
        m_host.prepareReport();
        m_server.dumpRemaining();
        return;
    case MessageType::DumpKernels:
        m_server.countQuery();
        m_host.prepareReport();
        m_server.dumpKernels(time);
        return;
    default: break;
    }
    if (message.pid != m_lastPid) {
        m_lastPid = message.pid;
        meet(message.pid);
    }
    const std::uint64_t before = m_server.counts().events;
    m_server.take(message, {time, m_sender});
    if (m_server.counts().events > before) m_server.describeLast(m_framer.recordBytes(), record.size);
}

void Conversation::answer(const Record& query) {
    if (unread().size() + query.size > kMostUnread) m_host.deliver(m_client);
    if (unread().size() + query.size > kMostUnread) {
        m_isDeaf = true;
        m_server.diagnose(
            DiagnosticCode::RecordingGap,
            fmt::format(
                "process {} does not read its answers and was disconnected: what it sends from here on is missing",
                m_sender));
        return;
    }
    if (m_sent > 0) {
        m_answers.erase(0, m_sent);
        m_sent = 0;
    }
    if (static_cast<MessageType>(query.message.type) == MessageType::Query) {
        appendUseAnswer(query.message, m_server.use(query.message.device), query.size, m_answers);
    } else {
        appendDeviceAnswer(query.message, m_devices, query.size, m_answers);
    }
}

void Conversation::sent(std::size_t bytes) {
    assert(bytes <= unread().size());
    m_sent += bytes;
    if (m_sent < m_answers.size()) return;
    m_answers.clear();
    m_sent = 0;
}

void Conversation::meet(std::int32_t pid) {
    if (pid <= 0 || m_processes.size() >= kMostProcesses) return;
    if (std::find(m_processes.begin(), m_processes.end(), pid) != m_processes.end()) return;
    m_processes.push_back(pid);
    m_host.meet(m_client, pid);
}

void Conversation::forget(std::int32_t pid) {
    m_processes.erase(std::remove(m_processes.begin(), m_processes.end(), pid), m_processes.end());
    if (m_lastPid == pid) m_lastPid = kNoPid;
}

void Conversation::reportSkips() {
    for (const alloc_message::Framer::Skip& skip : m_framer.takeSkips()) {
        m_decided = std::max(m_decided, skip.offset + skip.bytes);
        m_server.diagnose(kSkippedBytes, fmt::format("{} of process {}, {} into its connection, are not a message",
                                                     formatQuantity(skip.bytes, "byte"), m_sender,
                                                     formatQuantity(skip.offset, "byte")));
    }
}

}  // namespace alloclens::record
