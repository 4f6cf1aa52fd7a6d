// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/timeline/live_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/base/saturating.h"
#include "tests/support/synthetic_trace.h"
#include "tests/unit/support/small_scene.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

/// The bytes live behind each event, lifetime by lifetime.
std::vector<std::uint64_t> liveBytes(const Scene& scene) {
    const Analysis& analysis = *scene.analysis;
    std::vector<std::uint64_t> bytes(analysis.trace->events.count(), 0);
    for (std::size_t i = 0; i < analysis.replay.lifetimes.size(); ++i) {
        const Lifetime lifetime = analysis.replay.lifetime(LifetimeId(i));
        if (scene.filter.lifetimes != nullptr && (*scene.filter.lifetimes)[i] == 0) continue;
        const std::size_t end = lifetime.last.isValid() ? lifetime.last.index() : bytes.size();
        // A re-allocation changes the size in place where the rules say so.
        const TrackerRules& rules = analysis.trace->rules;
        const bool changes = rules.keepsLastSize || !rules.countsReferences;
        std::uint64_t size = changes ? analysis.trace->events.size[lifetime.first.index()] : lifetime.size;
        for (std::size_t event = lifetime.first.index(); event < end; ++event) {
            const bool isOurs = analysis.replay.lifetimeOf[event] == LifetimeId(i);
            if (changes && isOurs && analysis.replay.letters[event] == Letter::Aliased) {
                size = analysis.trace->events.size[event];
            }
            bytes[event] += size;
        }
    }
    return bytes;
}

TEST(LiveBytes, FollowAllocationsAndFrees) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 100 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Allocated 50 bytes of L1 on device 0 (buffer_id=32)\n"
                                           "[PID 1] Freed buffer 16 on device 0 (100 bytes, FINAL)\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 0\n");
    const LiveBytes bytes = LiveBytes(analysis, nullptr);
    EXPECT_EQ(bytes.behind(EventId(0U)), 100U);
    EXPECT_EQ(bytes.behind(EventId(1U)), 150U);
    EXPECT_EQ(bytes.behind(EventId(2U)), 50U);
    EXPECT_EQ(bytes.behind(EventId(3U)), 50U);
    EXPECT_EQ(bytes.peak(), 150U);
}

TEST(LiveBytes, OfATraceWithoutEventsAreNone) {
    const auto analysis = test::analyseLog("🚀 Allocation Server started\n");
    const LiveBytes bytes = LiveBytes(analysis, nullptr);
    EXPECT_EQ(bytes.peak(), 0U);
    EXPECT_EQ(bytes.peakBetween(0, 10), 0U);
    const PixelMap map{{0, 1, 0, 1}, 20, 10};
    EXPECT_EQ(bytes.columns(*analysis->trace, AcrossMode::EventOrder, map), std::vector<std::uint64_t>(20, 0));
}

TEST(LiveBytes, ThePeakOfAnyStretchIsThatOfAPlainLoop) {
    std::mt19937_64 random(3);
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto scene = test::smallScene(seed);
        const auto plain = liveBytes(*scene);
        ASSERT_EQ(scene->liveBytes.peak(), *std::max_element(plain.begin(), plain.end()));
        for (std::size_t event = 0; event < plain.size(); ++event) {
            ASSERT_EQ(scene->liveBytes.behind(EventId(event)), plain[event]) << "seed " << seed << " event " << event;
        }
        for (int i = 0; i < 300; ++i) {
            const std::size_t from = random() % (plain.size() + 1);
            const std::size_t to = from + random() % (plain.size() + 20 - from);
            std::uint64_t most = 0;
            for (std::size_t event = from; event < std::min(to, plain.size()); ++event)
                most = std::max(most, plain[event]);
            ASSERT_EQ(scene->liveBytes.peakBetween(from, to), most) << from << " to " << to;
        }
        EXPECT_EQ(scene->liveBytes.peakBetween(5, 5), 0U);
    }
}

TEST(LiveBytes, FollowWhatNoEventOfTheLifetimeTells) {
    // The small traces have sweeps and re-allocations with another size; the log below has a beginning that is missing.
    std::array<std::size_t, 5> byEnd{};
    std::size_t resized = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto analysis = test::smallAnalysis(seed);
        const TrackerRules& rules = analysis->trace->rules;
        for (std::size_t i = 0; i < analysis->replay.lifetimes.size(); ++i) {
            const Lifetime lifetime = analysis->replay.lifetime(LifetimeId(i));
            ++byEnd[static_cast<std::size_t>(lifetime.end)];
            const bool changes = rules.keepsLastSize || !rules.countsReferences;
            resized += changes && lifetime.size != analysis->trace->events.size[lifetime.first.index()] ? 1 : 0;
        }
    }
    EXPECT_GT(byEnd[static_cast<std::size_t>(LifetimeEnd::Swept)], 0U);
    EXPECT_GT(byEnd[static_cast<std::size_t>(LifetimeEnd::Open)], 0U);
    EXPECT_GT(resized, 0U);

    const auto analysis = test::analyseLog("[PID 1] Allocated 100 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Allocated 50 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Freed buffer 32 on device 0 (7 bytes, FINAL)\n"
                                           "[PID 1] Deallocation for unknown buffer 16 on device 0\n");
    const LiveBytes bytes(analysis, nullptr);
    for (std::uint32_t event = 0; event < analysis->trace->events.count(); ++event) {
        EXPECT_EQ(bytes.peakBetween(event, event + 1), bytes.behind(EventId(event)));
    }
    EXPECT_EQ(bytes.behind(EventId(2U)), bytes.behind(EventId(1U))) << "freed without having been seen";
    EXPECT_EQ(bytes.behind(EventId(3U)), 0U) << "a refusal of what is live: its free is missing";
}

TEST(LiveBytes, OfManyEventsAreThoseOfAPlainSum) {
    for (const test::TraceShape shape : {test::TraceShape::Slots, test::TraceShape::Deaths}) {
        constexpr std::uint64_t kLifetimes = 90'000;  // several shares of the work
        const auto analysis = *analyse(test::makeTrace(shape, kLifetimes), {});
        const Replay& replay = analysis->replay;
        auto shown = std::make_shared<RowFlags>(replay.lifetimes.size());
        for (std::size_t i = 0; i < shown->size(); ++i) {
            if (i % 5 != 0) shown->set(i);
        }
        for (const LiveBytes::Flags& flags : {LiveBytes::Flags(), LiveBytes::Flags(shown)}) {
            std::vector<std::uint64_t> plain(analysis->trace->events.count(), 0);
            for (std::size_t i = 0; i < replay.lifetimes.size(); ++i) {
                const Lifetime lifetime = replay.lifetime(LifetimeId(i));
                ASSERT_EQ(lifetime.peakDepth, 1U);
                if (flags && !(*flags)[i]) continue;
                plain[lifetime.first.index()] += lifetime.size;
                if (lifetime.last.isValid()) plain[lifetime.last.index()] -= lifetime.size;
            }
            for (std::size_t event = 1; event < plain.size(); ++event) plain[event] += plain[event - 1];
            const LiveBytes bytes(analysis, flags);
            ASSERT_EQ(bytes.peak(), *std::max_element(plain.begin(), plain.end()));
            for (std::size_t event = 0; event < plain.size(); ++event) {
                ASSERT_EQ(bytes.behind(EventId(event)), plain[event]) << event;
            }
            std::mt19937_64 random(6);
            for (int i = 0; i < 400; ++i) {
                const std::size_t from = random() % plain.size();
                const std::size_t to = std::min(plain.size(), from + 1 + random() % (i % 2 == 0 ? 300 : 100'000));
                const auto at = [&plain](std::size_t event) {
                    return plain.begin() + static_cast<std::ptrdiff_t>(event);
                };
                ASSERT_EQ(bytes.peakBetween(from, to), *std::max_element(at(from), at(to))) << from << " to " << to;
            }
        }
    }
}

TEST(LiveBytes, HoldSizesThatHaveNoRoomForASign) {
    std::string log = "[PID 1] Allocated 9223372036854775813 bytes of L1 on device 0 (buffer_id=16)\n";
    for (int i = 0; i < 100; ++i)
        log += "[PID 1] Allocated 10 bytes of L1 on device 0 (buffer_id=32)\n"
               "[PID 1] Freed buffer 32 on device 0 (10 bytes, FINAL)\n";
    const auto analysis = test::analyseLog(log);
    const LiveBytes bytes(analysis, nullptr);
    EXPECT_EQ(bytes.behind(EventId(0U)), 9223372036854775813U);
    EXPECT_EQ(bytes.peak(), 9223372036854775823U);
    EXPECT_EQ(bytes.peakBetween(64, 128), 9223372036854775823U);
}

TEST(LiveBytes, StopAtTheLargestNumberAndComeBackFromIt) {
    const std::string size = "18000000000000000000";
    std::string log;
    for (const char* const id : {"16", "32", "48"})
        log += "[PID 1] Allocated " + size + " bytes of L1 on device 0 (buffer_id=" + id + ")\n";
    log += "[PID 1] Freed buffer 16 on device 0 (" + size + " bytes, FINAL)\n";
    // Two at once, by an event that is no free of theirs, and one that comes without its allocation.
    log += "   PID 1 is dead, removing its buffers...\n   Removed 2 buffers (0 MB) from PID 1\n"
           "[PID 2] Allocated 7 bytes of L1 on device 0 (buffer_id=16)\n"
           "[PID 2] Freed buffer 64 on device 0 ("
           + size + " bytes, FINAL)\n";
    const auto analysis = test::analyseLog(log);
    const LiveBytes bytes(analysis, nullptr);
    std::vector<std::uint64_t> behind;
    for (std::size_t i = 0; i < analysis->trace->events.count(); ++i) behind.push_back(bytes.behind(EventId(i)));
    const std::uint64_t one = 18'000'000'000'000'000'000U;
    EXPECT_EQ(behind, (std::vector<std::uint64_t>{one, kSaturated, kSaturated, kSaturated, 0, 7, 7}));
    EXPECT_EQ(bytes.peak(), kSaturated);
    EXPECT_EQ(bytes.peakBetween(0, 1), one);
    EXPECT_EQ(bytes.peakBetween(4, 7), 7U);
}

TEST(LiveBytes, AColumnShowsThePeakOfItsEventsOrTheValueBefore) {
    std::mt19937_64 random(4);
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
        const auto scene = test::smallScene(seed);
        const auto plain = liveBytes(*scene);
        const Trace& trace = *scene->analysis->trace;
        for (int i = 0; i < 30; ++i) {
            const PixelMap map = test::randomView(*scene, random);
            const auto columns = scene->liveBytes.columns(trace, scene->options.acrossMode, map);
            ASSERT_EQ(columns.size(), static_cast<std::size_t>(map.width));
            for (int x = 0; x < map.width; ++x) {
                std::uint64_t peak = 0;
                std::uint64_t before = 0;
                bool isAny = false;
                for (std::size_t event = 0; event < plain.size(); ++event) {
                    const double across = acrossOf(trace, scene->options.acrossMode, EventId(event));
                    if (across < map.across(x)) before = plain[event];
                    if (across < map.across(x) || across >= map.across(x + 1)) continue;
                    peak = std::max(peak, plain[event]);
                    isAny = true;
                }
                ASSERT_EQ(columns[static_cast<std::size_t>(x)], isAny ? peak : before) << "seed " << seed << " x " << x;
            }
        }
    }
}

TEST(LiveBytes, OfOneDeviceAgreeWithItsSummary) {
    for (std::uint64_t seed = 0; seed < 28; ++seed) {
        const auto analysis = test::smallAnalysis(seed);
        for (const DeviceSummary& device : analysis->replay.devices) {
            auto shown = std::make_shared<RowFlags>(analysis->replay.lifetimes.size());
            for (std::size_t i = 0; i < analysis->replay.lifetimes.size(); ++i) {
                const AddressId address = analysis->replay.lifetime(LifetimeId(i)).address;
                if (analysis->key(address).device == device.device) shown->set(i);
            }
            const LiveBytes bytes(analysis, shown);
            EXPECT_EQ(bytes.peak(), device.peakLiveBytes);
            EXPECT_EQ(bytes.behind(EventId(analysis->trace->events.count() - 1)), device.endLiveBytes);
        }
    }
}

}  // namespace
}  // namespace alloclens
