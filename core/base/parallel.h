// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops over independent items on all cores. Each thread makes its own worker, so scratch memory is neither shared nor
// allocated for each item. Threads take the next item when they are ready, so uneven items balance. The caller's thread
// works too, also if the system starts no others. The first exception of a worker stops the loop and reaches the caller
// after all threads have ended.
//
//     inParallel(count, makeWorker)  worker(i) for each i, where a thread needs scratch memory
//     sideBySide(count, work)        work(i) for each i, where it needs none
//     inShares(10, 3, work)          for cheap items; on 4 cores: work(0, 3), work(3, 6) and work(6, 10)
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/base/result.h"

namespace alloclens {

/// The cores that this thread may run on, at least 1: those of the machine, or fewer if an affinity mask limits it.
[[nodiscard]] unsigned coreCount();
/// Into how many shares to divide `count` rows: one a core, or fewer so that each has at least `fewest`. Returns at
/// least 1.
[[nodiscard]] inline std::size_t shareCount(std::size_t count, std::size_t fewest) {
    return std::clamp<std::size_t>(count / std::max<std::size_t>(fewest, 1), 1, coreCount());
}

/// The error for `where`, a path, that cannot be read because the system starts no thread.
[[nodiscard]] Error noThread(std::string where);

/// Calls `makeWorker()`, or `makeWorker(number)` with a number in [0, threads), once on each thread, and the worker
/// that it returns with each i of [0, count) exactly once.
template <typename MakeWorker>
void inParallel(std::size_t count, const MakeWorker& makeWorker, unsigned threads = coreCount()) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto run = [&]([[maybe_unused]] std::size_t number) {
        try {
            auto worker = [&] {
                if constexpr (std::is_invocable_v<MakeWorker, std::size_t>) {
                    return makeWorker(number);
                } else {
                    return makeWorker();
                }
            }();
            for (std::size_t i = next++; i < count; i = next++) worker(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            next = count;
        }
    };
    {
        const std::size_t wanted = std::min<std::size_t>(count, threads);
        std::vector<std::jthread> others;
        try {
            while (others.size() + 1 < wanted) others.emplace_back(run, others.size() + 1);
        } catch (const std::system_error&) {
            // Fewer threads do all of the work.
        }
        run(0);
    }
    if (failure) std::rethrow_exception(failure);
}

/// Calls `work(i)` for each i of [0, count) exactly once.
template <typename Work>
void sideBySide(std::size_t count, const Work& work) {
    inParallel(count, [&work] { return [&work](std::size_t i) { work(i); }; });
}

/// Calls `work(begin, end)` for each share of the rows [0, count). Each share has at least `fewest` rows, unless
/// `count` is smaller.
template <typename Work>
void inShares(std::size_t count, std::size_t fewest, const Work& work) {
    const std::size_t shares = shareCount(count, fewest);
    sideBySide(shares, [&](std::size_t i) { work(count * i / shares, count * (i + 1) / shares); });
}

}  // namespace alloclens
