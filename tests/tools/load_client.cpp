// SPDX-License-Identifier: GPL-3.0-or-later
#include "load_client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace alloclens::load {
namespace {

std::uint64_t clockNs(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1000000000U + static_cast<std::uint64_t>(time.tv_nsec);
}

int connectTo(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return -1;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return descriptor;
    ::close(descriptor);
    return -1;
}

bool sendAll(int descriptor, const unsigned char* bytes, std::size_t size) {
    while (size > 0) {
        const auto sent = ::send(descriptor, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

bool ask(int descriptor, std::size_t recordSize) {
    std::array<unsigned char, kLargestRecord> record{};
    WireMessage query;
    query.type = Type::Query;
    writeRecord(query, recordSize, record.data());
    if (!sendAll(descriptor, record.data(), recordSize)) return false;
    return ::recv(descriptor, record.data(), recordSize, MSG_WAITALL) == static_cast<ssize_t>(recordSize)
           && record[0] == static_cast<unsigned char>(Type::Response);
}

void sleepUntil(std::uint64_t at) {
    timespec until{};
    until.tv_sec = static_cast<time_t>(at / 1000000000U);
    until.tv_nsec = static_cast<long>(at % 1000000000U);
    while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {}
}

std::uint64_t percentile(std::vector<std::uint32_t>& times, double share) {
    if (times.empty()) return 0;
    const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(times.size() - 1) * share);
    std::nth_element(times.begin(), times.begin() + at, times.end());
    return times[static_cast<std::size_t>(at)];
}

}  // namespace

ClientOutcome runClient(const ClientOptions& options, int gate) {
    ClientOutcome outcome;
    const int descriptor = connectTo(options.socket);
    if (descriptor < 0) {
        outcome.error = errno;
        return outcome;
    }
    Plan plan(options.plan);
    std::vector<std::uint32_t> times;
    if (options.measures) times.reserve(options.plan.messages);
    std::array<unsigned char, kLargestRecord> record{};
    WireMessage message;
    char end = 0;
    while (::read(gate, &end, 1) < 0 && errno == EINTR) {}
    const auto pid = static_cast<std::int32_t>(::getpid());
    const std::uint64_t start = clockNs(CLOCK_MONOTONIC);
    while (plan.next(message)) {
        message.pid = pid;
        message.timestamp = message.type == Type::Allocation ? clockNs(CLOCK_REALTIME) : 0;
        writeRecord(message, options.recordSize, record.data());
        if (options.rate > 0) {
            sleepUntil(start + static_cast<std::uint64_t>(static_cast<double>(outcome.messages) * 1e9 / options.rate));
        }
        const std::uint64_t before = options.measures ? clockNs(CLOCK_MONOTONIC) : 0;
        if (!sendAll(descriptor, record.data(), options.recordSize)) {
            outcome.error = errno;
            break;
        }
        if (options.measures) times.push_back(static_cast<std::uint32_t>(clockNs(CLOCK_MONOTONIC) - before));
        ++outcome.messages;
    }
    outcome.seconds = clockNs(CLOCK_MONOTONIC) - start;
    if (outcome.error == 0 && options.asks && !ask(descriptor, options.recordSize)) outcome.error = EPROTO;
    outcome.truth = plan.truth();
    outcome.medianNs = percentile(times, 0.5);
    outcome.percentile99Ns = percentile(times, 0.99);
    ::close(descriptor);
    return outcome;
}

}  // namespace alloclens::load
