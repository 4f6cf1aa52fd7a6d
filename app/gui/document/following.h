// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads a file while it is being written and analyses what there is of it, as often as the window can take it: the next
// analysis begins when the last one is on the screen, and never takes more than a part of the time. The file keeps what
// comes meanwhile. One thread follows; the window's thread says what it has shown and when to stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "core/analysis/analysis.h"
#include "core/base/result.h"
#include "core/base/task.h"

namespace alloclens {

/// How the thread that follows and the window keep step. Both hold it.
class FollowPace {
public:
    /// The window shows what it was told last.
    void shown();
    /// What is there now is all that is wanted.
    void stop();

    [[nodiscard]] bool isStopped() const;
    void told();
    /// Whether the window has shown what it was told. One that does not say so in a while is not waited for.
    [[nodiscard]] bool isShown() const;
    /// Returns after `time`, or as soon as it is stopped.
    void rest(std::chrono::milliseconds time);

private:
    using Clock = std::chrono::steady_clock;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isShown = true;
    bool m_isStopped = false;
    Clock::time_point m_told;
};

/// What there is of a followed file.
struct Followed {
    std::shared_ptr<const Analysis> analysis;  ///< null where there is only something to say
    /// Another file, or the same from its beginning, as compared with what was told before.
    bool isAnew = false;
    std::string notice;  ///< for people: why it is anew, or what became of the file; may be empty
};

/// Follows until the pace is stopped or the task cancelled, and gives the last state, with what its writer had not
/// completed. Errors: those of the importer's Follower.
[[nodiscard]] Result<Followed> followFile(const std::string& path, FollowPace& pace, const TaskContext& task,
                                          const std::function<void(Followed)>& tell);

}  // namespace alloclens
