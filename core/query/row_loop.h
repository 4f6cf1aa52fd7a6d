// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops over the rows of a table on all cores, and stops soon after the task is cancelled. Once cancelled, further
// loops do nothing, so a caller may run several and check once at the end. Tables of one chunk run on the caller's
// thread. Exceptions of a body reach the caller after all threads have ended.
#pragma once

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <type_traits>

#include "core/base/parallel.h"
#include "core/base/task.h"

namespace alloclens::query {

class RowLoop {
public:
    /// How many rows a thread takes at a time.
    static constexpr std::size_t kChunk = TaskContext::kPollRows;

    /// `threads`: 0 means one for each core. Results do not depend on it. `task` must outlive this.
    explicit RowLoop(const TaskContext& task, unsigned threads = 0)
        : m_task(task), m_threads(threads != 0 ? threads : coreCount()) {}

    /// Calls `body(row)` for each row of [0, count) once, on several threads at once.
    template <typename Body>
    void operator()(std::size_t count, const Body& body) {
        inChunks(count, kChunk, [&body](std::size_t begin, std::size_t end) {
            for (std::size_t row = begin; row < end; ++row) body(row);
        });
    }
    /// Calls `body(begin, end)` or `body(begin, end, worker)` for pieces of [0, count) of at most `chunk` rows, on
    /// several threads at once and in any order. `worker` is the thread's number in [0, workers()). Requires: chunk >
    /// 0.
    template <typename Body>
    void inChunks(std::size_t count, std::size_t chunk, const Body& body) {
        assert(chunk > 0);
        const std::size_t chunks = (count + chunk - 1) / chunk;
        inParallel(
            chunks,
            [&](std::size_t worker) {
                return [&, worker](std::size_t at) {
                    if (isCancelled()) return;
                    (void)worker;  // not every body asks for it
                    const std::size_t begin = at * chunk;
                    const std::size_t end = std::min(count, begin + chunk);
                    if constexpr (std::is_invocable_v<Body, std::size_t, std::size_t, std::size_t>) {
                        body(begin, end, worker);
                    } else {
                        body(begin, end);
                    }
                };
            },
            m_threads);
    }
    [[nodiscard]] std::size_t workers() const { return m_threads; }
    [[nodiscard]] bool isCancelled() {
        if (m_task.isCancelled()) m_isCancelled = true;
        return m_isCancelled;
    }

private:
    const TaskContext& m_task;
    unsigned m_threads;
    std::atomic<bool> m_isCancelled = false;
};

}  // namespace alloclens::query
