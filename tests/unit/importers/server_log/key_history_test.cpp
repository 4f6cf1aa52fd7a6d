// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the history of an address says of one more event at a place. The events that were read stand at odd places, so
// EventPlace::before(1, 0) is between the first and the second.
#include "importers/server_log/key_history.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

#include "tests/unit/support/log_fixture.h"

namespace alloclens::server_log {
namespace {

constexpr AddressKey kKey{3, 4096};
constexpr TrackerRules kCounting{true, false};
constexpr TrackerRules kNotCounting{false, false};
constexpr TrackerRules kEnhanced{true, true};

TracePart::Event eventOf(EventKind kind, std::uint32_t refCount = 0, std::uint64_t size = 512, std::int32_t pid = 7) {
    TracePart::Event event;
    event.kind = kind;
    event.key = kKey;
    event.pid = pid;
    event.size = kind == EventKind::RefusedFree ? kNoSize : size;
    event.refCount = refCount;
    return event;
}
TracePart::Event allocation(std::uint32_t refCount = 0, std::uint64_t size = 512, std::int32_t pid = 7) {
    return eventOf(EventKind::Allocation, refCount, size, pid);
}
TracePart::Event partialFree(std::uint32_t left, std::uint64_t size = 512) {
    return eventOf(EventKind::PartialFree, left, size);
}
TracePart::Event finalFree(std::uint64_t size = 512, std::int32_t pid = 7) {
    return eventOf(EventKind::FinalFree, 0, size, pid);
}
TracePart::Event refusedFree() { return eventOf(EventKind::RefusedFree); }
TracePart::Event sweepOf(std::int32_t pid) {
    TracePart::Event event = eventOf(EventKind::Sweep, 0, kNoSize, pid);
    event.hasKey = false;
    return event;
}
TracePart::Event restart() {
    TracePart::Event event = eventOf(EventKind::Restart, 0, kNoSize, kNoPid);
    event.hasKey = false;
    return event;
}

/// A log of the given events and the history of kKey in it.
class KeyLog {
public:
    explicit KeyLog(const std::vector<TracePart::Event>& events, TrackerRules rules = kCounting, bool isWanted = true)
        : m_builder(built(events)), history(m_builder, m_builder.draft(), rules) {
        if (isWanted) history.want(kKey);
        history.collect();
    }

private:
    [[nodiscard]] static TraceBuilder built(const std::vector<TracePart::Event>& events) {
        TracePart part;
        for (TracePart::Event event : events) {
            event.line = ++part.lines;
            part.add(event);
        }
        TraceBuilder builder;
        if (!builder.append(std::move(part))) test::stop("too many events");
        return builder;
    }

    TraceBuilder m_builder;

public:
    KeyHistory history;
};

constexpr auto before = [](std::size_t event) { return EventPlace::before(event, 0); };

TEST(EventPlace, OthersStandBetweenThoseReadAtFirst) {
    EXPECT_LT(EventPlace::before(0, 0), EventPlace::of(0));
    EXPECT_LT(EventPlace::of(0), EventPlace::before(1, 0));
    EXPECT_LT(EventPlace::before(1, 0), EventPlace::before(1, 1)) << "in their turn";
    EXPECT_LT(EventPlace::before(1, 0xFFFFFFFF), EventPlace::of(1));
}

TEST(KeyHistory, OfAnEmptyLogTheTrackerHoldsNothing) {
    const KeyLog log({});
    EXPECT_EQ(log.history.fit(allocation(), before(0)), Fit::Weak);
    EXPECT_EQ(log.history.fit(refusedFree(), before(0)), Fit::Weak);
    EXPECT_EQ(log.history.fit(finalFree(), before(0)), Fit::No);
    EXPECT_EQ(log.history.fit(partialFree(1), before(0)), Fit::No);
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
}

TEST(KeyHistory, AFreeIsConfirmedByTheAllocationBeforeIt) {
    const KeyLog log({allocation()});
    EXPECT_EQ(log.history.fit(finalFree(), before(1)), Fit::Strong);
    EXPECT_EQ(log.history.fit(finalFree(), before(0)), Fit::No) << "before the allocation";
    EXPECT_EQ(log.history.fit(finalFree(513), before(1)), Fit::No) << "of another size";
    EXPECT_EQ(log.history.fit(finalFree(512, 8), before(1)), Fit::No) << "of another process";
    EXPECT_EQ(log.history.fit(refusedFree(), before(1)), Fit::No) << "the tracker holds it";
}

TEST(KeyHistory, WhatAllocationOrFreeDoNotPrintContradictsNothing) {
    const KeyLog log({allocation(0, kNoSize, kNoPid)});
    EXPECT_EQ(log.history.fit(finalFree(512, 9), before(1)), Fit::Weak) << "nothing confirms the size";
    const KeyLog sized({allocation()});
    EXPECT_EQ(sized.history.fit(finalFree(512, kNoPid), before(1)), Fit::Strong);
}

TEST(KeyHistory, AnAllocationIsConfirmedByTheFreeBehindIt) {
    const KeyLog log({finalFree()});
    EXPECT_EQ(log.history.fit(allocation(), before(0)), Fit::Strong);
    EXPECT_EQ(log.history.fit(allocation(0, 1024), before(0)), Fit::No) << "the free prints another size";
    EXPECT_EQ(log.history.fit(allocation(0, 512, 8), before(0)), Fit::No) << "or process";
    EXPECT_EQ(log.history.fit(allocation(), before(1)), Fit::Weak) << "behind the free";
}

TEST(KeyHistory, AnEventThatMakesTheNextOneWrongDoesNotFit) {
    const KeyLog log({allocation(), finalFree(), refusedFree()});
    EXPECT_EQ(log.history.fit(finalFree(), before(1)), Fit::No) << "a free follows";
    EXPECT_EQ(log.history.fit(allocation(), before(2)), Fit::No) << "a refusal follows";
    EXPECT_EQ(log.history.fit(allocation(), before(3)), Fit::Weak);
}

TEST(KeyHistory, CountsGoOnByOne) {
    const KeyLog log({allocation(), allocation(2)});
    EXPECT_EQ(log.history.fit(allocation(3), before(2)), Fit::Strong);
    EXPECT_EQ(log.history.fit(allocation(2), before(2)), Fit::No);
    EXPECT_EQ(log.history.fit(allocation(4), before(2)), Fit::No);
    EXPECT_EQ(log.history.fit(partialFree(1), before(2)), Fit::Strong);
    EXPECT_EQ(log.history.fit(partialFree(2), before(2)), Fit::No);
    EXPECT_EQ(log.history.fit(finalFree(), before(2)), Fit::No) << "one allocation remains";
    EXPECT_EQ(log.history.fit(allocation(0xFFFFFFFF), before(2)), Fit::No);
}

TEST(KeyHistory, AFreeBehindSharersConfirmsTheAllocation) {
    constexpr std::uint32_t kSharers = 20;
    std::vector<TracePart::Event> events;
    for (std::uint32_t count = 2; count <= kSharers; ++count) events.push_back(allocation(count));
    events.push_back(partialFree(kSharers - 1));
    const KeyLog log(events);
    EXPECT_EQ(log.history.fit(allocation(), before(0)), Fit::Strong);
    EXPECT_EQ(log.history.fit(allocation(0, 1024), before(0)), Fit::No);
}

TEST(KeyHistory, ASweepEndsWhatItsProcessHolds) {
    const KeyLog log({allocation(), sweepOf(7), sweepOf(8)});
    EXPECT_EQ(log.history.fit(finalFree(), before(1)), Fit::Strong);
    EXPECT_EQ(log.history.fit(finalFree(), before(2)), Fit::No);
    EXPECT_EQ(log.history.fit(refusedFree(), before(2)), Fit::Weak);
    const KeyLog other({allocation(), sweepOf(8)});
    EXPECT_EQ(other.history.fit(finalFree(), before(2)), Fit::Strong) << "of another process";
}

TEST(KeyHistory, ARestartEndsEverything) {
    const KeyLog log({allocation(), restart()});
    EXPECT_EQ(log.history.fit(finalFree(), before(1)), Fit::Strong);
    EXPECT_EQ(log.history.fit(finalFree(), before(2)), Fit::No);
    EXPECT_EQ(log.history.fit(allocation(), before(2)), Fit::Weak);
}

TEST(KeyHistory, OnlyTheFirstGenerationPrintsALiveAddressAgain) {
    const std::vector<TracePart::Event> events = {allocation(), finalFree()};
    EXPECT_EQ(KeyLog(events, kCounting).history.fit(allocation(), before(1)), Fit::No);
    EXPECT_EQ(KeyLog(events, kNotCounting).history.fit(allocation(), before(1)), Fit::Weak)
        << "doubtful, though the free has its size";
}

TEST(KeyHistory, TheEnhancedServerKeepsTheLastSize) {
    const std::vector<TracePart::Event> events = {allocation(), allocation(2, 1024)};
    EXPECT_EQ(KeyLog(events, kEnhanced).history.fit(partialFree(1, 1024), before(2)), Fit::Strong);
    EXPECT_EQ(KeyLog(events, kEnhanced).history.fit(partialFree(1, 512), before(2)), Fit::No);
    EXPECT_EQ(KeyLog(events, kCounting).history.fit(partialFree(1, 512), before(2)), Fit::Strong);
    EXPECT_EQ(KeyLog(events, kCounting).history.fit(partialFree(1, 1024), before(2)), Fit::No);
}

TEST(KeyHistory, OnlyWantedKeysHaveAHistory) {
    const KeyLog log({allocation(), finalFree(), finalFree()}, kCounting, false);
    EXPECT_EQ(log.history.fit(finalFree(), before(1)), Fit::No);
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
    KeyLog wanted({allocation()});
    wanted.history.want({99, 99});  // a key that no event has
    EXPECT_EQ(wanted.history.fit(finalFree(), before(1)), Fit::Strong);
}

TEST(KeyHistory, ContradictionsCountWhatTheTrackerCannotHavePrinted) {
    EXPECT_EQ(KeyLog({allocation(), finalFree()}).history.contradictions(kKey), 0U);
    EXPECT_EQ(KeyLog({finalFree()}).history.contradictions(kKey), 1U);
    EXPECT_EQ(KeyLog({allocation(), allocation(), finalFree(), finalFree()}).history.contradictions(kKey), 2U);
    EXPECT_EQ(KeyLog({allocation(), sweepOf(7), finalFree()}).history.contradictions(kKey), 1U);
}

TEST(KeyHistory, WhatIsInsertedCountsAndCanBeRemoved) {
    KeyLog log({finalFree(), finalFree()});
    EXPECT_EQ(log.history.contradictions(kKey), 2U);
    log.history.insert(allocation(), EventPlace::before(0, 5));
    EXPECT_EQ(log.history.contradictions(kKey), 1U);
    log.history.insert(allocation(), EventPlace::before(1, 2));
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
    EXPECT_FALSE(log.history.remove(kKey, EventPlace::before(1, 1))) << "nothing stands there";
    EXPECT_FALSE(log.history.remove({4, 4096}, EventPlace::of(0))) << "nor of that key";
    EXPECT_TRUE(log.history.remove(kKey, EventPlace::before(1, 2)));
    EXPECT_FALSE(log.history.remove(kKey, EventPlace::before(1, 2))) << "it is gone";
    EXPECT_TRUE(log.history.remove(kKey, EventPlace::of(1)));
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
}

TEST(KeyHistory, WhatARemovedEventSaidIsForgotten) {
    KeyLog log({allocation(), allocation(2)});
    EXPECT_EQ(log.history.fit(partialFree(1, 64), before(2)), Fit::No);
    ASSERT_TRUE(log.history.remove(kKey, EventPlace::of(0)));
    EXPECT_EQ(log.history.fit(partialFree(1, 64), before(2)), Fit::Weak) << "no line says the size now";
}

TEST(KeyHistory, AnEventIsJudgedAsIfItStoodThereAlone) {
    KeyLog log({allocation(), finalFree(), refusedFree()});
    EXPECT_EQ(log.history.fit(finalFree(), EventPlace::of(1)), Fit::Strong);
    EXPECT_EQ(log.history.fit(finalFree(), EventPlace::of(2)), Fit::No) << "freed already";
    EXPECT_EQ(log.history.fit(allocation(), EventPlace::of(1)), Fit::No) << "allocated already";
    EXPECT_TRUE(log.history.holds(kKey, EventPlace::of(1)));
    EXPECT_FALSE(log.history.holds(kKey, before(1)));
    EXPECT_FALSE(log.history.holds({4, 4096}, EventPlace::of(1)));
}

// What stands far behind a change and depends on it is counted anew.
TEST(KeyHistory, AChangeReachesAllThatDependsOnIt) {
    KeyLog log({allocation(), allocation(2), allocation(3), partialFree(2, 64), finalFree(64), allocation()});
    EXPECT_EQ(log.history.contradictions(kKey), 2U);
    ASSERT_TRUE(log.history.remove(kKey, EventPlace::of(0)));
    EXPECT_EQ(log.history.contradictions(kKey), 2U) << "shared, and nobody has it; the sizes agree";
    log.history.insert(allocation(0, 64), EventPlace::of(0));
    EXPECT_EQ(log.history.contradictions(kKey), 1U) << "the final free while two have it";
    log.history.insert(partialFree(1, 64), EventPlace::before(4, 0));
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
    ASSERT_TRUE(log.history.remove(kKey, EventPlace::before(4, 0)));
    EXPECT_EQ(log.history.contradictions(kKey), 1U);
}

TEST(KeyHistory, BetweenTheSameTwoTheTurnDecides) {
    KeyLog log({});
    log.history.insert(finalFree(), EventPlace::before(0, 1));
    log.history.insert(allocation(), EventPlace::before(0, 0));
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
    EXPECT_EQ(log.history.fit(refusedFree(), EventPlace::before(0, 2)), Fit::Weak);
    log.history.insert(allocation(), EventPlace::before(0, 3));
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
}

TEST(KeyHistory, OneKeyMayHaveManyEvents) {
    constexpr std::size_t kLives = 20'000;
    std::vector<TracePart::Event> events;
    for (std::size_t life = 0; life < kLives; ++life) {
        events.push_back(allocation(0, life + 1));
        events.push_back(finalFree(life + 1));
    }
    KeyLog log(events);
    EXPECT_EQ(log.history.contradictions(kKey), 0U);
    for (const std::size_t life : {std::size_t{0}, kLives / 2, kLives - 1}) {
        const EventPlace place = EventPlace::of(2 * life);
        ASSERT_TRUE(log.history.remove(kKey, place));
        EXPECT_EQ(log.history.contradictions(kKey), 1U) << "the free of life " << life;
        EXPECT_EQ(log.history.fit(allocation(0, life + 1), place), Fit::Strong);
        EXPECT_EQ(log.history.fit(allocation(0, life + 2), place), Fit::No);
        log.history.insert(allocation(0, life + 1), place);
        EXPECT_EQ(log.history.contradictions(kKey), 0U);
    }
}

}  // namespace
}  // namespace alloclens::server_log
