// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "core/base/units.h"

namespace alloclens::record {
namespace {

constexpr std::size_t kReadBytes = std::size_t{256} << 10;
/// Kept free for files and the like.
constexpr std::size_t kSpareDescriptors = 64;
/// A recording that could serve fewer clients does not start.
constexpr std::size_t kFewestDescriptors = kSpareDescriptors + 16;
constexpr std::size_t kMostDescriptors = std::size_t{1} << 20;
/// Reads at most so much of a dead process's connection, and of all connections at the end: others may go on sending.
constexpr std::size_t kMostDrained = std::size_t{64} << 20;

std::int32_t peerOf(int descriptor) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0 ? peer.pid : kNoPid;
}

std::size_t mostDescriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, kMostDescriptors));
}

/// How many processes without a descriptor are checked at once.
constexpr std::size_t kMostRetried = 256;

FileHandle anyDescriptor() { return FileHandle(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

Clients::Clients(const Surroundings& surroundings)
    : m_at(surroundings), m_mostDescriptors(mostDescriptors()), m_spare(anyDescriptor()), m_buffer(kReadBytes) {}

Clients::~Clients() {
    for (const auto& client : m_clients) {
        if (client) ::close(client->descriptor);
    }
}

Result<void> Clients::checkRoom() {
    const std::size_t most = mostDescriptors();
    if (most >= kFewestDescriptors) return {};
    return Error{ErrorKind::Output,
                 fmt::format("only {} files may be open at once, and a recording needs {}", most, kFewestDescriptors),
                 {},
                 "Raise the limit with ulimit -n."};
}

bool Clients::prepare() { return m_at.poller.add(m_watch.descriptor(), EPOLLIN) && listen(); }

bool Clients::listen() {
    m_isAccepting = m_at.poller.add(m_at.place.descriptor(), EPOLLIN);
    m_isListening = m_isAccepting;
    return m_isListening;
}

Result<void> Clients::renewPlace() {
    const auto before = m_at.place.reopen();
    if (!before) return before.error();
    while (acceptOne(before->descriptor())) {}
    (void)listen();  // if it fails, retry() tries again
    return {};
}

bool Clients::hasRoom() const { return m_count + m_watch.size() + kSpareDescriptors < m_mostDescriptors; }

void Clients::setAccepting(bool isAccepting) {
    if (m_isAccepting == isAccepting) return;
    m_isAccepting = isAccepting;
    m_at.poller.change(m_at.place.descriptor(), isAccepting ? static_cast<std::uint32_t>(EPOLLIN) : 0U);
}

void Clients::accept() {
    constexpr int kMostAtOnce = 64;
    for (int i = 0; i < kMostAtOnce; ++i) {
        if (!acceptOne(m_at.place.descriptor())) return;
    }
}

// Clients in a full socket queue would block, so those without a descriptor are accepted and closed.
bool Clients::acceptOne(int listener) {
    const auto next = [listener] { return ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); };
    int descriptor = next();
    if (descriptor >= 0 && hasRoom()) {
        add(descriptor);
        return true;
    }
    if (descriptor < 0 && (errno == EMFILE || errno == ENFILE)) {
        m_spare = FileHandle();
        descriptor = next();
    }
    const int why = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
        ++m_turnedAway;
    }
    if (!m_spare.isOpen()) m_spare = anyDescriptor();
    if (descriptor >= 0) return true;
    if (why != EAGAIN && why != EINTR && why != ECONNABORTED) setAccepting(false);  // retry() tries again
    return why == EINTR || why == ECONNABORTED;
}

std::string Clients::takeTurnedAway() {
    if (m_turnedAway == m_turnedAwayTold) return {};
    std::string text = fmt::format("{} turned away: no more than {} files may be open at once",
                                   formatQuantity(m_turnedAway - m_turnedAwayTold, "client was", "clients were"),
                                   m_mostDescriptors);
    m_turnedAwayTold = m_turnedAway;
    return text;
}

void Clients::add(int descriptor) {
    const auto place = static_cast<std::size_t>(descriptor);
    if (place >= m_clients.size()) m_clients.resize(place + 1);
    m_clients[place] = std::make_unique<Client>(*this, descriptor, peerOf(descriptor));
    ++m_count;
    ++m_ever;
    m_clients[place]->conversation.begin();
    if (!m_at.poller.add(descriptor, EPOLLIN)) {
        close(descriptor);
    } else if (m_watch.add(m_clients[place]->conversation.sender()) == ProcessWatch::State::Absent) {
        drain(descriptor);  // the caller is dead by now
    }
}

void Clients::serve(int descriptor, std::uint32_t events) {
    if (descriptor == m_at.place.descriptor()) return accept();
    if (descriptor == m_watch.descriptor()) {
        m_hasDead = true;
        return;
    }
    const auto place = static_cast<std::size_t>(descriptor);
    if (place >= m_clients.size() || !m_clients[place]) return;  // an earlier event closed it
    Client& client = *m_clients[place];
    if ((events & EPOLLOUT) != 0) write(client);
    if ((events & ~static_cast<std::uint32_t>(EPOLLOUT)) == 0) return;
    if (read(client, m_buffer) == Reading::Ended) close(descriptor);
}

// Handles deaths last, so that what the dead sent is read in order with the others' messages.
void Clients::serveRest() {
    if (std::exchange(m_hasDead, false)) buryDead();
    settleQuiet();
}

void Clients::retry() {
    buryDead();
    if (!m_isListening) {
        (void)listen();
    } else {
        setAccepting(true);
    }
}

Clients::Reading Clients::read(Client& client, std::vector<char>& buffer) {
    const auto got = ::recv(client.descriptor, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return Reading::Empty;
    if (got <= 0) return Reading::Ended;
    const auto size = static_cast<std::size_t>(got);
    client.isBusy = true;
    client.conversation.receive(buffer.data(), size, size < buffer.size(), m_at.clock.now());
    client.isBusy = false;
    m_at.outlet.handOnIfFull();
    if (!client.conversation.unread().empty()) write(client);
    if (client.conversation.isDeaf()) {
        ++m_deaf;
        return Reading::Ended;
    }
    if (client.conversation.isUndecided()) watchSettling(client);
    return size < buffer.size() ? Reading::Empty : Reading::More;
}

void Clients::write(Client& client) {
    const std::string_view answers = client.conversation.unread();
    const auto sent = ::send(client.descriptor, answers.data(), answers.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) client.conversation.sent(static_cast<std::size_t>(sent));
    const bool waits = !client.conversation.unread().empty() && (sent >= 0 || errno == EAGAIN);
    if (waits == client.waitsToWrite) return;
    client.waitsToWrite = waits;
    m_at.poller.change(client.descriptor, EPOLLIN | (waits ? static_cast<std::uint32_t>(EPOLLOUT) : 0U));
}

void Clients::watchSettling(Client& client) {
    client.settleAt = Clock::now() + kQuiet;
    if (client.isUnsettled) return;
    client.isUnsettled = true;
    m_unsettled.push_back(client.descriptor);
}

void Clients::settleQuiet() {
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
        client->conversation.settle(m_at.clock.now());
        if (!client->conversation.unread().empty()) write(*client);
    }
    m_unsettled.insert(m_unsettled.end(), later.begin(), later.end());
}

void Clients::close(int descriptor) {
    const auto client = std::move(m_clients[static_cast<std::size_t>(descriptor)]);
    client->conversation.end(m_at.clock.now());
    m_skippedBytes += client->conversation.skippedBytes();
    ::close(descriptor);
    --m_count;
    for (const std::int32_t pid : client->conversation.processes()) leave(pid, descriptor);
    if (m_isListening) setAccepting(true);
}

// The number may belong to a new process before the death of the old one is known.
void Clients::meet(int client, std::int32_t pid) {
    if (m_watch.hasDied(pid)) bury(pid);
    m_clientsOf[pid].push_back(client);
    m_watch.add(pid);
}

void Clients::deliver(int client) {
    if (const auto& held = m_clients[static_cast<std::size_t>(client)]) write(*held);
}

// Keeps a watched process beyond its connections. A process that is not visible here ends with its last connection.
void Clients::leave(std::int32_t pid, int descriptor) {
    const auto at = m_clientsOf.find(pid);
    if (at == m_clientsOf.end()) return;
    auto& descriptors = at->second;
    descriptors.erase(std::remove(descriptors.begin(), descriptors.end(), descriptor), descriptors.end());
    if (!descriptors.empty()) return;
    m_clientsOf.erase(at);
    if (m_watch.add(pid) == ProcessWatch::State::Absent) {
        m_watch.remove(pid);
        m_at.server.sweep(pid, m_at.clock.now());
    } else if (!m_at.server.isOwner(pid)) {
        m_watch.remove(pid);
    }
}

void Clients::prepareReport() {
    m_at.outlet.handOnIfFull();
    if (m_isDraining) return;  // messages of a dead process may ask for a report
    accept();
    buryDead();
}

void Clients::buryDead() {
    for (const std::int32_t pid : m_watch.takeDead()) bury(pid);
    for (const std::int32_t pid : m_watch.retry(kMostRetried)) bury(pid);
}

// A process's messages count even after its death, so its connections are read to their ends first.
void Clients::bury(std::int32_t pid) {
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
    m_at.server.sweep(pid, m_at.clock.now());
}

void Clients::drain(int descriptor) {
    if (m_isDraining) return;
    m_isDraining = true;
    drainAlone(descriptor);
    m_isDraining = false;
}

void Clients::drainAlone(int descriptor) {
    m_drainBuffer.resize(kReadBytes);
    for (std::size_t drained = 0; drained < kMostDrained; drained += kReadBytes) {
        const auto& client = m_clients[static_cast<std::size_t>(descriptor)];
        if (!client || client->isBusy) return;
        switch (read(*client, m_drainBuffer)) {
        case Reading::Empty:
            if (drained == 0) continue;  // a short read may be the last one before the end
            return;
        case Reading::Ended: return close(descriptor);
        case Reading::More: break;
        }
    }
}

void Clients::drainAll() {
    accept();
    for (std::size_t i = 0; i < m_clients.size(); ++i) drain(static_cast<int>(i));
    buryDead();
    for (const auto& client : m_clients) {
        if (!client) continue;
        client->conversation.end(m_at.clock.now());
        m_skippedBytes += client->conversation.skippedBytes();
    }
}

void Clients::tell(Figures& figures) const {
    figures.clients = m_count;
    figures.clientsEver = m_ever;
    figures.deafClients = m_deaf;
    figures.turnedAway = m_turnedAway;
    figures.skippedBytes = m_skippedBytes;
}

}  // namespace alloclens::record
