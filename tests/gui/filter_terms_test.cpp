// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/document/filter_terms.h"

#include <gtest/gtest.h>

namespace alloclens {
namespace {

TEST(FilterTerms, ValuesOfATermAreRead) {
    EXPECT_EQ(filterTermValues("device:1,4 -device:0 memory:L1", "device"), QStringList({"1", "4"}));
    EXPECT_TRUE(filterTermValues("memory:L1", "device").isEmpty());
}

TEST(FilterTerms, AQuotedTextIsNoTerm) {
    EXPECT_TRUE(filterTermValues("text:\"a device:4 b\"", "device").isEmpty());
    EXPECT_TRUE(filterTermValues("lifecycle:/A device:4/", "device").isEmpty());
}

TEST(FilterTerms, OtherTermsStayAsTheyWereTyped) {
    EXPECT_EQ(withFilterTermValues("device:1 text:\"two  words\" -pid:3", "device", {"1", "4"}),
              "device:1,4 text:\"two  words\" -pid:3");
    EXPECT_EQ(withFilterTermValues("memory:L1", "device", {"4"}), "memory:L1 device:4");
    EXPECT_EQ(withFilterTermValues("device:1 memory:L1", "device", {}), "memory:L1");
}

TEST(FilterTerms, ARangeHasTheNumbersWithin) {
    EXPECT_TRUE(valuesContain({"0..3", "7"}, "2"));
    EXPECT_TRUE(valuesContain({"0..3", "7"}, "7"));
    EXPECT_FALSE(valuesContain({"0..3", "7"}, "5"));
    EXPECT_TRUE(valuesContain({"l1"}, "L1"));
}

}  // namespace
}  // namespace alloclens
