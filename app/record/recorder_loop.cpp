// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/recorder_loop.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace alloclens::record {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
/// Kept for files and what else needs a descriptor.
constexpr std::size_t kSpareDescriptors = 64;
constexpr std::size_t kMostDescriptors = std::size_t{1} << 20;
/// A batch is handed on when it has so many lines, so many bytes of other text, or is so old.
constexpr std::uint32_t kBatchLines = std::uint32_t{1} << 16;
constexpr std::size_t kBatchText = std::size_t{4} << 20;
constexpr milliseconds kBatchAge{100};
/// A client that sends nothing for so long has sent whole messages.
constexpr milliseconds kQuiet{10};
constexpr seconds kTick{1};
constexpr seconds kStatistics{10};  // as the server prints them
/// What is read of a dead process's connection, and of all at the end: others may go on sending.
constexpr std::size_t kMostDrained = std::size_t{64} << 20;

Error systemError(std::string_view what) {
    return {ErrorKind::Output, fmt::format("{}: {}", what, std::strerror(errno)), {}, {}};
}

bool addTo(int epoll, int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    return ::epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void change(int epoll, int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
}

std::int32_t peerOf(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0 ? peer.pid : kNoPid;
}

ServerOptions serverOptions(const RecorderOptions& options) {
    return {options.voice, options.bufferTypes, options.echo >= 0};
}

}  // namespace

Recorder::Loop::Loop(RecorderOptions options, SocketPlace place, std::unique_ptr<TraceOutput> output, std::string run)
    : m_options(std::move(options)),
      m_place(std::move(place)),
      m_output(std::move(output)),
      m_run(std::move(run)),
      m_server(serverOptions(m_options)),
      m_buffer(kReadBytes) {}

Recorder::Loop::~Loop() {
    for (const auto& client : m_clients) {
        if (client) ::close(client->descriptor);
    }
    if (m_wake >= 0) ::close(m_wake);
    if (m_epoll >= 0) ::close(m_epoll);
}

Result<void> Recorder::Loop::prepare() {
    m_epoll = ::epoll_create1(EPOLL_CLOEXEC);
    m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (m_epoll < 0 || m_wake < 0) return systemError("events cannot be waited for");
    if (!addTo(m_epoll, m_wake, EPOLLIN) || !addTo(m_epoll, m_watch.descriptor(), EPOLLIN)
        || !addTo(m_epoll, m_place.descriptor(), EPOLLIN)) {
        return systemError("events cannot be waited for");
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    m_mostDescriptors = static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, kMostDescriptors));
    const auto start = Clock::now();
    m_flushAt = start + kBatchAge;
    m_tickAt = start + kTick;
    m_statisticsAt = start + kStatistics;
    publish();
    return m_output->begin();
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

std::int64_t Recorder::Loop::now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
    m_lastTime = std::max(m_lastTime, time.tv_sec * kNanosecondsPerSecond + time.tv_nsec);  // the clock may be set back
    return m_lastTime;
}

Result<void> Recorder::Loop::run() {
    if (m_options.echo >= 0) {
        m_echo = std::make_unique<EchoOutput>(m_options.echo, m_options.complaints, m_options.voice,
                                              m_options.echoQueueBytes);
    }
    m_server.announceStart(m_place.path(), m_options.devices);
    while (!m_isStopping && !m_output->hasFailed()) step();
    drainAll();
    m_server.printStatistics();
    m_server.announceStop();
    flush();
    if (m_echo) m_echo->finish();
    publish();
    auto done = m_output->finish(summaryNote());
    publish();
    return done;
}

void Recorder::Loop::step() {
    std::array<epoll_event, 256> events{};
    const int count = ::epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), timeout());
    bool hasDead = false;
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.fd == m_place.descriptor()) {
            accept();
        } else if (event.data.fd == m_watch.descriptor()) {
            hasDead = true;
        } else if (event.data.fd != m_wake) {
            serve(event.data.fd, event.events);
        }
    }
    if (hasDead) buryDead();
    settleQuiet();
    const auto time = Clock::now();
    if (time >= m_flushAt) {
        flush();
        publish();
        m_flushAt = time + kBatchAge;
    }
    if (time >= m_tickAt) tick();
}

int Recorder::Loop::timeout() const {
    if (!m_unsettled.empty()) return static_cast<int>(kQuiet.count());
    const auto age = static_cast<int>(kBatchAge.count());
    constexpr int kIdle = 500;
    return m_server.batch().isEmpty() ? kIdle : age;
}

void Recorder::Loop::tick() {
    const auto time = Clock::now();
    m_tickAt = time + kTick;
    for (const std::int32_t pid : m_watch.retry()) bury(pid);
    if (!m_isAccepting && hasRoomForClient()) setAccepting(true);
    if (time < m_statisticsAt) return;
    m_statisticsAt = time + kStatistics;
    m_server.printStatistics();
}

bool Recorder::Loop::hasRoomForClient() const {
    return m_clientCount + m_watch.size() + kSpareDescriptors < m_mostDescriptors;
}

// While there is no descriptor for another client, those who call wait in the socket's queue.
void Recorder::Loop::setAccepting(bool isAccepting) {
    if (m_isAccepting == isAccepting) return;
    m_isAccepting = isAccepting;
    change(m_epoll, m_place.descriptor(), isAccepting ? static_cast<std::uint32_t>(EPOLLIN) : 0U);
}

void Recorder::Loop::accept() {
    constexpr int kMostAtOnce = 64;
    for (int i = 0; i < kMostAtOnce; ++i) {
        if (!hasRoomForClient()) return setAccepting(false);
        const int descriptor = ::accept4(m_place.descriptor(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) setAccepting(false);
            return;
        }
        const auto place = static_cast<std::size_t>(descriptor);
        if (place >= m_clients.size()) m_clients.resize(place + 1);
        m_clients[place] = std::make_unique<Client>(*this, descriptor, peerOf(descriptor));
        ++m_clientCount;
        ++m_own.clientsEver;
        m_clients[place]->conversation.begin();
        if (!addTo(m_epoll, descriptor, EPOLLIN)) {
            close(descriptor);
        } else if (m_watch.add(m_clients[place]->conversation.sender()) == ProcessWatch::State::Absent) {
            drain(descriptor);  // whoever called is dead by now
        }
    }
}

void Recorder::Loop::serve(int descriptor, std::uint32_t events) {
    const auto place = static_cast<std::size_t>(descriptor);
    if (place >= m_clients.size() || !m_clients[place]) return;  // closed by an event before
    Client& client = *m_clients[place];
    if ((events & EPOLLOUT) != 0) write(client);
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0) return;
    if (read(client, m_buffer) == Reading::Ended) close(descriptor);
}

Recorder::Loop::Reading Recorder::Loop::read(Client& client, std::vector<char>& buffer) {
    const auto got = ::recv(client.descriptor, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Reading::Empty;
    if (got <= 0) return Reading::Ended;
    const auto size = static_cast<std::size_t>(got);
    client.isBusy = true;
    client.conversation.receive(buffer.data(), size, size < buffer.size(), now());
    client.isBusy = false;
    flushFull();
    if (!client.conversation.unread().empty()) write(client);
    if (client.conversation.isDeaf()) {
        ++m_own.deafClients;
        return Reading::Ended;
    }
    if (client.conversation.isUndecided()) watchSettling(client);
    return size < buffer.size() ? Reading::Empty : Reading::More;
}

void Recorder::Loop::write(Client& client) {
    const std::string_view answers = client.conversation.unread();
    const auto sent = ::send(client.descriptor, answers.data(), answers.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) client.conversation.sent(static_cast<std::size_t>(sent));
    const bool waits = !client.conversation.unread().empty() && (sent >= 0 || errno == EAGAIN);
    if (waits == client.waitsToWrite) return;
    client.waitsToWrite = waits;
    change(m_epoll, client.descriptor, EPOLLIN | (waits ? static_cast<std::uint32_t>(EPOLLOUT) : 0U));
}

void Recorder::Loop::watchSettling(Client& client) {
    client.settleAt = Clock::now() + kQuiet;
    if (client.isUnsettled) return;
    client.isUnsettled = true;
    m_unsettled.push_back(client.descriptor);
}

void Recorder::Loop::settleQuiet() {
    if (m_unsettled.empty()) return;
    const auto time = Clock::now();
    std::vector<int> later;
    for (const int descriptor : std::exchange(m_unsettled, {})) {
        Client* const client = m_clients[static_cast<std::size_t>(descriptor)].get();
        if (client == nullptr || !client->isUnsettled) continue;
        if (client->settleAt > time && client->conversation.isUndecided()) {
            later.push_back(descriptor);
            continue;
        }
        client->isUnsettled = false;
        if (!client->conversation.isUndecided()) continue;
        client->conversation.settle(now());
        if (!client->conversation.unread().empty()) write(*client);
    }
    m_unsettled.insert(m_unsettled.end(), later.begin(), later.end());
}

void Recorder::Loop::close(int descriptor) {
    const auto client = std::move(m_clients[static_cast<std::size_t>(descriptor)]);
    client->conversation.end(now());
    m_own.skippedBytes += client->conversation.skippedBytes();
    ::close(descriptor);
    --m_clientCount;
    for (const std::int32_t pid : client->conversation.processes()) leave(pid, descriptor);
    if (!m_isAccepting && hasRoomForClient()) setAccepting(true);
}

void Recorder::Loop::meet(int client, std::int32_t pid) {
    m_clientsOf[pid].push_back(client);
    m_watch.add(pid);
}

void Recorder::Loop::deliver(int client) {
    if (const auto& held = m_clients[static_cast<std::size_t>(client)]) write(*held);
}

// A process that is watched outlives its connections. One that cannot be seen from here is gone when the last is.
void Recorder::Loop::leave(std::int32_t pid, int descriptor) {
    const auto at = m_clientsOf.find(pid);
    if (at == m_clientsOf.end()) return;
    auto& descriptors = at->second;
    descriptors.erase(std::remove(descriptors.begin(), descriptors.end(), descriptor), descriptors.end());
    if (!descriptors.empty()) return;
    m_clientsOf.erase(at);
    if (m_watch.add(pid) == ProcessWatch::State::Absent) {
        m_watch.remove(pid);
        m_server.sweep(pid, now());
    } else if (!m_server.isOwner(pid)) {
        m_watch.remove(pid);
    }
}

void Recorder::Loop::prepareReport() {
    flushFull();
    if (m_isDraining) return;  // what is read of a dead process may ask for a report
    accept();
    buryDead();
}

void Recorder::Loop::buryDead() {
    for (const std::int32_t pid : m_watch.takeDead()) bury(pid);
}

// What a process sent before its death counts, so its connections are read to their ends first.
void Recorder::Loop::bury(std::int32_t pid) {
    if (const auto at = m_clientsOf.find(pid); at != m_clientsOf.end()) {
        const std::vector<int> descriptors = at->second;
        for (const int descriptor : descriptors) drain(descriptor);
    }
    if (const auto at = m_clientsOf.find(pid); at != m_clientsOf.end()) {
        for (const int descriptor : at->second) {
            const auto& client = m_clients[static_cast<std::size_t>(descriptor)];
            if (client) client->conversation.forget(pid);
        }
        m_clientsOf.erase(at);
    }
    m_watch.remove(pid);
    m_server.sweep(pid, now());
}

void Recorder::Loop::drain(int descriptor) {
    if (m_isDraining) return;
    m_isDraining = true;
    drainAlone(descriptor);
    m_isDraining = false;
}

void Recorder::Loop::drainAlone(int descriptor) {
    m_drainBuffer.resize(kReadBytes);
    for (std::size_t drained = 0; drained < kMostDrained; drained += kReadBytes) {
        const auto& client = m_clients[static_cast<std::size_t>(descriptor)];
        if (!client || client->isBusy) return;
        switch (read(*client, m_drainBuffer)) {
        case Reading::Empty:
            if (drained == 0) continue;  // a short read may have been the last before the end
            return;
        case Reading::Ended: return close(descriptor);
        case Reading::More: break;
        }
    }
}

void Recorder::Loop::drainAll() {
    m_isEnding = true;
    accept();
    for (std::size_t i = 0; i < m_clients.size(); ++i) drain(static_cast<int>(i));
    buryDead();
    for (const auto& client : m_clients) {
        if (!client) continue;
        client->conversation.end(now());
        m_own.skippedBytes += client->conversation.skippedBytes();
    }
}

void Recorder::Loop::flushFull() {
    const Batch& batch = m_server.batch();
    if (batch.block.lines >= kBatchLines || batch.echoBytes >= kBatchText) flush();
}

void Recorder::Loop::flush() {
    if (m_server.batch().isEmpty() && !(m_isEnding && m_gap.messages > 0)) return;
    const std::shared_ptr<Batch> batch = m_server.takeBatch();
    if (m_gap.messages > 0) batch->block.gaps.push_back(m_gap);
    const bool isTaken = m_isEnding ? m_output->put(batch) : m_output->offer(batch);
    if (isTaken) {
        m_gap = {};
    } else {
        if (m_gap.messages == 0) m_gap = {m_lastTime, 0, "the disk was too slow"};
        m_gap.messages += batch->block.lines;
        m_own.dropped += batch->block.lines;
    }
    if (m_echo) m_echo->offer(batch);
}

void Recorder::Loop::publish() {
    Figures figures = m_own;
    figures.counts = m_server.counts();
    figures.clients = m_clientCount;
    figures.bytes = m_output->bytes();
    figures.parts = m_output->parts();
    figures.liveBytes = m_server.liveBytes();
    if (m_echo) figures.notEchoed = m_echo->lost();
    const std::lock_guard lock(m_mutex);
    m_published = std::move(figures);
}

std::string Recorder::Loop::summaryNote() const {
    const ServerState::Counts& counts = m_server.counts();
    return nlohmann::json{{"note", "end-of-recording"},
                          {"run", m_run},
                          {"messages", counts.messages},
                          {"events", counts.events},
                          {"refusedFrees", counts.refusedFrees},
                          {"invalidMessages", counts.invalid},
                          {"sweeps", counts.sweeps},
                          {"skippedBytes", m_own.skippedBytes},
                          {"dropped", m_own.dropped},
                          {"clients", m_own.clientsEver}}
        .dump();
}

}  // namespace alloclens::record
