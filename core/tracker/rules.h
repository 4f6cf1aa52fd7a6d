// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rules of the server's table, stated once (docs/formats/server-log.md, "Rules"). *decide* is the server's side:
// from a message it returns the answer that the server prints. *believe* is the reader's side: from a printed line it
// returns the new state of the key, and whether the line contradicts earlier lines. Both need only the key's count of
// references and return an Effect. Tables keep size and owner in their own way; Held::settle does it for plain tables.
// For example, a key with 1 reference: an allocation that prints ref_count=2 is believed without contradiction; one
// that prints ref_count=5 is believed too, and is a ReferenceCount contradiction. Pure functions, for any thread.
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
    Entry,         ///< the entry keeps its value
    Event,         ///< the entry takes the value of the event
    EntryOrEvent,  ///< the entry keeps its value, or takes that of the event if it has none
    Nowhere,       ///< the value is unknown
};

/// What an event does to the entry of its key.
enum class EntryChange : std::uint8_t {
    None,      ///< no entry after the event; if there was one before, Effect::isEndLost is set
    Kept,      ///< the entry continues, possibly with another count
    Made,      ///< the event makes the entry
    MadeLost,  ///< the event shows that an event outside the source made the entry earlier
    Replaced,  ///< the event replaces the entry and continues its count
    Ended,     ///< the event ends the entry
};

struct Effect {
    /// Open allocations of the key after the event; 0 without an entry.
    std::uint32_t references = 0;
    EntryChange change = EntryChange::None;
    bool isBeginLost = false;  ///< an event outside the source made the entry that ends here
    bool isEndLost = false;    ///< an event outside the source ended the previous entry
    TakenFrom size = TakenFrom::Entry;
    TakenFrom owner = TakenFrom::Entry;
    std::optional<ContradictionKind> contradiction;  ///< of counts; tables check sizes, owners and sweeps
    bool isOddCount = false;                         ///< no server prints this count; believe the line
};

/// What the server prints for a message.
struct Answer {
    EventKind kind = EventKind::RefusedFree;
    std::uint32_t printed = 0;  ///< the count; 0 if the line has none
    Effect effect;
};

/// Whether lines of allocations and partial frees print a count.
[[nodiscard]] constexpr bool printsCounts(const TrackerRules& rules) { return rules.countsReferences; }

/// Where size and owner of a live key come from after another allocation.
[[nodiscard]] constexpr TakenFrom sizeOfReallocation(const TrackerRules& rules) {
    return !rules.countsReferences || rules.keepsLastSize ? TakenFrom::Event : TakenFrom::Entry;
}
[[nodiscard]] constexpr TakenFrom ownerOfReallocation(const TrackerRules& rules) {
    return rules.countsReferences ? TakenFrom::Entry : TakenFrom::Event;
}

namespace tracker_rules {

constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

[[nodiscard]] constexpr std::uint32_t oneMore(std::uint32_t references) { return references + (references < kMost); }

/// Another allocation of a live key, as both sides see it.
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

/// Servers without counts end an entry with one free, however many allocations it has.
[[nodiscard]] constexpr Answer decideFree(const TrackerRules& rules, std::uint32_t references) {
    Effect effect;
    if (references == 0) return {EventKind::RefusedFree, 0, effect};
    effect.references = rules.countsReferences ? references - 1 : 0;
    effect.change = effect.references > 0 ? EntryChange::Kept : EntryChange::Ended;
    return {effect.references > 0 ? EventKind::PartialFree : EventKind::FinalFree, effect.references, effect};
}

// ---- believe ----

/// An allocation that prints the count `printed`, 0 for none. A server that counts omits it only for the first
/// allocation of a key. A server that does not count never prints it.
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
    // If the first allocation is lost, this line does not name its owner and size.
    Effect effect = references > 0
                        ? reallocated(rules, printed)
                        : made(EntryChange::MadeLost, printed,
                               sizeOfReallocation(rules) == TakenFrom::Event ? TakenFrom::Event : TakenFrom::Nowhere,
                               TakenFrom::Nowhere);
    if (references + std::uint64_t{1} != printed) effect.contradiction = ContradictionKind::ReferenceCount;
    effect.isOddCount = printed == 1;
    return effect;
}

/// A free that leaves `remaining` references, as printed. Servers print at least one.
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

/// Any line that names one key.
[[nodiscard]] constexpr Effect believe(const TrackerRules& rules, std::uint32_t references, EventKind kind,
                                       std::uint32_t printed) {
    switch (kind) {
    case EventKind::Allocation: return believeAllocation(rules, references, printed);
    case EventKind::PartialFree: return believePartialFree(references, printed);
    case EventKind::FinalFree: return believeFinalFree(rules, references);
    default: return believeRefusedFree(references);
    }
}

/// Whether no server prints this count. Readers then believe the line, whatever the lines before say.
[[nodiscard]] constexpr bool isOddCount(const TrackerRules& rules, EventKind kind, std::uint32_t printed) {
    return believe(rules, 1, kind, printed).isOddCount;
}

/// How many references the key had before the line, according to the line; none if it does not say.
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

/// The two numbers of a contradiction: the one expected from the lines before, and the one in the line.
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
    // All other kinds compare the references before the line. Only accepted frees imply that there were any.
    if (event == EventKind::PartialFree) return {references, printed + std::uint64_t{1}};
    return {references, event == EventKind::FinalFree ? std::uint64_t{1} : std::uint64_t{0}};
}

// ---- size and owner ----

/// The value of an entry after an event. `unknown` represents an unknown value.
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

/// Whether an accepted free prints another value than the entry has. Unknown values never contradict.
template <typename Value>
[[nodiscard]] constexpr bool contradicts(Value entry, Value event, Value unknown) {
    return entry != unknown && event != unknown && entry != event;
}

/// The state of a key in a table with its own types of sizes and owners, and its own values for "unknown".
template <typename Size, Size kUnknownSize, typename Owner, Owner kUnknownOwner>
struct Held {
    std::uint32_t references = 0;  ///< 0: not live; the other members have no meaning then
    Size size = kUnknownSize;
    Owner owner = kUnknownOwner;
    friend constexpr bool operator==(const Held&, const Held&) = default;

    /// Applies the effect of an event with this size and owner.
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
