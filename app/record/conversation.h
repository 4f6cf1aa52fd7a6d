// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes on with one client: bytes become messages, messages go to the state of the server, queries get their
// answers. Knows no descriptors, so that it can be driven by anything. Owned by the recorder's thread; holds a few KiB
// at most, whatever the client sends or does not read.
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
    /// What the conversation needs of whoever holds it.
    class Host {
    public:
        virtual ~Host() = default;
        /// The client speaks for a process that it did not speak for before.
        virtual void meet(int client, std::int32_t pid) = 0;
        /// A report is asked for: what dead processes own is to be swept before.
        virtual void prepareReport() = 0;
        /// So many answers wait that the client should be given some.
        virtual void deliver(int client) = 0;
    };

    /// So many bytes of answers may wait for a client to read them.
    static constexpr std::size_t kMostUnread = std::size_t{64} << 10;
    /// So many processes of one client are watched.
    static constexpr std::size_t kMostProcesses = 256;

    /// `client` is the host's name of it, `sender` the process at the other end.
    Conversation(ServerState& server, const DeviceList& devices, Host& host, int client, std::int32_t sender);

    /// Tells the host of the process at the other end.
    void begin() { meet(m_sender); }
    /// Takes bytes that came at `time`; `isAll`: nothing more is there for now.
    void receive(const char* bytes, std::size_t size, bool isAll, std::int64_t time);
    /// Nothing more came for a while: takes what is there as whole messages.
    void settle(std::int64_t time);
    /// Nothing more comes at all.
    void end(std::int64_t time);
    /// Whether bytes wait for more.
    [[nodiscard]] bool isUndecided() const { return m_received > m_decided; }

    [[nodiscard]] std::string_view unread() const { return std::string_view(m_answers).substr(m_sent); }
    void sent(std::size_t bytes);
    /// The client does not read its answers and is to be let go.
    [[nodiscard]] bool isDeaf() const { return m_isDeaf; }

    [[nodiscard]] std::int32_t sender() const { return m_sender; }
    [[nodiscard]] const std::vector<std::int32_t>& processes() const { return m_processes; }
    /// A process has died; the host is told if the client speaks for it again.
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
    std::uint64_t m_decided = 0;  ///< the end of the last message or of what is none
    std::vector<std::int32_t> m_processes;
    std::string m_answers;
    std::size_t m_sent = 0;
};

}  // namespace alloclens::record
