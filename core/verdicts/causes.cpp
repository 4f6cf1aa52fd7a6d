// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/causes.h"

#include <algorithm>
#include <array>
#include <optional>

namespace alloclens {
namespace {

constexpr std::uint32_t kNever = SurplusFacts::kNever;
constexpr std::uint32_t kBurst = 8;

[[nodiscard]] bool isDoubleFree(const CaseFile& file) {
    return static_cast<FindingKind>(file.finding.kind) == FindingKind::DoubleFree;
}
[[nodiscard]] bool isUnknownFree(const CaseFile& file) {
    return static_cast<FindingKind>(file.finding.kind) == FindingKind::UnknownFree && file.finding.generation == 0;
}
[[nodiscard]] bool isByOther(const CaseFile& file) {
    return file.isOfOneServer && file.facts.sender.isValid() && file.facts.owner.isValid()
           && file.facts.sender != file.facts.owner;
}
[[nodiscard]] std::uint32_t pidNumber(const CaseFile& file) {
    return static_cast<std::uint32_t>(file.replay.trace->pid(file.facts.sender));
}
[[nodiscard]] bool isOfNobody(const CaseFile& file) { return file.replay.trace->pid(file.facts.sender) == 0; }
[[nodiscard]] const SenderFacts* senderOf(const CaseFile& file) {
    return file.facts.sender.isValid() ? &file.study.senders[file.facts.sender.index()] : nullptr;
}

/// Freed again at once: without an allocation since, and after no more events than a mesh's frees.
[[nodiscard]] bool isAtOnce(const CaseFile& file) {
    const auto devices = static_cast<std::uint32_t>(file.replay.devices.size());
    return file.facts.allocationsSinceRelease == 0 && file.facts.eventsSinceRelease <= 4 + 2 * devices;
}
[[nodiscard]] bool isInBurst(const CaseFile& file) { return file.facts.burst >= kBurst && !isAtOnce(file); }

/// The number of ended generations if each has as many surplus frees as this one, else 0.
[[nodiscard]] std::uint32_t generationsAlike(const CaseFile& file) {
    const AddressSummary& address = file.replay.address(file.facts.address);
    const std::uint32_t ended = address.lifetimes - (address.isLiveAtEnd ? 1 : 0);
    return address.refusedFrees == file.facts.inGeneration * ended ? ended : 0;
}

/// The free came too early: its allocation follows soon, and nothing releases that.
[[nodiscard]] bool isOvertaken(const CaseFile& file) {
    return file.facts.isNextAllocation && file.facts.isNextUnreleased;
}

using Outcome = std::optional<Weighed>;

Outcome weighSwept(const CaseFile& file) {
    if (static_cast<FindingKind>(file.finding.kind) != FindingKind::FreeAfterSweep) return {};
    return Weighed{Cause::SweptProcess}.add(95, Clue::AfterSweep);
}

Outcome weighStray(const CaseFile& file) {
    if (isOfNobody(file)) return Weighed{Cause::StrayMessage}.add(90, Clue::NoProcess);
    const SenderFacts* sender = senderOf(file);
    constexpr std::uint32_t kFewEvents = 4;
    if (!isUnknownFree(file) || sender == nullptr || sender->allocations > 0 || sender->events > kFewEvents) return {};
    return Weighed{Cause::StrayMessage}.add(30, Clue::FirstOfKey).add(30, Clue::SenderAllocatesNothing);
}

Outcome weighTorn(const CaseFile& file) {
    if (file.damagedLines == 0) return {};
    Weighed torn{Cause::TornLine};
    torn.add(30, Clue::LineDamaged, file.damagedLines);
    if (file.replay.address(file.facts.address).events == 1) torn.add(50, Clue::OnlyEventOfKey);
    return torn;
}

Outcome weighReordered(const CaseFile& file) {
    if (!isOvertaken(file)) return {};
    constexpr std::uint32_t kSoon = 16;
    constexpr std::uint32_t kNotLate = 200;
    const std::uint32_t distance = file.facts.eventsToNext;
    Weighed reordered{Cause::Reordered};
    reordered.add(distance <= kSoon ? 50 : distance <= kNotLate ? 25 : 10, Clue::AllocatedNext, distance);
    reordered.add(35, Clue::NextNeverReleased);
    if (isDoubleFree(file)) reordered.add(-20, Clue::ReleasedAlready);
    if (isByOther(file)) reordered.add(-20, Clue::SentByOther, pidNumber(file));
    return reordered;
}

Outcome weighLost(const CaseFile& file) {
    if (file.facts.siblingsAhead == 0) return {};
    Weighed lost{Cause::LostAllocation};
    lost.add(file.facts.siblingsAhead >= 2 ? 85 : 65, Clue::SiblingsAhead, file.facts.siblingsAhead);
    if (isInBurst(file)) lost.add(-15, Clue::InBurst, file.facts.burst);
    return lost;
}

Outcome weighMismatch(const CaseFile& file) {
    const SenderFacts* sender = senderOf(file);
    if (!isUnknownFree(file) || sender == nullptr || sender->unmatched < kBurst) return {};
    const bool losesHalf = sender->unreleased * 3 >= sender->unmatched
                           && sender->acceptedFrees <= sender->unmatched * 3;
    if (!losesHalf) return {};
    Weighed mismatch{Cause::ProtocolMismatch};
    mismatch.add(30, Clue::ManyUnmatched, sender->unmatched).add(30, Clue::ManyUnreleased, sender->unreleased);
    if (file.study.complaints > 0) mismatch.add(25, Clue::ServerComplains, file.study.complaints);
    return mismatch;
}

Outcome weighOlder(const CaseFile& file) {
    if (!isUnknownFree(file) || isOfNobody(file)) return {};
    const double place = static_cast<double>(file.facts.event.index())
                         / static_cast<double>(file.replay.trace->events.count());
    const auto percent = static_cast<std::uint32_t>(place * 100);
    constexpr std::uint32_t kEarly = 10;
    Weighed older{Cause::OlderThanTracker};
    older.add(50, Clue::FirstOfKey);
    if (percent < kEarly)
        older.add(15, Clue::Early, percent + 1);
    else
        older.add(0, Clue::Late, percent);
    if (file.facts.siblingsAlike > 0) older.add(10, Clue::SiblingsAlike, file.facts.siblingsAlike);
    if (file.facts.siblingsAllocated > 0) older.add(-20, Clue::SiblingsHaveIt, file.facts.siblingsAllocated);
    if (isOvertaken(file)) older.add(-20, Clue::AllocatedNext, file.facts.eventsToNext);
    return older;
}

Outcome weighMerged(const CaseFile& file) {
    const auto& merged = file.study.merged;
    if (!std::binary_search(merged.begin(), merged.end(), file.facts.lifetime)) return {};
    return Weighed{Cause::MergedMemories}.add(80, Clue::OtherMemory);
}

Outcome weighTeardown(const CaseFile& file) {
    if (!isDoubleFree(file) || !isInBurst(file)) return {};
    Weighed pool{Cause::TeardownPool};
    pool.add(60, Clue::InBurst, file.facts.burst);
    if (file.facts.isBehindLastAllocation)
        pool.add(20, Clue::BehindLastAllocation);
    else
        pool.add(0, Clue::ProcessGoesOn);
    if (file.facts.order == SurplusFacts::Order::Same) pool.add(10, Clue::InAllocationOrder);
    if (file.facts.order == SurplusFacts::Order::Reversed) pool.add(10, Clue::InReverseOrder);
    if (file.facts.siblingsAlike > 0) pool.add(5, Clue::SiblingsAlike, file.facts.siblingsAlike);
    if (isByOther(file)) pool.add(-20, Clue::SentByOther, pidNumber(file));
    return pool;
}

Outcome weighMeshLevels(const CaseFile& file) {
    if (!isDoubleFree(file) || !isAtOnce(file) || isByOther(file)) return {};
    Weighed levels{Cause::MeshLevels};
    levels.add(30, Clue::AtOnce, file.facts.eventsSinceRelease);
    if (file.facts.siblingsAlike > 0 && file.facts.siblingsClean == 0)
        levels.add(30, Clue::SiblingsAlike, file.facts.siblingsAlike);
    if (file.facts.siblingsClean > 0) levels.add(-30, Clue::SiblingsClean, file.facts.siblingsClean);
    const std::uint32_t alike = generationsAlike(file);
    if (alike >= 2) levels.add(25, Clue::EveryGeneration, alike);
    if (alike == 0) levels.add(-20, Clue::NotEveryGeneration);
    return levels;
}

Outcome weighBackingTwice(const CaseFile& file) {
    if (!isDoubleFree(file) || !isAtOnce(file) || isByOther(file)) return {};
    if (file.facts.siblingsClean < 1 || file.facts.siblingsAlike > 0 || !file.facts.isFirstDevice) return {};
    const std::uint32_t onAny = file.study.mostAloneOn;
    Weighed backing{Cause::MeshBackingTwice};
    backing.add(25, Clue::AtOnce, file.facts.eventsSinceRelease);
    backing.add(onAny >= 3 ? 40 : 20, Clue::FirstDeviceOnly, onAny);
    if (file.replay.lifetime(file.facts.lifetime).peakDepth > 1) backing.add(20, Clue::AllocatedTwice);
    return backing;
}

Outcome weighView(const CaseFile& file) {
    if (!isDoubleFree(file) || !isAtOnce(file) || isByOther(file)) return {};
    Weighed view{Cause::ViewFreesParent};
    view.add(45, Clue::AtOnce, file.facts.eventsSinceRelease);
    const AddressSummary& address = file.replay.address(file.facts.address);
    const std::uint32_t alike = generationsAlike(file);
    if (alike == 0 && address.lifetimes > 1) view.add(15, Clue::NotEveryGeneration);
    if (alike >= 2) view.add(-15, Clue::EveryGeneration, alike);
    return view;
}

Outcome weighStale(const CaseFile& file) {
    if (!isDoubleFree(file) || isOfNobody(file)) return {};
    Weighed stale{Cause::StaleOwner};
    if (isByOther(file)) {
        stale.add(85, Clue::SentByOther, pidNumber(file));
    } else if (isAtOnce(file)) {
        stale.add(20, Clue::AtOnce, file.facts.eventsSinceRelease);
    } else if (isInBurst(file)) {
        stale.add(30, Clue::SentByOwner).add(-10, Clue::InBurst, file.facts.burst);
    } else if (file.facts.allocationsSinceRelease != kNever && file.facts.allocationsSinceRelease > 0) {
        stale.add(30, Clue::SentByOwner);
        stale.add(25, Clue::ReleasedBefore, file.facts.allocationsSinceRelease).add(5, Clue::NotInBurst);
        if (file.facts.siblingsClean > 0) stale.add(5, Clue::SiblingsClean, file.facts.siblingsClean);
    } else {
        stale.add(30, Clue::SentByOwner).add(10, Clue::NotInBurst);
    }
    if (isOvertaken(file)) stale.add(-20, Clue::AllocatedNext, file.facts.eventsToNext);
    return stale;
}

Outcome weighWrongDevice(const CaseFile& file) {
    if (!file.facts.missed.isValid() || isOfNobody(file) || isOvertaken(file)) return {};
    constexpr std::uint32_t kMany = 3;
    const AddressId missed = file.replay.lifetimes.address(file.facts.missed.index());
    Weighed wrong{Cause::WrongDevice};
    // If the address has also lived here, the free may as well be a surplus one.
    wrong.add(isUnknownFree(file) ? 45 : 25, Clue::LiveElsewhere,
              static_cast<std::uint32_t>(file.replay.trace->key(missed).device));
    wrong.add(15, Clue::NeverFreedThere);
    if (file.replay.ownerOf(file.facts.missed) == file.facts.sender && file.facts.sender.isValid())
        wrong.add(10, Clue::SameProcessThere);
    const SenderFacts* sender = senderOf(file);
    if (isUnknownFree(file) && sender != nullptr && sender->misses >= kMany)
        wrong.add(20, Clue::MissesAlike, sender->misses);
    return wrong;
}

using Test = Outcome (*)(const CaseFile&);
// Of equal candidates the first one wins.
constexpr std::array<Test, 14> kTests = {weighSwept,  weighStray,    weighTorn,     weighReordered,    weighLost,
                                         weighMerged, weighMismatch, weighTeardown, weighBackingTwice, weighMeshLevels,
                                         weighView,   weighStale,    weighOlder,    weighWrongDevice};

}  // namespace

Weighed& Weighed::add(int more, Clue clue, std::uint32_t number) {
    points += more;
    // Evidence without points is mentioned as evidence against.
    m_evidence.at(m_count++) = {clue, more > 0, number};
    return *this;
}

void weighCauses(const CaseFile& file, std::vector<Weighed>& candidates) {
    constexpr int kMost = 97;  // nothing is certain
    candidates.clear();
    for (const Test test : kTests) {
        Outcome outcome = test(file);
        if (!outcome) continue;
        outcome->points = std::clamp(outcome->points, 0, kMost);
        const auto behind = std::find_if(candidates.begin(), candidates.end(),
                                         [&](const Weighed& other) { return other.points < outcome->points; });
        candidates.insert(behind, *outcome);
    }
}

}  // namespace alloclens
