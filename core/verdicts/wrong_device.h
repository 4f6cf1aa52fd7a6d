// SPDX-License-Identifier: GPL-3.0-or-later
//
// Frees that were sent to another device than the one where the buffer lives: refused where they arrive, and the buffer
// stays where it is. The two are tied together by their address, which must be live on exactly one other device, and by
// the buffer, which nothing frees. Devices that do the same work one after the other do not fit: there the buffer is
// freed a little later, or is live on several devices. Linear in the refused frees and in what was never freed.
#pragma once

#include "core/verdicts/surplus_facts.h"

namespace alloclens {

/// Fills in SurplusFacts::missed, and SenderFacts::misses.
void findMissedBuffers(const Replay& replay, SurplusStudy& study);

}  // namespace alloclens
