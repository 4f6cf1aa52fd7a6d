// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/gui/heartbeat.h"

#include <QCoreApplication>
#include <QEvent>

namespace alloclens::bench {

Heartbeat::Heartbeat() : m_thread([this](const std::stop_token& stop) { beat(stop); }) {}

Heartbeat::~Heartbeat() {
    m_thread.request_stop();
    m_thread.join();
}

void Heartbeat::beat(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds kRest(1);
    while (!stop.stop_requested()) {
        {
            const std::lock_guard lock(m_mutex);
            m_isUnderWay = true;
            m_postedAt = std::chrono::steady_clock::now();
        }
        QCoreApplication::postEvent(this, new QEvent(QEvent::User));
        {
            std::unique_lock lock(m_mutex);
            m_handled.wait(lock, stop, [this] { return !m_isUnderWay; });
        }
        std::this_thread::sleep_for(kRest);
    }
}

bool Heartbeat::event(QEvent* event) {
    if (event->type() != QEvent::User) return QObject::event(event);
    {
        const std::lock_guard lock(m_mutex);
        const std::chrono::duration<double, std::milli> waited = std::chrono::steady_clock::now() - m_postedAt;
        m_waits.add(waited.count());
        m_isUnderWay = false;
    }
    m_handled.notify_one();
    return true;
}

}  // namespace alloclens::bench
