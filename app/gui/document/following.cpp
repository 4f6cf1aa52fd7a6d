// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/following.h"

#include <algorithm>
#include <utility>

#include "app/gui/jobs/disposal.h"
#include "importers/follower.h"

namespace alloclens {

void FollowPace::shown() {
    const std::lock_guard lock(m_mutex);
    m_isShown = true;
}

void FollowPace::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_isStopped = true;
    }
    m_changed.notify_all();
}

bool FollowPace::isStopped() const {
    const std::lock_guard lock(m_mutex);
    return m_isStopped;
}

void FollowPace::told() {
    const std::lock_guard lock(m_mutex);
    m_isShown = false;
    m_told = Clock::now();
}

bool FollowPace::isShown() const {
    constexpr std::chrono::seconds kLongest{5};
    const std::lock_guard lock(m_mutex);
    return m_isShown || Clock::now() - m_told > kLongest;
}

void FollowPace::rest(std::chrono::milliseconds time) {
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, time, [this] { return m_isStopped; });
}

namespace {

using Clock = std::chrono::steady_clock;

class Following {
public:
    Following(Follower follower, FollowPace& pace, const TaskContext& task, const std::function<void(Followed)>& tell)
        : m_follower(std::move(follower)), m_pace(pace), m_task(task), m_tell(tell) {}

    [[nodiscard]] Result<Followed> run() {
        constexpr std::chrono::milliseconds kPoll{50};
        while (!m_pace.isStopped()) {
            const auto hasGrown = advance();
            if (!hasGrown) return hasGrown.error();
            if (m_hasNews && m_follower.events() > 0 && Clock::now() >= m_next && m_pace.isShown()) {
                if (const auto told = tellNews(); !told) return told.error();
            }
            if (!*hasGrown) m_pace.rest(kPoll);
        }
        return takeRest();
    }

private:
    /// True while there is more to read.
    [[nodiscard]] Result<bool> advance() {
        if (m_task.isCancelled()) return TaskContext::cancelled();
        const auto step = m_follower.advance(m_task);
        if (!step) return step.error();
        if (*step == Follower::Step::Nothing) return false;
        if (*step == Follower::Step::Removed) {
            tellNotice(m_follower.path()
                       + ": was deleted. The events read so far stay. AllocLens follows the next file of this name.");
            return false;
        }
        if (*step != Follower::Step::Grown) {
            m_isAnew = true;
            m_notice = m_follower.path() + noticeOf(*step);
            tellNotice(m_notice);  // nothing may come for long
        }
        m_hasNews = true;
        return true;
    }

    [[nodiscard]] static std::string noticeOf(Follower::Step step) {
        switch (step) {
        case Follower::Step::Truncated: return ": was truncated. AllocLens follows it from its beginning.";
        case Follower::Step::Rewritten: return ": was overwritten. AllocLens follows it from its beginning.";
        default: return ": was replaced by another file. AllocLens now follows the new file.";
        }
    }

    void tellNotice(const std::string& notice) const { m_tell({nullptr, false, notice}); }

    [[nodiscard]] Result<void> tellNews() {
        // Analysing takes all cores, so it gets a fifth of the time.
        constexpr int kPause = 4;
        constexpr Clock::duration kLeast = std::chrono::milliseconds(200);
        const auto begun = Clock::now();
        auto news = analysed(false);
        if (!news) return news.error();
        m_hasNews = false;
        m_pace.told();
        m_tell(std::move(*news));
        const auto now = Clock::now();
        m_next = now + std::max(kLeast, (now - begun) * kPause);
        return {};
    }

    /// Up to what is there now; a writer that is quicker would never let it end.
    [[nodiscard]] Result<Followed> takeRest() {
        constexpr int kMostSteps = 1000;
        for (int step = 0; step < kMostSteps; ++step) {
            const auto hasGrown = advance();
            if (!hasGrown) return hasGrown.error();
            if (!*hasGrown) break;
        }
        return analysed(true);
    }

    [[nodiscard]] Result<Followed> analysed(bool isEnd) {
        auto trace = m_follower.trace(isEnd);
        if (!trace) return trace.error();
        auto analysis = analyse(std::move(*trace), m_task);
        if (!analysis) return analysis.error();
        return Followed{freedInBackground(std::move(*analysis)), std::exchange(m_isAnew, false),
                        std::exchange(m_notice, {})};
    }

    Follower m_follower;
    FollowPace& m_pace;
    const TaskContext& m_task;
    const std::function<void(Followed)>& m_tell;
    bool m_hasNews = false;
    bool m_isAnew = true;
    std::string m_notice;
    Clock::time_point m_next;
};

}  // namespace

Result<Followed> followFile(const std::string& path, FollowPace& pace, const TaskContext& task,
                            const std::function<void(Followed)>& tell) {
    auto follower = Follower::open(path, {}, {}, task);
    if (!follower) return follower.error();
    return Following(std::move(*follower), pace, task, tell).run();
}

}  // namespace alloclens
