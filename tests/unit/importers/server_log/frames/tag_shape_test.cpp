// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/frames/tag_shape.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace alloclens::server_log {
namespace {

std::string tagOf(const std::vector<std::string_view>& before, std::string_view line) {
    const auto shape = TagShape::learn(before);
    if (!shape) return "no shape";
    const auto tag = shape->match(line);
    return tag ? std::string(line.substr(0, tag->length)) + "=" + tag->name : "none";
}

TEST(TagShape, TimesAreNoPartOfATagsName) {
    EXPECT_EQ(tagOf({"Oct  3 21:08:58 vm01 conmon[598655]: "}, "Oct 13 01:18:58 vm01 conmon[598655]:    Device 0:"),
              "Oct 13 01:18:58 vm01 conmon[598655]: =vm01 conmon[598655]");
    EXPECT_EQ(tagOf({"[host-u02] [21:56:10] "}, "[host-u08] [21:56:11] x"), "[host-u08] [21:56:11] =[host-u08]");
    EXPECT_EQ(tagOf({"2026-02-26T21:56:40.054800Z "}, "2026-02-26T21:56:41.1Z x"), "2026-02-26T21:56:41.1Z =");
}

TEST(TagShape, RanksAndServicesAreNames) {
    EXPECT_EQ(tagOf({"[1,0]<stdout>:"}, "[1,3]<stdout>:text"), "[1,3]<stdout>:=[1,3]<stdout>");
    EXPECT_EQ(tagOf({"0: "}, "12: text"), "12: =12");
    EXPECT_EQ(tagOf({"worker-0 | "}, "worker-11 | text"), "worker-11 | =worker-11");
}

TEST(TagShape, NumbersOfLinesAreNoNames) {
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) texts.push_back("Line " + std::to_string(i) + ": ");
    const std::vector<std::string_view> before(texts.begin(), texts.end());
    EXPECT_EQ(tagOf(before, "Line 512: text"), "Line 512: =Line");
}

TEST(TagShape, AWordIsNoNumberOfALine) {
    std::vector<std::string> texts;
    for (int i = 100; i < 200; ++i) texts.push_back("   " + std::to_string(i) + "\t");
    const std::vector<std::string_view> before(texts.begin(), texts.end());
    EXPECT_EQ(tagOf(before, "   115\tREMAINING ALLOCATED BUFFERS"), "   115\t=");
    EXPECT_EQ(tagOf(before, "  REMAINING ALLOCATED BUFFERS"), "none");
    EXPECT_EQ(tagOf(before, "   7 buffers"), "none");  // a blank is no tab
}

TEST(TagShape, WhatIsNotBeforeTheServersWordsByItselfIsNone) {
    EXPECT_EQ(tagOf({"", "", "0: "}, "0: x"), "no shape");
    EXPECT_EQ(tagOf({"abc"}, "abc"), "no shape");
    EXPECT_EQ(tagOf({"   "}, "   "), "no shape");
}

}  // namespace
}  // namespace alloclens::server_log
