// SPDX-License-Identifier: GPL-3.0-or-later
//
// Watches how long the event loop keeps things waiting. A thread of its own posts an event to the GUI thread, sees how
// long it takes until that is handled, rests a millisecond, and does it again. That is what a key or a click goes
// through, whatever keeps the loop busy: a long handler, a long paint, a nested loop, many short events in a row. A
// timer without interval in the GUI thread would see less (nothing of a single event's queue) and would keep the loop
// from ever being idle; an event filter would see handlers but not the time between them. There is one beat under way
// at a time, so a block is counted once.
#pragma once

#include <QObject>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/bench/gui/samples.h"

namespace alloclens::bench {

class Heartbeat : public QObject {
public:
    Heartbeat();
    ~Heartbeat() override;

    /// The waits since the last call, in milliseconds. On the GUI thread.
    [[nodiscard]] Samples take() { return std::exchange(m_waits, {}); }

protected:
    bool event(QEvent* event) override;

private:
    void beat(const std::stop_token& stop);

    Samples m_waits;  ///< of the GUI thread alone
    std::mutex m_mutex;
    std::condition_variable_any m_handled;
    bool m_isUnderWay = false;
    std::chrono::steady_clock::time_point m_postedAt;
    std::jthread m_thread;
};

}  // namespace alloclens::bench
