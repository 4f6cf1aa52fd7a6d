// SPDX-License-Identifier: GPL-3.0-or-later
//
// Another program that writes a file, on a thread of its own: so many lines or events of a file that exists a second,
// for so long, as text or as the recorder writes. Ends with its owner.
#pragma once

#include <QString>

#include <atomic>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

#include "core/trace/trace.h"

namespace alloclens::bench {

struct GrowthPace {
    int perSecond = 0;  ///< lines or events
    int seconds = 0;
};

class GrowingFile {
public:
    /// The lines of a log, in pieces of 20 ms.
    [[nodiscard]] static std::unique_ptr<GrowingFile> ofLines(const QString& from, const QString& to, GrowthPace pace);
    /// The events of a trace, in blocks of 100 ms, as the recorder does it.
    [[nodiscard]] static std::unique_ptr<GrowingFile> ofEvents(std::shared_ptr<const Trace> from, const QString& to,
                                                               GrowthPace pace);
    [[nodiscard]] bool isDone() const { return m_isDone; }

    explicit GrowingFile(std::function<void(const std::stop_token&)> write)
        : m_thread([this, write = std::move(write)](const std::stop_token& stop) {
              write(stop);
              m_isDone = true;
          }) {}

private:
    std::atomic<bool> m_isDone = false;
    std::jthread m_thread;
};

}  // namespace alloclens::bench
