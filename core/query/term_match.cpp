// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/term_match.h"

#include <algorithm>
#include <limits>
#include <string>

namespace alloclens::query {
namespace {

std::uint8_t flag(bool value) { return value ? 1 : 0; }

class Matching {
public:
    Matching(const Analysis& analysis, const Term& term, RowLoop& rows)
        : m_analysis(analysis),
          m_trace(*analysis.trace),
          m_events(m_trace.events),
          m_replay(analysis.replay),
          m_term(term),
          m_rows(rows),
          m_hits(analysis) {}

    [[nodiscard]] Hits run() {
        switch (m_term.field) {
        case Field::Device:
        case Field::Address:
        case Field::Lifecycle: matchKeys(); break;
        case Field::Memory: matchMemory(values<MemoryValues>()); break;
        case Field::Pid: matchPid(values<IdValues>()); break;
        case Field::Size: matchSize(values<NumberValues>().ranges); break;
        case Field::Kind: matchKind(values<KindValues>()); break;
        case Field::Line: matchLine(values<NumberValues>().ranges); break;
        case Field::Text: break;  // text_search.h
        }
        return std::move(m_hits);
    }

private:
    template <typename V>
    [[nodiscard]] const V& values() const {
        return *std::get_if<V>(&m_term.values);
    }

    void matchKeys() {
        Flags& keys = m_hits.addresses;
        if (m_term.field == Field::Device) {
            const IdValues& devices = values<IdValues>();
            m_rows(keys.size(), [&](std::size_t i) { keys[i] = matchesId(devices, m_trace.addresses[i].device); });
        } else if (m_term.field == Field::Address) {
            const auto& ranges = values<NumberValues>().ranges;
            m_rows(keys.size(),
                   [&](std::size_t i) { keys[i] = flag(containsAny(ranges, m_trace.addresses[i].address)); });
        } else {
            matchLifecycles();
        }
        const auto ofKey = [&keys](AddressId id) { return id.isValid() ? keys[id.index()] : std::uint8_t{0}; };
        m_rows(m_hits.events.size(), [&](std::size_t i) { m_hits.events[i] = ofKey(m_events.address[i]); });
        m_rows(m_hits.lifetimes.size(),
               [&](std::size_t i) { m_hits.lifetimes[i] = ofKey(m_replay.lifetimes.address[i]); });
        m_rows(m_hits.findings.size(),
               [&](std::size_t i) { m_hits.findings[i] = ofKey(m_analysis.findings.rows[i].address); });
    }

    void matchLifecycles() {
        const auto& patterns = values<LifecycleValues>().patterns;
        std::string letters;
        m_rows(m_hits.addresses.size(), [&](std::size_t i) {
            letters.clear();
            for (const EventId event : m_replay.eventsOf(AddressId(i))) {
                letters += static_cast<char>(m_replay.letters[event.index()]);
            }
            m_hits.addresses[i] = flag(
                std::any_of(patterns.begin(), patterns.end(),
                            [&](const LifecyclePattern& pattern) { return pattern.matches(letters); }));
        });
    }

    // Frees print no memory: theirs is that of their lifetime. Sweeps and restarts have none.
    void matchMemory(const MemoryValues& memories) {
        const auto& lifetimes = m_replay.lifetimes;
        Flags ofLifetime(lifetimes.size());
        m_rows(lifetimes.size(), [&](std::size_t i) { ofLifetime[i] = flag(memories.contains(lifetimes.memory[i])); });
        const std::uint8_t ofUnknown = flag(memories.contains(Memory::Unknown));
        m_rows(m_hits.events.size(), [&](std::size_t i) {
            if (!m_events.address[i].isValid()) return;
            if (m_events.kind[i] == EventKind::Allocation) {
                m_hits.events[i] = flag(memories.contains(m_events.memory[i]));
            } else {
                const LifetimeId lifetime = m_replay.lifetimeOf[i];
                m_hits.events[i] = lifetime.isValid() ? ofLifetime[lifetime.index()] : ofUnknown;
            }
        });
        spread();
        m_rows(lifetimes.size(), [&](std::size_t i) { m_hits.lifetimes[i] |= ofLifetime[i]; });
        matchFindings(
            [&](const Finding& finding) { return finding.address.isValid() && memories.contains(finding.memory); });
    }

    void matchPid(const IdValues& pids) {
        Flags ofProcess(m_trace.processes.size());
        for (std::size_t i = 0; i < ofProcess.size(); ++i) ofProcess[i] = matchesId(pids, m_trace.processes[i]);
        const auto matches = [&](ProcessId id) {
            return id.isValid() ? ofProcess[id.index()] : flag(pids.matchesNone);
        };
        m_rows(m_hits.events.size(), [&](std::size_t i) { m_hits.events[i] = matches(m_events.process[i]); });
        spread();
        m_rows(m_hits.lifetimes.size(),
               [&](std::size_t i) { m_hits.lifetimes[i] |= matches(m_replay.ownerOf(LifetimeId(i))); });
    }

    // A refused free prints no size: its is that of the lifetime that had ended. A sweep's number is no size.
    void matchSize(const Ranges<std::uint64_t>& ranges) {
        const auto matches = [&](std::uint64_t size) { return size != kNoSize && containsAny(ranges, size); };
        m_rows(m_hits.events.size(), [&](std::size_t i) {
            if (!m_events.address[i].isValid()) return;
            std::uint64_t size = m_events.size[i];
            const LifetimeId lifetime = m_replay.lifetimeOf[i];
            if (size == kNoSize && lifetime.isValid()) size = m_replay.lifetime(lifetime).size;
            m_hits.events[i] = flag(matches(size));
        });
        spread();
        m_rows(m_hits.lifetimes.size(),
               [&](std::size_t i) { m_hits.lifetimes[i] |= flag(matches(m_replay.sizeOf(LifetimeId(i)))); });
        matchFindings([&](const Finding& finding) { return matches(finding.size); });
    }

    // Kinds of events spread; kinds of findings do not, as a sweep or an allocation takes part in findings that are
    // none of all its lifetimes: addresses and lifetimes have their own.
    void matchKind(const KindValues& kinds) {
        m_rows(m_hits.events.size(), [&](std::size_t i) { m_hits.events[i] = flag(kinds.contains(m_events.kind[i])); });
        if (kinds.events != 0) spread();
        const auto isWanted = [&](KindSet set) { return flag((set & kinds.findings) != 0); };
        m_rows(m_hits.events.size(), [&](std::size_t i) { m_hits.events[i] |= isWanted(m_analysis.eventKinds[i]); });
        m_rows(m_hits.addresses.size(),
               [&](std::size_t i) { m_hits.addresses[i] |= isWanted(m_analysis.addressKinds[i]); });
        m_rows(m_hits.findings.size(), [&](std::size_t i) {
            const Finding& finding = m_analysis.findings.rows[i];
            if (isWanted(kindBit(finding.kind)) == 0) return;
            m_hits.findings[i] = 1;
            if (finding.lifetime.isValid()) m_hits.lifetimes[finding.lifetime.index()] = 1;
        });
    }

    // A lifetime is there on every line from its first to its last, and to the end of the source while it is open.
    void matchLine(const Ranges<std::uint64_t>& ranges) {
        m_rows(m_hits.events.size(),
               [&](std::size_t i) { m_hits.events[i] = flag(containsAny(ranges, std::uint64_t{m_events.line[i]})); });
        spread();
        m_rows(m_hits.lifetimes.size(), [&](std::size_t i) {
            const Lifetime lifetime = m_replay.lifetime(LifetimeId(i));
            const std::uint64_t first = m_events.line[lifetime.first.index()];
            const std::uint64_t last = lifetime.last.isValid() ? m_events.line[lifetime.last.index()]
                                                               : std::numeric_limits<std::uint64_t>::max();
            const bool overlaps = std::any_of(ranges.begin(), ranges.end(), [=](const Range<std::uint64_t>& range) {
                return range.first <= last && first <= range.last;
            });
            m_hits.lifetimes[i] |= flag(overlaps);
        });
    }

    [[nodiscard]] static std::uint8_t matchesId(const IdValues& ids, std::int32_t id) {
        static_assert(kNoDevice == kNoPid);
        return flag(id == kNoDevice ? ids.matchesNone : containsAny(ids.ranges, std::int64_t{id}));
    }

    void spread() { spreadEvents(m_analysis, m_hits, m_rows); }

    // Findings that have a value of their own, whatever their events have.
    template <typename Matches>
    void matchFindings(Matches matches) {
        m_rows(m_hits.findings.size(),
               [&](std::size_t i) { m_hits.findings[i] = flag(matches(m_analysis.findings.rows[i])); });
    }

    const Analysis& m_analysis;
    const Trace& m_trace;
    const EventTable& m_events;
    const Replay& m_replay;
    const Term& m_term;
    RowLoop& m_rows;
    Hits m_hits;
};

}  // namespace

Hits::Hits(const Analysis& analysis)
    : events(analysis.trace->events.count()),
      addresses(analysis.trace->addresses.size()),
      lifetimes(analysis.replay.lifetimes.size()),
      findings(analysis.findings.rows.size()) {}

Hits matchTerm(const Analysis& analysis, const Term& term, RowLoop& rows) {
    return Matching(analysis, term, rows).run();
}

void spreadEvents(const Analysis& analysis, Hits& hits, RowLoop& rows) {
    const Replay& replay = analysis.replay;
    const auto& addressOf = analysis.trace->events.address;
    rows(hits.events.size(), [&](std::size_t i) {
        if (hits.events[i] == 0) return;
        if (addressOf[i].isValid()) hits.addresses[addressOf[i].index()] = 1;
        if (replay.lifetimeOf[i].isValid()) hits.lifetimes[replay.lifetimeOf[i].index()] = 1;
    });
    rows(hits.lifetimes.size(), [&](std::size_t i) {
        const Lifetime lifetime = replay.lifetime(LifetimeId(i));
        if (lifetime.end != LifetimeEnd::Swept || hits.events[lifetime.last.index()] == 0) return;
        hits.lifetimes[i] = 1;
        hits.addresses[lifetime.address.index()] = 1;
    });
    rows(hits.findings.size(), [&](std::size_t i) {
        for (const RoleEvent& role : analysis.findings.rolesOf(analysis.findings.rows[i])) {
            hits.findings[i] |= hits.events[role.event.index()];
        }
    });
}

}  // namespace alloclens::query
