// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waits for any of many descriptors (epoll), and the clock that stamps what they bring. Both belong to the recorder's
// thread.
#pragma once

#include <cstdint>
#include <span>
#include <sys/epoll.h>

#include "core/trace/event.h"

namespace alloclens::record {

class Poller {
public:
    Poller() : m_descriptor(::epoll_create1(EPOLL_CLOEXEC)) {}
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// False, with errno, where it cannot be waited for; `events` are those of epoll.
    [[nodiscard]] bool add(int descriptor, std::uint32_t events);
    void change(int descriptor, std::uint32_t events);
    /// Those that are ready, in the room that is given.
    [[nodiscard]] std::span<const epoll_event> wait(std::span<epoll_event> room, int timeoutMs);

private:
    int m_descriptor;
};

/// Nanoseconds since 1970 that never go back, though the system's clock may be set back.
class ArrivalClock {
public:
    [[nodiscard]] std::int64_t now();
    /// What now() gave last; kNoTime before the first time.
    [[nodiscard]] std::int64_t last() const { return m_last; }

private:
    std::int64_t m_last = kNoTime;
};

}  // namespace alloclens::record
