// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frees that went to another device than the one where the buffer lives: they are refused there, and the buffer stays.
// A free fits a buffer if the address is live on exactly one other device and nothing frees it there. Devices that do
// the same work one after the other do not fit, since they free the buffer a little later, or have it live on several
// devices. Linear in refused frees and in buffers that are never freed.
//
//     device 0  A . . .          the buffer: live when the free arrives, never freed
//     device 1  . . U .          the refused free: SurplusFacts::missed is the lifetime on device 0
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills SurplusFacts::missed and SenderFacts::misses.
void findMissedBuffers(const Replay& replay, SurplusStudy& study);

}  // namespace alloclens
