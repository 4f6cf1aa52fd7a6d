// SPDX-License-Identifier: GPL-3.0-or-later
//
// All clients of the recorder and the processes they speak for: accepts them, reads and answers them, and sweeps what a
// process owned when it has died and everything it sent has been read. Belongs to the recorder's thread. Each client
// takes a descriptor and a few KiB, and so does each process.
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
    /// What clients share with the rest of the recorder, which outlives them.
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

    /// Errors: the process may open so few files that hardly a client could be served.
    [[nodiscard]] static Result<void> checkRoom();
    /// False, with errno, where events cannot be waited for.
    [[nodiscard]] bool prepare();
    /// Listens at the place once more, after its file was removed, and takes those who wait where it listened before.
    [[nodiscard]] Result<void> renewPlace();
    /// Something has happened at a descriptor that is a client's, the place's or the watch's.
    void serve(int descriptor, std::uint32_t events);
    /// What is to be done behind all events of a moment.
    void serveRest();
    /// Once in a while: tries again what there was no descriptor for.
    void retry();
    /// Reads what has been sent by now, from whoever has called by now.
    void drainAll();

    [[nodiscard]] std::size_t count() const { return m_count; }
    /// A clause about those that there was no descriptor for since the last call; empty: none.
    [[nodiscard]] std::string takeTurnedAway();
    /// Bytes of some client wait for more.
    [[nodiscard]] bool areUnsettled() const { return !m_unsettled.empty(); }
    /// A client that sends nothing for so long has sent whole messages.
    static constexpr std::chrono::milliseconds kQuiet{10};
    void tell(Figures& figures) const;

private:
    using Clock = std::chrono::steady_clock;

    struct Client {
        Client(Clients& clients, int at, std::int32_t sender)
            : descriptor(at), conversation(clients.m_at.server, clients.m_at.devices, clients, at, sender) {}
        int descriptor;
        bool waitsToWrite = false;
        bool isBusy = false;       ///< its bytes are being taken
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
    /// False where nobody waits, or none can be accepted now.
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
    bool m_isListening = false;  ///< the place is among what is waited for
    bool m_isAccepting = false;
    bool m_isDraining = false;  ///< m_drainBuffer is in use
    bool m_hasDead = false;
    std::size_t m_mostDescriptors;
    FileHandle m_spare;  ///< closed for a moment where a client is to be accepted to be closed
    std::vector<char> m_buffer;
    std::vector<char> m_drainBuffer;                 ///< while m_buffer is in use
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
