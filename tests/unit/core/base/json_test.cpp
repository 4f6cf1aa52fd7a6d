// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON from outside never nests deeper than a stack holds, wherever it is read.
#include "core/base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/ledger/claims.h"
#include "core/triage/triage.h"
#include "importers/native/block.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonDepth, CountsBracketsButNotThoseInStrings) {
    EXPECT_FALSE(isNestedTooDeep(nested(kMaxJsonDepth)));
    EXPECT_TRUE(isNestedTooDeep(nested(kMaxJsonDepth + 1)));
    EXPECT_FALSE(isNestedTooDeep('"' + std::string(1000, '[') + '"'));
    EXPECT_FALSE(isNestedTooDeep("\"\\\"" + std::string(1000, '{') + "\""));
    EXPECT_TRUE(isNestedTooDeep(R"({"a\\":)" + nested(1000) + "}")) << "the string has ended";
    EXPECT_FALSE(isNestedTooDeep("[" + std::string(1000, ' ') + "[],[],{}" + std::string(1000, ' ') + "]"));
}

TEST(JsonDepth, IsLimitedInEveryFileThatIsRead) {
    const std::string deep = nested(100'000);
    EXPECT_TRUE(parseJson<nlohmann::json>(deep).is_discarded());
    const auto baseline = Baseline::parse(R"({"findings":)" + deep + "}", "b.json");
    ASSERT_FALSE(baseline);
    EXPECT_THAT(baseline.error().what, HasSubstr("deeper than 64 levels"));
    const auto suppressions = parseSuppressions(R"({"schema":)" + deep + "}", "s.json");
    ASSERT_FALSE(suppressions);
    EXPECT_THAT(suppressions.error().what, HasSubstr("deeper than 64 levels"));
    const auto claims = parseClaims(R"({"totals":)" + deep + "}");
    ASSERT_FALSE(claims);
    EXPECT_THAT(claims.error().what, HasSubstr("deeper than 64 levels"));
}

TEST(JsonDepth, ADeepDescriptionOfATraceMakesNoSense) {
    native::Description description;
    EXPECT_FALSE(native::readDescription(R"({"format":"recorder","details":)" + nested(100'000) + "}", description));
    EXPECT_TRUE(native::readDescription(R"({"format":"recorder","details":)" + nested(60) + "}", description));
    description.json = nested(100'000);
    EXPECT_THAT(native::descriptionText(description), HasSubstr("recorder"));
}

}  // namespace
}  // namespace alloclens
