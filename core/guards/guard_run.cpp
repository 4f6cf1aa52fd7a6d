// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guard_run.h"

#include <utility>

#include "core/base/saturating.h"

namespace alloclens {
namespace {

template <typename Row>
void addExample(std::vector<Row>& examples, Row row) {
    if (examples.size() < GuardOutcome::kExamples) examples.push_back(row);
}

}  // namespace

GuardRun::GuardRun(const Guard& guard, const Analysis& analysis)
    : m_trace(*analysis.trace),
      m_replay(analysis.replay),
      m_findings(analysis.findings),
      m_table(m_trace.rules, KeyArray(m_trace.addresses.size(), m_trace.processes.size() + 1)),
      m_clusters(m_findings.clusters.size(), 0) {
    m_outcome.guard = &guard;
}

void GuardRun::allocate(EventId event, std::uint32_t owner) {
    const std::size_t i = event.index();
    const Answer answer = m_table.allocate(m_trace.events.address[i].value, m_trace.events.size.numbers()[i], owner);
    if (answer.effect.change != EntryChange::Made && m_replay.letters[i] == Letter::First)
        ++m_outcome.mergedAllocations;
}

void GuardRun::freeAccepted(EventId event, const CallsSoFar& calls, bool isStrangers) {
    complete(event);
    if (m_outcome.guard->drops(calls)) {
        ++m_outcome.dropped;
        ++(isStrangers ? m_outcome.strangersDropped : m_outcome.rightfulDropped);
        addExample(isStrangers ? m_outcome.firstStrangers : m_outcome.firstRightful, event);
    } else if (release(event) == EventKind::RefusedFree) {
        ++m_outcome.caused;
        addExample(m_outcome.firstCaused, event);
    }
}

// An accepted free prints what the table holds, which the allocation may not have said.
void GuardRun::complete(EventId event) {
    const std::size_t i = event.index();
    const AddressId key = m_trace.events.address[i];
    if (entry(key).references == 0) return;
    m_table.learn(key.value, m_trace.events.size.numbers()[i], ownerNumber(m_trace, m_trace.events.process[i]));
}

EventKind GuardRun::release(EventId event) { return m_table.release(m_trace.events.address[event.index()].value).kind; }

bool GuardRun::freeRefused(EventId event, const CallsSoFar& calls, const Verdict* verdict) {
    if (m_outcome.guard->drops(calls)) {
        ++m_outcome.dropped;
    } else if (release(event) != EventKind::RefusedFree) {
        ++m_outcome.acceptedInstead;
    } else {
        ++m_outcome.left;
        return false;
    }
    silence(verdict);
    return true;
}

void GuardRun::silence(const Verdict* verdict) {
    ++m_outcome.silenced;
    const Cause cause = verdict != nullptr ? verdict->cause : Cause::Undetermined;
    ++m_outcome.silencedOf[static_cast<std::size_t>(cause)];
    if ((m_outcome.guard->mayStay & causeBit(cause)) != 0) ++m_outcome.mayStay;
    if (verdict == nullptr) return;
    const ClusterId cluster = m_findings.row(verdict->finding).cluster;
    if (cluster.isValid()) ++m_clusters[cluster.index()];
}

// What the trace shows to end is taken out first, so that what is left in the table is what the guard kept there.
void GuardRun::cutOff(std::span<const CutOffLifetime> now, std::optional<std::uint32_t> owner) {
    for (const CutOffLifetime& cut : now) {
        const KeyArray::Entry& held = entry(cut.key);
        if (held.references == 0 || (owner && held.owner != *owner)) {
            hideLeak(cut.lifetime);
        } else {
            keepLeak(cut.lifetime, held);
            m_table.put(cut.key.value, 0, 0, 0);
        }
    }
    LeftBuffers& sum = owner ? m_outcome.leftToSweeps : m_outcome.leftLive;
    const auto takeOf = [this, &sum](std::uint32_t of) {
        m_table.sweep(of, [this, &sum](std::uint32_t, const KeyArray::Entry& left) { leave(sum, left); });
    };
    if (owner) return takeOf(*owner);
    for (const std::uint32_t of : m_table.store().takeOwners()) takeOf(of);
}

GuardOutcome GuardRun::finish() {
    for (std::size_t i = 0; i < m_trace.addresses.size(); ++i) {
        const KeyArray::Entry& held = entry(AddressId(i));
        const AddressSummary& address = m_replay.address(AddressId(i));
        if (!address.isLiveAtEnd) {
            if (held.references > 0) leave(m_outcome.leftLive, held);
            continue;
        }
        const LifetimeId open(address.firstLifetime.index() + address.lifetimes - 1);
        held.references > 0 ? keepLeak(open, held) : hideLeak(open);
    }
    for (std::size_t i = 0; i < m_clusters.size(); ++i) {
        if (m_clusters[i] > 0) m_outcome.clusters.push_back({ClusterId(i), m_clusters[i]});
    }
    return std::move(m_outcome);
}

void GuardRun::keepLeak(LifetimeId lifetime, const KeyArray::Entry& entry) {
    const std::size_t row = lifetime.index();
    const bool isSame = entry.owner == ownerNumber(m_trace, m_replay.lifetimes.owner(row))
                        && entry.size == m_replay.lifetimes.sizeNumber(row);
    m_outcome.leaksChanged += isSame ? 0 : 1;
}

void GuardRun::hideLeak(LifetimeId lifetime) {
    ++m_outcome.leaksHidden;
    addExample(m_hiddenLeaks, lifetime);
}

void GuardRun::leave(LeftBuffers& sum, const KeyArray::Entry& entry) {
    ++sum.buffers;
    if (entry.size != 0) sum.bytes = saturatingSum(sum.bytes, m_trace.events.size.sizes()[entry.size]);
}

}  // namespace alloclens
