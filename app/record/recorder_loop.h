// SPDX-License-Identifier: GPL-3.0-or-later
//
// The inside of Recorder: a loop that waits for clients and deaths of processes, hands on batches before they get old,
// and publishes figures. Used by the recorder's thread, except stop(), leavePlace() and figures(), which any thread may
// call.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/record/clients.h"
#include "app/record/outlet.h"
#include "app/record/poller.h"
#include "app/record/recorder.h"

namespace alloclens::record {

class Recorder::Loop {
public:
    Loop(RecorderOptions options, std::unique_ptr<SocketPlace> place, std::unique_ptr<TraceOutput> output,
         std::string run);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> run();
    void stop();
    void leavePlace();
    [[nodiscard]] Figures figures() const;

private:
    using Clock = std::chrono::steady_clock;

    void record();
    template <typename Work>
    void attempt(const Work& work);
    void step();
    [[nodiscard]] int timeoutMs() const;
    void tick(Clock::time_point time);
    [[nodiscard]] Figures currentFigures() const;
    void publish();
    void lookAfterPlace();
    void tellOfPlace(std::string trouble);
    void tellTurnedAway();
    void tellOfClock();
    void notify(std::string sentence);
    [[nodiscard]] std::string summaryNote(const std::string& early) const;

    RecorderOptions m_options;
    std::unique_ptr<SocketPlace> m_place;
    std::string m_run;
    ArrivalClock m_clock;
    Poller m_poller;
    ServerState m_server;
    Outlet m_outlet;
    Clients m_clients;
    int m_wake;
    std::unique_ptr<char[]> m_reserve;  ///< freed when there is no other memory
    bool m_lacksMemory = false;
    std::optional<Error> m_failure;  ///< a failure outside of the trace
    std::string m_placeTrouble;      ///< the last one that was reported
    std::vector<std::string> m_notices;

    Clock::time_point m_handOnAt;
    Clock::time_point m_tickAt;
    Clock::time_point m_statisticsAt;

    mutable std::mutex m_mutex;  ///< guards m_published
    Figures m_published;
    std::atomic<bool> m_isStopping = false;
};

}  // namespace alloclens::record
