// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops on all cores, for parts that have nothing to do with each other. Each thread makes its own worker, so that
// scratch memory is neither shared nor allocated for every item; items are handed out one by one, in order, so uneven
// ones balance. What a worker throws reaches the caller. Where the system gives fewer threads than wanted, those that
// there are do all of it.
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

/// The cores that this thread may run on, at least one: of the machine, or fewer where somebody has set bounds.
[[nodiscard]] unsigned coreCount();
/// Into how many shares the rows [0, count) are divided: one a core, or fewer so that none has fewer than `fewest`.
[[nodiscard]] inline std::size_t shareCount(std::size_t count, std::size_t fewest) {
    return std::clamp<std::size_t>(count / std::max<std::size_t>(fewest, 1), 1, coreCount());
}

/// What is said of `where`, a path, that cannot be read because the system starts no thread.
[[nodiscard]] Error noThread(std::string where);

/// Calls `makeWorker()`, or `makeWorker(number)` with one of [0, threads), once on each thread and its result with
/// every number of [0, count), each exactly once.
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
            // With as many as the system gives.
        }
        run(0);
    }
    if (failure) std::rethrow_exception(failure);
}

/// Calls `work(i)` with every number of [0, count), each exactly once.
template <typename Work>
void sideBySide(std::size_t count, const Work& work) {
    inParallel(count, [&work] { return [&work](std::size_t i) { work(i); }; });
}

/// Calls `work(begin, end)` for each share of the rows [0, count), none of which has fewer than `fewest`.
template <typename Work>
void inShares(std::size_t count, std::size_t fewest, const Work& work) {
    const std::size_t shares = shareCount(count, fewest);
    sideBySide(shares, [&](std::size_t i) { work(count * i / shares, count * (i + 1) / shares); });
}

}  // namespace alloclens
