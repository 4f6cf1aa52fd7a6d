// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tracker's rules, and that all who follow them believe the same of the same lines: random traces of a server,
// whole and with lines that are lost, doubled or changed, are walked by the replay, the ledger's table, the history
// of torn lines, a guard that lets everything through, and a plain table that is kept here.
#include "core/tracker/rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/guards/guard_replay.h"
#include "core/ledger/live_table.h"
#include "core/timeline/live_changes.h"
#include "core/tracker/tracker.h"
#include "importers/server_log/key_history.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

constexpr TrackerRules kCounting{.countsReferences = true, .keepsLastSize = false};
constexpr TrackerRules kEnhanced{.countsReferences = true, .keepsLastSize = true};
constexpr TrackerRules kNotCounting{.countsReferences = false, .keepsLastSize = false};
constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

TEST(TrackerRules, WhatTheServerDecidesIsBelievedAsItIs) {
    for (const TrackerRules& rules : {kCounting, kEnhanced, kNotCounting}) {
        for (const std::uint32_t references : {0U, 1U, 2U, 7U}) {
            for (const Answer& answer : {decideAllocation(rules, references), decideFree(rules, references)}) {
                const Effect effect = believe(rules, references, answer.kind, answer.printed);
                EXPECT_FALSE(effect.contradiction) << references;
                EXPECT_FALSE(effect.isOddCount) << references;
                EXPECT_EQ(effect.references, answer.effect.references) << references;
                EXPECT_EQ(effect.change, answer.effect.change) << references;
                const auto told = toldBefore(rules, answer.kind, answer.printed);
                const bool isAnyNumber = !rules.countsReferences && references > 1;
                if (told && !isAnyNumber) {
                    EXPECT_EQ(*told, references);
                }
            }
        }
    }
}

TEST(TrackerRules, ALineThatContradictsTheCountIsBelieved) {
    const auto textOf = [](const Effect& effect, EventKind kind, std::uint32_t references, std::uint32_t printed) {
        const auto numbers = numbersOf(*effect.contradiction, kind, references, printed);
        return fmt::format("{} expected, {} told, then {}", numbers.expected, numbers.told, effect.references);
    };
    const Effect again = believeAllocation(kCounting, 2, 5);
    EXPECT_EQ(again.contradiction, ContradictionKind::ReferenceCount);
    EXPECT_EQ(textOf(again, EventKind::Allocation, 2, 5), "3 expected, 5 told, then 5");
    const Effect first = believeAllocation(kCounting, 2, 0);
    EXPECT_EQ(first.contradiction, ContradictionKind::AllocationOfLive);
    EXPECT_TRUE(first.isEndLost);
    EXPECT_EQ(textOf(first, EventKind::Allocation, 2, 0), "2 expected, 0 told, then 1");
    const Effect partial = believePartialFree(2, 4);
    EXPECT_EQ(textOf(partial, EventKind::PartialFree, 2, 4), "1 expected, 4 told, then 4");
    const Effect unknown = believePartialFree(0, 4);
    EXPECT_EQ(unknown.contradiction, ContradictionKind::FreeOfUnknown);
    EXPECT_EQ(textOf(unknown, EventKind::PartialFree, 0, 4), "0 expected, 5 told, then 4");
    const Effect final = believeFinalFree(kCounting, 3);
    EXPECT_EQ(textOf(final, EventKind::FinalFree, 3, 0), "3 expected, 1 told, then 0");
    EXPECT_FALSE(believeFinalFree(kNotCounting, 3).contradiction) << "it ends all of them";
    const Effect refused = believeRefusedFree(2);
    EXPECT_EQ(textOf(refused, EventKind::RefusedFree, 2, 0), "2 expected, 0 told, then 0");
}

TEST(TrackerRules, ACountThatNoServerPrintsTellsTheReferencesAllTheSame) {
    EXPECT_TRUE(isOddCount(kCounting, EventKind::Allocation, 1));
    EXPECT_FALSE(isOddCount(kNotCounting, EventKind::Allocation, 1)) << "without counts it means nothing";
    EXPECT_FALSE(isOddCount(kCounting, EventKind::Allocation, 2));
    EXPECT_TRUE(isOddCount(kCounting, EventKind::PartialFree, 0));
    EXPECT_EQ(believeAllocation(kCounting, 0, 1).change, EntryChange::MadeLost);
    EXPECT_EQ(believePartialFree(1, 0).references, 1U);
}

TEST(TrackerRules, CountsDoNotRunOver) {
    EXPECT_EQ(decideAllocation(kCounting, kMost).effect.references, kMost);
    EXPECT_EQ(believeAllocation(kNotCounting, kMost, 0).references, kMost);
    EXPECT_EQ(toldBefore(kCounting, EventKind::PartialFree, kMost), std::uint64_t{kMost} + 1);
}

// ---- all who follow the rules ----

struct Line {
    EventKind kind = EventKind::Allocation;
    AddressKey key;
    std::uint32_t count = 0;
    std::uint64_t size = kNoSize;
    std::int32_t pid = kNoPid;
    [[nodiscard]] bool hasKey() const { return kind != EventKind::Sweep && kind != EventKind::Restart; }
};

/// What a server prints of random messages.
std::vector<Line> linesOfServer(std::mt19937_64& random, const TrackerRules& rules) {
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    std::vector<Line> lines;
    auto tracker = std::make_unique<Tracker>(rules);
    for (std::uint64_t i = 0, count = 20 + below(200); i < count; ++i) {
        Line line;
        line.key = {static_cast<std::int32_t>(below(2)), 64 * (1 + below(3))};
        line.pid = 10 + static_cast<std::int32_t>(below(3));
        const std::uint64_t what = below(100);
        if (what < 50) {
            line.size = 32 * (1 + below(4));
            line.count = tracker->allocate(line.key, line.size, Memory::L1, line.pid).refCount;
        } else if (what < 96) {
            const auto verdict = tracker->release(line.key, line.pid);
            line = {verdict.kind, line.key, verdict.refCount, verdict.size, verdict.pid};
        } else if (what < 99) {
            line.kind = EventKind::Sweep;
            line.size = tracker->sweep(line.pid).entries;
        } else {
            line.kind = EventKind::Restart;
            line.pid = kNoPid;
            tracker = std::make_unique<Tracker>(rules);
        }
        lines.push_back(line);
    }
    return lines;
}

/// Some are lost, some doubled, some have other numbers.
std::vector<Line> damaged(std::mt19937_64& random, const std::vector<Line>& lines, const TrackerRules& rules) {
    const auto below = [&random](std::uint64_t limit) { return random() % limit; };
    std::vector<Line> result;
    for (Line line : lines) {
        const std::uint64_t what = below(100);
        if (what < 8) continue;
        const bool isFree = line.kind == EventKind::PartialFree || line.kind == EventKind::FinalFree;
        const bool hasCount = line.kind == EventKind::Allocation || line.kind == EventKind::PartialFree;
        if (what >= 8 && what < 12 && printsCounts(rules) && hasCount)
            line.count = static_cast<std::uint32_t>(below(6));
        if (what >= 12 && what < 15 && isFree) line.size = below(2) == 0 ? kNoSize : 32 * (1 + below(4));
        if (what >= 15 && what < 18 && isFree)
            line.pid = below(2) == 0 ? kNoPid : 10 + static_cast<std::int32_t>(below(3));
        result.push_back(line);
        if (what >= 96) result.push_back(line);
    }
    return result;
}

TraceBuilder builderOf(const std::vector<Line>& lines, const TrackerRules& rules) {
    TracePart part;
    for (const Line& line : lines) {
        TracePart::Event event;
        event.kind = line.kind;
        event.hasKey = line.hasKey();
        if (event.hasKey) event.key = line.key;
        event.refCount = line.count;
        event.size = line.size;
        event.pid = line.pid;
        event.line = ++part.lines;
        if (line.kind == EventKind::Allocation) event.memory = Memory::L1;
        part.add(event);
    }
    part.lineCounts.events = part.lines;
    TraceBuilder builder;
    if (!builder.append(std::move(part))) test::stop("cannot append a part");
    builder.draft().rules = rules;
    return builder;
}

std::shared_ptr<const Analysis> analysisOf(TraceBuilder& builder) {
    std::string text;
    for (std::uint32_t i = 0; i < builder.lines(); ++i) text += "line\n";
    const std::size_t bytes = text.size();
    return test::analysisOf(std::make_shared<const Trace>(
        builder.finish("random", "random.bin", std::make_unique<test::TextInMemory>(std::move(text)), bytes, bytes)));
}

using Entry = Held<std::uint64_t, kNoSize, std::int32_t, kNoPid>;

/// The plain way: a map, and a look through all of it at each sweep.
class PlainBelief {
public:
    explicit PlainBelief(const TrackerRules& rules) : m_rules(rules) {}

    void take(const Line& line) {
        const auto isGone = [&line](const auto& row) {
            return line.kind == EventKind::Restart || row.second.owner == line.pid;
        };
        if (!line.hasKey()) {
            for (const auto& [key, entry] : m_entries) {
                m_sweptUnknown |= line.kind == EventKind::Sweep && entry.owner == kNoPid;
            }
            std::erase_if(m_entries, isGone);
            return;
        }
        Entry entry = of(line.key);
        const Effect effect = believe(m_rules, entry.references, line.kind, line.count);
        const bool isAccepted = line.kind == EventKind::PartialFree || line.kind == EventKind::FinalFree;
        const bool isOther = isAccepted && entry.references > 0 && !entry.allows(line.size, line.pid);
        m_contradictions[line.key] += effect.contradiction || effect.isOddCount || isOther ? 1 : 0;
        entry.settle(effect, line.size, line.pid);
        m_entries.erase(line.key);
        if (entry.references > 0) m_entries[line.key] = entry;
    }
    [[nodiscard]] Entry of(const AddressKey& key) const {
        const auto at = m_entries.find(key);
        return at == m_entries.end() ? Entry{} : at->second;
    }
    [[nodiscard]] const std::map<AddressKey, Entry>& entries() const { return m_entries; }
    /// Lines of a key that no server printed after those before them.
    [[nodiscard]] const std::map<AddressKey, std::size_t>& contradictions() const { return m_contradictions; }

    /// Whether a process died while the owner of some entry was not known.
    [[nodiscard]] bool sweptUnknown() const { return m_sweptUnknown; }

private:
    TrackerRules m_rules;
    bool m_sweptUnknown = false;
    std::map<AddressKey, Entry> m_entries;
    std::map<AddressKey, std::size_t> m_contradictions;
};

std::string textOf(const Entry& entry) {
    return entry.references == 0 ? "none" : fmt::format("{} of {} by {}", entry.references, entry.size, entry.owner);
}

/// What the replay has of a key that is live at the end.
std::string endOf(const Analysis& analysis, AddressId key) {
    const Replay& replay = analysis.replay;
    const AddressSummary& address = replay.address(key);
    if (!address.isLiveAtEnd) return "none";
    const LifetimeId open(address.firstLifetime.index() + address.lifetimes - 1);
    std::uint32_t depth = 0;
    for (const EventId event : replay.eventsOf(key)) {
        if (replay.lifetimeOf[event.index()] == open) depth = replay.depthAfter[event.index()];
    }
    return textOf({depth, replay.sizeOf(open), analysis.trace->pid(replay.ownerOf(open))});
}

void expectOneBelief(const std::vector<Line>& lines, const TrackerRules& rules) {
    TraceBuilder builder = builderOf(lines, rules);
    server_log::KeyHistory history(builder, builder.draft(), rules);
    for (const Line& line : lines) {
        if (line.hasKey()) history.want(line.key);
    }
    history.collect();
    TraceBuilder copy = builder.copy();
    const auto analysis = analysisOf(copy);
    const Trace& trace = *analysis->trace;

    PlainBelief plain(rules);
    CheckList checks;
    LiveTable table(analysis->replay, checks);
    std::size_t event = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        plain.take(lines[i]);
        ASSERT_TRUE(table.advance(static_cast<std::uint32_t>(i + 1), {}));
        for (std::size_t key = 0; key < trace.addresses.size(); ++key) {
            const LiveTable::Entry& held = table.entry(AddressId(key));
            const Entry entry{held.depth, held.depth > 0 ? table.sizeOf(held) : kNoSize,
                              held.depth > 0 ? trace.pid(held.owner) : kNoPid};
            ASSERT_EQ(textOf(entry), textOf(plain.of(trace.addresses[key]))) << "the ledger at line " << i + 1;
        }
        // A restart before all else is left out of the events.
        if (event >= trace.events.count() || trace.events.line[event] != i + 1) continue;
        if (lines[i].hasKey()) {
            ASSERT_EQ(analysis->replay.depthAfter[event], plain.of(lines[i].key).references)
                << "the replay at line " << i + 1;
        }
        ++event;
    }
    ASSERT_EQ(event, trace.events.count());
    std::uint64_t liveBytes = 0;
    for (std::size_t key = 0; key < trace.addresses.size(); ++key) {
        const Entry entry = plain.of(trace.addresses[key]);
        ASSERT_EQ(endOf(*analysis, AddressId(key)), textOf(entry));
        if (entry.size != kNoSize) liveBytes += entry.size;
        const auto contradictions = plain.contradictions().find(trace.addresses[key]);
        ASSERT_EQ(history.contradictions(trace.addresses[key]), contradictions->second) << "the torn lines' history";
    }

    const LiveChanges changes(analysis, nullptr, {});
    std::uint64_t sum = 0;
    changes.forEach(0, changes.events(), [&sum](std::size_t, std::uint64_t change) { sum += change; });
    ASSERT_EQ(sum, liveBytes) << "the curve of live bytes";

    // The guards take from the replay whose a lifetime is, also where a line after a sweep was the first to tell.
    if (plain.sweptUnknown()) return;
    const Guard open{"open", "Open", "Lets everything through.", [](const CallsSoFar&) { return false; }, 0};
    const auto study = replayUnderGuards(*analysis, std::span(&open, 1), {});
    ASSERT_TRUE(study);
    const GuardOutcome& outcome = study->outcomes[0];
    ASSERT_EQ(outcome.left, study->warnings);
    ASSERT_EQ(outcome.caused + outcome.acceptedInstead + outcome.mergedAllocations, 0U);
    ASSERT_EQ(outcome.leftLive.buffers + outcome.leftToSweeps.buffers, 0U);
    ASSERT_EQ(outcome.leaksHidden + outcome.leaksChanged, 0U);
}

class AllFollowers : public testing::TestWithParam<TrackerRules> {};

TEST_P(AllFollowers, BelieveTheSameOfAWholeLog) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        std::mt19937_64 random(seed);
        const auto lines = linesOfServer(random, GetParam());
        PlainBelief plain(GetParam());
        for (const Line& line : lines) plain.take(line);
        for (const auto& [key, contradictions] : plain.contradictions()) ASSERT_EQ(contradictions, 0U);
        ASSERT_NO_FATAL_FAILURE(expectOneBelief(lines, GetParam())) << "seed " << seed;
    }
}

TEST_P(AllFollowers, BelieveTheSameOfALogWithLostDoubledAndChangedLines) {
    std::size_t contradictions = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        std::mt19937_64 random(seed);
        const auto lines = damaged(random, linesOfServer(random, GetParam()), GetParam());
        PlainBelief plain(GetParam());
        for (const Line& line : lines) plain.take(line);
        for (const auto& [key, of] : plain.contradictions()) contradictions += of;
        ASSERT_NO_FATAL_FAILURE(expectOneBelief(lines, GetParam())) << "seed " << seed;
    }
    EXPECT_GT(contradictions, 300U) << "the damage is to be seen";
}

INSTANTIATE_TEST_SUITE_P(Rules, AllFollowers, testing::Values(kCounting, kEnhanced, kNotCounting),
                         [](const auto& row) -> std::string {
                             if (row.param.keepsLastSize) return "Enhanced";
                             return row.param.countsReferences ? "Counting" : "NotCounting";
                         });

}  // namespace
}  // namespace alloclens
