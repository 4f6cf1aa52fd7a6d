// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/jobs/jobs.h"

#include <QMetaObject>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>

namespace alloclens {

Job::Job(QObject* parent) : QObject(parent) {}

Job::~Job() {
    for (Run& run : m_runs) run.thread.request_stop();
    m_runs.clear();  // joins
}

void Job::cancel() {
    if (m_current == 0) return;
    m_current = 0;
    for (Run& run : m_runs) run.thread.request_stop();
    emit finished();
}

void Job::run(Body body) {
    for (Run& run : m_runs) run.thread.request_stop();
    const std::uint64_t serial = ++m_lastSerial;
    m_current = serial;
    emit started();
    m_runs.push_back({serial, {}});
    const auto finish = [this, serial](std::function<void()> deliver) {
        QMetaObject::invokeMethod(
            this, [this, serial, deliver = std::move(deliver)] { complete(serial, deliver); }, Qt::QueuedConnection);
    };
    try {
        m_runs.back().thread = std::jthread([body, finish, progress = progressOf(serial)](std::stop_token stop) {
            const TaskContext task(std::move(stop), progress);
            finish(body(&task));
        });
    } catch (const std::system_error&) {
        finish(body(nullptr));
    }
}

// From any thread of the work; dropped if the work is no longer wanted when its turn comes.
void Job::callBack(std::uint64_t serial, std::function<void()> call) {
    QMetaObject::invokeMethod(
        this,
        [this, serial, call = std::move(call)] {
            if (serial == m_current) call();
        },
        Qt::QueuedConnection);
}

// The callback may come from any of a task's threads and thousands of times a second.
TaskContext::ProgressFunction Job::progressOf(std::uint64_t serial) {
    struct Throttle {
        std::mutex mutex;
        std::string stage;
        std::chrono::steady_clock::time_point next;
    };
    auto throttle = std::make_shared<Throttle>();
    return [this, serial, throttle](std::string_view stage, double fraction) {
        constexpr std::chrono::milliseconds kPause(50);
        const auto now = std::chrono::steady_clock::now();
        const std::lock_guard lock(throttle->mutex);
        if (stage == throttle->stage && now < throttle->next) return;
        throttle->stage = stage;
        throttle->next = now + kPause;
        const QString text = QString::fromUtf8(stage.data(), static_cast<qsizetype>(stage.size()));
        callBack(serial, [this, text, fraction] { emit progressed(text, std::clamp(fraction, 0.0, 1.0)); });
    };
}

void Job::complete(std::uint64_t serial, const std::function<void()>& deliver) {
    m_runs.remove_if([serial](const Run& run) { return run.serial == serial; });
    if (serial != m_current) return;
    m_current = 0;
    deliver();
    if (m_current == 0) emit finished();  // unless the delivery started the next one
}

}  // namespace alloclens
