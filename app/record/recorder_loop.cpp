// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/recorder_loop.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include "app/record/shortage.h"
#include "core/base/time_units.h"

namespace alloclens::record {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A batch of this age is handed on.
constexpr milliseconds kBatchAge{100};
constexpr milliseconds kIdle{500};
constexpr seconds kTick{1};
constexpr seconds kStatistics{10};  // as the server prints them

/// Reserves more memory than the end of a recording needs.
std::unique_ptr<char[]> reserveMemory() {
    constexpr std::size_t kMostReserved = std::size_t{32} << 20;
    constexpr std::size_t kLeastReserved = std::size_t{4} << 20;
    for (std::size_t bytes = kMostReserved; bytes >= kLeastReserved; bytes /= 2) {
        if (auto* const reserve = new (std::nothrow) char[bytes]; reserve != nullptr) {
            return std::unique_ptr<char[]>(reserve);
        }
    }
    return nullptr;
}

constexpr std::string_view kReplaced = "another server listens there now";

ServerOptions serverOptions(const RecorderOptions& options) {
    return {options.voice, options.bufferTypes, options.echo >= 0};
}

}  // namespace

Recorder::Loop::Loop(RecorderOptions options, std::unique_ptr<SocketPlace> place, std::unique_ptr<TraceOutput> output,
                     std::string run)
    : m_options(std::move(options)),
      m_place(std::move(place)),
      m_run(std::move(run)),
      m_server(serverOptions(m_options)),
      m_outlet(m_server, m_clock, std::move(output)),
      m_clients({*m_place, m_options.devices, m_server, m_outlet, m_poller, m_clock}),
      m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_reserve(reserveMemory()) {}

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

void Recorder::Loop::leavePlace() { m_place->leave(); }

Figures Recorder::Loop::figures() const {
    const std::lock_guard lock(m_mutex);
    return m_published;
}

Result<void> Recorder::Loop::run() {
    attempt([this] { record(); });
    m_place->leave();
    m_outlet.beginEnd();
    attempt([this] {
        if (!m_lacksMemory) m_clients.drainAll();
        tellTurnedAway();
    });
    attempt([this] {
        m_server.printStatistics();
        m_server.announceStop();
        m_outlet.handOn();
        m_outlet.finishEcho();
        publish();
    });
    Result<void> done = noMemory();
    attempt([&] {
        done = m_outlet.finishTrace(m_server.counts().messages, m_failure,
                                    [this](const std::string& early) { return summaryNote(early); });
        publish();
    });
    return done;
}

void Recorder::Loop::record() {
    m_outlet.startEcho(m_options);
    m_server.announceStart(m_place->path(), m_options.devices);
    while (!m_isStopping && !m_outlet.hasFailed() && !m_failure) step();
}

// Without memory or threads a recording ends as it does on a full disk. The reserved memory is enough for that.
template <typename Work>
void Recorder::Loop::attempt(const Work& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        m_reserve.reset();
        if (!m_failure) m_failure = noMemory();
    } catch (const std::system_error&) {
        m_reserve.reset();
        if (!m_failure) m_failure = noThread();
    }
    m_lacksMemory = true;
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
    m_server.allowReports();
    lookAfterPlace();
    tellOfClock();
    tellTurnedAway();
    if (time < m_statisticsAt) return;
    m_statisticsAt = time + kStatistics;
    m_server.printStatistics();
}

Figures Recorder::Loop::currentFigures() const {
    Figures figures;
    figures.counts = m_server.counts();
    figures.liveBytes = m_server.liveBytes();
    figures.notices = m_notices;
    m_clients.tell(figures);
    m_outlet.tell(figures);
    return figures;
}

void Recorder::Loop::publish() {
    Figures figures = currentFigures();
    const std::lock_guard lock(m_mutex);
    m_published = std::move(figures);
}

// Somebody may remove the socket's file; the tracking server does before it listens there.
void Recorder::Loop::lookAfterPlace() {
    const SocketPlace::Standing standing = m_place->look();
    if (standing == SocketPlace::Standing::Ours) {
        m_placeTrouble.clear();
        return;
    }
    if (standing == SocketPlace::Standing::Served) {
        tellOfPlace(fmt::format("{}: {}; AllocLens still records the programs that are connected to it",
                                m_place->path(), kReplaced));
        if (m_clients.count() > 0) return;
        m_failure = Error{ErrorKind::Output, std::string(kReplaced), m_place->path(),
                          "Stop that server before you record, or choose another path with --socket."};
        return;
    }
    if (const auto renewed = m_clients.renewPlace(); !renewed) {
        tellOfPlace(fmt::format("programs can no longer connect: {}", renewed.error().sentence()));
        return;
    }
    m_placeTrouble.clear();
    notify(fmt::format(
        "{}: the socket was removed, and AllocLens made it again; programs that called in between are not recorded",
        m_place->path()));
}

void Recorder::Loop::tellOfPlace(std::string trouble) {
    if (trouble == m_placeTrouble) return;
    m_placeTrouble = trouble;
    notify(std::move(trouble));
}

void Recorder::Loop::tellOfClock() {
    const std::int64_t step = m_clock.takeStep();
    if (step == 0) return;
    m_server.diagnose(DiagnosticCode::OddTime,
                      fmt::format("the system's clock was set {} by {}; the times of the recording do not change",
                                  step > 0 ? "forward" : "back", formatDuration(step > 0 ? step : -step)));
}

void Recorder::Loop::tellTurnedAway() {
    std::string turnedAway = m_clients.takeTurnedAway();
    if (!turnedAway.empty()) notify(std::move(turnedAway));
}

// Notices go to the trace too, since it then lacks some of what programs did.
void Recorder::Loop::notify(std::string sentence) {
    constexpr std::size_t kMostNotices = 1000;
    m_server.diagnose(DiagnosticCode::RecordingGap, sentence);
    if (m_notices.size() < kMostNotices) m_notices.push_back(std::move(sentence));
}

std::string Recorder::Loop::summaryNote(const std::string& early) const {
    const Figures figures = currentFigures();
    nlohmann::json note{{"note", "end-of-recording"},
                        {"run", m_run},
                        {"messages", figures.counts.messages},
                        {"events", figures.counts.events},
                        {"refusedFrees", figures.counts.refusedFrees},
                        {"invalidMessages", figures.counts.invalid},
                        {"sweeps", figures.counts.sweeps},
                        {"skippedBytes", figures.skippedBytes},
                        {"dropped", figures.dropped},
                        {"unwritten", figures.unwritten},
                        {"clientsTurnedAway", figures.turnedAway},
                        {"clientsLetGo", figures.deafClients},
                        {"clients", figures.clientsEver}};
    if (!early.empty()) note["endedEarly"] = early;
    return note.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace alloclens::record
