// SPDX-License-Identifier: GPL-3.0-or-later
//
// What there is to know about each refused free before anybody judges it: where it lies in its process's work, what the
// other devices did with the same address, what follows at its key. Gathered for all refused frees together, in two
// passes over the events, one of them over letters only; a trace without refused frees costs two over its findings.
#pragma once

#include <vector>

#include "core/base/task.h"
#include "core/findings/detector.h"

namespace alloclens {

struct SurplusFacts {
    static constexpr std::uint32_t kNever = 0xFFFFFFFF;

    FindingId finding;
    EventId event;
    AddressId address;
    LifetimeId lifetime;  ///< that had ended, or none
    ProcessId sender;     ///< by the connection where the source knows it, else by the message
    ProcessId owner;      ///< of the lifetime, or none
    std::uint32_t generation = 0;
    std::uint32_t inGeneration = 0;  ///< surplus frees of this generation in all

    // Its place in the sender's work.
    std::uint32_t run = 0;                           ///< allocations of the sender before it
    std::uint32_t allocationsSinceRelease = kNever;  ///< never: the source lacks the release
    std::uint32_t eventsSinceRelease = kNever;       ///< of the sender
    bool isBehindLastAllocation = false;
    std::uint32_t burst = 0;  ///< refused frees of the same sender and run
    enum class Order : std::uint8_t {
        None,
        Same,
        Reversed
    } order = Order::None;  ///< of the burst, against that of allocation

    // The same address on other devices.
    std::uint32_t siblingsAlike = 0;      ///< as many surplus frees in this generation
    std::uint32_t siblingsClean = 0;      ///< in step, and no surplus in this generation
    std::uint32_t siblingsAhead = 0;      ///< as many frees received, and one allocation more for each surplus
    std::uint32_t siblingsAllocated = 0;  ///< that have the address at all
    bool isFirstDevice = false;           ///< of those in step

    // What follows at its key.
    EventId next;                         ///< of the key
    std::uint32_t eventsToNext = kNever;  ///< of the sender, to that event
    bool isNextAllocation = false;        ///< by the same process
    bool isNextUnreleased = false;        ///< and its lifetime stays open, or ends in a sweep

    LifetimeId missed;  ///< on another device, which the free was meant for by all that is known; mostly none
};

/// What is known of a process as a whole.
struct SenderFacts {
    std::uint32_t allocations = 0;
    std::uint32_t events = 0;
    std::uint32_t acceptedFrees = 0;
    std::uint32_t unmatched = 0;   ///< refused frees of keys never allocated
    std::uint32_t unreleased = 0;  ///< allocations that were never freed
    std::uint32_t misses = 0;      ///< refused frees of keys never allocated that missed their buffer's device
};

struct SurplusStudy {
    Column<SurplusFacts> rows;         ///< in the order of the findings
    std::vector<SenderFacts> senders;  ///< by ProcessId
    /// The most that a device has of addresses with a surplus there alone, all others in step being clean.
    std::uint32_t mostAloneOn = 0;
    std::size_t devices = 0;         ///< of the whole trace
    std::uint32_t complaints = 0;    ///< of the server, about messages
    std::vector<LifetimeId> merged;  ///< sorted: those with an allocation of another memory than their own
};

/// Gathers the facts. Errors: cancelled.
[[nodiscard]] Result<SurplusStudy> studySurplusFrees(const Replay& replay, const Findings& findings,
                                                     const TaskContext& task);

}  // namespace alloclens
