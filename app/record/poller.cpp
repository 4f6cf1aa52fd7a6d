// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/record/poller.h"

#include <algorithm>
#include <ctime>
#include <unistd.h>

#include "core/base/time_units.h"

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

namespace {

std::int64_t readClock(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * kNanosecondsOfSecond + time.tv_nsec;
}

}  // namespace

std::int64_t ArrivalClock::now() { return at(readClock(CLOCK_REALTIME), readClock(CLOCK_BOOTTIME)); }
std::int64_t ArrivalClock::takeStep() { return stepAt(readClock(CLOCK_REALTIME), readClock(CLOCK_BOOTTIME)); }

std::int64_t ArrivalClock::at(std::int64_t timeOfDay, std::int64_t steady) {
    if (m_offset == kNoTime) m_offset = timeOfDay - steady;
    return m_last = std::max(m_last, steady + m_offset);
}

// The jump of the system clock. Small corrections move a clock much less between two calls, so they count as 0.
std::int64_t ArrivalClock::stepAt(std::int64_t timeOfDay, std::int64_t steady) {
    if (m_offset == kNoTime) return 0;
    const std::int64_t ahead = timeOfDay - (steady + m_offset);
    const std::int64_t step = ahead - m_stepped;
    m_stepped = ahead;
    return step > kNanosecondsOfSecond || step < -kNanosecondsOfSecond ? step : 0;
}

}  // namespace alloclens::record
