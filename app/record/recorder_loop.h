// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of Recorder: one epoll loop that accepts clients, reads them, answers them, notices the death of
// processes, and hands on batches. Belongs to the recorder's thread but for stop() and figures().
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "app/record/conversation.h"
#include "app/record/echo_output.h"
#include "app/record/process_watch.h"
#include "app/record/recorder.h"
#include "app/record/trace_output.h"

namespace alloclens::record {

class Recorder::Loop : private Conversation::Host {
public:
    Loop(RecorderOptions options, SocketPlace place, std::unique_ptr<TraceOutput> output, std::string run);
    ~Loop() override;
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> run();
    void stop();
    [[nodiscard]] Figures figures() const;

private:
    using Clock = std::chrono::steady_clock;

    struct Client {
        Client(Loop& loop, int at, std::int32_t sender)
            : descriptor(at), conversation(loop.m_server, loop.m_options.devices, loop, at, sender) {}
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

    void step();
    [[nodiscard]] int timeout() const;
    void accept();
    void setAccepting(bool isAccepting);
    [[nodiscard]] bool hasRoomForClient() const;
    [[nodiscard]] Reading read(Client& client, std::vector<char>& buffer);
    void serve(int descriptor, std::uint32_t events);
    void write(Client& client);
    void close(int descriptor);
    void leave(std::int32_t pid, int descriptor);
    void buryDead();
    void bury(std::int32_t pid);
    void drain(int descriptor);
    void drainAlone(int descriptor);
    void drainAll();
    void settleQuiet();
    void watchSettling(Client& client);
    void tick();
    void flushFull();
    void flush();
    void publish();
    [[nodiscard]] std::string summaryNote() const;
    [[nodiscard]] std::int64_t now();

    RecorderOptions m_options;
    SocketPlace m_place;
    std::unique_ptr<TraceOutput> m_output;
    std::unique_ptr<EchoOutput> m_echo;
    std::string m_run;
    ServerState m_server;
    ProcessWatch m_watch;

    int m_epoll = -1;
    int m_wake = -1;
    bool m_isAccepting = true;
    bool m_isDraining = false;  ///< m_drainBuffer is in use
    bool m_isEnding = false;    ///< the disk is waited for
    std::size_t m_mostDescriptors = 0;
    std::int64_t m_lastTime = kNoTime;
    std::vector<char> m_buffer;
    std::vector<char> m_drainBuffer;                 ///< while m_buffer is in use
    std::vector<std::unique_ptr<Client>> m_clients;  ///< by descriptor
    std::size_t m_clientCount = 0;
    std::unordered_map<std::int32_t, std::vector<int>> m_clientsOf;  ///< descriptors by process
    std::vector<int> m_unsettled;

    Clock::time_point m_flushAt;
    Clock::time_point m_tickAt;
    Clock::time_point m_statisticsAt;
    native::Block::Gap m_gap;
    Figures m_own;  ///< what the loop counts itself

    mutable std::mutex m_mutex;  ///< of m_published
    Figures m_published;
    std::atomic<bool> m_isStopping = false;
};

}  // namespace alloclens::record
