// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/line_check.h"

#include <fmt/format.h>

#include <algorithm>

namespace alloclens {
namespace {

CheckKind checkOf(ContradictionKind kind) {
    switch (kind) {
    case ContradictionKind::AllocationOfLive:
    case ContradictionKind::FreeOfUnknown:
    case ContradictionKind::RefusalOfLive: return CheckKind::EntryExists;
    case ContradictionKind::ReferenceCount:
    case ContradictionKind::FinalOfShared: return CheckKind::ReferenceCount;
    case ContradictionKind::SizeDiffers: return CheckKind::SizeOnFree;
    case ContradictionKind::OwnerDiffers: return CheckKind::OwnerOnFree;
    case ContradictionKind::SweepCountDiffers: return CheckKind::SweepEntries;
    }
    return CheckKind::EntryExists;
}

std::string_view subjectOf(ContradictionKind kind) {
    switch (kind) {
    case ContradictionKind::AllocationOfLive: return "allocations open before this allocation";
    case ContradictionKind::FreeOfUnknown: return "allocations open before this free";
    case ContradictionKind::RefusalOfLive: return "allocations open before this refused free";
    case ContradictionKind::ReferenceCount: return "reference count";
    case ContradictionKind::FinalOfShared: return "allocations open before this final free";
    case ContradictionKind::SizeDiffers: return "size";
    case ContradictionKind::OwnerDiffers: return "owner";
    case ContradictionKind::SweepCountDiffers: return "entries that the sweep removed";
    }
    return {};
}

std::string numberText(ContradictionKind kind, std::uint64_t number) {
    if (kind == ContradictionKind::OwnerDiffers) return fmt::format("{}", static_cast<std::int32_t>(number));
    if (kind == ContradictionKind::SizeDiffers && number == kNoSize) return "none";
    return fmt::format("{}", number);
}

/// Each stands with its number in the facts.
std::uint64_t sweepsWithCounts(const Trace& trace) {
    return static_cast<std::uint64_t>(
        std::count_if(trace.facts.begin(), trace.facts.end(),
                      [](const PrintedFact& fact) { return fact.kind == FactKind::SweepRemoved; }));
}

}  // namespace

void checkEventLines(const Replay& replay, CheckList& checks) {
    const Trace& trace = *replay.trace;
    for (const Contradiction& contradiction : replay.contradictions) {
        const std::size_t i = contradiction.event.index();
        const AddressId key = trace.events.address[i];
        std::string subject(subjectOf(contradiction.kind));
        if (key.isValid()) {
            subject += fmt::format(" of {} on device {}", trace.addressText(key), deviceText(trace.key(key).device));
        }
        checks.fail(checkOf(contradiction.kind), trace.events.line[i], std::move(subject),
                    numberText(contradiction.kind, contradiction.expected),
                    numberText(contradiction.kind, contradiction.actual));
    }
    // What could have contradicted: every verdict, every count, and size and owner on every accepted free.
    const EventTotals& totals = replay.totals;
    const bool hasCounts = printsCounts(trace.rules);
    const std::uint64_t accepted = totals.partialFrees + totals.finalFrees;
    const auto passRest = [&checks](CheckKind kind, std::uint64_t all) {
        checks.pass(kind, all - std::min(all, checks.failed(kind)));
    };
    passRest(CheckKind::EntryExists, accepted + totals.unknownFrees + (hasCounts ? totals.allocations : 0));
    passRest(CheckKind::ReferenceCount, hasCounts ? accepted + totals.aliasedAllocations : 0);
    passRest(CheckKind::SizeOnFree, accepted);
    passRest(CheckKind::OwnerOnFree, accepted);
    passRest(CheckKind::SweepEntries, sweepsWithCounts(trace));
}

}  // namespace alloclens
