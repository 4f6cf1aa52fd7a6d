// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which free of A F A F U is the wrong one. The last one carries the server's warning, yet a stale owner of the first
// allocation may have made the free before it, and then the refused one is the rightful free of the second. Each
// earlier free is weighed with what speaks for and against it (docs/verdicts.md, "Victim or culprit").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

enum class SuspectClue : std::uint8_t {
    SentByEarlierOwner,  ///< the free came from the process, a pid, that owned the allocation before
    SentByOther,         ///< from a process, a pid, that owns neither
    SentByOwner,
    RefusedIsByOwner,  ///< the refused free came from the last allocation's owner
    RefusedIsByOther,  ///< from another process, a pid
    LengthsFit,        ///< lifetimes of so many events are usual for this size and process; this one was too short
    LengthsDoNotFit,   ///< the lifetime ended when lifetimes of so many events do
    SiblingsLater,     ///< so many devices in step released the address later, when the rightful free came
    SiblingsAtOnce,    ///< so many devices in step released it when this device did
};

struct SuspectEvidence {
    SuspectClue clue;
    bool isFor = true;
    std::int64_t number = 0;
};

/// A free that a stale owner may have made.
struct SuspectCandidate {
    EventId free;
    EventId rightful;              ///< the free that then was the owner's: a later one, or the refused one
    std::uint32_t generation = 0;  ///< of the lifetime that it ended
    std::uint8_t likelihood = 0;   ///< per cent
    std::vector<SuspectEvidence> evidence;
};

struct Suspicion {
    FindingId finding;
    EventId refused;                           ///< the double free whose place in question is
    std::uint32_t generation = 0;              ///< the last one before it
    std::uint8_t refusedLikelihood = 0;        ///< per cent: that the refused free is the wrong one after all
    std::vector<SuspectCandidate> candidates;  ///< the likeliest first

    /// From the likeliest candidate on to its rightful free, the buffer was in use and its address free to be given
    /// away: so many allocations were placed there.
    [[nodiscard]] std::uint32_t allocationsMeanwhile() const {
        return candidates.front().generation < generation ? 1 : 0;
    }
};

/// "sent by process 77, which owned the allocation before" ...
[[nodiscard]] std::string suspectSentence(const SuspectEvidence& evidence);

}  // namespace alloclens
