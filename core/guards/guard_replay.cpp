// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/guards/guard_replay.h"

#include <algorithm>
#include <limits>
#include <map>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

#include "core/base/memory.h"
#include "core/guards/client_calls.h"
#include "core/guards/guard_run.h"

namespace alloclens {
namespace {

std::vector<CutOffLifetime> cutOffLifetimes(const Replay& replay) {
    std::vector<CutOffLifetime> cut;
    for (const LifetimeId id : replay.unfreed) {
        const LifetimeTable::Row& row = replay.lifetimes.row(id.index());
        if (row.end() == LifetimeEnd::Swept || row.end() == LifetimeEnd::Restarted)
            cut.push_back({row.last, row.address, id});
    }
    std::sort(cut.begin(), cut.end(), [](const CutOffLifetime& a, const CutOffLifetime& b) {
        return std::tie(a.event, a.key) < std::tie(b.event, b.key);
    });
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
          m_calls(m_trace.addresses.size(), m_trace.processes.size() + 1),
          m_cut(cutOffLifetimes(m_replay)) {
        for (const Guard& guard : guards) m_runs.emplace_back(guard, analysis);
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
        for (GuardRun& run : m_runs) m_study.outcomes.push_back(run.finish());
        for (const AddressSummary& address : m_replay.addresses) m_study.leaks += address.isLiveAtEnd ? 1 : 0;
        nameHiddenLeaks();
        return std::move(m_study);
    }

private:
    void step(EventId event) {
        const bool isDepthTold = believe(event);
        switch (m_events.kind[event.index()]) {
        case EventKind::Allocation:
            allocate(event);
            if (isDepthTold || isOdd(event)) believe(event, m_replay.depthAfter[event.index()]);
            return;
        case EventKind::PartialFree:
            freeAccepted(event);
            if (isOdd(event)) believe(event, m_replay.depthAfter[event.index()]);
            return;
        case EventKind::FinalFree: return freeAccepted(event);
        case EventKind::RefusedFree: return freeRefused(event);
        case EventKind::Sweep: return sweep(event);
        case EventKind::Restart: return cutOff(event, std::nullopt);  // processes and their guards live on
        }
    }

    /// The count is one that no server prints, so the replay believes it without a contradiction.
    [[nodiscard]] bool isOdd(EventId event) const {
        return isOddCount(m_trace.rules, m_events.kind[event.index()], m_events.refCount[event.index()]);
    }
    [[nodiscard]] std::uint32_t numberOf(ProcessId process) const { return ownerNumber(m_trace, process); }
    [[nodiscard]] AddressId keyOf(EventId event) const { return m_events.address[event.index()]; }
    /// Of an allocation or a refused free, which say so; or as the connection tells.
    [[nodiscard]] std::uint32_t callerOf(EventId event) const {
        const ProcessId sender = m_events.senderOf(event);
        return numberOf(sender.isValid() ? sender : m_events.process[event.index()]);
    }

    void nameHiddenLeaks();
    /// Whether the line tells another depth than those before it.
    bool believe(EventId event);
    void believe(EventId event, std::uint32_t depth);
    /// By what the line prints.
    [[nodiscard]] std::uint32_t depthBefore(EventId event) const;
    void allocate(EventId event);
    [[nodiscard]] std::uint32_t assumedSender(AddressId key, ProcessId owner);
    void freeAccepted(EventId event);
    void freeRefused(EventId event);
    void sweep(EventId event);
    void cutOff(EventId event, std::optional<std::uint32_t> owner);

    const Trace& m_trace;
    const EventTable& m_events;
    const Replay& m_replay;
    const Findings& m_findings;
    ClientCalls m_calls;
    std::vector<GuardRun> m_runs;
    std::vector<CutOffLifetime> m_cut;
    std::size_t m_nextCut = 0;
    std::size_t m_nextContradiction = 0;
    std::size_t m_nextVerdict = 0;
    GuardStudy m_study;
};

void GuardReplay::nameHiddenLeaks() {
    std::map<LifetimeId, FindingId> named;
    for (const GuardRun& run : m_runs) {
        for (const LifetimeId lifetime : run.hiddenLeaks()) named[lifetime] = {};
    }
    if (named.empty()) return;
    for (std::size_t i = 0; i < m_findings.rows.size(); ++i) {
        const auto kind = static_cast<FindingKind>(m_findings.rows[i].kind);
        const bool isUnfreed = kind == FindingKind::Leak || kind == FindingKind::SweptLeak
                               || kind == FindingKind::OpenAtEnd;
        if (!isUnfreed) continue;
        if (const auto at = named.find(m_findings.rows[i].lifetime); at != named.end()) at->second = FindingId(i);
    }
    for (std::size_t run = 0; run < m_runs.size(); ++run) {
        for (const LifetimeId lifetime : m_runs[run].hiddenLeaks()) {
            if (named[lifetime].isValid()) m_study.outcomes[run].firstHiddenLeaks.push_back(named[lifetime]);
        }
    }
}

// Where a line contradicts those before it, messages are missing. What it says of its key is believed, as in the
// replay, whatever the guards did to that key, and the processes are taken to have made the calls that are missing.
bool GuardReplay::believe(EventId event) {
    const auto& all = m_replay.contradictions;
    bool isDepthTold = false;
    for (; m_nextContradiction < all.size() && all[m_nextContradiction].event == event; ++m_nextContradiction) {
        const Contradiction& contradiction = all[m_nextContradiction];
        if (!isOfDepth(contradiction.kind)) continue;
        isDepthTold = true;
        const AddressId key = keyOf(event);
        const std::uint32_t depth = depthBefore(event);
        believe(event, depth);
        if (contradiction.expected > contradiction.actual) m_calls.releaseAll(key);
        if (depth == 0) continue;
        const std::uint32_t owner = numberOf(m_replay.ownerOf(m_replay.lifetimeOf[event.index()]));
        if (m_calls.of(key, owner).open == 0) m_calls.allocate(key, owner);
    }
    return isDepthTold;
}

void GuardReplay::believe(EventId event, std::uint32_t depth) {
    const LifetimeId lifetime = m_replay.lifetimeOf[event.index()];
    const std::uint32_t owner = numberOf(lifetime.isValid() ? m_replay.ownerOf(lifetime) : ProcessId{});
    const std::uint32_t size = lifetime.isValid() ? m_replay.lifetimes.sizeNumber(lifetime.index()) : 0;
    for (GuardRun& run : m_runs) run.believe(keyOf(event), depth, owner, size);
}

std::uint32_t GuardReplay::depthBefore(EventId event) const {
    const auto told = toldBefore(m_trace.rules, m_events.kind[event.index()], m_events.refCount[event.index()]);
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(told.value_or(0), std::numeric_limits<std::uint32_t>::max()));
}

void GuardReplay::allocate(EventId event) {
    const std::uint32_t owner = numberOf(m_events.process[event.index()]);
    for (GuardRun& run : m_runs) run.allocate(event, owner);
    m_calls.allocate(keyOf(event), callerOf(event));
}

// Who shared an address may have died after its free was taken for the owner's. Then nobody seems to hold the address,
// and the owner still does.
std::uint32_t GuardReplay::assumedSender(AddressId key, ProcessId owner) {
    ++m_study.assumedSenders;
    if (!m_calls.isHeld(key)) m_calls.allocate(key, numberOf(owner));
    return m_calls.senderBy(key, numberOf(owner));
}

void GuardReplay::freeAccepted(EventId event) {
    const AddressId key = keyOf(event);
    ++m_study.freesReceived;
    const ProcessId known = m_events.senderOf(event);
    const std::uint32_t sender = known.isValid() ? numberOf(known)
                                                 : assumedSender(key, m_events.process[event.index()]);
    const CallsSoFar calls = m_calls.of(key, sender);
    const bool isStrangers = calls.open == 0 && m_calls.isHeld(key);
    for (GuardRun& run : m_runs) run.freeAccepted(event, calls, isStrangers);
    m_calls.release(key, sender);
}

void GuardReplay::freeRefused(EventId event) {
    const AddressId key = keyOf(event);
    ++m_study.freesReceived;
    ++m_study.warnings;
    // Verdicts are in the order of the events that they are on, one a refused free.
    const auto& verdicts = m_findings.verdicts.rows;
    const auto eventOf = [&](std::size_t row) { return m_findings.row(verdicts[row].finding).primary; };
    while (m_nextVerdict < verdicts.size() && eventOf(m_nextVerdict) < event) ++m_nextVerdict;
    const bool isJudged = m_nextVerdict < verdicts.size() && eventOf(m_nextVerdict) == event;
    const std::uint32_t sender = callerOf(event);
    const CallsSoFar calls = m_calls.of(key, sender);
    for (std::size_t i = 0; i < m_runs.size(); ++i) {
        const bool isSilent = m_runs[i].freeRefused(event, calls, isJudged ? &verdicts[m_nextVerdict] : nullptr);
        if (isSilent && isJudged) m_study.silencers[m_nextVerdict] |= static_cast<std::uint8_t>(1U << i);
    }
    m_calls.release(key, sender);
}

void GuardReplay::sweep(EventId event) {
    const std::uint32_t owner = numberOf(m_events.process[event.index()]);
    cutOff(event, owner);
    m_calls.die(owner);
}

void GuardReplay::cutOff(EventId event, std::optional<std::uint32_t> owner) {
    const std::size_t first = m_nextCut;
    while (m_nextCut < m_cut.size() && m_cut[m_nextCut].event == event) ++m_nextCut;
    const std::span<const CutOffLifetime> now(m_cut.data() + first, m_nextCut - first);
    for (GuardRun& run : m_runs) run.cutOff(now, owner);
    m_study.leaks += now.size();
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
