// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/recorder_loop.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/eventfd.h>
#include <unistd.h>

namespace alloclens::record {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A batch is handed on when it is so old.
constexpr milliseconds kBatchAge{100};
constexpr milliseconds kIdle{500};
constexpr seconds kTick{1};
constexpr seconds kStatistics{10};  // as the server prints them

ServerOptions serverOptions(const RecorderOptions& options) {
    return {options.voice, options.bufferTypes, options.echo >= 0};
}

}  // namespace

Recorder::Loop::Loop(RecorderOptions options, SocketPlace place, std::unique_ptr<TraceOutput> output, std::string run)
    : m_options(std::move(options)),
      m_place(std::move(place)),
      m_run(std::move(run)),
      m_server(serverOptions(m_options)),
      m_outlet(m_server, m_clock, std::move(output)),
      m_clients({m_place, m_options.devices, m_server, m_outlet, m_poller, m_clock}),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

Recorder::Loop::~Loop() {
    if (m_wake >= 0) ::close(m_wake);
}

Result<void> Recorder::Loop::prepare() {
    if (m_wake < 0 || !m_poller.add(m_wake, EPOLLIN) || !m_clients.prepare()) {
        return Error{ErrorKind::Output, fmt::format("events cannot be waited for: {}", std::strerror(errno)), {}, {}};
    }
    const auto start = Clock::now();
    m_handOnAt = start + kBatchAge;
    m_tickAt = start + kTick;
    m_statisticsAt = start + kStatistics;
    publish();
    return m_outlet.begin();
}

void Recorder::Loop::stop() {
    m_isStopping = true;
    const std::uint64_t one = 1;
    (void)!::write(m_wake, &one, sizeof one);
}

Figures Recorder::Loop::figures() const {
    const std::lock_guard lock(m_mutex);
    return m_published;
}

Result<void> Recorder::Loop::run() {
    m_outlet.startEcho(m_options);
    m_server.announceStart(m_place.path(), m_options.devices);
    while (!m_isStopping && !m_outlet.hasFailed()) step();
    m_outlet.beginEnd();
    m_clients.drainAll();
    m_server.printStatistics();
    m_server.announceStop();
    m_outlet.handOn();
    m_outlet.finishEcho();
    publish();
    auto done = m_outlet.finishTrace(summaryNote());
    publish();
    return done;
}

void Recorder::Loop::step() {
    std::array<epoll_event, 256> room{};
    for (const epoll_event& event : m_poller.wait(room, timeoutMs())) {
        if (event.data.fd != m_wake) m_clients.serve(event.data.fd, event.events);
    }
    m_clients.serveRest();
    const auto time = Clock::now();
    if (time >= m_handOnAt) {
        m_outlet.handOn();
        publish();
        m_handOnAt = time + kBatchAge;
    }
    if (time >= m_tickAt) tick(time);
}

int Recorder::Loop::timeoutMs() const {
    if (m_clients.areUnsettled()) return static_cast<int>(Clients::kQuiet.count());
    return static_cast<int>((m_server.batch().isEmpty() ? kIdle : kBatchAge).count());
}

void Recorder::Loop::tick(Clock::time_point time) {
    m_tickAt = time + kTick;
    m_clients.retry();
    if (time < m_statisticsAt) return;
    m_statisticsAt = time + kStatistics;
    m_server.printStatistics();
}

Figures Recorder::Loop::currentFigures() const {
    Figures figures;
    figures.counts = m_server.counts();
    figures.liveBytes = m_server.liveBytes();
    m_clients.tell(figures);
    m_outlet.tell(figures);
    return figures;
}

void Recorder::Loop::publish() {
    Figures figures = currentFigures();
    const std::lock_guard lock(m_mutex);
    m_published = std::move(figures);
}

std::string Recorder::Loop::summaryNote() const {
    const Figures figures = currentFigures();
    return nlohmann::json{{"note", "end-of-recording"},
                          {"run", m_run},
                          {"messages", figures.counts.messages},
                          {"events", figures.counts.events},
                          {"refusedFrees", figures.counts.refusedFrees},
                          {"invalidMessages", figures.counts.invalid},
                          {"sweeps", figures.counts.sweeps},
                          {"skippedBytes", figures.skippedBytes},
                          {"dropped", figures.dropped},
                          {"clients", figures.clientsEver}}
        .dump();
}

}  // namespace alloclens::record
