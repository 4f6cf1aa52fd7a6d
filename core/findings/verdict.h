// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a refused free may have come from: the causes that fit, each with the evidence for and against it
// (docs/verdicts.md). Kept as numbers; sentences are made when somebody reads them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/column.h"
#include "core/base/id.h"

namespace alloclens {

enum class Cause : std::uint8_t {
    Undetermined,
    StaleOwner,        ///< freed again by somebody who had held it before
    TeardownPool,      ///< freed again with a container or pool
    MeshLevels,        ///< freed at several levels of a mesh
    MeshBackingTwice,  ///< a mesh's backing buffer counted once more on its first device
    ViewFreesParent,   ///< a view and its parent both freed
    Reordered,         ///< the free overtook its allocation
    LostAllocation,    ///< the allocation's message is missing
    OlderThanTracker,  ///< allocated before tracking began
    SweptProcess,      ///< the tracker had removed it, its process being dead
    MergedMemories,    ///< two buffers of different memories under one key
    StrayMessage,      ///< a message of no traced program
    ProtocolMismatch,  ///< a client of another record size, every second message of which is lost
    TornLine,          ///< a damaged line that reads well and is false
    WrongDevice,       ///< freed on another device than the one where it lives
};
inline constexpr int kCauseCount = 15;

/// The stable identifier: "undetermined", "stale-owner" ...
[[nodiscard]] std::string_view causeName(Cause cause);
[[nodiscard]] std::optional<Cause> causeFromName(std::string_view name);
/// What a person calls it: "freed again by a stale owner".
[[nodiscard]] std::string_view causeWords(Cause cause);

/// Where a cause lies, the gravest last.
enum class Blame : std::uint8_t { Tracking, Undetermined, Program };
inline constexpr int kBlameCount = 3;
[[nodiscard]] Blame blameOf(Cause cause);
/// "artefact of tracking", "undetermined", "bug of the program".
[[nodiscard]] std::string_view blameWords(Blame blame);

/// One observation about a refused free. Most carry a number.
enum class Clue : std::uint8_t {
    ReleasedBefore,  ///< the process allocated that often since the release
    SentByOther,     ///< the sender, a pid, is not the owner
    SentByOwner,
    AtOnce,   ///< so many of the process's events after the release, no allocation between
    InBurst,  ///< one of so many refused frees in a row
    NotInBurst,
    BehindLastAllocation,  ///< the process allocates no more
    ProcessGoesOn,         ///< it does
    InAllocationOrder,     ///< the burst frees in the order of allocation
    InReverseOrder,
    SiblingsAlike,    ///< on so many other devices the same
    SiblingsClean,    ///< on so many other devices there is no surplus
    SiblingsAhead,    ///< so many other devices have one more allocation each
    SiblingsHaveIt,   ///< so many other devices have the allocation
    EveryGeneration,  ///< each of so many generations has as many surplus frees
    NotEveryGeneration,
    FirstDeviceOnly,    ///< only on the mesh's first device, for so many addresses
    AllocatedTwice,     ///< the lifetime before it had an aliased allocation
    OtherMemory,        ///< of another memory
    AllocatedNext,      ///< its next event, so many events later, is an allocation ...
    NextNeverReleased,  ///< ... which is never released
    ReleasedAlready,    ///< its address had a lifetime that was freed
    FirstOfKey,         ///< the key's first event
    Early,              ///< in the first so many percent of the trace
    Late,
    AfterSweep,  ///< the lifetime had ended in a sweep
    NoProcess,   ///< sent by process 0
    SenderAllocatesNothing,
    ManyUnmatched,    ///< the process has so many frees without allocation ...
    ManyUnreleased,   ///< ... and so many allocations without free
    ServerComplains,  ///< the server complained of so many messages
    LineDamaged,      ///< so many damaged lines beside or on its line
    OnlyEventOfKey,
    LiveElsewhere,     ///< the address is live on one other device, this one, and no third
    NeverFreedThere,   ///< and that lifetime has no free, nor another refused free that could be its own
    SameProcessThere,  ///< the same process allocated it there
    MissesAlike,       ///< so many frees of the process went wrong like this
};

struct Evidence {
    Clue clue;
    bool isFor = true;
    std::uint32_t number = 0;
};

struct Candidate {
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent
    std::uint8_t evidence = 0;    ///< so many of Verdicts::evidence
};

/// Of one finding: its candidates, the likeliest first.
struct Verdict {
    FindingId finding;
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent; 0 where undetermined
    std::uint8_t candidateCount = 0;
    std::uint32_t firstCandidate = 0;
    std::uint32_t firstEvidence = 0;  ///< of its first candidate; those of the others follow
};

/// The verdicts on all refused frees, in the order of the findings.
struct Verdicts {
    Column<Verdict> rows;
    Column<Candidate> candidates;
    Column<Evidence> evidence;
    std::array<std::uint64_t, kCauseCount> countOf = {};  ///< by Cause

    /// Null for findings that are no refused frees.
    [[nodiscard]] const Verdict* of(FindingId finding) const;
};

/// "the same on 7 other devices" ...
[[nodiscard]] std::string evidenceSentence(const Evidence& evidence);

}  // namespace alloclens
