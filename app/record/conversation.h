// SPDX-License-Identifier: GPL-3.0-or-later
//
// The exchange with one client: bytes become messages, messages change the server's state, queries get answers. It
// knows no descriptors, so tests can drive it without sockets. Used by the recorder's thread. Holds a few KiB at most,
// whatever the client sends or does not read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/record/device_list.h"
#include "app/record/server_state.h"
#include "importers/alloc_message/framer.h"

namespace alloclens::record {

class Conversation {
public:
    /// What the conversation needs from its owner.
    class Host {
    public:
        virtual ~Host() = default;
        /// The client speaks for process `pid` for the first time.
        virtual void meet(int client, std::int32_t pid) = 0;
        /// A report was requested: sweep what dead processes own before it is made.
        virtual void prepareReport() = 0;
        /// Many answers are waiting: write some to the client.
        virtual void deliver(int client) = 0;
    };

    /// Bytes of answers that may wait for a client. One with more is deaf.
    static constexpr std::size_t kMostUnread = std::size_t{64} << 10;
    /// Processes of one client that are watched at most.
    static constexpr std::size_t kMostProcesses = 256;

    /// `client` is the owner's name for it, `sender` the process at the other end.
    Conversation(ServerState& server, const DeviceList& devices, Host& host, int client, std::int32_t sender);

    /// Announces the process at the other end to the host.
    void begin() { meet(m_sender); }
    /// Takes bytes that arrived at `time` (ns since 1970). `isAll`: no more are available now.
    void receive(const char* bytes, std::size_t size, bool isAll, std::int64_t time);
    /// The client was quiet for a while: takes its bytes as whole messages.
    void settle(std::int64_t time);
    /// The connection has ended.
    void end(std::int64_t time);
    /// Whether some bytes are not yet a whole message.
    [[nodiscard]] bool isUndecided() const { return m_received > m_decided; }

    [[nodiscard]] std::string_view unread() const { return std::string_view(m_answers).substr(m_sent); }
    /// The client has taken so many bytes of unread(). Requires: not more than there are.
    void sent(std::size_t bytes);
    /// Whether the client does not read its answers and should be closed.
    [[nodiscard]] bool isDeaf() const { return m_isDeaf; }

    [[nodiscard]] std::int32_t sender() const { return m_sender; }
    [[nodiscard]] const std::vector<std::int32_t>& processes() const { return m_processes; }
    /// A process has died. The host hears of it again if the client speaks for it again.
    void forget(std::int32_t pid);
    [[nodiscard]] std::uint64_t skippedBytes() const { return m_framer.skippedBytes(); }

private:
    void handleAll(std::int64_t time);
    void handle(const alloc_message::Record& record, std::int64_t time);
    void answer(const alloc_message::Record& query);
    void meet(std::int32_t pid);
    void reportSkips();

    ServerState& m_server;
    const DeviceList& m_devices;
    Host& m_host;
    alloc_message::Framer m_framer;
    int m_client;
    std::int32_t m_sender;
    std::int32_t m_lastPid = kNoPid;
    bool m_isDeaf = false;
    std::uint64_t m_received = 0;
    std::uint64_t m_decided = 0;  ///< the end of the last message or skipped bytes
    std::vector<std::int32_t> m_processes;
    std::string m_answers;
    std::size_t m_sent = 0;
};

}  // namespace alloclens::record
