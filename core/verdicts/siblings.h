// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the other devices of a mesh did with the address of a refused free. Devices are compared address by address and
// generation by generation, and only where sizes and memories agree: an address that two devices use for different
// buffers says nothing. Costs a sort of the lifetimes of those addresses, however many devices have them.
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills the sibling fields of all rows, and the study's mostAloneOn. False when cancelled.
[[nodiscard]] bool compareSiblings(const Replay& replay, SurplusStudy& study, const TaskContext& task);

}  // namespace alloclens
