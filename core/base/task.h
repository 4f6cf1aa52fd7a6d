// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long work learns that it is no longer wanted, and how it reports progress. All threads of a task share one
// TaskContext by reference; each may call both functions. The progress function must be cheap or limit its own rate. It
// is never called after the task has returned.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace alloclens {

class TaskContext {
public:
    /// `stage` is a short phrase in the present tense ("reading"); `fraction` goes from 0 to 1 within the stage.
    using ProgressFunction = std::function<void(std::string_view stage, double fraction)>;

    /// The most rows that a loop handles between two calls of isCancelled().
    static constexpr std::size_t kPollRows = 64 * 1024;

    TaskContext() = default;
    TaskContext(std::stop_token stop, ProgressFunction progress)
        : m_stop(std::move(stop)), m_progress(std::move(progress)) {}

    [[nodiscard]] bool isCancelled() const { return m_stop.stop_requested(); }
    void report(std::string_view stage, double fraction) const {
        if (m_progress) m_progress(stage, fraction);
    }
    [[nodiscard]] static Error cancelled() { return {ErrorKind::Cancelled, "cancelled", {}, {}}; }

private:
    std::stop_token m_stop;
    ProgressFunction m_progress;
};

}  // namespace alloclens
