// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an event does to its key, said once for everybody who follows the server's table (docs/formats/server-log.md,
// "Rules"). *decide* is the server's side: it takes a message and gives the answer that the server prints. *believe* is
// the reader's side: it takes a printed line, gives what the key is after it, and says where the line contradicts the
// lines before it. Both need no more of a key than its count of references, and give an Effect; how size and owner are
// kept is up to the table, and `settle` does it for plain ones. Everything is a function of values, for any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/trace/event.h"
#include "core/trace/trace.h"

namespace alloclens {

/// How a line can contradict those before it.
enum class ContradictionKind : std::uint8_t {
    AllocationOfLive,   ///< the line says the key was free, it was live before: its release is missing
    ReferenceCount,     ///< the printed count is not the next one
    FinalOfShared,      ///< a free ended the entry although more allocations were open
    FreeOfUnknown,      ///< an accepted free of a key that was not live: its allocation is missing
    RefusalOfLive,      ///< a refused free of a key that was live: its release is missing
    SizeDiffers,        ///< an accepted free prints another size than its entry has
    OwnerDiffers,       ///< an accepted free prints another owner than its entry has
    SweepCountDiffers,  ///< a sweep removed another number of entries than the process had
};

/// Where an entry's size or owner comes from.
enum class TakenFrom : std::uint8_t {
    Entry,         ///< it stays what it was
    Event,         ///< it is the event's
    EntryOrEvent,  ///< it stays what it was; where that is not known, the event tells
    Nowhere,       ///< nothing tells it
};

/// What becomes of a key's entry.
enum class EntryChange : std::uint8_t {
    None,      ///< there is none, and there was none or it was Effect::isEndLost
    Kept,      ///< it goes on, with another count perhaps
    Made,      ///< the event makes it
    MadeLost,  ///< the event shows that it was made before, by an event that is not in the source
    Replaced,  ///< the event's takes the place of the one that was there, and counts on
    Ended,     ///< the event ends it
};

struct Effect {
    /// Allocations of the key that are open after the event; 0 where no entry is left.
    std::uint32_t references = 0;
    EntryChange change = EntryChange::None;
    bool isBeginLost = false;  ///< an entry that ends was made by an event that is not in the source
    bool isEndLost = false;    ///< the entry that was there had ended before, by an event that is not in the source
    TakenFrom size = TakenFrom::Entry;
    TakenFrom owner = TakenFrom::Entry;
    std::optional<ContradictionKind> contradiction;  ///< of the count; never one of sizes, owners and sweeps
    bool isOddCount = false;                         ///< no server prints this count: the line tells the references
};

/// What the server prints of a message.
struct Answer {
    EventKind kind = EventKind::RefusedFree;
    std::uint32_t printed = 0;  ///< the count; 0 where the line has none
    Effect effect;
};

/// Whether lines of allocations and partial frees name a count.
[[nodiscard]] constexpr bool printsCounts(const TrackerRules& rules) { return rules.countsReferences; }

/// Whose size and owner a live key has after it was allocated once more.
[[nodiscard]] constexpr TakenFrom sizeOfReallocation(const TrackerRules& rules) {
    return !rules.countsReferences || rules.keepsLastSize ? TakenFrom::Event : TakenFrom::Entry;
}
[[nodiscard]] constexpr TakenFrom ownerOfReallocation(const TrackerRules& rules) {
    return rules.countsReferences ? TakenFrom::Entry : TakenFrom::Event;
}

namespace tracker_rules {

constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

[[nodiscard]] constexpr std::uint32_t oneMore(std::uint32_t references) { return references + (references < kMost); }

/// An allocation of a live key as both sides know it.
[[nodiscard]] constexpr Effect reallocated(const TrackerRules& rules, std::uint32_t references) {
    Effect effect;
    effect.references = references;
    effect.change = rules.countsReferences ? EntryChange::Kept : EntryChange::Replaced;
    effect.size = sizeOfReallocation(rules);
    effect.owner = ownerOfReallocation(rules);
    return effect;
}

[[nodiscard]] constexpr Effect made(EntryChange how, std::uint32_t references, TakenFrom size, TakenFrom owner) {
    Effect effect;
    effect.references = references;
    effect.change = how;
    effect.size = size;
    effect.owner = owner;
    return effect;
}

}  // namespace tracker_rules

// ---- decide ----

[[nodiscard]] constexpr Answer decideAllocation(const TrackerRules& rules, std::uint32_t references) {
    using namespace tracker_rules;
    if (references == 0) {
        return {EventKind::Allocation, 0, made(EntryChange::Made, 1, TakenFrom::Event, TakenFrom::Event)};
    }
    const Effect effect = reallocated(rules, oneMore(references));
    return {EventKind::Allocation, printsCounts(rules) ? effect.references : 0, effect};
}

/// Without counts one free ends an entry, however many allocations it stands for.
[[nodiscard]] constexpr Answer decideFree(const TrackerRules& rules, std::uint32_t references) {
    Effect effect;
    if (references == 0) return {EventKind::RefusedFree, 0, effect};
    effect.references = rules.countsReferences ? references - 1 : 0;
    effect.change = effect.references > 0 ? EntryChange::Kept : EntryChange::Ended;
    return {effect.references > 0 ? EventKind::PartialFree : EventKind::FinalFree, effect.references, effect};
}

// ---- believe ----

/// Of an allocation that prints this count, 0 for none. A server that counts prints none for the first allocation of a
/// key only; one that does not count never prints one.
[[nodiscard]] constexpr Effect believeAllocation(const TrackerRules& rules, std::uint32_t references,
                                                 std::uint32_t printed) {
    using namespace tracker_rules;
    if (!printsCounts(rules)) {
        if (references > 0) return reallocated(rules, oneMore(references));
        return made(EntryChange::Made, 1, TakenFrom::Event, TakenFrom::Event);
    }
    if (printed == 0) {
        Effect effect = made(EntryChange::Made, 1, TakenFrom::Event, TakenFrom::Event);
        effect.isEndLost = references > 0;
        if (effect.isEndLost) effect.contradiction = ContradictionKind::AllocationOfLive;
        return effect;
    }
    // Of a buffer whose first allocation is lost, owner and first size are not those of this line.
    Effect effect = references > 0
                        ? reallocated(rules, printed)
                        : made(EntryChange::MadeLost, printed,
                               sizeOfReallocation(rules) == TakenFrom::Event ? TakenFrom::Event : TakenFrom::Nowhere,
                               TakenFrom::Nowhere);
    if (references + std::uint64_t{1} != printed) effect.contradiction = ContradictionKind::ReferenceCount;
    effect.isOddCount = printed == 1;
    return effect;
}

/// Of a free that leaves `remaining` references, as the line prints them: at least one.
[[nodiscard]] constexpr Effect believePartialFree(std::uint32_t references, std::uint32_t remaining) {
    using namespace tracker_rules;
    const std::uint32_t left = std::max<std::uint32_t>(remaining, 1);
    Effect effect = references > 0 ? made(EntryChange::Kept, left, TakenFrom::EntryOrEvent, TakenFrom::EntryOrEvent)
                                   : made(EntryChange::MadeLost, left, TakenFrom::Event, TakenFrom::Event);
    if (references == 0) {
        effect.contradiction = ContradictionKind::FreeOfUnknown;
    } else if (references != remaining + std::uint64_t{1}) {
        effect.contradiction = ContradictionKind::ReferenceCount;
    }
    effect.isOddCount = remaining == 0;
    return effect;
}

[[nodiscard]] constexpr Effect believeFinalFree(const TrackerRules& rules, std::uint32_t references) {
    using namespace tracker_rules;
    Effect effect = made(EntryChange::Ended, 0, TakenFrom::EntryOrEvent, TakenFrom::EntryOrEvent);
    effect.isBeginLost = references == 0;
    if (references == 0) {
        effect.contradiction = ContradictionKind::FreeOfUnknown;
    } else if (rules.countsReferences && references != 1) {
        effect.contradiction = ContradictionKind::FinalOfShared;
    }
    return effect;
}

[[nodiscard]] constexpr Effect believeRefusedFree(std::uint32_t references) {
    Effect effect;
    effect.isEndLost = references > 0;
    if (effect.isEndLost) effect.contradiction = ContradictionKind::RefusalOfLive;
    return effect;
}

/// Of a line of any kind that concerns one key.
[[nodiscard]] constexpr Effect believe(const TrackerRules& rules, std::uint32_t references, EventKind kind,
                                       std::uint32_t printed) {
    switch (kind) {
    case EventKind::Allocation: return believeAllocation(rules, references, printed);
    case EventKind::PartialFree: return believePartialFree(references, printed);
    case EventKind::FinalFree: return believeFinalFree(rules, references);
    default: return believeRefusedFree(references);
    }
}

/// Whether a line tells how many references there are, whatever was held before: no server prints this count.
[[nodiscard]] constexpr bool isOddCount(const TrackerRules& rules, EventKind kind, std::uint32_t printed) {
    return believe(rules, 1, kind, printed).isOddCount;
}

/// How many references a line says there were before it, or nothing where it does not tell.
[[nodiscard]] constexpr std::optional<std::uint64_t> toldBefore(const TrackerRules& rules, EventKind kind,
                                                                std::uint32_t printed) {
    switch (kind) {
    case EventKind::Allocation:
        if (!printsCounts(rules)) return std::nullopt;
        return printed > 0 ? printed - 1 : 0;
    case EventKind::PartialFree: return printed + std::uint64_t{1};
    case EventKind::FinalFree: return 1;
    case EventKind::RefusedFree: return 0;
    default: return std::nullopt;
    }
}

/// The two numbers of a contradiction: what the references before the line led to expect, and what the line says.
struct ExpectedAndTold {
    std::uint64_t expected = 0;
    std::uint64_t told = 0;
};
[[nodiscard]] constexpr ExpectedAndTold numbersOf(ContradictionKind kind, EventKind event, std::uint32_t references,
                                                  std::uint32_t printed) {
    const bool isAllocation = event == EventKind::Allocation;
    if (kind == ContradictionKind::ReferenceCount) {
        return {isAllocation ? references + std::uint64_t{1} : references - std::uint64_t{1}, printed};
    }
    // The others are of the references before the line; only frees that were accepted say that there were some.
    if (event == EventKind::PartialFree) return {references, printed + std::uint64_t{1}};
    return {references, event == EventKind::FinalFree ? std::uint64_t{1} : std::uint64_t{0}};
}

// ---- size and owner ----

/// What an entry has of a value after an event; `unknown` is the value of what is not known.
template <typename Value>
[[nodiscard]] constexpr Value taken(TakenFrom from, Value entry, Value event, Value unknown) {
    switch (from) {
    case TakenFrom::Entry: return entry;
    case TakenFrom::Event: return event;
    case TakenFrom::EntryOrEvent: return entry == unknown ? event : entry;
    case TakenFrom::Nowhere: break;
    }
    return unknown;
}

/// Whether an accepted free prints another value than the entry has. What is not known contradicts nothing.
template <typename Value>
[[nodiscard]] constexpr bool contradicts(Value entry, Value event, Value unknown) {
    return entry != unknown && event != unknown && entry != event;
}

/// What a key holds, in the words of a table: the types of its sizes and owners, and their values for "not known".
template <typename Size, Size kUnknownSize, typename Owner, Owner kUnknownOwner>
struct Held {
    std::uint32_t references = 0;  ///< 0: not live, and the others mean nothing
    Size size = kUnknownSize;
    Owner owner = kUnknownOwner;
    friend constexpr bool operator==(const Held&, const Held&) = default;

    /// Makes it what it is after an event with this size and owner.
    constexpr void settle(const Effect& effect, Size eventSize, Owner eventOwner) {
        references = effect.references;
        if (references == 0) {
            size = kUnknownSize;
            owner = kUnknownOwner;
            return;
        }
        size = taken(effect.size, size, eventSize, kUnknownSize);
        owner = taken(effect.owner, owner, eventOwner, kUnknownOwner);
    }
    /// Whether an accepted free of a live key may print this size and owner.
    [[nodiscard]] constexpr bool allows(Size eventSize, Owner eventOwner) const {
        return !contradicts(size, eventSize, kUnknownSize) && !contradicts(owner, eventOwner, kUnknownOwner);
    }
};

}  // namespace alloclens
