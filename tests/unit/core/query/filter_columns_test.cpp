// SPDX-License-Identifier: GPL-3.0-or-later
//
// Filters over more rows than one thread takes at a time, against asking every event one by one.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "core/query/filter.h"
#include "core/query/row_loop.h"
#include "tests/support/flags_of.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

// Allocations, frees and refused frees of 500 addresses on four devices, in no order, with a sweep now and then.
std::string manyLines(std::size_t lines) {
    std::mt19937 random(7);
    std::string log;
    std::vector<std::uint32_t> sizes(500, 0);
    for (std::size_t i = 0; i < lines; ++i) {
        const std::size_t at = random() % sizes.size();
        const std::string device = std::to_string(at % 4);
        const std::string key = std::to_string(4096 + at / 4 * 64);
        const std::string pid = std::to_string(100 + at % 7);
        if (i % 20'000 == 19'999) {
            log += "   PID 103 is dead, removing its buffers...\n   Removed 1 buffers (0.1 MB) from PID 103\n";
        } else if (sizes[at] == 0) {
            sizes[at] = 64U << random() % 12;
            log += "[PID " + pid + "] Allocated " + std::to_string(sizes[at]) + " bytes of "
                   + (at % 3 == 0 ? "L1" : "DRAM") + " on device " + device + " (buffer_id=" + key + ")\n";
        } else if (random() % 50 == 0) {
            log += "[PID 900] Deallocation for unknown buffer " + key + " on device " + device
                   + " (allocated before tracking started)\n";
        } else {
            log += "[PID " + pid + "] Freed buffer " + key + " on device " + device + " (" + std::to_string(sizes[at])
                   + " bytes, FINAL)\n";
            sizes[at] = 0;
        }
    }
    return log;
}

class FilterColumns : public ::testing::Test {
protected:
    static void SetUpTestSuite() { s_analysis = test::analyseLog(manyLines(200'000)); }
    static void TearDownTestSuite() { s_analysis.reset(); }

    using OfEvent = std::function<bool(std::size_t)>;
    using OfLifetime = std::function<bool(const Lifetime&)>;

    // What a term about events leaves of the events, the lifetimes and the addresses, one by one.
    static void expectLike(const std::string& term, const OfEvent& ofEvent, const OfLifetime& ownOfLifetime) {
        const Analysis& a = *s_analysis;
        std::vector<std::uint8_t> events(a.trace->events.count());
        std::vector<std::uint8_t> lifetimes(a.replay.lifetimes.size());
        std::vector<std::uint8_t> addresses(a.trace->addresses.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
            if (!ofEvent(i)) continue;
            events[i] = 1;
            if (a.trace->events.address[i].isValid()) addresses[a.trace->events.address[i].index()] = 1;
            if (a.replay.lifetimeOf[i].isValid()) lifetimes[a.replay.lifetimeOf[i].index()] = 1;
        }
        for (std::size_t i = 0; i < lifetimes.size(); ++i) {
            const Lifetime& lifetime = a.replay.lifetime(LifetimeId(i));
            if (lifetime.end == LifetimeEnd::Swept && events[lifetime.last.index()] != 0) {
                lifetimes[i] = addresses[lifetime.address.index()] = 1;
            }
            if (ownOfLifetime(lifetime)) lifetimes[i] = 1;
        }
        const auto plain = applyFilter(a, *Filter::parse(term), {});
        ASSERT_TRUE(plain);
        EXPECT_EQ(plain->events, test::flagsOf(events)) << term;
        EXPECT_EQ(plain->lifetimes, test::flagsOf(lifetimes)) << term;
        EXPECT_EQ(plain->addresses, test::flagsOf(addresses)) << term;
        const auto negated = applyFilter(a, *Filter::parse("-" + term), {});
        ASSERT_TRUE(negated);
        for (auto* flags : {&events, &lifetimes, &addresses}) {
            for (std::uint8_t& flag : *flags) flag ^= 1;
        }
        EXPECT_EQ(negated->events, test::flagsOf(events)) << "-" << term;
        EXPECT_EQ(negated->lifetimes, test::flagsOf(lifetimes)) << "-" << term;
        EXPECT_EQ(negated->addresses, test::flagsOf(addresses)) << "-" << term;
    }
    static const EventTable& columns() { return s_analysis->trace->events; }
    static std::optional<Lifetime> lifetimeOf(std::size_t event) {
        const LifetimeId id = s_analysis->replay.lifetimeOf[event];
        return id.isValid() ? std::optional(s_analysis->replay.lifetime(id)) : std::nullopt;
    }

    inline static std::shared_ptr<const Analysis> s_analysis;
};

TEST_F(FilterColumns, ProcessesAreThoseOfEachEvent) {
    const auto is = [](ProcessId id) { return s_analysis->trace->pid(id) == 103; };
    expectLike(
        "pid:103", [&](std::size_t i) { return is(columns().process[i]); },
        [&](const Lifetime& lifetime) { return is(lifetime.owner); });
}

TEST_F(FilterColumns, SizesAreThoseOfEachEventOrOfItsLifetime) {
    const auto is = [](std::uint64_t size) { return size != kNoSize && size >= 4096; };
    expectLike(
        "size:>=4096",
        [&](std::size_t i) {
            std::uint64_t size = columns().size[i];
            if (size == kNoSize && lifetimeOf(i).has_value()) size = lifetimeOf(i)->size;
            return columns().address[i].isValid() && is(size);
        },
        [&](const Lifetime& lifetime) { return is(lifetime.size); });
}

TEST_F(FilterColumns, MemoriesAreThoseOfEachEventOrOfItsLifetime) {
    expectLike(
        "memory:L1",
        [](std::size_t i) {
            if (!columns().address[i].isValid()) return false;
            if (columns().kind[i] == EventKind::Allocation) return columns().memory[i] == Memory::L1;
            return lifetimeOf(i).has_value() && lifetimeOf(i)->memory == Memory::L1;
        },
        [](const Lifetime& lifetime) { return lifetime.memory == Memory::L1; });
}

TEST_F(FilterColumns, KindsOfEventsAreThoseOfEachEvent) {
    const auto none = [](const Lifetime&) { return false; };
    expectLike(
        "kind:sweep", [](std::size_t i) { return columns().kind[i] == EventKind::Sweep; }, none);
    expectLike(
        "kind:refused-free", [](std::size_t i) { return columns().kind[i] == EventKind::RefusedFree; }, none);
}

TEST_F(FilterColumns, LinesAreThoseOfEachEventAndAllOfALifetime) {
    constexpr std::uint32_t kFirst = 90'000;
    constexpr std::uint32_t kLast = 140'000;
    expectLike(
        "line:90000..140000", [](std::size_t i) { return columns().line[i] >= kFirst && columns().line[i] <= kLast; },
        [](const Lifetime& lifetime) {
            const bool beginsBefore = columns().line[lifetime.first.index()] <= kLast;
            const bool endsBehind = !lifetime.last.isValid() || columns().line[lifetime.last.index()] >= kFirst;
            return beginsBefore && endsBehind;
        });
}

TEST_F(FilterColumns, TextIsThatOfEachLine) {
    expectLike(
        "text:\"PID 105\"", [](std::size_t i) { return s_analysis->trace->pid(columns().process[i]) == 105; },
        [](const Lifetime&) { return false; });
}

TEST(RowLoop, EveryRowIsVisitedOnceByAnyNumberOfThreads) {
    for (const unsigned threads : {1U, 2U, 5U}) {
        const TaskContext task;
        query::RowLoop rows(task, threads);
        std::vector<std::uint8_t> visits(300'001, 0);
        rows(visits.size(), [&](std::size_t row) { ++visits[row]; });
        EXPECT_EQ(visits, std::vector<std::uint8_t>(visits.size(), 1));
    }
}

TEST(RowLoop, WhatABodyThrowsReachesTheCaller) {
    const TaskContext task;
    query::RowLoop rows(task, 3);
    EXPECT_THROW(rows(500'000,
                      [](std::size_t row) {
                          if (row == 400'000) throw std::bad_alloc();
                      }),
                 std::bad_alloc);
}

TEST(RowLoop, NothingIsVisitedOnceCancelled) {
    std::stop_source stop;
    const TaskContext task(stop.get_token(), {});
    query::RowLoop rows(task, 2);
    stop.request_stop();
    rows(500'000, [](std::size_t) { FAIL(); });
    EXPECT_TRUE(rows.isCancelled());
}

}  // namespace
}  // namespace alloclens
