// SPDX-License-Identifier: GPL-3.0-or-later
//
// The possible causes of a refused free, each with the evidence for and against it (docs/verdicts.md). Kept as numbers;
// the sentences are made on demand. Immutable once analysed.
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
    StaleOwner,        ///< a former owner freed it again
    TeardownPool,      ///< a container or pool freed it again
    MeshLevels,        ///< several levels of a mesh freed it
    MeshBackingTwice,  ///< a mesh's backing buffer was counted twice on its first device
    ViewFreesParent,   ///< a view and its parent both freed it
    Reordered,         ///< the free overtook its allocation
    LostAllocation,    ///< the message of its allocation is missing
    OlderThanTracker,  ///< it was allocated before tracking began
    SweptProcess,      ///< the tracker had removed it, since its process was dead
    MergedMemories,    ///< two buffers of different memories shared a key
    StrayMessage,      ///< no traced program sent the message
    ProtocolMismatch,  ///< a client uses another record size, so every second message is lost
    TornLine,          ///< the line is damaged: it can be parsed, but is wrong
    WrongDevice,       ///< the buffer lives on another device
};
inline constexpr int kCauseCount = 15;

/// The stable name: "undetermined", "stale-owner", ...
[[nodiscard]] std::string_view causeName(Cause cause);
[[nodiscard]] std::optional<Cause> causeFromName(std::string_view name);
/// The description for people: "freed again by a stale owner".
[[nodiscard]] std::string_view causeWords(Cause cause);

/// Who caused it; the gravest is last.
enum class Blame : std::uint8_t { Tracking, Undetermined, Program };
inline constexpr int kBlameCount = 3;
[[nodiscard]] Blame blameOf(Cause cause);
/// "artefact of tracking", "undetermined", "bug of the program".
[[nodiscard]] std::string_view blameWords(Blame blame);

/// One observation about a refused free. Evidence::number means what "N" says below.
enum class Clue : std::uint8_t {
    ReleasedBefore,  ///< the process allocated N times since the release
    SentByOther,     ///< the sender (pid N) is not the owner
    SentByOwner,
    AtOnce,   ///< the free follows the release after N events of the process, without an allocation between
    InBurst,  ///< one of N refused frees in a row
    NotInBurst,
    BehindLastAllocation,  ///< the process allocates no more
    ProcessGoesOn,         ///< the process goes on allocating
    InAllocationOrder,     ///< the burst frees in the order of allocation
    InReverseOrder,
    SiblingsAlike,    ///< N other devices did the same
    SiblingsClean,    ///< N other devices have no surplus
    SiblingsAhead,    ///< N other devices each have one more allocation
    SiblingsHaveIt,   ///< N other devices have the allocation
    EveryGeneration,  ///< each of N generations has as many surplus frees
    NotEveryGeneration,
    FirstDeviceOnly,    ///< only the mesh's first device has it, at N addresses
    AllocatedTwice,     ///< the lifetime before had an aliased allocation
    OtherMemory,        ///< an allocation of another memory
    AllocatedNext,      ///< the key's next event, N events later, is an allocation
    NextNeverReleased,  ///< nothing releases that allocation
    ReleasedAlready,    ///< its address had a lifetime that was freed
    FirstOfKey,         ///< the key's first event
    Early,              ///< in the first N per cent of the trace
    Late,
    AfterSweep,  ///< the lifetime had ended in a sweep
    NoProcess,   ///< process 0 sent it
    SenderAllocatesNothing,
    ManyUnmatched,    ///< the process has N frees without an allocation
    ManyUnreleased,   ///< the process has N allocations without a free
    ServerComplains,  ///< the server complained about N messages
    LineDamaged,      ///< N damaged lines are on its line or next to it
    OnlyEventOfKey,
    LiveElsewhere,     ///< the address is live on one other device, N, and on no third one
    NeverFreedThere,   ///< that lifetime has no free, and no other refused free fits it
    SameProcessThere,  ///< the same process allocated it there
    MissesAlike,       ///< N frees of the process went wrong in this way
};

struct Evidence {
    Clue clue;
    bool isFor = true;
    std::uint32_t number = 0;
};

struct Candidate {
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent
    std::uint8_t evidence = 0;    ///< its number of rows in Verdicts::evidence
};

/// The verdict on one finding, with its candidates, the likeliest first.
struct Verdict {
    FindingId finding;
    Cause cause = Cause::Undetermined;
    std::uint8_t confidence = 0;  ///< per cent; 0 if undetermined
    std::uint8_t candidateCount = 0;
    std::uint32_t firstCandidate = 0;
    std::uint32_t firstEvidence = 0;  ///< of its first candidate; that of the others follows
};

/// The verdicts on all refused frees, in the order of the findings.
struct Verdicts {
    Column<Verdict> rows;
    Column<Candidate> candidates;
    Column<Evidence> evidence;
    std::array<std::uint64_t, kCauseCount> countOf = {};  ///< by Cause

    /// Null for findings that are not refused frees.
    [[nodiscard]] const Verdict* of(FindingId finding) const;
};

/// A sentence such as "the same on 7 other devices".
[[nodiscard]] std::string evidenceSentence(const Evidence& evidence);

}  // namespace alloclens
