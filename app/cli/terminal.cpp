// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <fmt/format.h>

#include <cstdlib>
#include <unistd.h>

#include "core/base/standard_streams.h"

namespace alloclens::cli {

bool outputTakesColour() {
    const char* noColour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    const bool isForbidden = noColour != nullptr && *noColour != '\0';
    const bool isDumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return !isForbidden && !isDumb && ::isatty(STDOUT_FILENO) == 1;
}

ProgressLine::ProgressLine() : m_isTerminal(::isatty(STDERR_FILENO) == 1) {
    constexpr std::chrono::milliseconds kPatience{500};
    m_nextShow = Clock::now() + kPatience;
}

ProgressLine::~ProgressLine() {
    if (m_isShown) say("\r\x1b[K");
}

TaskContext ProgressLine::task() {
    if (!m_isTerminal) return {};
    return TaskContext({}, [this](std::string_view stage, double fraction) { show(stage, fraction); });
}

void ProgressLine::show(std::string_view stage, double fraction) {
    constexpr std::chrono::milliseconds kInterval{100};
    const std::lock_guard lock(m_mutex);
    const auto now = Clock::now();
    if (now < m_nextShow) return;
    m_nextShow = now + kInterval;
    m_isShown = true;
    constexpr double kPercent = 100;
    say(fmt::format("\r\x1b[K{} ... {:.0f} %", stage, fraction * kPercent));
}

}  // namespace alloclens::cli
