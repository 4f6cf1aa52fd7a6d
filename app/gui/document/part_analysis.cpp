// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/part_analysis.h"

#include <new>
#include <system_error>
#include <utility>

namespace alloclens {

PartAnalysis::PartAnalysis(Analysed analysed) : m_analysed(std::move(analysed)) {
    try {
        m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
    } catch (const std::system_error&) {
        // Nothing is shown before the whole file has been read.
    }
}

PartAnalysis::~PartAnalysis() = default;

void PartAnalysis::take(std::shared_ptr<const Trace> part) {
    if (part->events.count() == 0) return;  // nothing to show yet
    {
        const std::lock_guard lock(m_mutex);
        m_newest = std::move(part);
    }
    m_changed.notify_one();
}

void PartAnalysis::run(const std::stop_token& stop) {
    const TaskContext task(stop, {});
    while (true) {
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_newest != nullptr; }) || stop.stop_requested()) return;
        auto part = std::exchange(m_newest, nullptr);
        lock.unlock();
        try {
            auto analysis = analyse(std::move(part), task);
            if (analysis && !stop.stop_requested()) m_analysed(std::move(*analysis));
        } catch (const std::bad_alloc&) {
            return;  // the whole file will want even more, and say so
        }
    }
}

}  // namespace alloclens
