// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the stretches of a source on several threads and joins their results in order, so the outcome does not depend
// on the number of threads. Readers that are too far ahead of the joining thread wait, which bounds the memory. The
// source defines what a stretch is. All readers share it, so reading must not change it.
//
//     readers    stretch 0   stretch 1   stretch 2   stretch 3 ...   at most 4 a thread ahead
//     caller                 take(0)     take(1)     take(2) ...     one at a time, in order
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/memory.h"
#include "core/base/parallel.h"
#include "core/base/result.h"
#include "core/base/task.h"

namespace alloclens {

/// The number of reader threads for the user's number: 0 means one for each core, and 1024 is the limit.
[[nodiscard]] inline unsigned readerThreads(unsigned wanted) {
    constexpr unsigned kMost = 1024;
    return wanted > 0 ? std::min(wanted, kMost) : coreCount();
}

/// `Source` provides: `Part`, the result of a stretch, with clear(); `Buffers`, scratch memory that a thread keeps;
/// `Result<bool> read(std::uint64_t stretch, Buffers&, Part&) const`, which fills an empty part, or returns false if
/// the source has ended before that stretch; `const std::string& path() const`, its name in errors.
template <typename Source>
class Assembly {
public:
    using Part = typename Source::Part;

    Assembly(const Source& source, unsigned threads, const TaskContext& task)
        : m_source(source), m_task(task), m_threads(threads), m_aheadLimit(threads * std::uint64_t{4}) {}
    Assembly(const Assembly&) = delete;
    Assembly& operator=(const Assembly&) = delete;

    /// Calls `take(stretch, part)`, which returns a Result<void>, for each part in order, on this thread. Errors: the
    /// first of reading or taking, in the order of stretches; cancelled; memory ran out; no reader thread could start.
    template <typename Take>
    [[nodiscard]] Result<void> run(Take take) {
        std::vector<std::jthread> readers;
        readers.reserve(m_threads);
        // Wakes readers that wait for their turn, also if `take` throws.
        const std::unique_ptr<Assembly, void (*)(Assembly*)> stopAtEnd(this, [](Assembly* all) { all->stop(); });
        try {
            while (readers.size() < m_threads) readers.emplace_back([this] { readStretches(); });
        } catch (const std::system_error&) {
            // Fewer threads do all of the work.
        }
        if (readers.empty()) return noThread(m_source.path());
        Result<void> done = putTogether(take);
        stop();
        return done;
    }

private:
    struct Done {
        std::unique_ptr<Part> part;
        Result<bool> outcome;  ///< false: the source has ended before the stretch
    };

    // Memory may run out anywhere in it. The joining thread must then stop waiting for this stretch.
    void readStretches() {
        try {
            readUntilStopped();
        } catch (const std::bad_alloc&) {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
            m_isOutOfMemory = true;
            m_changed.notify_all();
        }
    }

    void readUntilStopped() {
        typename Source::Buffers buffers;
        std::unique_lock lock(m_mutex);
        while (true) {
            m_changed.wait(lock, [this] { return m_stop || m_next < m_taken + m_aheadLimit; });
            if (m_stop) return;
            const std::uint64_t stretch = m_next++;
            std::unique_ptr<Part> part = unusedPart();
            lock.unlock();
            auto done = readStretch(stretch, buffers, *part);
            lock.lock();
            m_stop = m_stop || !done || !*done;
            m_done.emplace(stretch, Done{std::move(part), std::move(done)});
            m_changed.notify_all();
        }
    }

    [[nodiscard]] Result<bool> readStretch(std::uint64_t stretch, typename Source::Buffers& buffers, Part& part) const {
        if (m_task.isCancelled()) return TaskContext::cancelled();
        try {
            return m_source.read(stretch, buffers, part);
        } catch (const std::bad_alloc&) {  // the joining thread has to report it
            return outOfMemory(m_source.path());
        }
    }

    template <typename Take>
    [[nodiscard]] Result<void> putTogether(Take& take) {
        for (std::uint64_t stretch = 0;; ++stretch) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this, stretch] { return m_done.contains(stretch) || m_isOutOfMemory; });
            if (!m_done.contains(stretch)) return outOfMemory(m_source.path());
            Done done = std::move(m_done.extract(stretch).mapped());
            m_taken = stretch + 1;
            m_changed.notify_all();
            lock.unlock();
            if (!done.outcome) return done.outcome.error();
            if (!*done.outcome) return {};
            if (auto taken = take(stretch, *done.part); !taken) return taken.error();
            done.part->clear();
            lock.lock();
            m_unused.push_back(std::move(done.part));
        }
    }

    void stop() {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_changed.notify_all();
    }

    // Reuses parts, so that their memory is allocated once.
    [[nodiscard]] std::unique_ptr<Part> unusedPart() {
        if (m_unused.empty()) return std::make_unique<Part>();
        std::unique_ptr<Part> part = std::move(m_unused.back());
        m_unused.pop_back();
        return part;
    }

    const Source& m_source;
    const TaskContext& m_task;
    unsigned m_threads;
    std::uint64_t m_aheadLimit;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_next = 0;
    std::uint64_t m_taken = 0;
    bool m_stop = false;
    bool m_isOutOfMemory = false;
    std::map<std::uint64_t, Done> m_done;
    std::vector<std::unique_ptr<Part>> m_unused;
};

}  // namespace alloclens
