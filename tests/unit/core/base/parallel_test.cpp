// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/parallel.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/support/one_core.h"

namespace alloclens {
namespace {

TEST(CoreCount, IsThatOfTheThread) {
    const unsigned before = coreCount();
    EXPECT_GE(before, 1U);
    {
        const test::OnOneCore bound;
        EXPECT_EQ(coreCount(), 1U);
    }
    EXPECT_EQ(coreCount(), before);
}

TEST(InParallel, EveryNumberIsHandedOutOnceByAnyNumberOfThreads) {
    for (const unsigned threads : {1U, 2U, 7U}) {
        std::vector<int> visits(10'000, 0);
        inParallel(
            visits.size(), [&] { return [&](std::size_t i) { ++visits[i]; }; }, threads);
        EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
    }
}

TEST(InParallel, EachThreadHasANumberOfItsOwn) {
    constexpr unsigned kThreads = 4;
    std::vector<int> made(kThreads, 0);
    std::atomic<std::size_t> done = 0;
    inParallel(
        1'000,
        [&](std::size_t worker) {
            ++made.at(worker);
            return [&](std::size_t) { ++done; };
        },
        kThreads);
    EXPECT_EQ(made, std::vector<int>(kThreads, 1));
    EXPECT_EQ(done, 1'000U);
}

TEST(InParallel, NothingIsDoneForNothing) {
    inParallel(0, [] { return [](std::size_t) { FAIL(); }; });
}

TEST(InParallel, TheFirstThatAWorkerThrowsReachesTheCallerAndEndsTheOthers) {
    std::atomic<std::size_t> done = 0;
    EXPECT_THROW(inParallel(
                     1'000'000,
                     [&] {
                         return [&](std::size_t i) {
                             if (i == 10) throw std::runtime_error("ten");
                             ++done;
                         };
                     },
                     3),
                 std::runtime_error);
    EXPECT_LT(done, 1'000'000U);
}

TEST(InShares, TheSharesAreAllTheRowsAndNoneIsTooSmall) {
    std::vector<int> visits(1'000, 0);
    std::atomic<std::size_t> smallest = visits.size();
    inShares(visits.size(), 300, [&](std::size_t begin, std::size_t end) {
        if (end - begin < smallest) smallest = end - begin;
        for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    EXPECT_EQ(visits, std::vector<int>(visits.size(), 1));
    EXPECT_GE(smallest, 300U);
}

}  // namespace
}  // namespace alloclens
