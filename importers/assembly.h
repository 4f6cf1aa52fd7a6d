// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reads the stretches of a source with several threads and puts what they give together in order, so that the result
// does not depend on the number of threads. A reader that is too far ahead of the one who puts together waits, which
// bounds the memory. What a stretch is, is the source's business; a source is shared by all readers and not changed.
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

/// The number of threads that `wanted` means, 0 being one a core. More than are of use are not started.
[[nodiscard]] inline unsigned readerThreads(unsigned wanted) {
    constexpr unsigned kMost = 1024;
    return wanted > 0 ? std::min(wanted, kMost) : coreCount();
}

/// `Source` has types `Part`, what a stretch gives, with clear(), and `Buffers`, room that a thread keeps from stretch
/// to stretch; `Result<bool> read(std::uint64_t stretch, Buffers&, Part&) const` fills an empty part, and gives false
/// where the source has ended before the stretch; `const std::string& path() const` names it in messages.
template <typename Source>
class Assembly {
public:
    using Part = typename Source::Part;

    Assembly(const Source& source, unsigned threads, const TaskContext& task)
        : m_source(source), m_task(task), m_threads(threads), m_aheadLimit(threads * std::uint64_t{4}) {}
    Assembly(const Assembly&) = delete;
    Assembly& operator=(const Assembly&) = delete;

    /// Calls `take(stretch, part)`, which gives a Result<void>, for every part in order, on this thread. Errors: the
    /// first in the order of stretches, of reading or taking; the task was cancelled; memory ran out; there is not one
    /// thread to read.
    template <typename Take>
    [[nodiscard]] Result<void> run(Take take) {
        std::vector<std::jthread> readers;
        readers.reserve(m_threads);
        // Readers may be waiting for their turn, also where putting together ends with an exception.
        const std::unique_ptr<Assembly, void (*)(Assembly*)> stopAtEnd(this, [](Assembly* all) { all->stop(); });
        try {
            while (readers.size() < m_threads) readers.emplace_back([this] { readStretches(); });
        } catch (const std::system_error&) {
            // With as many as the system gives.
        }
        if (readers.empty()) return noThread(m_source.path());
        Result<void> done = putTogether(take);
        stop();
        return done;
    }

private:
    struct Done {
        std::unique_ptr<Part> part;
        Result<bool> outcome;  ///< false: the source had ended before the stretch
    };

    // Memory may run out anywhere in it; whoever puts together must not wait for this stretch then.
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
        } catch (const std::bad_alloc&) {  // not on this thread: the others have to hear of it
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

    // Parts go round, so that their room is got from the system once.
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
