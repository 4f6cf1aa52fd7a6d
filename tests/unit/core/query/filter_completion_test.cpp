// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/query/filter.h"
#include "tests/unit/support/log_fixture.h"
#include "tests/unit/support/timed_trace.h"

namespace alloclens {
namespace {

using Names = std::vector<std::string>;

std::shared_ptr<const Analysis> smallAnalysis() {
    return test::analyseLog("[PID 300] Allocated 2048 bytes of L1_SMALL on device 4 (buffer_id=1000)\n"
                            "[PID 12] Allocated 2048 bytes of L1 on device 10 (buffer_id=1000)\n"
                            "[PID 31] Freed buffer 1000 on device 10 (2048 bytes, FINAL)\n"
                            "[PID 31] Deallocation for unknown buffer 1000 on device 10 (allocated before)\n");
}

/// The candidates where the cursor is the '|' in `text`.
FilterCompletion complete(std::string text, const Analysis* analysis = nullptr) {
    const std::size_t cursor = text.find('|');
    text.erase(cursor, 1);
    return completeFilter(text, cursor, analysis);
}

TEST(FilterCompletionTest, AnEmptyWordOffersEveryField) {
    const Names fields = {"device:", "address:", "memory:", "pid:",       "sender:", "size:", "kind:",
                          "cause:",  "line:",    "time:",   "lifecycle:", "text:",   "name:", "stack:"};
    EXPECT_EQ(complete("|").candidates, fields);
    EXPECT_EQ(complete("device:4 |").candidates, fields);
    EXPECT_EQ(complete("device:4 |").wordStart, 9U);
    EXPECT_EQ(complete(" | device:4").candidates, fields);
}

TEST(FilterCompletionTest, TheBeginningOfAFieldOffersTheFieldsThatContinueIt) {
    const auto completion = complete("device:4 LI|");
    EXPECT_EQ(completion.candidates, (Names{"line:", "lifecycle:"}));
    EXPECT_EQ(completion.wordStart, 9U);
    EXPECT_EQ(completion.wordEnd, 11U);
    EXPECT_EQ(complete("-de|").candidates, Names{"-device:"});
    EXPECT_EQ(complete("-|").candidates.front(), "-device:");
    EXPECT_TRUE(complete("xyz|").candidates.empty());
}

TEST(FilterCompletionTest, CompletingTheFieldKeepsItsValue) {
    const auto completion = complete("de|:4,5 pid:1");
    EXPECT_EQ(completion.candidates, Names{"device:4,5"});
    EXPECT_EQ(completion.wordEnd, 6U);
}

TEST(FilterCompletionTest, NamesNeedNoAnalysis) {
    EXPECT_EQ(complete("memory:l|").candidates, (Names{"memory:L1", "memory:L1_SMALL"}));
    EXPECT_EQ(complete("memory:|").candidates.size(), static_cast<std::size_t>(kMemoryCount));
    EXPECT_EQ(complete("-kind:dou|").candidates, Names{"-kind:double-free"});
    EXPECT_TRUE(complete("device:|").candidates.empty());
}

TEST(FilterCompletionTest, DevicesAndPidsAreThoseOfTheTraceInNumericOrder) {
    const auto analysis = smallAnalysis();
    EXPECT_EQ(complete("device:|", analysis.get()).candidates, (Names{"device:4", "device:10"}));
    EXPECT_EQ(complete("pid:|", analysis.get()).candidates, (Names{"pid:12", "pid:31", "pid:300"}));
    EXPECT_EQ(complete("pid:3|", analysis.get()).candidates, (Names{"pid:31", "pid:300"}));
}

TEST(FilterCompletionTest, TimeAndSenderAreOfferedWhereTheTraceHasThem) {
    const auto log = smallAnalysis();
    EXPECT_TRUE(complete("ti|", log.get()).candidates.empty());
    EXPECT_EQ(complete("s|", log.get()).candidates, Names{"size:"});
    const auto timed = test::timedAnalysis(test::timedDoubleFree());
    EXPECT_EQ(complete("ti|", timed.get()).candidates, Names{"time:"});
    EXPECT_EQ(complete("sender:|", timed.get()).candidates, (Names{"sender:42", "sender:77"}));
    EXPECT_EQ(complete("time:|", timed.get()).candidates,
              (Names{"time:2026-02-26T21:56:10.191000123Z..", "time:..2026-02-26T21:56:16.191000123Z"}));
}

TEST(FilterCompletionTest, NamesThatOccurComeFirst) {
    const auto analysis = smallAnalysis();
    const auto memories = complete("memory:|", analysis.get()).candidates;
    ASSERT_EQ(memories.size(), static_cast<std::size_t>(kMemoryCount));
    EXPECT_EQ(memories[0], "memory:L1");
    EXPECT_EQ(memories[1], "memory:L1_SMALL");
    EXPECT_EQ(memories[2], "memory:DRAM");
    const auto kinds = complete("kind:|", analysis.get()).candidates;
    const auto place = [&](const char* name) { return std::find(kinds.begin(), kinds.end(), name) - kinds.begin(); };
    EXPECT_LT(place("kind:double-free"), place("kind:unknown-free"));
    EXPECT_LT(place("kind:refused-free"), place("kind:sweep"));
}

TEST(FilterCompletionTest, CausesThatWereFoundComeFirst) {
    const auto analysis = test::analyseLog("[PID 100] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 100] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                           "[PID 100] Allocated 8 bytes of L1 on device 0 (buffer_id=32)\n"
                                           "[PID 200] Deallocation for unknown buffer 16 on device 0\n"
                                           "[PID 100] Freed buffer 32 on device 0 (8 bytes, FINAL)\n"
                                           "[PID 0] Deallocation for unknown buffer 999 on device 0\n");
    const auto causes = complete("cause:|", analysis.get()).candidates;
    ASSERT_EQ(causes.size(), static_cast<std::size_t>(kCauseCount));
    EXPECT_EQ(causes[0], "cause:stale-owner");
    EXPECT_EQ(causes[1], "cause:stray-message");
    EXPECT_EQ(causes[2], "cause:teardown-pool") << "then as they are listed";
    EXPECT_EQ(complete("cause:st|").candidates, (Names{"cause:stale-owner", "cause:stray-message"}));
}

TEST(FilterCompletionTest, AnAlternativeKeepsTheOthersAndDoesNotRepeatThem) {
    EXPECT_EQ(complete("memory:L1,l|").candidates, Names{"memory:L1,L1_SMALL"});
    EXPECT_EQ(complete("memory:T|,L1").candidates, Names{"memory:TRACE,L1"});
    EXPECT_EQ(complete("memory:L1,|,DRAM").candidates, (Names{"memory:L1,L1_SMALL,DRAM", "memory:L1,SYSTEM_MEMORY,DRAM",
                                                              "memory:L1,TRACE,DRAM", "memory:L1,unknown,DRAM"}));
}

TEST(FilterCompletionTest, QuotesExpressionsAndUnlistedFieldsOfferNothing) {
    EXPECT_TRUE(complete("text:\"a de|").candidates.empty());
    EXPECT_TRUE(complete("\"de|").candidates.empty());
    EXPECT_TRUE(complete("lifecycle:/A|").candidates.empty());
    EXPECT_TRUE(complete("size:1|").candidates.empty());
    EXPECT_TRUE(complete("colour:r|").candidates.empty());
}

TEST(FilterCompletionTest, ACursorBehindTheEndIsAtTheEnd) {
    const auto completion = completeFilter("memo", 99, nullptr);
    EXPECT_EQ(completion.candidates, Names{"memory:"});
}

}  // namespace
}  // namespace alloclens
