// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the other devices of a mesh did with the address of a refused free. Devices are compared by address and
// generation, and only if sizes and memories agree: different buffers at the same address prove nothing. Costs a sort
// of the lifetimes of those addresses, whatever the number of devices.
//
//     device 0  A F U        siblingsAlike 1 (device 1), siblingsClean 1 (device 2)
//     device 1  A F U        the same, with devices 0 and 2
//     device 2  A F
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills the sibling fields of all rows, and the study's mostAloneOn. Returns false if cancelled.
[[nodiscard]] bool compareSiblings(const Replay& replay, SurplusStudy& study, const TaskContext& task);

}  // namespace alloclens
