// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/query/filter.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Rows = std::vector<std::size_t>;

FilterResult apply(const Analysis& analysis, std::string_view text) {
    const auto filter = Filter::parse(text);
    if (!filter) test::stop(filter.error().sentence());
    auto result = applyFilter(analysis, *filter, {});
    if (!result) test::stop(result.error().sentence());
    return std::move(*result);
}

Rows rowsOf(const RowFlags& flags) {
    Rows rows;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (flags[i]) rows.push_back(i);
    }
    return rows;
}

Rows eventsOf(const Analysis& analysis, std::string_view text) { return rowsOf(apply(analysis, text).events); }

// Events at 0, 1 s, 3 s, 3.0042 s, 5 s and 6 s from 2026-02-26T21:56:10.191000123Z.
TEST(TimeFilter, OffsetsCountFromTheFirstTime) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_THAT(eventsOf(*analysis, "time:0s"), ElementsAre(0));
    EXPECT_THAT(eventsOf(*analysis, "time:1s..3s"), ElementsAre(1, 2));
    EXPECT_THAT(eventsOf(*analysis, "time:1s..3004.2ms"), ElementsAre(1, 2, 3));
    EXPECT_THAT(eventsOf(*analysis, "time:>3s"), ElementsAre(3, 4, 5));
    EXPECT_THAT(eventsOf(*analysis, "time:>=3s"), ElementsAre(2, 3, 4, 5));
    EXPECT_THAT(eventsOf(*analysis, "time:<1s"), ElementsAre(0));
    EXPECT_THAT(eventsOf(*analysis, "time:..1s,6s.."), ElementsAre(0, 1, 5));
    EXPECT_THAT(eventsOf(*analysis, "-time:1s.."), ElementsAre(0));
    EXPECT_THAT(eventsOf(*analysis, "time:1h.."), IsEmpty());
}

TEST(TimeFilter, TimesAreThoseThatTablesShow) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_THAT(eventsOf(*analysis, "time:2026-02-26T21:56:13.195200123Z"), ElementsAre(3));
    EXPECT_THAT(eventsOf(*analysis, "time:2026-02-26T21:56:13..2026-02-26T21:56:14"), ElementsAre(2, 3));
    EXPECT_THAT(eventsOf(*analysis, "time:\">2026-02-26 21:56:15\""), ElementsAre(4, 5)) << "quotes hold the blank";
}

TEST(TimeFilter, AnOffsetAndATimeMayBeTheEndsOfOneRange) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_THAT(eventsOf(*analysis, "time:2s..2026-02-26T21:56:15.5"), ElementsAre(2, 3, 4));
    EXPECT_THAT(eventsOf(*analysis, "time:2026-02-26T21:56:15.5..2s"), IsEmpty());
    EXPECT_THAT(rowsOf(apply(*analysis, "time:2026-02-26T21:56:15.5..2s").lifetimes), IsEmpty());
}

TEST(TimeFilter, AnEventWithoutATimeCountsAsAtTheOneBefore) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree(false));
    EXPECT_THAT(eventsOf(*analysis, "time:1s"), ElementsAre(1, 2, 3));
    EXPECT_THAT(eventsOf(*analysis, "time:2s.."), ElementsAre(4, 5));
}

TEST(TimeFilter, ALifetimeLastsUntilItsEnd) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    // Of 16: 0 to 3 s; of 32: from 1 s on; of 48: 5 s to 6 s.
    EXPECT_THAT(rowsOf(apply(*analysis, "time:2s").lifetimes), ElementsAre(0, 1));
    EXPECT_THAT(rowsOf(apply(*analysis, "time:4s").lifetimes), ElementsAre(1));
    EXPECT_THAT(rowsOf(apply(*analysis, "time:10s..").lifetimes), ElementsAre(1));
    EXPECT_THAT(apply(*analysis, "time:3004.2ms kind:double-free").findingCount, 1U);
    EXPECT_THAT(apply(*analysis, "time:4s kind:double-free").findingCount, 0U);
}

TEST(TimeFilter, SendersAreThoseOfTheMessages) {
    const auto analysis = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_THAT(eventsOf(*analysis, "sender:77"), ElementsAre(3, 4));
    EXPECT_THAT(eventsOf(*analysis, "sender:42 pid:77"), ElementsAre(5));
    EXPECT_THAT(eventsOf(*analysis, "sender:50..80"), ElementsAre(3, 4));
    EXPECT_THAT(eventsOf(*analysis, "sender:none"), IsEmpty());
    EXPECT_EQ(apply(*analysis, "sender:77 kind:double-free").findingCount, 1U);
}

TEST(TimeFilter, WhatTheSourceNeverTellsIsSaidInPlace) {
    const auto log = test::analyseLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n");
    for (const std::string term : {"time:1s..2s", "-sender:4"}) {
        const std::string text = "device:0 " + term;
        const auto filter = Filter::parse(text);
        ASSERT_TRUE(filter) << "the text alone is right";
        const auto wrong = unanswerableTerm(*filter, *log->trace);
        ASSERT_TRUE(wrong);
        EXPECT_EQ(text.substr(wrong->column, wrong->length), term);
        const auto result = applyFilter(*log, *filter, {});
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind, ErrorKind::Usage);
        EXPECT_THAT(result.error().sentence(), HasSubstr("this source"));
        EXPECT_THAT(result.error().advice, HasSubstr("^~~~"));
    }
    const auto timed = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_FALSE(unanswerableTerm(*Filter::parse("time:1s sender:4"), *timed->trace));
}

TEST(TimeFilter, WhatIsNoTimeIsSaidInPlace) {
    const auto wrongIn = [](const std::string& text) {
        FilterError error;
        EXPECT_FALSE(Filter::parse(text, error)) << text;
        return text.substr(error.column, error.length) + ": " + error.message;
    };
    EXPECT_EQ(wrongIn("time:5"), "5: '5' is not a time");
    EXPECT_EQ(wrongIn("time:1s..2parsecs"), "2parsecs: '2parsecs' is not a time");
    EXPECT_EQ(wrongIn("time:2026-02-30.."), "2026-02-30: '2026-02-30' is not a time");
    EXPECT_EQ(wrongIn("time:2s..1s"), "2s..1s: the range '2s..1s' ends before it begins");
    EXPECT_EQ(wrongIn("sender:me"), "me: 'me' is not a number");
    FilterError error;
    EXPECT_FALSE(Filter::parse("time:", error));
    EXPECT_THAT(error.expected, HasSubstr("1.5s"));
}

}  // namespace
}  // namespace alloclens
