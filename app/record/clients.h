// SPDX-License-Identifier: GPL-3.0-or-later
//
// All clients of the recorder and their processes. It accepts clients, reads and answers them, and sweeps what a
// process owned once it is dead and all its messages are read. Used by the recorder's thread. Each client and each
// process takes a descriptor and a few KiB.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/record/conversation.h"
#include "app/record/outlet.h"
#include "app/record/poller.h"
#include "app/record/process_watch.h"
#include "app/record/socket_place.h"

namespace alloclens::record {

class Clients : private Conversation::Host {
public:
    /// The parts of the recorder that clients use. They must outlive this.
    struct Surroundings {
        SocketPlace& place;
        const DeviceList& devices;
        ServerState& server;
        Outlet& outlet;
        Poller& poller;
        ArrivalClock& clock;
    };

    explicit Clients(const Surroundings& surroundings);
    ~Clients() override;
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

    /// Errors: the limit on open files allows hardly any clients.
    [[nodiscard]] static Result<void> checkRoom();
    /// Starts listening. Returns false and sets errno if it cannot wait for events.
    [[nodiscard]] bool prepare();
    /// Listens at the path again after its file was removed, and accepts those who wait at the old socket.
    [[nodiscard]] Result<void> renewPlace();
    /// Handles an event of a client, the listening socket or the process watch.
    void serve(int descriptor, std::uint32_t events);
    /// Call it after all events of a poll: handles deaths and quiet clients.
    void serveRest();
    /// Call it from time to time: tries again what failed for lack of descriptors.
    void retry();
    /// Reads everything that was sent so far, also from clients that are still waiting.
    void drainAll();

    [[nodiscard]] std::size_t count() const { return m_count; }
    /// A clause about the clients turned away for lack of descriptors since the last call; empty if none were.
    [[nodiscard]] std::string takeTurnedAway();
    /// Whether some client has sent an incomplete message.
    [[nodiscard]] bool areUnsettled() const { return !m_unsettled.empty(); }
    /// Bytes of a client that then stays quiet for so long are taken as whole messages.
    static constexpr std::chrono::milliseconds kQuiet{10};
    void tell(Figures& figures) const;

private:
    using Clock = std::chrono::steady_clock;

    struct Client {
        Client(Clients& clients, int at, std::int32_t sender)
            : descriptor(at), conversation(clients.m_at.server, clients.m_at.devices, clients, at, sender) {}
        int descriptor;
        bool waitsToWrite = false;
        bool isBusy = false;       ///< its bytes are being handled
        bool isUnsettled = false;  ///< in m_unsettled
        Clock::time_point settleAt;
        Conversation conversation;
    };
    enum class Reading { More, Empty, Ended };

    void meet(int client, std::int32_t pid) override;
    void prepareReport() override;
    void deliver(int client) override;

    [[nodiscard]] bool listen();
    void accept();
    /// Returns false if nobody waits, or no client can be accepted now.
    bool acceptOne(int listener);
    void add(int descriptor);
    void setAccepting(bool isAccepting);
    [[nodiscard]] bool hasRoom() const;
    [[nodiscard]] Reading read(Client& client, std::vector<char>& buffer);
    void write(Client& client);
    void close(int descriptor);
    void leave(std::int32_t pid, int descriptor);
    void buryDead();
    void bury(std::int32_t pid);
    void drain(int descriptor);
    void drainAlone(int descriptor);
    void settleQuiet();
    void watchSettling(Client& client);

    Surroundings m_at;
    ProcessWatch m_watch;
    bool m_isListening = false;  ///< m_at.poller watches the listening socket
    bool m_isAccepting = false;
    bool m_isDraining = false;  ///< m_drainBuffer is in use
    bool m_hasDead = false;
    std::size_t m_mostDescriptors;
    FileHandle m_spare;  ///< closed for a moment to accept a client that is then turned away
    std::vector<char> m_buffer;
    std::vector<char> m_drainBuffer;                 ///< used while m_buffer is in use
    std::vector<std::unique_ptr<Client>> m_clients;  ///< by descriptor
    std::size_t m_count = 0;
    std::unordered_map<std::int32_t, std::vector<int>> m_clientsOf;  ///< descriptors by process
    std::vector<int> m_unsettled;
    std::uint64_t m_ever = 0;
    std::uint64_t m_deaf = 0;
    std::uint64_t m_turnedAway = 0;
    std::uint64_t m_turnedAwayTold = 0;
    std::uint64_t m_skippedBytes = 0;
};

}  // namespace alloclens::record
