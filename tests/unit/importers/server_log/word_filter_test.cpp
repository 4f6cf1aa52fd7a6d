// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/word_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace alloclens::server_log {
namespace {

const std::vector<std::string> kWords = {"Allocated", "Freed", "[PI", "\xc3\xa4\xff"};

WordFilter filterOf(const std::vector<std::string>& words) {
    WordFilter filter;
    for (const std::string& word : words) filter.add(word);
    return filter;
}

TEST(WordFilter, NoPlaceOfAWordIsMissed) {
    const WordFilter filter = filterOf(kWords);
    for (const std::string& word : kWords) {
        for (std::size_t before = 0; before < 70; ++before) {
            const std::string text(before, '.');
            EXPECT_TRUE(filter.mayHoldAny(text + word)) << word << " behind " << before;
            EXPECT_TRUE(filter.mayHoldAny(text + word + text)) << word << " between " << before;
        }
    }
}

TEST(WordFilter, TextWithoutAWordIsMostlyToldApart) {
    const WordFilter filter = filterOf(kWords);
    EXPECT_FALSE(filter.mayHoldAny(std::string(200, '.')));
    EXPECT_FALSE(filter.mayHoldAny("allocated freed [pi")) << "letters have their case";
    EXPECT_FALSE(filter.mayHoldAny("the quick brown fox jumps over the lazy dog"));
}

TEST(WordFilter, TextThatIsShorterThanAnyWordHoldsNone) {
    const WordFilter filter = filterOf(kWords);
    EXPECT_FALSE(filter.mayHoldAny(""));
    EXPECT_FALSE(filter.mayHoldAny("[P"));
    EXPECT_TRUE(filter.mayHoldAny("[PI"));
}

TEST(WordFilter, OfEachGroupItTellsWhetherAWordMayBeThere) {
    WordFilter filter;
    filter.add("Allocated", 0);
    filter.add("Freed", 3);
    filter.add(" devices, ", 15);
    for (std::size_t before = 0; before < 70; ++before) {
        const std::string text(before, '.');
        EXPECT_EQ(filter.groupsIn(text + "Allocated"), 1U) << before;
        EXPECT_EQ(filter.groupsIn(text + "Freed" + text), 1U << 3) << before;
        EXPECT_EQ(filter.groupsIn("Freed" + text + " devices, " + text + "Allocated"), 1U | 1U << 3 | 1U << 15)
            << before;
    }
    EXPECT_EQ(filter.groupsIn("one of several devices alone"), 0U) << "known by the comma";
    EXPECT_EQ(filter.groupsIn("Al"), 0U);
    EXPECT_EQ(filter.groupsIn(""), 0U);
}

TEST(WordFilter, WithoutWordsNothingPasses) { EXPECT_FALSE(WordFilter().mayHoldAny("Allocated")); }

}  // namespace
}  // namespace alloclens::server_log
