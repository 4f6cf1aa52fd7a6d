// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the program may do with the terminals it is connected to: colours on standard output, a progress line on
// standard error. Neither where it is a file or a pipe.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "core/base/task.h"

namespace alloclens::cli {

/// Standard output is a terminal that shows colours, and NO_COLOR is not set.
[[nodiscard]] bool outputTakesColour();

/// A line on standard error that says how far long work has come. It appears after half a second, on a terminal only,
/// and is wiped when the object goes.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

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
