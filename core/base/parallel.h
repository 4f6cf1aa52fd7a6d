// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops on all cores, for parts that have nothing to do with each other. Each thread makes its own worker, so that
// scratch memory is neither shared nor allocated for every item; items are handed out one by one, in order, so uneven
// ones balance. What a worker throws reaches the caller.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace alloclens {

/// Calls `makeWorker()` once on each thread and its result with every number of [0, count), each exactly once.
template <typename MakeWorker>
void inParallel(std::size_t count, const MakeWorker& makeWorker) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr failure;
    const auto run = [&] {
        try {
            auto worker = makeWorker();
            for (std::size_t i = next++; i < count; i = next++) worker(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
            next = count;
        }
    };
    {
        const std::size_t threads = std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
        run();
    }
    if (failure) std::rethrow_exception(failure);
}

/// Calls `work(i)` with every number of [0, count), each exactly once.
template <typename Work>
void sideBySide(std::size_t count, const Work& work) {
    inParallel(count, [&work] { return [&work](std::size_t i) { work(i); }; });
}

/// Divides the rows [0, count) among the cores, none of which gets fewer than `fewest`, and calls `work(begin, end)`
/// for each share.
template <typename Work>
void inShares(std::size_t count, std::size_t fewest, const Work& work) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t shares = std::clamp<std::size_t>(count / std::max<std::size_t>(fewest, 1), 1, cores);
    sideBySide(shares, [&](std::size_t i) { work(count * i / shares, count * (i + 1) / shares); });
}

}  // namespace alloclens
