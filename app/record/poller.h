// SPDX-License-Identifier: GPL-3.0-or-later
//
// Waits for many descriptors (epoll), and the clock that stamps what they bring. Both are used by the recorder's
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

    /// Returns false and sets errno on failure. `events` are epoll's.
    [[nodiscard]] bool add(int descriptor, std::uint32_t events);
    void change(int descriptor, std::uint32_t events);
    /// Returns the ready ones, stored in `room`. Waits at most `timeoutMs`, for ever if negative.
    [[nodiscard]] std::span<const epoll_event> wait(std::span<epoll_event> room, int timeoutMs);

private:
    int m_descriptor;
};

/// Nanoseconds since 1970 that never decrease. Reads the time of day once and then counts with a clock that nobody
/// sets, so setting the system clock moves no event.
class ArrivalClock {
public:
    /// The current time: the last result if the clock has not advanced since.
    [[nodiscard]] std::int64_t now();
    /// The last result of now(); kNoTime before the first call.
    [[nodiscard]] std::int64_t last() const { return m_last; }

    /// How far the system clock was set since the last call: forward above 0, back below 0, else 0. In nanoseconds.
    [[nodiscard]] std::int64_t takeStep();
    /// The same with given clocks: the time of day, and a clock that is never set.
    [[nodiscard]] std::int64_t at(std::int64_t timeOfDay, std::int64_t steady);
    [[nodiscard]] std::int64_t stepAt(std::int64_t timeOfDay, std::int64_t steady);

private:
    std::int64_t m_last = kNoTime;
    std::int64_t m_offset = kNoTime;  ///< what to add to the steady clock
    std::int64_t m_stepped = 0;       ///< how far the time of day was ahead of it
};

}  // namespace alloclens::record
