// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/sequence_match.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace alloclens {
namespace {

/// What matches, as the letters of both sequences with the others left out: "ab-d" of "abcd" and "abd".
std::string common(std::string_view before, std::string_view after) {
    const std::vector<std::uint64_t> ours(before.begin(), before.end());
    const std::vector<std::uint64_t> theirs(after.begin(), after.end());
    std::string text(before.size(), '-');
    std::int64_t last = -1;
    for (const Match& match : matchSequences(ours, theirs, {})) {
        EXPECT_EQ(before[match.before], after[match.after]);
        EXPECT_GT(std::int64_t{match.after}, last) << "it never goes back";
        last = match.after;
        text[match.before] = before[match.before];
    }
    return text;
}

TEST(SequenceMatch, WhatOneSequenceLacksMovesNothingAfterIt) {
    struct Case {
        std::string_view before;
        std::string_view after;
        std::string_view common;
    };
    for (const Case& each : {Case{"abcd", "abcd", "abcd"},                 // all of it
                             Case{"", "abc", ""},                          // nothing
                             Case{"abc", "xyz", "---"},                    //
                             Case{"abcxd", "abd", "ab--d"},                // a part in the middle is missing
                             Case{"abd", "abcxd", "abd"},                  // or was added
                             Case{"abcabcabcz", "abcabcz", "abcabc---z"},  // once less of what comes again and again
                             Case{"1abc2def3", "4abc5def6", "-abc-def-"},  // changed at the ends too
                             Case{"1ababab2cdcd3", "4ababab5cdcd6", "-ababab-cdcd-"},
                             Case{"abcdefX", "Xabcdef", "abcdef-"}}) {  // what has moved is not followed
        EXPECT_EQ(common(each.before, each.after), each.common) << each.before << " and " << each.after;
    }
}

TEST(SequenceMatch, TheLongestRisingPartIsKept) {
    const std::vector<Match> matches = {{0, 5}, {1, 1}, {2, 2}, {3, 9}, {4, 3}};
    EXPECT_EQ(longestRising(matches), (std::vector<Match>{{1, 1}, {2, 2}, {4, 3}}));
    EXPECT_TRUE(longestRising({}).empty());
}

}  // namespace
}  // namespace alloclens
