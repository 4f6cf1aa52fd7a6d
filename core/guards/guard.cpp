// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guard.h"

namespace alloclens {
namespace {

// No library sends what a monitor sends, nor what a torn line seems to say.
constexpr CauseSet kNotOfALibrary = causeBit(Cause::StrayMessage) | causeBit(Cause::TornLine);
// The program made the allocation, and a guard inside it would have seen it.
constexpr CauseSet kAllocationNotInLog = causeBit(Cause::LostAllocation) | causeBit(Cause::OlderThanTracker)
                                         | causeBit(Cause::Reordered) | causeBit(Cause::ProtocolMismatch);
// Each object frees once; there is more than one.
constexpr CauseSet kOfAnotherObject = causeBit(Cause::MeshLevels) | causeBit(Cause::MeshBackingTwice)
                                      | causeBit(Cause::ViewFreesParent);

bool dropsSecondFreeOfObject(const CallsSoFar& calls) { return calls.hasAllocated && calls.open == 0; }
bool dropsWithoutAllocation(const CallsSoFar& calls) { return !calls.isLastAllocation; }
bool dropsFreedAddress(const CallsSoFar& calls) { return calls.hasFreed && !calls.isLastAllocation; }
bool dropsOnceFreedAddress(const CallsSoFar& calls) { return calls.hasFreed; }

constexpr Guard kGuards[] = {
    {"object-flag", "a flag in each object", "Each buffer object sends its free only once.", dropsSecondFreeOfObject,
     kNotOfALibrary | kAllocationNotInLog | kOfAnotherObject, true},
    {"suppress-duplicates", "suppress duplicates",
     "A process sends a free of an address only if its last call for the address was an allocation.",
     dropsWithoutAllocation, kNotOfALibrary | kAllocationNotInLog},
    {"freed-set", "a set of freed addresses, cleared by allocations",
     "A process keeps a set of the addresses that it freed, and drops frees of those. An allocation takes its address "
     "out of the set.",
     dropsFreedAddress, kNotOfALibrary | kAllocationNotInLog},
    {"freed-set-kept", "a set of freed addresses, never cleared",
     "A process drops every free of an address that it freed before, even if the address was allocated again.",
     dropsOnceFreedAddress, kNotOfALibrary},
};
static_assert(std::size(kGuards) <= 8);

}  // namespace

std::span<const Guard> guards() { return kGuards; }

}  // namespace alloclens
