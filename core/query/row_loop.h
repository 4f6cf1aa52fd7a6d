// SPDX-License-Identifier: GPL-3.0-or-later
//
// Loops over the rows of a table that stop soon after the task is cancelled. Once cancelled, every further loop does
// nothing, so that a caller may run several and look once at the end.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/base/task.h"

namespace alloclens::query {

class RowLoop {
public:
    explicit RowLoop(const TaskContext& task) : m_task(task) {}

    /// Calls `body(row)` for the rows [0, count).
    template <typename Body>
    void operator()(std::size_t count, Body body) {
        for (std::size_t begin = 0; begin < count; begin += TaskContext::kPollRows) {
            if (isCancelled()) return;
            const std::size_t end = std::min(count, begin + TaskContext::kPollRows);
            for (std::size_t row = begin; row < end; ++row) body(row);
        }
    }
    [[nodiscard]] bool isCancelled() {
        m_isCancelled = m_isCancelled || m_task.isCancelled();
        return m_isCancelled;
    }

private:
    const TaskContext& m_task;
    bool m_isCancelled = false;
};

}  // namespace alloclens::query
