// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/conservation_check.h"

#include "core/base/units.h"

namespace alloclens {
namespace {

void failOfKey(const Replay& replay, AddressId key, std::int64_t held, std::uint64_t live, CheckList& checks) {
    const Trace& trace = *replay.trace;
    const auto events = replay.eventsOf(key);
    checks.fail(CheckKind::ConservationOfKey, events.empty() ? 0 : trace.events.line[events.back().index()],
                "allocations still open of " + trace.addressText(key) + " on device "
                    + deviceText(trace.key(key).device),
                formatSignedCount(held), formatCount(live));
}

}  // namespace

void checkConservation(const Replay& replay, const LiveTable& table, CheckList& checks) {
    LiveTable::Tally all;
    for (std::size_t i = 0; i < replay.addresses.size(); ++i) {
        const AddressId key(i);
        const LiveTable::Tally tally = table.tally(key);
        const AddressSummary& summary = replay.addresses[i];
        const bool agrees = tally.accepted == summary.acceptedFrees && tally.refused == summary.refusedFrees
                            && tally.allocations == summary.allocations
                            && tally.held() == static_cast<std::int64_t>(tally.live);
        all.add(tally);
        if (agrees) {
            checks.pass(CheckKind::ConservationOfKey);
        } else {
            failOfKey(replay, key, tally.held(), tally.live, checks);
        }
    }
    const EventTotals& totals = replay.totals;
    const bool agrees = all.allocations == totals.allocations && all.accepted == totals.partialFrees + totals.finalFrees
                        && all.refused == totals.unknownFrees && all.held() == static_cast<std::int64_t>(all.live);
    if (agrees) {
        checks.pass(CheckKind::ConservationInTotal);
    } else {
        checks.fail(CheckKind::ConservationInTotal, 0, "allocations still open at the end",
                    formatSignedCount(all.held()), formatCount(all.live));
    }
}

}  // namespace alloclens
