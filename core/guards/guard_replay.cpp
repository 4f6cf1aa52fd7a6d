// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guard_replay.h"

#include <algorithm>
#include <limits>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

#include "core/base/memory.h"
#include "core/guards/client_calls.h"
#include "core/guards/guarded_table.h"

namespace alloclens {
namespace {

/// A lifetime that a sweep or a restart ended.
struct CutOff {
    EventId event;
    AddressId key;
    LifetimeId lifetime;
};

std::vector<CutOff> cutOffLifetimes(const Replay& replay) {
    std::vector<CutOff> cut;
    for (std::size_t i = 0; i < replay.lifetimes.size(); ++i) {
        const LifetimeEnd end = replay.lifetimes.end(i);
        if (end != LifetimeEnd::Swept && end != LifetimeEnd::Restarted) continue;
        cut.push_back({replay.lifetimes.row(i).last, replay.lifetimes.address(i), LifetimeId(i)});
    }
    std::sort(cut.begin(), cut.end(),
              [](const CutOff& a, const CutOff& b) { return std::tie(a.event, a.key) < std::tie(b.event, b.key); });
    return cut;
}

/// Whether a contradiction says that the key's depth is not what the lines before it gave.
bool isOfDepth(ContradictionKind kind) {
    return kind != ContradictionKind::SizeDiffers && kind != ContradictionKind::OwnerDiffers
           && kind != ContradictionKind::SweepCountDiffers;
}

class GuardReplay {
public:
    GuardReplay(const Analysis& analysis, std::span<const Guard> guards)
        : m_trace(*analysis.trace),
          m_events(m_trace.events),
          m_replay(analysis.replay),
          m_findings(analysis.findings),
          m_anonymous(static_cast<std::uint32_t>(m_trace.processes.size())),
          m_calls(m_trace.addresses.size(), m_trace.processes.size() + 1),
          m_cut(cutOffLifetimes(m_replay)),
          m_mark(m_trace.addresses.size(), 0) {
        for (const Guard& guard : guards) {
            m_tables.emplace_back(m_trace.addresses.size(), m_trace.processes.size() + 1, m_trace.rules);
            m_study.outcomes.emplace_back().guard = &guard;
        }
        m_clusters.assign(guards.size(), std::vector<std::uint64_t>(m_findings.clusters.size(), 0));
        m_study.silencers.assign(m_findings.verdicts.rows.size(), 0);
    }

    [[nodiscard]] Result<GuardStudy> run(const TaskContext& task) {
        const std::size_t count = m_events.count();
        for (std::size_t i = 0; i < count; ++i) {
            if (i % TaskContext::kPollRows == 0) {
                if (task.isCancelled()) return TaskContext::cancelled();
                task.report("replaying under guards", static_cast<double>(i) / static_cast<double>(count));
            }
            step(EventId(i));
        }
        finish();
        return std::move(m_study);
    }

private:
    void step(EventId event) {
        believe(event);
        switch (m_events.kind[event.index()]) {
        case EventKind::Allocation: return allocate(event);
        case EventKind::PartialFree:
        case EventKind::FinalFree: return freeAccepted(event);
        case EventKind::RefusedFree: return freeRefused(event);
        case EventKind::Sweep: return sweep(event);
        case EventKind::Restart: return restart(event);
        }
    }

    [[nodiscard]] std::uint32_t rowOf(ProcessId process) const {
        return process.isValid() ? static_cast<std::uint32_t>(process.index()) : m_anonymous;
    }
    [[nodiscard]] AddressId keyOf(EventId event) const { return m_events.address[event.index()]; }
    [[nodiscard]] std::uint64_t bytesOf(std::uint32_t sizeNumber) const {
        return sizeNumber == 0 ? 0 : m_events.size.sizes()[sizeNumber];
    }
    /// Of an allocation or a refused free, which say so; or as the connection tells.
    [[nodiscard]] std::uint32_t callerOf(EventId event) const {
        const ProcessId sender = m_events.senderOf(event);
        return rowOf(sender.isValid() ? sender : m_events.process[event.index()]);
    }

    [[nodiscard]] std::uint32_t assumedSender(AddressId key, ProcessId owner);
    void believe(EventId event);
    void allocate(EventId event);
    void freeAccepted(EventId event);
    void freeRefused(EventId event);
    void silence(std::size_t guard, std::size_t verdict);
    void sweep(EventId event);
    void restart(EventId event);
    /// Ends what an owner has, or everybody.
    void cutOff(EventId event, std::optional<std::uint32_t> owner);
    void leave(std::size_t guard, const GuardedTable::Entry& entry, bool isSwept);
    void keepLeak(std::size_t guard, LifetimeId lifetime, const GuardedTable::Entry& entry);
    void hideLeak(std::size_t guard, LifetimeId lifetime);
    void finish();
    template <typename Row>
    static void addExample(std::vector<Row>& examples, Row row) {
        if (examples.size() < GuardOutcome::kExamples) examples.push_back(row);
    }

    const Trace& m_trace;
    const EventTable& m_events;
    const Replay& m_replay;
    const Findings& m_findings;
    std::uint32_t m_anonymous;  ///< the row of a process that the source does not name
    ClientCalls m_calls;
    std::vector<GuardedTable> m_tables;                  ///< by guard
    std::vector<std::vector<std::uint64_t>> m_clusters;  ///< by guard, then ClusterId: silenced
    std::vector<CutOff> m_cut;
    std::vector<std::uint8_t> m_mark;  ///< by AddressId: 1 while the lifetime that was live there is being cut off
    std::size_t m_nextCut = 0;
    std::size_t m_nextContradiction = 0;
    std::size_t m_nextVerdict = 0;
    GuardStudy m_study;
};

// Where a line contradicts those before it, messages are missing. What it says of its key is believed, as in the
// replay, whatever the guards did to that key, and the processes are taken to have made the calls that are missing.
void GuardReplay::believe(EventId event) {
    const auto& all = m_replay.contradictions;
    for (; m_nextContradiction < all.size() && all[m_nextContradiction].event == event; ++m_nextContradiction) {
        const Contradiction& contradiction = all[m_nextContradiction];
        if (!isOfDepth(contradiction.kind)) continue;
        const std::uint32_t printed = m_events.refCount[event.index()];
        std::uint32_t before = 0;
        switch (m_events.kind[event.index()]) {
        case EventKind::Allocation: before = printed > 0 ? printed - 1 : 0; break;
        case EventKind::PartialFree:
            before = std::clamp(printed, 1U, std::numeric_limits<std::uint32_t>::max() - 1) + 1;
            break;
        case EventKind::FinalFree: before = 1; break;
        default: break;
        }
        const AddressId key = keyOf(event);
        const LifetimeId lifetime = m_replay.lifetimeOf[event.index()];
        if (!lifetime.isValid()) before = 0;
        const std::uint32_t owner = before > 0 ? rowOf(m_replay.ownerOf(lifetime)) : m_anonymous;
        const std::uint32_t size = before > 0 ? m_replay.lifetimes.sizeNumber(lifetime.index()) : 0;
        for (GuardedTable& table : m_tables) table.put(key, before, owner, size);
        if (contradiction.expected > contradiction.actual) m_calls.releaseAll(key);
        if (before > 0 && m_calls.of(key, owner).open == 0) m_calls.allocate(key, owner);
    }
}

void GuardReplay::allocate(EventId event) {
    const AddressId key = keyOf(event);
    const std::uint32_t owner = rowOf(m_events.process[event.index()]);
    const bool isFirst = m_replay.letters[event.index()] == Letter::First;
    for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
        const bool wasLive = m_tables[guard].allocate(key, owner, m_events.size.numbers()[event.index()]);
        if (wasLive && isFirst) ++m_study.outcomes[guard].mergedAllocations;
    }
    m_calls.allocate(key, callerOf(event));
}

// Who shared an address may have died after its free was taken for the owner's. Then nobody seems to hold the address,
// and the owner still does.
std::uint32_t GuardReplay::assumedSender(AddressId key, ProcessId owner) {
    ++m_study.assumedSenders;
    if (!m_calls.isHeld(key)) m_calls.allocate(key, rowOf(owner));
    return m_calls.senderBy(key, rowOf(owner));
}

void GuardReplay::freeAccepted(EventId event) {
    const AddressId key = keyOf(event);
    ++m_study.freesReceived;
    const ProcessId known = m_events.senderOf(event);
    const std::uint32_t sender = known.isValid() ? rowOf(known) : assumedSender(key, m_events.process[event.index()]);
    const CallsSoFar calls = m_calls.of(key, sender);
    const bool isStrangers = calls.open == 0 && m_calls.isHeld(key);
    for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
        GuardOutcome& outcome = m_study.outcomes[guard];
        if (outcome.guard->drops(calls)) {
            ++outcome.dropped;
            ++(isStrangers ? outcome.strangersDropped : outcome.rightfulDropped);
            addExample(isStrangers ? outcome.firstStrangers : outcome.firstRightful, event);
        } else if (!m_tables[guard].release(key)) {
            ++outcome.caused;
            addExample(outcome.firstCaused, event);
        }
    }
    m_calls.release(key, sender);
}

void GuardReplay::freeRefused(EventId event) {
    const AddressId key = keyOf(event);
    ++m_study.freesReceived;
    ++m_study.warnings;
    // Verdicts are in the order of the events that they are on, one a refused free.
    const auto& verdicts = m_findings.verdicts.rows;
    while (m_nextVerdict < verdicts.size() && m_findings.row(verdicts[m_nextVerdict].finding).primary < event)
        ++m_nextVerdict;
    const std::uint32_t sender = callerOf(event);
    const CallsSoFar calls = m_calls.of(key, sender);
    for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
        GuardOutcome& outcome = m_study.outcomes[guard];
        if (outcome.guard->drops(calls)) {
            ++outcome.dropped;
        } else if (m_tables[guard].release(key)) {
            ++outcome.acceptedInstead;
        } else {
            ++outcome.left;
            continue;
        }
        silence(guard, m_nextVerdict);
    }
    m_calls.release(key, sender);
}

void GuardReplay::silence(std::size_t guard, std::size_t verdict) {
    GuardOutcome& outcome = m_study.outcomes[guard];
    ++outcome.silenced;
    Cause cause = Cause::Undetermined;
    if (verdict < m_findings.verdicts.rows.size()) {
        const Verdict& of = m_findings.verdicts.rows[verdict];
        cause = of.cause;
        m_study.silencers[verdict] |= static_cast<std::uint8_t>(1U << guard);
        const ClusterId cluster = m_findings.row(of.finding).cluster;
        if (cluster.isValid()) ++m_clusters[guard][cluster.index()];
    }
    ++outcome.silencedOf[static_cast<std::size_t>(cause)];
    if ((outcome.guard->mayStay & causeBit(cause)) != 0) ++outcome.mayStay;
}

void GuardReplay::sweep(EventId event) {
    const std::uint32_t owner = rowOf(m_events.process[event.index()]);
    cutOff(event, owner);
    m_calls.die(owner);
}

// The processes live on, and so do their guards.
void GuardReplay::restart(EventId event) { cutOff(event, std::nullopt); }

void GuardReplay::cutOff(EventId event, std::optional<std::uint32_t> owner) {
    const std::size_t first = m_nextCut;
    while (m_nextCut < m_cut.size() && m_cut[m_nextCut].event == event) ++m_nextCut;
    const std::span<const CutOff> now(m_cut.data() + first, m_nextCut - first);
    for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
        for (const CutOff& cut : now) {
            m_mark[cut.key.index()] = 1;
            const GuardedTable::Entry& entry = m_tables[guard].entry(cut.key);
            if (entry.depth == 0 || (owner && entry.owner != *owner)) {
                hideLeak(guard, cut.lifetime);
            } else {
                keepLeak(guard, cut.lifetime, entry);
            }
        }
        const auto take = [&](AddressId key, const GuardedTable::Entry& entry) {
            if (m_mark[key.index()] == 0) leave(guard, entry, owner.has_value());
        };
        owner ? m_tables[guard].sweep(*owner, take) : m_tables[guard].clear(take);
        for (const CutOff& cut : now) m_mark[cut.key.index()] = 0;
    }
    m_study.leaks += now.size();
}

void GuardReplay::leave(std::size_t guard, const GuardedTable::Entry& entry, bool isSwept) {
    LeftBuffers& sum = isSwept ? m_study.outcomes[guard].leftToSweeps : m_study.outcomes[guard].leftLive;
    ++sum.buffers;
    sum.bytes += bytesOf(entry.sizeNumber);
}

void GuardReplay::keepLeak(std::size_t guard, LifetimeId lifetime, const GuardedTable::Entry& entry) {
    const auto& rows = m_replay.lifetimes;
    const bool isSame = entry.owner == rowOf(rows.owner(lifetime.index()))
                        && entry.sizeNumber == rows.sizeNumber(lifetime.index());
    m_study.outcomes[guard].leaksChanged += isSame ? 0 : 1;
}

void GuardReplay::hideLeak(std::size_t guard, LifetimeId lifetime) {
    ++m_study.outcomes[guard].leaksHidden;
    addExample(m_study.outcomes[guard].firstHiddenLeaks, lifetime);
}

void GuardReplay::finish() {
    for (std::size_t i = 0; i < m_trace.addresses.size(); ++i) {
        const AddressId key(i);
        const AddressSummary& address = m_replay.address(key);
        const LifetimeId open(address.firstLifetime.index() + address.lifetimes - 1);
        m_study.leaks += address.isLiveAtEnd ? 1 : 0;
        for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
            const GuardedTable::Entry& entry = m_tables[guard].entry(key);
            if (entry.depth > 0 && !address.isLiveAtEnd) leave(guard, entry, false);
            if (!address.isLiveAtEnd) continue;
            entry.depth > 0 ? keepLeak(guard, open, entry) : hideLeak(guard, open);
        }
    }
    for (std::size_t guard = 0; guard < m_tables.size(); ++guard) {
        for (std::size_t i = 0; i < m_clusters[guard].size(); ++i) {
            if (m_clusters[guard][i] == 0) continue;
            m_study.outcomes[guard].clusters.push_back({ClusterId(i), m_clusters[guard][i]});
        }
    }
}

}  // namespace

std::uint64_t GuardOutcome::silencedBy(Blame blame) const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < silencedOf.size(); ++i) {
        if (blameOf(static_cast<Cause>(i)) == blame) sum += silencedOf[i];
    }
    return sum;
}

std::uint64_t GuardOutcome::clustersGone(const Findings& findings, Blame blame) const {
    return static_cast<std::uint64_t>(
        std::count_if(clusters.begin(), clusters.end(), [&findings, blame](const SilencedCluster& of) {
            const Cluster& cluster = findings.clusters[of.cluster.index()];
            return blameOf(cluster.cause) == blame && of.silenced == cluster.count;
        }));
}

Result<GuardStudy> replayUnderGuards(const Analysis& analysis, std::span<const Guard> guards, const TaskContext& task) {
    try {
        return GuardReplay(analysis, guards).run(task);
    } catch (const std::bad_alloc&) {
        return outOfMemory(analysis.trace->source ? analysis.trace->source->path() : std::string());
    }
}

}  // namespace alloclens
