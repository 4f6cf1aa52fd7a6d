// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/bars.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

std::shared_ptr<const Bars> barsOf(const Analysis& analysis) {
    auto bars = Bars::build(analysis, {});
    if (!bars) test::stop(bars.error().sentence());
    return *bars;
}

/// Many lifetimes on few addresses and a few on many, so that stripes of all shapes arise.
std::shared_ptr<const Analysis> manyLifetimes(int addresses, int rounds) {
    std::string log;
    std::mt19937_64 random(7);
    std::vector<bool> isLive(static_cast<std::size_t>(addresses), false);
    for (int i = 0; i < rounds; ++i) {
        const auto address = static_cast<std::size_t>(random() % (random() % 4 == 0 ? isLive.size() : 3));
        const auto text = isLive[address] ? "[PID 1] Freed buffer {} on device {} (8 bytes, FINAL)\n"
                                          : "[PID 1] Allocated 8 bytes of L1 on device {1} (buffer_id={0})\n";
        log += fmt::format(fmt::runtime(text), 16 * address, address % 2);
        isLive[address] = !isLive[address];
    }
    return test::analyseLog(log);
}

TEST(Bars, HaveEachLifetimeOnceWithItsEventsOnItsSlot) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto analysis = test::smallAnalysis(seed);
        const auto bars = barsOf(*analysis);
        ASSERT_EQ(bars->count(), analysis->replay.lifetimes.size());
        std::vector<int> seen(bars->count(), 0);
        for (std::uint32_t bar = 0; bar < bars->count(); ++bar) {
            const Lifetime lifetime = analysis->replay.lifetime(bars->lifetime(bar));
            ++seen[bars->lifetime(bar).index()];
            ASSERT_EQ(bars->from(bar), lifetime.first.value);
            ASSERT_EQ(bars->to(bar), lifetime.last.isValid() ? lifetime.last.value : analysis->trace->events.count());
            ASSERT_EQ(bars->slot(bar), bars->slotOf(lifetime.address, lifetime.memory));
        }
        ASSERT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(seen.size()));
    }
}

TEST(Bars, SlotsComeByDeviceThenMemoryThenAddress) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto analysis = test::smallAnalysis(seed);
        const auto bars = barsOf(*analysis);
        const auto orderOf = [&](const Bars::Slot& slot) {
            return std::tuple(analysis->key(slot.address).device, slot.memory, slot.address);
        };
        const auto& slots = bars->allSlots();
        for (std::uint32_t slot = 0; slot < slots.size(); ++slot) {
            ASSERT_EQ(bars->slotOf(slots[slot].address, slots[slot].memory), slot);
            ASSERT_TRUE(slot == 0 || orderOf(slots[slot - 1]) < orderOf(slots[slot]));
        }
    }
}

TEST(Bars, StripesHoldRunsOfSlotsOfOneDeviceAndMemoryInTheOrderOfStarts) {
    for (const int addresses : {3, 40, 6'000}) {
        const auto analysis = manyLifetimes(addresses, 30'000);
        const auto bars = barsOf(*analysis);
        std::uint32_t slot = 0;
        std::uint32_t bar = 0;
        for (const Bars::Stripe& stripe : bars->stripes()) {
            ASSERT_EQ(stripe.firstSlot, slot);
            ASSERT_EQ(stripe.firstBar, bar);
            ASSERT_LE(stripe.endSlot - stripe.firstSlot, Bars::kMostSlots);
            for (; slot < stripe.endSlot; ++slot) {
                ASSERT_EQ(bars->allSlots()[slot].memory, bars->allSlots()[stripe.firstSlot].memory);
                ASSERT_EQ(analysis->key(bars->allSlots()[slot].address).device,
                          analysis->key(bars->allSlots()[stripe.firstSlot].address).device);
            }
            for (; bar < stripe.endBar; ++bar) {
                ASSERT_GE(bars->slot(bar), stripe.firstSlot);
                ASSERT_LT(bars->slot(bar), stripe.endSlot);
                ASSERT_TRUE(bar == stripe.firstBar || bars->from(bar - 1) < bars->from(bar));
            }
        }
        ASSERT_EQ(slot, bars->allSlots().size());
        ASSERT_EQ(bar, bars->count());
        ASSERT_GT(bars->stripes().size(), 2U);
    }
}

TEST(Bars, ThoseThatTouchARangeAreThoseOfAPlainLoop) {
    std::mt19937_64 random(11);
    for (const int addresses : {3, 40, 6'000}) {
        const auto analysis = manyLifetimes(addresses, 20'000);
        const auto bars = barsOf(*analysis);
        const auto events = static_cast<std::uint32_t>(analysis->trace->events.count());
        std::size_t found = 0;
        for (int i = 0; i < 200; ++i) {
            const auto from = static_cast<std::uint32_t>(random() % (events + 1));
            const auto to = from + static_cast<std::uint32_t>(random() % (i % 2 == 0 ? 20 : events));
            for (const Bars::Stripe& stripe : bars->stripes()) {
                std::vector<std::uint32_t> touching;
                bars->forEachTouching(stripe, from, to, [&](std::uint32_t bar) { touching.push_back(bar); });
                std::vector<std::uint32_t> expected;
                for (std::uint32_t bar = stripe.firstBar; bar < stripe.endBar; ++bar) {
                    if (bars->from(bar) < to && bars->to(bar) >= from) expected.push_back(bar);
                }
                ASSERT_EQ(touching, expected) << from << " to " << to;
                found += touching.size();
            }
        }
        EXPECT_GT(found, 1'000U);
    }
}

TEST(Bars, OfACancelledTaskAreNone) {
    std::stop_source stop;
    stop.request_stop();
    const auto bars = Bars::build(*test::smallAnalysis(1), TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(bars);
    EXPECT_EQ(bars.error().kind, ErrorKind::Cancelled);
}

}  // namespace
}  // namespace alloclens
