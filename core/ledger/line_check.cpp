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

/// How many numbers of each sort stand on the lines of the events.
struct Printed {
    std::uint64_t verdicts = 0;
    std::uint64_t counts = 0;
    std::uint64_t sizes = 0;
    std::uint64_t owners = 0;
    std::uint64_t sweeps = 0;
};

Printed countPrinted(const Trace& trace) {
    const EventTable& events = trace.events;
    const bool hasCounts = trace.rules.countsReferences;
    Printed printed;
    for (std::size_t i = 0; i < events.count(); ++i) {
        const EventKind kind = events.kind[i];
        const bool isFree = kind == EventKind::PartialFree || kind == EventKind::FinalFree;
        const bool isAllocation = kind == EventKind::Allocation;
        printed.verdicts += isFree || kind == EventKind::RefusedFree || (isAllocation && hasCounts) ? 1 : 0;
        printed.counts += hasCounts && (isFree || (isAllocation && events.refCount[i] > 0)) ? 1 : 0;
        printed.sizes += isFree && events.size.numbers()[i] != 0 ? 1 : 0;
        printed.owners += isFree && events.process[i].isValid() ? 1 : 0;
        printed.sweeps += kind == EventKind::Sweep && events.size.numbers()[i] != 0 ? 1 : 0;
    }
    return printed;
}

}  // namespace

void checkEventLines(const Analysis& analysis, CheckList& checks) {
    const Trace& trace = *analysis.trace;
    for (const Contradiction& contradiction : analysis.replay.contradictions) {
        const std::size_t i = contradiction.event.index();
        const AddressId key = trace.events.address[i];
        std::string subject(subjectOf(contradiction.kind));
        if (key.isValid()) {
            subject += fmt::format(" of {} on device {}", analysis.addressText(key),
                                   Analysis::deviceText(trace.key(key).device));
        }
        checks.fail(checkOf(contradiction.kind), trace.events.line[i], std::move(subject),
                    numberText(contradiction.kind, contradiction.expected),
                    numberText(contradiction.kind, contradiction.actual));
    }
    const Printed printed = countPrinted(trace);
    const auto passRest = [&checks](CheckKind kind, std::uint64_t all) {
        checks.pass(kind, all - std::min(all, checks.failed(kind)));
    };
    passRest(CheckKind::EntryExists, printed.verdicts);
    passRest(CheckKind::ReferenceCount, printed.counts);
    passRest(CheckKind::SizeOnFree, printed.sizes);
    passRest(CheckKind::OwnerOnFree, printed.owners);
    passRest(CheckKind::SweepEntries, printed.sweeps);
}

}  // namespace alloclens
