// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/poller.h"

#include <algorithm>
#include <ctime>
#include <unistd.h>

namespace alloclens::record {

Poller::~Poller() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

bool Poller::add(int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    return ::epoll_ctl(m_descriptor, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

void Poller::change(int descriptor, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = descriptor;
    ::epoll_ctl(m_descriptor, EPOLL_CTL_MOD, descriptor, &event);
}

std::span<const epoll_event> Poller::wait(std::span<epoll_event> room, int timeoutMs) {
    const int count = ::epoll_wait(m_descriptor, room.data(), static_cast<int>(room.size()), timeoutMs);
    return room.first(static_cast<std::size_t>(std::max(count, 0)));
}

std::int64_t ArrivalClock::now() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
    m_last = std::max(m_last, time.tv_sec * kNanosecondsPerSecond + time.tv_nsec);
    return m_last;
}

}  // namespace alloclens::record
