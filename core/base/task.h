// SPDX-License-Identifier: GPL-3.0-or-later
//
// What long work is given: a way to learn that it is no longer wanted, and a way to say how far it has come.
// A TaskContext is shared by reference between the threads of one task; both members may be called from any of
// them. The progress callback must be cheap or throttle itself; it is never called after the task has returned.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace alloclens {

class TaskContext {
public:
    /// `stage` is a short phrase in the present tense ("reading"); `fraction` runs from 0 to 1 within the stage.
    using ProgressFunction = std::function<void(std::string_view stage, double fraction)>;

    /// How many rows a loop may handle between two looks at `isCancelled`.
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
