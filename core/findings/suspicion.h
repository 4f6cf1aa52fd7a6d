// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which free of A F A F U is the wrong one. The server refused the last one. But the first allocation's stale owner may
// have sent the free before it; then the refused free was the right one for the second allocation. Each earlier free is
// weighed by the evidence for and against it (docs/verdicts.md, "Victim or culprit").
//
//     process 7  process 8   process 7            process 8
//     A F        A           F: suspect           U: its own free, refused since the buffer was gone
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/id.h"

namespace alloclens {

enum class SuspectClue : std::uint8_t {
    SentByEarlierOwner,  ///< the free came from the process (`number` is its pid) that owned the allocation before
    SentByOther,         ///< from a process (a pid) that owned neither allocation
    SentByOwner,
    RefusedIsByOwner,  ///< the refused free came from the owner of the last allocation
    RefusedIsByOther,  ///< from another process (a pid)
    LengthsFit,        ///< `number` events are usual for such lifetimes; this one was too short
    LengthsDoNotFit,   ///< `number` events are usual for such lifetimes; this one ended then
    SiblingsLater,     ///< `number` devices in step released the address later, when the rightful free came
    SiblingsAtOnce,    ///< `number` devices in step released it when this device did
};

struct SuspectEvidence {
    SuspectClue clue;
    bool isFor = true;
    std::int64_t number = 0;
};

/// A free that a stale owner may have sent.
struct SuspectCandidate {
    EventId free;
    EventId rightful;              ///< the owner's own free in that case: a later one, or the refused one
    std::uint32_t generation = 0;  ///< of the lifetime that the free ended
    std::uint8_t likelihood = 0;   ///< per cent
    std::vector<SuspectEvidence> evidence;
};

struct Suspicion {
    FindingId finding;
    EventId refused;                           ///< the double free that is in doubt
    std::uint32_t generation = 0;              ///< the last generation before it
    std::uint8_t refusedLikelihood = 0;        ///< per cent: that the refused free is the wrong one
    std::vector<SuspectCandidate> candidates;  ///< the likeliest first

    /// How many allocations took the address while its buffer was in use: between the likeliest candidate and its
    /// rightful free.
    [[nodiscard]] std::uint32_t allocationsMeanwhile() const {
        return candidates.front().generation < generation ? 1 : 0;
    }
};

/// A sentence such as "sent by process 77, which owned the allocation before".
[[nodiscard]] std::string suspectSentence(const SuspectEvidence& evidence);

}  // namespace alloclens
