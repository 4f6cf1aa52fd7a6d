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

/// Nanoseconds since 1970 that never go back. It takes the time of day once and goes on by a clock that nobody sets, so
/// that a system clock which is set forward or back moves no event.
class ArrivalClock {
public:
    [[nodiscard]] std::int64_t now();
    /// What now() gave last; kNoTime before the first time.
    [[nodiscard]] std::int64_t last() const { return m_last; }

    /// How far the system's clock was set forward since the last call; back below 0, 0 where it was not.
    [[nodiscard]] std::int64_t takeStep();
    /// The same with what the clocks say: the time of day, and one that is never set.
    [[nodiscard]] std::int64_t at(std::int64_t timeOfDay, std::int64_t steady);
    [[nodiscard]] std::int64_t stepAt(std::int64_t timeOfDay, std::int64_t steady);

private:
    std::int64_t m_last = kNoTime;
    std::int64_t m_offset = kNoTime;  ///< of the steady clock to what is given
    std::int64_t m_stepped = 0;       ///< by how much the time of day was ahead of that
};

}  // namespace alloclens::record
