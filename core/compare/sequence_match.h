// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two sequences have in common, in order. Equal beginnings and ends are matched first. In between, tokens that
// occur equally often in both are matched, first with first, and the longest part of these that rises in both is kept;
// what lies between two matches is treated alike. So a part that one sequence lacks moves nothing after it. The cost is
// n log n. For example  a b c x d  and  a b d  match in a, b and d.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/task.h"

namespace alloclens {

/// A place of the first sequence and its counterpart in the second.
struct Match {
    std::uint32_t before = 0;
    std::uint32_t after = 0;
    friend bool operator==(const Match&, const Match&) = default;
};

/// Rising in both. Incomplete if the task is cancelled.
[[nodiscard]] std::vector<Match> matchSequences(std::span<const std::uint64_t> before,
                                                std::span<const std::uint64_t> after, const TaskContext& task);

/// The most matches that rise in both. `matches` rise in `before`, not necessarily in `after`.
[[nodiscard]] std::vector<Match> longestRising(const std::vector<Match>& matches);

}  // namespace alloclens
