// SPDX-License-Identifier: GPL-3.0-or-later
//
// How many events and refused frees each device, memory and process has. Linear in the events: made by a job, once a
// document.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/analysis/analysis.h"

namespace alloclens {

struct SideCount {
    std::uint64_t events = 0;
    std::uint64_t refused = 0;
};

struct SideCounts {
    std::map<std::int32_t, SideCount> devices;
    std::map<Memory, SideCount> memories;  ///< of the lifetime that an event belongs to
    std::vector<SideCount> processes;      ///< by ProcessId
};

[[nodiscard]] Result<SideCounts> countBySide(const Analysis& analysis, const TaskContext& task);

}  // namespace alloclens
