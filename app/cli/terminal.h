// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the program may do with its terminals: colours on standard output, a progress line on standard error. Files and
// pipes get neither.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/task.h"

namespace alloclens::cli {

/// Whether standard output is a terminal that shows colours, and NO_COLOR is not set.
[[nodiscard]] bool outputTakesColour();

/// A line on standard error with the progress of long work. It appears after half a second, on a terminal only. The
/// destructor erases it. Any thread of the task may report.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    /// A task that reports to this line. Requires: it ends before this line does.
    [[nodiscard]] TaskContext task();

private:
    void show(std::string_view stage, double fraction);

    using Clock = std::chrono::steady_clock;
    std::mutex m_mutex;
    Clock::time_point m_nextShow;
    bool m_isTerminal = false;
    bool m_isShown = false;
};

}  // namespace alloclens::cli
