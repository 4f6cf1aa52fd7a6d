// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds what two sequences have in common, in order, in n log n steps. Tokens that one sequence lacks do not shift the
// matches after them. Pure; used by one thread a call.
//
//     1. Match equal beginnings and ends:    a b c x d  and  a b d    match in  a b  and  d.
//     2. In between, match tokens that occur equally often in both, the first with the first, and keep the most
//        matches that rise in both:          x y z  and  y x z        match in  y z.
//     3. Do the same in each gap between two matches.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/task.h"

namespace alloclens {

/// A position of the first sequence and its counterpart in the second.
struct Match {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    friend bool operator==(const Match&, const Match&) = default;
};

/// The matches, rising in both sequences; incomplete if the task is cancelled. Requires: fewer than 2^32 tokens each.
[[nodiscard]] std::vector<Match> matchSequences(std::span<const std::uint64_t> before,
                                                std::span<const std::uint64_t> after, const TaskContext& task);

/// The longest chain of matches that rises in both. Requires: `matches` rise in `before`.
[[nodiscard]] std::vector<Match> longestRising(const std::vector<Match>& matches);

}  // namespace alloclens
