// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/suppressions.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace alloclens {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr auto kDay = 2027y / std::chrono::March / 31d;

std::string fileWith(std::string_view rows) {
    return fmt::format(R"({{ "schema": "alloclens.suppressions/1", "suppressions": [ {} ] }})", rows);
}

std::string errorOf(std::string_view text) {
    const auto read = parseSuppressions(text, "quiet.json");
    return read ? "read" : read.error().sentence();
}

TEST(Suppressions, HaveASignatureAReasonAndADay) {
    const auto read = parseSuppressions(
        fileWith(R"({ "signature": "leak L1*", "reason": "the pool keeps them", "expires": "2027-03-31" })"), "q");
    ASSERT_TRUE(read) << read.error().sentence();
    ASSERT_EQ(read->size(), 1U);
    EXPECT_EQ((*read)[0].signature, "leak L1*");
    EXPECT_EQ((*read)[0].reason, "the pool keeps them");
    EXPECT_EQ((*read)[0].expires, kDay);
    EXPECT_EQ(dayText((*read)[0].expires), "2027-03-31");
}

TEST(Suppressions, HoldToTheEndOfTheirDay) {
    const Suppression suppression{"leak", "reason", kDay};
    EXPECT_FALSE(suppression.isExpired(2027y / std::chrono::March / 30d));
    EXPECT_FALSE(suppression.isExpired(kDay));
    EXPECT_TRUE(suppression.isExpired(2027y / std::chrono::April / 1d));
}

TEST(Suppressions, MatchWholeSignaturesWithWildcards) {
    const auto matches = [](const char* pattern, const char* signature) {
        return Suppression{pattern, "reason", kDay}.matches(signature);
    };
    EXPECT_TRUE(matches("leak L1 2,048 B", "leak L1 2,048 B"));
    EXPECT_FALSE(matches("leak L1", "leak L1 2,048 B"));
    EXPECT_TRUE(matches("leak L1*", "leak L1 2,048 B"));
    EXPECT_TRUE(matches("*teardown*", "double-free teardown-pool teardown"));
    EXPECT_TRUE(matches("leak L?", "leak L1"));
    EXPECT_FALSE(matches("leak L?", "leak L1_SMALL"));
    EXPECT_FALSE(matches("leak", "swept-leak"));
}

TEST(Suppressions, SayWhatIsWrongAndWhere) {
    constexpr auto kRow = R"({{ "signature": {}, "reason": {}, "expires": {} }})";
    const auto row = [&](std::string_view signature, std::string_view reason, std::string_view expires) {
        return errorOf(fileWith(fmt::format(kRow, signature, reason, expires)));
    };
    EXPECT_EQ(row("\"a\"", "\"b\"", "\"2027-01-31\""), "read");
    EXPECT_THAT(row("\"\"", "\"b\"", "\"2027-01-31\""), HasSubstr("quiet.json: suppressions[0] has no \"signature\""));
    EXPECT_THAT(row("7", "\"b\"", "\"2027-01-31\""), HasSubstr("suppressions[0] has no \"signature\""));
    EXPECT_THAT(row("\"a\"", "\"\"", "\"2027-01-31\""), HasSubstr("suppressions[0] has no \"reason\""));
    EXPECT_THAT(row("\"a\"", "\"b\"", "null"), HasSubstr("suppressions[0] has no day \"expires\""));
    for (const char* day : {"\"2027-02-29\"", "\"2027-13-01\"", "\"27-01-01\"", "\"2027-1-31 \"", "\"2027/01/31\"",
                            "\"never\"", "\"+027-01-31\""}) {
        EXPECT_THAT(row("\"a\"", "\"b\"", day), HasSubstr("is not a day such as 2027-03-31")) << day;
    }
    EXPECT_THAT(errorOf(fileWith(R"({ "signature": "a", "reason": "b", "expires": "2027-01-31", "untill": 1 })")),
                HasSubstr("has 'untill', which is not known"));
    EXPECT_THAT(errorOf(fileWith("7")), HasSubstr("suppressions[0] is not an object"));
    EXPECT_THAT(errorOf("{"), HasSubstr("is not valid JSON"));
    EXPECT_THAT(errorOf("[]"), HasSubstr("has no \"schema\": \"alloclens.suppressions/1\""));
    EXPECT_THAT(errorOf(R"({ "schema": "alloclens.suppressions/2", "suppressions": [] })"),
                HasSubstr("has no \"schema\""));
    EXPECT_THAT(errorOf(R"({ "schema": "alloclens.suppressions/1" })"), HasSubstr("has no list"));
}

}  // namespace
}  // namespace alloclens
