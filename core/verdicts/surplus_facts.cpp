// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/surplus_facts.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/base/grouped_rows.h"
#include "core/base/parallel.h"
#include "core/verdicts/siblings.h"
#include "core/verdicts/wrong_device.h"

namespace alloclens {
namespace {

class Study {
public:
    Study(const Replay& replay, const Findings& findings) : m_replay(replay), m_trace(*replay.trace) {
        m_study.senders.resize(m_trace.processes.size());
        collect(findings);
    }

    [[nodiscard]] Result<SurplusStudy> run(const TaskContext& task) {
        if (m_study.rows.empty()) return std::move(m_study);
        constexpr std::size_t kFewestRows = 1024;
        inShares(m_study.rows.size(), kFewestRows, [this](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) lookAhead(m_study.rows[i]);
        });
        if (!placeInWork(task)) return TaskContext::cancelled();
        bool isWhole = true;
        sideBySide(3, [&](std::size_t i) {  // they write different fields
            if (i == 0) findBursts();
            if (i == 1) findMerged();
            if (i == 2) isWhole = compareSiblings(m_replay, m_study, task);
        });
        if (!isWhole) return TaskContext::cancelled();
        findMissedBuffers(m_replay, m_study);
        return std::move(m_study);
    }

private:
    /// What a share of the findings adds to the facts about processes.
    struct Added {
        std::size_t firstRow = 0;
        std::vector<SenderFacts> senders;
    };

    void collect(const Findings& findings) {
        constexpr std::size_t kFewest = std::size_t{1} << 14;
        const std::size_t count = findings.rows.size();
        const std::size_t shares = shareCount(count, kFewest);
        std::vector<Added> added(shares);
        const auto forShare = [&](std::size_t share, auto take) {
            for (std::size_t i = count * share / shares; i < count * (share + 1) / shares; ++i)
                take(FindingId(i), findings.rows[i]);
        };
        std::vector<std::size_t> rows(shares, 0);
        sideBySide(shares, [&](std::size_t share) {
            std::size_t refused = 0;
            forShare(share, [&](FindingId, const Finding& finding) { refused += isRefusedFree(finding) ? 1 : 0; });
            rows[share] = refused;
        });
        for (std::size_t share = 1; share < shares; ++share)
            added[share].firstRow = added[share - 1].firstRow + rows[share - 1];
        m_study.rows.resize(added.back().firstRow + rows.back());
        sideBySide(shares, [&](std::size_t share) {
            std::vector<SenderFacts>& senders = added[share].senders;
            senders.resize(m_study.senders.size());
            std::size_t row = added[share].firstRow;
            forShare(share, [&](FindingId id, const Finding& finding) {
                const auto kind = static_cast<FindingKind>(finding.kind);
                const bool isUnreleased = kind == FindingKind::Leak || kind == FindingKind::SweptLeak
                                          || kind == FindingKind::OpenAtEnd;
                if (isUnreleased) countUnreleased(finding, senders);
                if (isRefusedFree(finding)) m_study.rows[row++] = rowOf(id, finding, senders);
            });
        });
        for (const Added& share : added) {
            for (std::size_t i = 0; i < share.senders.size(); ++i) {
                m_study.senders[i].unmatched += share.senders[i].unmatched;
                m_study.senders[i].unreleased += share.senders[i].unreleased;
            }
        }
        for (const PrintedFact& fact : m_trace.facts) {
            const bool isComplaint = fact.kind == FactKind::InvalidMessage || fact.kind == FactKind::ProtocolMismatch;
            m_study.complaints += isComplaint ? 1 : 0;
        }
    }

    void countUnreleased(const Finding& finding, std::vector<SenderFacts>& senders) const {
        const ProcessId owner = finding.lifetime.isValid() ? m_replay.ownerOf(finding.lifetime)
                                                           : m_trace.events.process[finding.primary.index()];
        if (owner.isValid()) ++senders[owner.index()].unreleased;
    }

    [[nodiscard]] SurplusFacts rowOf(FindingId id, const Finding& finding, std::vector<SenderFacts>& senders) const {
        SurplusFacts row;
        row.finding = id;
        row.event = finding.primary;
        row.address = finding.address;
        row.lifetime = finding.lifetime;
        row.generation = finding.generation;
        row.sender = m_trace.events.senderOf(finding.primary);
        if (!row.sender.isValid()) row.sender = m_trace.events.process[finding.primary.index()];
        if (finding.lifetime.isValid()) row.owner = m_replay.ownerOf(finding.lifetime);
        const bool isUnmatched = static_cast<FindingKind>(finding.kind) == FindingKind::UnknownFree;
        if (isUnmatched && row.sender.isValid()) ++senders[row.sender.index()].unmatched;
        return row;
    }

    /// A row needs its sender's counts at its event, at the release before, and at the key's next event.
    enum class Place : std::uint8_t { Release, Event, Next };
    struct Query {
        EventId event;
        std::uint32_t row;
        Place place;
        std::uint32_t allocations = 0;  ///< of the sender, before the event
        std::uint32_t events = 0;
    };

    [[nodiscard]] bool placeInWork(const TaskContext& task) {
        std::vector<Share> shares = shareOut();
        sideBySide(shares.size(), [&](std::size_t i) { count(shares[i], task); });
        if (task.isCancelled()) return false;
        // Each share counts from 0; this adds the counts of the shares before it.
        std::vector<SenderFacts>& senders = m_study.senders;
        for (const Share& share : shares) {
            for (const Query& query : share.queries) {
                const SenderFacts& before = senders[m_study.rows[query.row].sender.index()];
                answer(query, before.allocations + query.allocations, before.events + query.events);
            }
            for (std::size_t i = 0; i < senders.size(); ++i) {
                senders[i].events += share.senders[i].events;
                senders[i].allocations += share.senders[i].allocations;
                senders[i].acceptedFrees += share.senders[i].acceptedFrees;
            }
        }
        for (SurplusFacts& row : m_study.rows) {
            row.isBehindLastAllocation = row.sender.isValid() && row.run == senders[row.sender.index()].allocations;
        }
        return true;
    }

    /// Neighbouring events, and the queries about them.
    struct Share {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::vector<Query> queries;
        std::vector<SenderFacts> senders;  ///< counts within the share, by ProcessId
    };

    [[nodiscard]] std::vector<Share> shareOut() const {
        constexpr std::size_t kFewestEvents = std::size_t{1} << 18;
        const std::size_t events = m_trace.events.count();
        std::vector<Share> shares(shareCount(events, kFewestEvents));
        for (std::size_t i = 0; i < shares.size(); ++i) {
            shares[i].begin = events * i / shares.size();
            shares[i].end = events * (i + 1) / shares.size();
            shares[i].senders.resize(m_study.senders.size());
        }
        return shares;
    }

    template <typename Take>
    void forEachQuery(const Take& take) const {
        for (std::uint32_t i = 0; i < m_study.rows.size(); ++i) {
            const SurplusFacts& row = m_study.rows[i];
            if (!row.sender.isValid()) continue;
            take(Query{row.event, i, Place::Event});
            take(Query{row.next, i, Place::Next});
            if (!row.lifetime.isValid()) continue;
            // If the source lacks the release, the refused free itself ended the lifetime.
            const EventId release = m_replay.lifetimes.last(row.lifetime.index());
            if (release != row.event) take(Query{release, i, Place::Release});
        }
    }

    /// Collects the queries of a share in the order of its events.
    void collectQueries(Share& share) const {
        const auto isAsked = [&share](EventId event) {
            return event.isValid() && event.index() >= share.begin && event.index() < share.end;
        };
        // Counts first: a vector that grows by doubling briefly takes three times its size.
        std::size_t asked = 0;
        forEachQuery([&](const Query& query) { asked += isAsked(query.event) ? 1 : 0; });
        share.queries.reserve(asked);
        forEachQuery([&](const Query& query) {
            if (isAsked(query.event)) share.queries.push_back(query);
        });
        std::sort(share.queries.begin(), share.queries.end(), [](const Query& a, const Query& b) {
            return std::tie(a.event, a.row, a.place) < std::tie(b.event, b.row, b.place);
        });
    }

    // Counts each event once, by process and kind; sums are made on demand.
    enum Sort : std::size_t { kAllocations, kAcceptedFrees, kOthers, kSorts };
    static Sort sortOf(EventKind kind) {
        static constexpr std::array<Sort, kEventKindCount> kSortOf = {kAllocations, kAcceptedFrees, kAcceptedFrees,
                                                                      kOthers,      kOthers,        kOthers};
        return kSortOf[static_cast<std::size_t>(kind)];
    }

    void count(Share& share, const TaskContext& task) const {
        collectQueries(share);
        const EventTable& events = m_trace.events;
        const NarrowColumn& codes = events.process.codes();  // 0: none
        std::vector<std::array<std::uint32_t, kSorts>> counts(share.senders.size() + 1);
        const auto factsOf = [&counts](ProcessId process) {
            const auto& of = counts[ProcessColumn::code(process)];
            SenderFacts facts;
            facts.allocations = of[kAllocations];
            facts.acceptedFrees = of[kAcceptedFrees];
            facts.events = of[kAllocations] + of[kAcceptedFrees] + of[kOthers];
            return facts;
        };
        std::size_t i = share.begin;
        const auto countTo = [&](std::size_t end) {
            for (; i < end; ++i) ++counts[codes[i]][sortOf(events.kind[i])];
        };
        for (Query& query : share.queries) {
            if (task.isCancelled()) return;
            countTo(query.event.index());
            const SenderFacts facts = factsOf(m_study.rows[query.row].sender);
            query.allocations = facts.allocations;
            query.events = facts.events;
        }
        countTo(share.end);
        for (std::size_t process = 0; process < share.senders.size(); ++process)
            share.senders[process] = factsOf(ProcessId(process));
    }

    // The release comes before the row's event: until then the row's fields hold the counts at the release. Until the
    // key's next event the field for it holds the count at the row's own event.
    void answer(const Query& query, std::uint32_t allocations, std::uint32_t events) {
        SurplusFacts& row = m_study.rows[query.row];
        if (query.place == Place::Release) {
            row.allocationsSinceRelease = allocations;
            row.eventsSinceRelease = events;
            return;
        }
        if (query.place == Place::Next) {
            row.eventsToNext = events - row.eventsToNext;
            return;
        }
        row.run = allocations;
        if (row.next.isValid()) row.eventsToNext = events;
        if (row.allocationsSinceRelease == SurplusFacts::kNever) return;
        row.allocationsSinceRelease = allocations - row.allocationsSinceRelease;
        row.eventsSinceRelease = events - row.eventsSinceRelease;
    }

    // Takes the rows by sender, run and device in trace order. A sender's run number only grows.
    void findBursts() {
        const std::size_t nobody = m_study.senders.size();
        GroupedRows bySender(m_study.rows.size(), nobody + 1, [&](std::size_t row) {
            const ProcessId sender = m_study.rows[row].sender;
            return sender.isValid() ? sender.index() : nobody;
        });
        for (std::size_t sender = 0; sender <= nobody; ++sender) {
            std::span<std::uint32_t> rest = bySender.of(sender);
            while (!rest.empty()) {
                const std::uint32_t run = m_study.rows[rest.front()].run;
                const auto end = std::find_if(rest.begin(), rest.end(),
                                              [&](std::uint32_t row) { return m_study.rows[row].run != run; });
                const auto count = static_cast<std::size_t>(end - rest.begin());
                describeBurst(rest.first(count));
                rest = rest.subspan(count);
            }
        }
    }

    void describeBurst(std::span<std::uint32_t> burst) {
        const auto deviceOf = [this](std::uint32_t row) { return m_trace.key(m_study.rows[row].address).device; };
        std::stable_sort(burst.begin(), burst.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return deviceOf(a) < deviceOf(b); });
        std::size_t same = 0;
        std::size_t reversed = 0;
        for (std::size_t i = 1; i < burst.size(); ++i) {
            const SurplusFacts& before = m_study.rows[burst[i - 1]];
            const SurplusFacts& row = m_study.rows[burst[i]];
            if (m_trace.key(before.address).device != m_trace.key(row.address).device) continue;
            if (!before.lifetime.isValid() || !row.lifetime.isValid()) continue;
            const EventId a = m_replay.lifetimes.first(before.lifetime.index());
            const EventId b = m_replay.lifetimes.first(row.lifetime.index());
            same += a < b ? 1 : 0;
            reversed += b < a ? 1 : 0;
        }
        constexpr std::size_t kFewest = 4;       // steps that show an order
        constexpr std::size_t kOneInWrong = 10;  // one in so many may go the other way
        auto order = SurplusFacts::Order::None;
        if (same + reversed >= kFewest) {
            if (reversed * kOneInWrong <= same) order = SurplusFacts::Order::Same;
            if (same * kOneInWrong <= reversed) order = SurplusFacts::Order::Reversed;
        }
        for (const std::uint32_t i : burst) {
            m_study.rows[i].burst = static_cast<std::uint32_t>(burst.size());
            m_study.rows[i].order = order;
        }
    }

    void lookAhead(SurplusFacts& row) const {
        const auto events = m_replay.eventsOf(row.address);
        const auto at = std::upper_bound(events.begin(), events.end(), row.event);
        if (at == events.end()) return;
        row.next = *at;
        const std::size_t next = at->index();
        if (m_trace.events.kind[next] != EventKind::Allocation) return;
        row.isNextAllocation = m_trace.events.process[next] == row.sender;
        const LifetimeId lifetime = m_replay.lifetimeOf[next];
        if (!lifetime.isValid()) return;
        const LifetimeEnd end = m_replay.lifetimes.end(lifetime.index());
        row.isNextUnreleased = end == LifetimeEnd::Open || end == LifetimeEnd::Swept;
    }

    // Finds lifetimes with an aliased allocation of another memory.
    void findMerged() {
        const EventTable& events = m_trace.events;
        const auto next = [this](std::size_t from) { return m_replay.nextWith(Letter::Aliased, from); };
        for (std::size_t i = next(0); i < events.count(); i = next(i + 1)) {
            const LifetimeId lifetime = m_replay.lifetimeOf[i];
            if (events.memory[i] != m_replay.lifetimes.memory(lifetime.index())) m_study.merged.push_back(lifetime);
        }
        std::sort(m_study.merged.begin(), m_study.merged.end());
    }

    const Replay& m_replay;
    const Trace& m_trace;
    SurplusStudy m_study;
};

}  // namespace

Result<SurplusStudy> studySurplusFrees(const Replay& replay, const Findings& findings, const TaskContext& task) {
    return Study(replay, findings).run(task);
}

}  // namespace alloclens
