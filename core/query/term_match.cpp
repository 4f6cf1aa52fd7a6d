// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/term_match.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>

#include "core/base/row_flags.h"
#include "core/base/time_units.h"
#include "core/query/attribute_match.h"
#include "core/query/bits_by_id.h"

namespace alloclens::query {
namespace {

// A term's answer for an event: the event passes; the event's address and lifetime pass.
constexpr std::uint8_t kPasses = 1;
constexpr std::uint8_t kSpreads = 2;
/// Both bits or none. Has no branch, because answers come in no predictable order.
[[nodiscard]] constexpr std::uint8_t both(std::uint8_t isMatch) {
    return static_cast<std::uint8_t>(isMatch * (kPasses | kSpreads));
}

constexpr auto kNever = [](std::size_t) { return false; };

/// The keys and lifetimes that pass because of one thread's events. `keys` has only those of events without a lifetime,
/// since a lifetime in `lifetimes` implies its key.
struct Reached {
    BitsById keys;
    BitsById lifetimes;
    bool isUsed = false;
};

class Matching {
public:
    Matching(const Analysis& analysis, const Term& term, FilterResult& alive, RowLoop& rows)
        : m_trace(*analysis.trace),
          m_events(m_trace.events),
          m_replay(analysis.replay),
          m_findings(analysis.findings),
          m_term(term),
          m_flip(term.isNegated ? ~Word{0} : Word{0}),
          m_alive(alive),
          m_rows(rows) {}

    void run() {
        if (const auto attribute = attributeOf(m_term.field)) return matchAttribute(*attribute);
        switch (m_term.field) {
        case Field::Device:
        case Field::Address:
        case Field::Lifecycle: matchKeys(); break;
        case Field::Memory: matchMemory(values<MemoryValues>()); break;
        case Field::Pid: matchPid(values<IdValues>()); break;
        case Field::Sender: matchSender(values<IdValues>()); break;
        case Field::Time: matchTime(values<TimeValues>().ranges); break;
        case Field::Size: matchSize(values<NumberValues>().ranges); break;
        case Field::Kind: matchKind(values<KindValues>()); break;
        case Field::Cause: matchCause(values<CauseValues>()); break;
        case Field::Line: matchLine(values<NumberValues>().ranges); break;
        case Field::Text: break;
        }
    }

    void matchEvents(const Flags& matched) {
        const auto ofEvent = [&matched](std::size_t event) { return both(matched[event]); };
        spread(ofEvent, kNever, [&](const Finding& finding) { return anyRole(finding, ofEvent); });
    }

private:
    template <typename V>
    [[nodiscard]] const V& values() const {
        return *std::get_if<V>(&m_term.values);
    }

    // Keeps the rows that match, or for a negated term those that do not.
    template <typename Matches>
    void keep(RowFlags& alive, const Matches& matches) {
        keepWords(alive, [&](std::size_t i) { return answersOf(alive.size(), i, matches); });
    }
    /// The same, but `matches(i)` answers for the 64 rows of word i.
    template <typename Matches>
    void keepWords(RowFlags& alive, const Matches& matches) {
        m_rows.inChunks(alive.words(), RowLoop::kChunk / kWord, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) alive.keep(i, matches(i) ^ m_flip);
        });
    }
    /// The answers of `matches(row)` for the 64 rows of word i.
    template <typename Matches>
    [[nodiscard]] static Word answersOf(std::size_t rows, std::size_t i, const Matches& matches) {
        std::array<std::uint8_t, kWord> answers;
        const std::size_t first = i * kWord;
        const std::size_t asked = std::min(kWord, rows - first);
        for (std::size_t k = 0; k < asked; ++k) answers[k] = flag(matches(first + k));
        std::fill(answers.begin() + asked, answers.end(), std::uint8_t{0});
        return packed(answers);
    }
    template <typename Matches>
    void keepFindings(const Matches& matches) {
        keep(m_alive.findings, [&](std::size_t row) { return matches(m_findings.rows[row]); });
    }

    template <typename OfEvent>
    [[nodiscard]] bool anyRole(const Finding& finding, const OfEvent& ofEvent) const {
        const auto roles = m_findings.rolesOf(finding);
        return std::any_of(roles.begin(), roles.end(),
                           [&](const RoleEvent& role) { return (ofEvent(role.event.index()) & kSpreads) != 0; });
    }

    // Asks `ofEvent` for every event. A key or a lifetime passes if one of its events does. A lifetime also passes by a
    // value of its own: `ownLifetime` is asked by row, or by word if it returns words. Findings are asked separately.
    template <typename OfEvent, typename OwnLifetime, typename OfFinding>
    void spread(const OfEvent& ofEvent, const OwnLifetime& ownLifetime, const OfFinding& ofFinding) {
        spread(ofEvent, ownLifetime, ofFinding, BitsById(m_trace.addresses.size()));
    }

    template <typename OfEvent, typename OwnLifetime, typename OfFinding>
    void spread(const OfEvent& ofEvent, const OwnLifetime& ownLifetime, const OfFinding& ofFinding,
                const BitsById& keys) {
        std::vector<Reached> reached(m_rows.workers());
        m_rows.inChunks(m_alive.events.words(), RowLoop::kChunk / kWord,
                        [&](std::size_t begin, std::size_t end, std::size_t worker) {
                            for (std::size_t i = begin; i < end; ++i) askEvents(ofEvent, i, reached[worker]);
                        });
        if (m_replay.totals.swept > 0) spreadSweeps(ofEvent, reached);
        std::erase_if(reached, [](const Reached& by) { return !by.isUsed; });
        const RowFlags lifetimes = unionOf(reached, &Reached::lifetimes, m_alive.lifetimes.size());
        const RowFlags others = unionOf(reached, &Reached::keys, m_alive.addresses.size());
        keepWords(m_alive.lifetimes, [&](std::size_t i) {
            if constexpr (std::is_same_v<std::invoke_result_t<OwnLifetime, std::size_t>, Word>) {
                return ownLifetime(i) | lifetimes.word(i);
            } else {
                return answersOf(m_alive.lifetimes.size(), i, ownLifetime) | lifetimes.word(i);
            }
        });
        keep(m_alive.addresses, [&](std::size_t row) {
            const AddressSummary& address = m_replay.addresses[row];
            const std::size_t first = address.firstLifetime.index();
            return keys[AddressId(row)] != 0 || others[row] || lifetimes.any(first, first + address.lifetimes);
        });
        keepFindings(ofFinding);
    }

    // Asks 64 events in separate steps without branches.
    template <typename OfEvent>
    void askEvents(const OfEvent& ofEvent, std::size_t word, Reached& reached) {
        const std::size_t first = word * kWord;
        const std::size_t asked = std::min(kWord, m_events.count() - first);
        std::array<std::uint8_t, kWord> answers;
        std::array<std::uint8_t, kWord> passes{};
        std::array<std::uint8_t, kWord> spreads{};
        for (std::size_t k = 0; k < asked; ++k) answers[k] = ofEvent(first + k);
        for (std::size_t k = 0; k < asked; ++k) {
            passes[k] = answers[k] & kPasses;
            spreads[k] = answers[k] / kSpreads;
        }
        m_alive.events.keep(word, packed(passes) ^ m_flip);
        const Word spreading = packed(spreads);
        if (spreading == 0) return;
        useFlags(reached);
        constexpr int kFew = 16;
        if (std::popcount(spreading) < kFew) {
            for (Word rest = spreading; rest != 0; rest &= rest - 1) {
                reach(first + static_cast<std::size_t>(std::countr_zero(rest)), 1, reached);
            }
            return;
        }
        for (std::size_t k = 0; k < asked; ++k) reach(first + k, spreads[k], reached);
    }
    void reach(std::size_t event, Word value, Reached& reached) const {
        const LifetimeId lifetime = m_replay.lifetimeOf[event];
        reached.lifetimes.add(lifetime, value);
        if (!lifetime.isValid()) reached.keys.add(m_events.address[event], value);
    }
    // A sweep passes on to each lifetime that it ended.
    template <typename OfEvent>
    void spreadSweeps(const OfEvent& ofEvent, std::vector<Reached>& reached) {
        m_rows.inChunks(m_replay.unfreed.size(), RowLoop::kChunk,
                        [&](std::size_t begin, std::size_t end, std::size_t worker) {
                            for (std::size_t i = begin; i < end; ++i) {
                                const LifetimeId id = m_replay.unfreed[i];
                                if (m_replay.lifetimes.end(id.index()) != LifetimeEnd::Swept
                                    || (ofEvent(m_replay.lifetimes.last(id.index()).index()) & kSpreads) == 0) {
                                    continue;
                                }
                                useFlags(reached[worker]);
                                reached[worker].lifetimes.add(id, 1);
                            }
                        });
    }
    void useFlags(Reached& reached) const {
        if (reached.isUsed) return;
        reached = {BitsById(m_trace.addresses.size()), BitsById(m_replay.lifetimes.size()), true};
    }
    [[nodiscard]] static RowFlags unionOf(const std::vector<Reached>& reached, BitsById Reached::*rows,
                                          std::size_t count) {
        RowFlags all(count);
        for (const Reached& thread : reached) {
            for (std::size_t i = 0; i < all.words(); ++i) all.add(i, (thread.*rows).word(i));
        }
        return all;
    }

    void matchKeys() {
        Flags keys(m_trace.addresses.size());
        if (m_term.field == Field::Device) {
            const IdValues& devices = values<IdValues>();
            m_rows(keys.size(),
                   [&](std::size_t i) { keys[i] = flag(matchesId(devices, m_trace.addresses[i].device)); });
        } else if (m_term.field == Field::Address) {
            const auto& ranges = values<NumberValues>().ranges;
            m_rows(keys.size(),
                   [&](std::size_t i) { keys[i] = flag(containsAny(ranges, m_trace.addresses[i].address)); });
        } else {
            matchLifecycles(keys);
        }
        keys.push_back(0);  // for rows without a key
        const auto last = static_cast<std::uint32_t>(keys.size() - 1);
        const auto ofKey = [keys = keys.data(), last](AddressId id) { return keys[std::min(id.value, last)] != 0; };
        keep(m_alive.addresses, [&](std::size_t row) { return keys[row] != 0; });
        keep(m_alive.events, [&](std::size_t row) { return ofKey(m_events.address[row]); });
        const RowFlags lifetimes = lifetimesOf(keys);
        keepWords(m_alive.lifetimes, [&](std::size_t i) { return lifetimes.word(i); });
        keepFindings([&](const Finding& finding) { return ofKey(finding.address); });
    }

    // The lifetimes of a key are consecutive, in the order of the keys.
    [[nodiscard]] RowFlags lifetimesOf(const Flags& keys) const {
        RowFlags lifetimes(m_replay.lifetimes.size());
        for (std::size_t key = 0; key < m_replay.addresses.size(); ++key) {
            if (keys[key] == 0) continue;
            const AddressSummary& address = m_replay.addresses[key];
            const std::size_t first = address.firstLifetime.index();
            if (address.lifetimes > 0) lifetimes.set(first, first + address.lifetimes);
        }
        return lifetimes;
    }

    // A thread takes few keys at a time, since a single key may have most events.
    void matchLifecycles(Flags& keys) {
        constexpr std::size_t kKeys = 64;
        const auto& patterns = values<LifecycleValues>().patterns;
        m_rows.inChunks(keys.size(), kKeys, [&](std::size_t begin, std::size_t end) {
            std::string letters;
            for (std::size_t i = begin; i < end; ++i) {
                const auto events = m_replay.eventsOf(AddressId(i));
                letters.resize(events.size());
                std::transform(events.begin(), events.end(), letters.begin(),
                               [this](EventId event) { return static_cast<char>(m_replay.letters[event.index()]); });
                keys[i] = flag(std::any_of(patterns.begin(), patterns.end(),
                                           [&](const LifecyclePattern& pattern) { return pattern.matches(letters); }));
            }
        });
    }

    // Frees print no memory; they have that of their lifetime. Sweeps and restarts have none.
    void matchMemory(const MemoryValues& memories) {
        BitsById ofLifetime(m_replay.lifetimes.size());
        m_rows(m_replay.lifetimes.size(), [&](std::size_t row) {
            ofLifetime.add(LifetimeId(row), flag(memories.contains(m_replay.lifetimes.memory(row))));
        });
        ofLifetime.add(LifetimeId(), flag(memories.contains(Memory::Unknown)));
        const auto ofEvent = [&](std::size_t event) {
            const std::uint8_t printed = flag(memories.contains(m_events.memory[event]));
            const std::uint8_t inherited = ofLifetime[m_replay.lifetimeOf[event]];
            const std::uint8_t prints = flag(m_events.kind[event] == EventKind::Allocation);
            const std::uint8_t value = static_cast<std::uint8_t>((printed & prints) | (inherited & (prints ^ 1U)));
            return both(value & flag(m_events.address[event].isValid()));
        };
        spread(
            ofEvent, [&](std::size_t i) { return ofLifetime.word(i); },
            [&](const Finding& finding) { return finding.address.isValid() && memories.contains(finding.memory); });
    }

    [[nodiscard]] BitsById matchProcesses(const IdValues& pids) const {
        BitsById ofProcess(m_trace.processes.size());
        for (std::size_t i = 0; i < m_trace.processes.size(); ++i) {
            ofProcess.add(ProcessId(i), flag(matchesId(pids, m_trace.processes[i])));
        }
        ofProcess.add(ProcessId(), flag(pids.matchesNone));
        return ofProcess;
    }

    // Requires: the trace has senders.
    void matchSender(const IdValues& pids) {
        assert(m_events.hasSender());
        const BitsById ofProcess = matchProcesses(pids);
        const auto ofEvent = [&](std::size_t event) { return both(ofProcess[m_events.sender[event]]); };
        spread(ofEvent, kNever, [&](const Finding& finding) { return anyRole(finding, ofEvent); });
    }

    // Only of traces that have the attribute. Each value that there is gets its answer once.
    void matchAttribute(Attribute attribute) {
        const Flags isWanted = attributeValuesWith(m_trace.attributeTables, attribute, values<TextValues>());
        const NarrowColumn& numbers = m_events.attributes.column(attribute);
        const auto ofEvent = [&](std::size_t event) { return both(isWanted[numbers[event]]); };
        spread(ofEvent, kNever, [&](const Finding& finding) { return anyRole(finding, ofEvent); });
    }

    void matchPid(const IdValues& pids) {
        const BitsById ofProcess = matchProcesses(pids);
        const auto ofEvent = [&](std::size_t event) { return both(ofProcess[m_events.process[event]]); };
        spread(
            ofEvent, [&](std::size_t row) { return ofProcess[m_replay.ownerOf(LifetimeId(row))] != 0; },
            [&](const Finding& finding) { return anyRole(finding, ofEvent); });
    }

    // A refused free prints no size; it has that of the lifetime that ended before. A sweep has none. Each distinct
    // size is decided once.
    void matchSize(const Ranges<std::uint64_t>& ranges) {
        const auto isWanted = [&](std::uint64_t size) {
            return static_cast<std::uint8_t>(flag(size != kNoSize) & flag(containsAny(ranges, size)));
        };
        const auto& sizes = m_events.size.sizes();
        Flags isNumberWanted(sizes.size());
        std::transform(sizes.begin(), sizes.end(), isNumberWanted.begin(), isWanted);
        const NarrowColumn& numbers = m_events.size.numbers();
        const auto ofEvent = [&](std::size_t event) {
            std::uint32_t number = numbers[event];
            if (number == 0 && m_replay.lifetimeOf[event].isValid()) {
                number = m_replay.lifetimes.sizeNumber(m_replay.lifetimeOf[event].index());
            }
            return both(isNumberWanted[number] & flag(m_events.address[event].isValid()));
        };
        spread(
            ofEvent, [&](std::size_t row) { return isNumberWanted[m_replay.lifetimes.sizeNumber(row)] != 0; },
            [&](const Finding& finding) { return isWanted(finding.size) != 0; });
    }

    /// The rows of each table that take part in some finding.
    struct Concerned {
        BitsById keys;
        BitsById events;
        BitsById lifetimes;
        BitsById findings;
    };
    [[nodiscard]] Concerned nobody() const {
        return {BitsById(m_trace.addresses.size()), BitsById(m_events.count()), BitsById(m_replay.lifetimes.size()),
                BitsById(m_findings.rows.size())};
    }
    void add(FindingId id, Concerned& rows) const {
        const Finding& finding = m_findings.row(id);
        rows.findings.add(id, 1);
        rows.keys.add(finding.address, 1);
        rows.lifetimes.add(finding.lifetime, 1);
        for (const RoleEvent& role : m_findings.rolesOf(finding)) rows.events.add(role.event, 1);
    }
    void keepConcerned(const Concerned& rows) {
        keepWords(m_alive.addresses, [&](std::size_t i) { return rows.keys.word(i); });
        keepWords(m_alive.events, [&](std::size_t i) { return rows.events.word(i); });
        keepWords(m_alive.lifetimes, [&](std::size_t i) { return rows.lifetimes.word(i); });
        keepWords(m_alive.findings, [&](std::size_t i) { return rows.findings.word(i); });
    }

    // Kinds of events are passed on. Kinds of findings are not: a sweep takes part in the findings of a few lifetimes,
    // not of all that it ended. Addresses and lifetimes have kinds of their own.
    void matchKind(const KindValues& kinds) {
        const auto isWanted = [&](const Finding& finding) { return (kindBit(finding.kind) & kinds.findings) != 0; };
        Concerned rows = nobody();
        for (std::size_t i = 0; i < m_findings.rows.size(); ++i) {
            if (isWanted(m_findings.rows[i])) add(FindingId(i), rows);
        }
        if (kinds.events == 0) return keepConcerned(rows);
        const auto ofEvent = [&](std::size_t event) {
            const std::uint8_t isOfKind = flag(kinds.contains(m_events.kind[event]));
            return static_cast<std::uint8_t>(both(isOfKind) | rows.events[EventId(event)]);
        };
        spread(
            ofEvent, [&](std::size_t i) { return rows.lifetimes.word(i); },
            [&](const Finding& finding) { return isWanted(finding) || anyRole(finding, ofEvent); }, rows.keys);
    }

    // Only refused frees have verdicts. All rows of a finding have its cause.
    void matchCause(const CauseValues& causes) {
        Concerned rows = nobody();
        for (const Verdict& verdict : m_findings.verdicts.rows) {
            if (causes.contains(verdict.cause)) add(verdict.finding, rows);
        }
        keepConcerned(rows);
    }

    // An event without a time has the latest time before it. A lifetime covers the time from its first to its last
    // event; an open one extends to the end of the trace. Requires: the trace has times.
    void matchTime(const Ranges<Moment>& moments) {
        assert(m_trace.hasTime());
        const std::int64_t start = m_trace.timeIndex.start();
        Ranges<std::int64_t> ranges;
        const auto timeOf = [start](const Moment& moment) {
            return moment.isOffset ? sumOfTimes(start, moment.nanoseconds) : moment.nanoseconds;
        };
        for (const Range<Moment>& range : moments) ranges.push_back({timeOf(range.first), timeOf(range.last)});
        const auto timeOfEvent = [this](std::size_t event) {
            const std::int64_t own = m_events.time[event];
            return own == kNoTime ? m_trace.placeInTime(EventId(event)) : own;
        };
        const auto ofEvent = [&](std::size_t event) { return both(flag(containsAny(ranges, timeOfEvent(event)))); };
        const auto overlaps = [&](std::size_t row) {
            const EventId end = m_replay.lifetimes.last(row);
            const std::int64_t first = timeOfEvent(m_replay.lifetimes.first(row).index());
            const std::int64_t last = end.isValid() ? timeOfEvent(end.index())
                                                    : std::numeric_limits<std::int64_t>::max();
            return std::any_of(ranges.begin(), ranges.end(), [=](const Range<std::int64_t>& range) {
                return range.first <= last && first <= range.last && range.first <= range.last;
            });
        };
        spread(ofEvent, overlaps, [&](const Finding& finding) { return anyRole(finding, ofEvent); });
    }

    // A lifetime covers the lines from its first to its last; an open one extends to the end of the source.
    void matchLine(const Ranges<std::uint64_t>& ranges) {
        const auto ofEvent = [&](std::size_t event) {
            return both(flag(containsAny(ranges, std::uint64_t{m_events.line[event]})));
        };
        const auto ofFinding = [&](const Finding& finding) { return anyRole(finding, ofEvent); };
        if (const auto between = eventsOnLines(ranges)) {
            const auto overlaps = [&](std::size_t row) {
                const std::size_t first = m_replay.lifetimes.first(row).index();
                const std::size_t last = m_replay.lifetimes.last(row).index();  // none is above every event
                return std::any_of(between->begin(), between->end(), [=](const Range<std::size_t>& events) {
                    return events.first <= last && first < events.last;
                });
            };
            spread(ofEvent, overlaps, ofFinding);
            return;
        }
        const auto overlaps = [&](std::size_t row) {
            const EventId end = m_replay.lifetimes.last(row);
            const std::uint64_t first = m_events.line[m_replay.lifetimes.first(row).index()];
            const std::uint64_t last = end.isValid() ? m_events.line[end.index()]
                                                     : std::numeric_limits<std::uint64_t>::max();
            return std::any_of(ranges.begin(), ranges.end(), [=](const Range<std::uint64_t>& range) {
                return range.first <= last && first <= range.last;
            });
        };
        spread(ofEvent, overlaps, ofFinding);
    }

    // The events whose lines are in the ranges, as ranges of ids, which are cheaper to compare than lines. None if the
    // events are not in the order of their lines.
    [[nodiscard]] std::optional<Ranges<std::size_t>> eventsOnLines(const Ranges<std::uint64_t>& ranges) {
        const auto& lines = m_events.line;
        std::atomic<bool> isSorted = true;
        m_rows.inChunks(m_events.count(), RowLoop::kChunk, [&](std::size_t begin, std::size_t end) {
            bool ascends = true;
            for (std::size_t i = std::max<std::size_t>(begin, 1); i < end; ++i) ascends &= lines[i - 1] <= lines[i];
            if (!ascends) isSorted = false;
        });
        if (!isSorted) return std::nullopt;
        const auto rowOf = [&lines](const std::uint32_t* place) {
            return static_cast<std::size_t>(std::distance(lines.begin(), place));
        };
        Ranges<std::size_t> events;
        for (const Range<std::uint64_t>& range : ranges) {
            events.push_back({rowOf(std::lower_bound(lines.begin(), lines.end(), range.first)),
                              rowOf(std::upper_bound(lines.begin(), lines.end(), range.last))});
        }
        return events;
    }

    [[nodiscard]] static bool matchesId(const IdValues& ids, std::int32_t id) {
        static_assert(kNoDevice == kNoPid);
        return id == kNoDevice ? ids.matchesNone : containsAny(ids.ranges, std::int64_t{id});
    }

    const Trace& m_trace;
    const EventTable& m_events;
    const Replay& m_replay;
    const Findings& m_findings;
    const Term& m_term;
    const Word m_flip;  ///< all bits if the term is negated, else 0
    FilterResult& m_alive;
    RowLoop& m_rows;
};

}  // namespace

void matchTerm(const Analysis& analysis, const Term& term, FilterResult& alive, RowLoop& rows) {
    Matching(analysis, term, alive, rows).run();
}

void matchText(const Analysis& analysis, const Term& term, const Flags& matchedEvents, FilterResult& alive,
               RowLoop& rows) {
    Matching(analysis, term, alive, rows).matchEvents(matchedEvents);
}

}  // namespace alloclens::query
