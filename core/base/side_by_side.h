// SPDX-License-Identifier: GPL-3.0-or-later
//
// The same work on several threads at once, for stages whose parts have nothing to do with each other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace alloclens {

/// Calls `work(i)` for every i below `count`, each but the first on a thread of its own, and waits for all.
template <typename Work>
void sideBySide(std::size_t count, const Work& work) {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back([&work, i] { work(i); });
    if (count > 0) work(std::size_t{0});
}

/// Divides the rows [0, count) among the machine's cores, none of which gets fewer than `fewest`, and calls
/// `work(begin, end)` for each share.
template <typename Work>
void inShares(std::size_t count, std::size_t fewest, const Work& work) {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t shares = std::clamp<std::size_t>(count / std::max<std::size_t>(fewest, 1), 1, cores);
    sideBySide(shares, [&](std::size_t i) { work(count * i / shares, count * (i + 1) / shares); });
}

}  // namespace alloclens
