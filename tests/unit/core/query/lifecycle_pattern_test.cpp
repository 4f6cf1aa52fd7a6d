// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/lifecycle_pattern.h"

#include <gtest/gtest.h>

namespace alloclens::query {
namespace {

LifecyclePattern compiled(std::string_view expression) {
    auto result = LifecyclePattern::compile(expression);
    auto* pattern = std::get_if<LifecyclePattern>(&result);
    EXPECT_NE(pattern, nullptr) << expression;
    return pattern != nullptr ? *pattern : LifecyclePattern("?");
}

TEST(LifecyclePattern, MatchesAnywhereUnlessAnchored) {
    EXPECT_TRUE(compiled("AFU").matches("AFAFUAF"));
    EXPECT_FALSE(compiled("^AFU").matches("AFAFU"));
    EXPECT_TRUE(compiled("^(AF)+U+$").matches("AFAFUU"));
}

TEST(LifecyclePattern, TellsUpperAndLowerCaseApart) {
    EXPECT_FALSE(compiled("Aa").matches("AA"));
    EXPECT_TRUE(compiled("(?i)Aa").matches("AA"));
}

TEST(LifecyclePattern, PlainLettersAreNoExpression) {
    EXPECT_TRUE(LifecyclePattern("FU").matches("AFUA"));
    EXPECT_FALSE(LifecyclePattern("A.U").matches("AFU"));
}

TEST(LifecyclePattern, SaysWhichPartIsWrong) {
    const auto result = LifecyclePattern::compile("A[z-a]");
    const auto* error = std::get_if<PatternError>(&result);
    ASSERT_NE(error, nullptr);
    EXPECT_EQ(error->offset, 2U);
    EXPECT_EQ(error->length, 3U);
    EXPECT_FALSE(error->message.empty());
}

TEST(LifecyclePattern, ExpressionsThatBlowUpElsewhereStayLinear) {
    EXPECT_FALSE(compiled("(A+)+U$").matches(std::string(100000, 'A')));
}

}  // namespace
}  // namespace alloclens::query
