// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/surplus_facts.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

#include "core/base/interner.h"
#include "core/base/parallel.h"
#include "core/verdicts/siblings.h"

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
        sideBySide(2, [&](std::size_t i) {  // neither writes what the other reads
            if (i == 0) findBursts();
            if (i == 1) isWhole = compareSiblings(m_replay, m_study, task);
        });
        if (!isWhole) return TaskContext::cancelled();
        return std::move(m_study);
    }

private:
    void collect(const Findings& findings) {
        for (std::size_t i = 0; i < findings.rows.size(); ++i) {
            const Finding& finding = findings.rows[i];
            const auto kind = static_cast<FindingKind>(finding.kind);
            if (kind == FindingKind::Leak || kind == FindingKind::SweptLeak) {
                const ProcessId owner = m_trace.events.process[finding.primary.index()];
                if (finding.lifetime.isValid())
                    countUnreleased(m_replay.ownerOf(finding.lifetime));
                else
                    countUnreleased(owner);
            }
            if (isRefusedFree(finding)) addRow(FindingId(i), finding);
        }
        for (const PrintedFact& fact : m_trace.facts) {
            const bool isComplaint = fact.kind == FactKind::InvalidMessage || fact.kind == FactKind::ProtocolMismatch;
            m_study.complaints += isComplaint ? 1 : 0;
        }
    }

    void countUnreleased(ProcessId owner) {
        if (owner.isValid()) ++m_study.senders[owner.index()].unreleased;
    }

    void addRow(FindingId id, const Finding& finding) {
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
        if (isUnmatched && row.sender.isValid()) ++m_study.senders[row.sender.index()].unmatched;
        m_study.rows.push_back(row);
    }

    /// The counts of a row's sender are wanted at its event, at the release before it and at the key's next event.
    enum class Place : std::uint8_t { Release, Event, Next };
    struct Query {
        EventId event;
        std::uint32_t row;
        Place place;
        std::uint32_t allocations = 0;  ///< of the sender, before the event
        std::uint32_t events = 0;
    };

    [[nodiscard]] std::vector<Query> queries() const {
        std::vector<Query> queries;
        for (std::uint32_t i = 0; i < m_study.rows.size(); ++i) {
            const SurplusFacts& row = m_study.rows[i];
            if (!row.sender.isValid()) continue;
            queries.push_back({row.event, i, Place::Event});
            if (row.next.isValid()) queries.push_back({row.next, i, Place::Next});
            if (!row.lifetime.isValid()) continue;
            const EventId release = m_replay.lifetimes.last(row.lifetime.index());
            if (release.isValid()) queries.push_back({release, i, Place::Release});
        }
        std::sort(queries.begin(), queries.end(),
                  [](const Query& a, const Query& b) { return std::tie(a.event, a.row) < std::tie(b.event, b.row); });
        return queries;
    }

    [[nodiscard]] bool placeInWork(const TaskContext& task) {
        std::vector<Query> all = queries();
        std::vector<Share> shares = shareOut(all);
        sideBySide(shares.size(), [&](std::size_t i) { count(shares[i], task); });
        if (task.isCancelled()) return false;
        // Each share counted from its beginning; what came before it is added.
        std::vector<SenderFacts>& senders = m_study.senders;
        for (const Share& share : shares) {
            for (Query& query : share.queries) {
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

    /// Neighbouring events, with the queries among them.
    struct Share {
        std::size_t begin;
        std::size_t end;
        std::span<Query> queries;
        std::vector<SenderFacts> senders;  ///< as far as it reaches, by ProcessId
    };

    [[nodiscard]] std::vector<Share> shareOut(std::vector<Query>& all) const {
        constexpr std::size_t kFewestEvents = std::size_t{1} << 18;
        const std::size_t events = m_trace.events.count();
        const std::size_t count = std::clamp<std::size_t>(events / kFewestEvents, 1, coreCount());
        std::vector<Share> shares;
        auto first = all.begin();
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t end = events * (i + 1) / count;
            const auto last = std::partition_point(first, all.end(),
                                                   [end](const Query& query) { return query.event.index() < end; });
            shares.push_back(
                {events * i / count, end, std::span(first, last), std::vector<SenderFacts>(m_study.senders.size())});
            first = last;
        }
        return shares;
    }

    // An event counts once, by its process and what it is; the sums are made where they are asked for.
    enum Sort : std::size_t { kAllocations, kAcceptedFrees, kOthers, kSorts };
    static Sort sortOf(EventKind kind) {
        static constexpr std::array<Sort, kEventKindCount> kSortOf = {kAllocations, kAcceptedFrees, kAcceptedFrees,
                                                                      kOthers,      kOthers,        kOthers};
        return kSortOf[static_cast<std::size_t>(kind)];
    }

    void count(Share& share, const TaskContext& task) const {
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

    // A row's release comes before its event; until then its fields hold the counts at the release. Until the next
    // event of the key comes, its field holds that at the row's own event.
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

    // Rows of one sender and run, by device, in the order of the trace.
    void findBursts() {
        std::vector<std::tuple<std::uint64_t, std::int32_t, EventId, std::uint32_t>> keys;
        keys.reserve(m_study.rows.size());
        for (const SurplusFacts& row : m_study.rows) {
            keys.emplace_back(std::uint64_t{row.sender.value} << 32 | row.run, m_trace.key(row.address).device,
                              row.event, static_cast<std::uint32_t>(keys.size()));
        }
        std::sort(keys.begin(), keys.end());
        std::vector<std::uint32_t> order;
        order.reserve(keys.size());
        for (const auto& key : keys) order.push_back(std::get<3>(key));
        for (std::size_t begin = 0; begin < order.size();) {
            const SurplusFacts& first = m_study.rows[order[begin]];
            std::size_t end = begin;
            while (end < order.size() && m_study.rows[order[end]].sender == first.sender
                   && m_study.rows[order[end]].run == first.run)
                ++end;
            describeBurst(std::span(order).subspan(begin, end - begin));
            begin = end;
        }
    }

    void describeBurst(std::span<const std::uint32_t> burst) {
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
        constexpr std::size_t kFewest = 4;       // steps that can tell an order
        constexpr std::size_t kOneInWrong = 10;  // so many of them may go the other way
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

    const Replay& m_replay;
    const Trace& m_trace;
    SurplusStudy m_study;
};

}  // namespace

Result<SurplusStudy> studySurplusFrees(const Replay& replay, const Findings& findings, const TaskContext& task) {
    return Study(replay, findings).run(task);
}

}  // namespace alloclens
