// SPDX-License-Identifier: GPL-3.0-or-later
//
// The facts about each refused free, gathered before any verdict: where it lies in its process's work, what other
// devices did with the address, what follows at its key. Made for all refused frees together in two passes over the
// events, one of which reads letters only. A trace without refused frees costs two passes over its findings.
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
    LifetimeId lifetime;  ///< the one that had ended, or none
    ProcessId sender;     ///< from the connection if the source knows it, else from the message
    ProcessId owner;      ///< of the lifetime, or none
    std::uint32_t generation = 0;
    std::uint32_t inGeneration = 0;  ///< all surplus frees of this generation

    // Its position in the sender's work.
    std::uint32_t run = 0;                           ///< number of the sender's allocations before it
    std::uint32_t allocationsSinceRelease = kNever;  ///< kNever if the source lacks the release
    std::uint32_t eventsSinceRelease = kNever;       ///< of the sender
    bool isBehindLastAllocation = false;
    std::uint32_t burst = 0;  ///< refused frees of the same sender and run
    enum class Order : std::uint8_t {
        None,
        Same,
        Reversed
    } order = Order::None;  ///< order of the burst compared with that of its allocations

    // The same address on other devices.
    std::uint32_t siblingsAlike = 0;      ///< with as many surplus frees in this generation
    std::uint32_t siblingsClean = 0;      ///< in step, without a surplus in this generation
    std::uint32_t siblingsAhead = 0;      ///< with as many frees, and one allocation more for each surplus
    std::uint32_t siblingsAllocated = 0;  ///< that have the address at all
    bool isFirstDevice = false;           ///< the first of the devices in step

    // What follows at its key.
    EventId next;                         ///< of the same key
    std::uint32_t eventsToNext = kNever;  ///< events of the sender up to it
    bool isNextAllocation = false;        ///< it is an allocation by the same process
    bool isNextUnreleased = false;        ///< and its lifetime stays open, or ends in a sweep

    LifetimeId missed;  ///< the lifetime on another device that the free was probably meant for; mostly none
};

/// Facts about a process as a whole.
struct SenderFacts {
    std::uint32_t allocations = 0;
    std::uint32_t events = 0;
    std::uint32_t acceptedFrees = 0;
    std::uint32_t unmatched = 0;   ///< refused frees of keys that were never allocated
    std::uint32_t unreleased = 0;  ///< allocations that were never freed
    std::uint32_t misses = 0;      ///< those of `unmatched` that were meant for a buffer on another device
};

struct SurplusStudy {
    Column<SurplusFacts> rows;         ///< in the order of the findings
    std::vector<SenderFacts> senders;  ///< by ProcessId
    /// The largest number of addresses that have a surplus on one device only, while all devices in step are clean.
    std::uint32_t mostAloneOn = 0;
    std::size_t devices = 0;         ///< in the whole trace
    std::uint32_t complaints = 0;    ///< of the server, about messages
    std::vector<LifetimeId> merged;  ///< lifetimes with an allocation of another memory than their own, sorted
};

/// Gathers the facts. Errors: cancelled.
[[nodiscard]] Result<SurplusStudy> studySurplusFrees(const Replay& replay, const Findings& findings,
                                                     const TaskContext& task);

}  // namespace alloclens
