// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a guard would have done to this run: the messages of the trace are sent once more, but for the frees that the
// guard drops, to a server that keeps its table as ever. What comes of it is held against what the trace shows
// (docs/guards.md): which warnings fall silent and what they were, which frees were rightful, what stays live.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/guards/guard.h"

namespace alloclens {

struct LeftBuffers {
    std::uint64_t buffers = 0;
    std::uint64_t bytes = 0;  ///< of those whose size is known
};

/// Of a cluster of refused frees, some or all fall silent.
struct SilencedCluster {
    ClusterId cluster;
    std::uint64_t silenced = 0;
};

struct GuardOutcome {
    static constexpr std::size_t kExamples = 100;

    const Guard* guard = nullptr;
    std::uint64_t dropped = 0;  ///< frees that are not sent

    // The warnings: those now = silenced + left; afterwards there are left + caused.
    std::uint64_t silenced = 0;
    std::uint64_t left = 0;
    std::uint64_t caused = 0;           ///< frees that were accepted and are refused now
    std::uint64_t acceptedInstead = 0;  ///< of the silenced: sent, and accepted, since the address stayed live
    std::uint64_t mayStay = 0;          ///< of the silenced: see Guard::mayStay
    std::array<std::uint64_t, kCauseCount> silencedOf = {};  ///< by Cause
    std::vector<SilencedCluster> clusters;                   ///< with a silenced warning, in order

    // What it breaks.
    std::uint64_t rightfulDropped = 0;    ///< accepted frees of what their process had allocated
    std::uint64_t strangersDropped = 0;   ///< accepted frees of what only other processes had allocated
    std::uint64_t mergedAllocations = 0;  ///< first allocations that find the address live now
    LeftBuffers leftLive;                 ///< live at the end, or at a restart, and were not
    LeftBuffers leftToSweeps;             ///< removed by a sweep that had not removed them
    std::uint64_t leaksHidden = 0;        ///< lifetimes that were left open or swept and are not there any more
    std::uint64_t leaksChanged = 0;       ///< that now have another owner or size

    std::vector<EventId> firstRightful;  ///< frees: at most kExamples
    std::vector<EventId> firstStrangers;
    std::vector<EventId> firstCaused;
    std::vector<FindingId> firstHiddenLeaks;

    [[nodiscard]] std::uint64_t silencedBy(Blame blame) const;
    /// Clusters of this blame that have no warning left.
    [[nodiscard]] std::uint64_t clustersGone(const Findings& findings, Blame blame) const;
};

struct GuardStudy {
    std::uint64_t freesReceived = 0;
    std::uint64_t warnings = 0;        ///< refused frees
    std::uint64_t leaks = 0;           ///< lifetimes left open or swept
    std::uint64_t assumedSenders = 0;  ///< accepted frees of which the source names the owner only
    std::vector<GuardOutcome> outcomes;
    std::vector<std::uint8_t> silencers;  ///< by row of Findings::verdicts: one bit an outcome
};

/// Linear in the events; memory is bounded by the addresses and the processes at each. Errors: cancelled, no memory.
[[nodiscard]] Result<GuardStudy> replayUnderGuards(const Analysis& analysis, std::span<const Guard> guards,
                                                   const TaskContext& task);

}  // namespace alloclens
