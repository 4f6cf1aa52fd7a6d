// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/query/filter_parser.h"

#include <gtest/gtest.h>

#include <limits>

#include "core/query/filter.h"

namespace alloclens {
namespace {

using query::Field;
using query::Term;

constexpr std::uint64_t kHighest = std::numeric_limits<std::uint64_t>::max();

std::vector<Term> termsOf(std::string_view text) {
    FilterError error;
    const auto filter = Filter::parse(text, error);
    EXPECT_TRUE(filter) << text << ": " << error.message;
    return filter ? filter->terms() : std::vector<Term>{};
}

FilterError errorOf(std::string_view text) {
    FilterError error;
    EXPECT_FALSE(Filter::parse(text, error)) << text;
    EXPECT_FALSE(error.expected.empty()) << text;
    EXPECT_GE(error.length, 1U) << text;
    EXPECT_LE(error.column, text.size()) << text;
    return error;
}

void expectError(std::string_view text, std::size_t column, std::size_t length, std::string_view message,
                 std::string_view suggestion = {}) {
    const FilterError error = errorOf(text);
    EXPECT_EQ(error.column, column) << text;
    EXPECT_EQ(error.length, length) << text;
    EXPECT_EQ(error.message, message) << text;
    EXPECT_EQ(error.suggestion, suggestion) << text;
}

query::Range<std::uint64_t> numberOf(std::string_view text) {
    const auto terms = termsOf(text);
    const auto* values = terms.size() == 1 ? std::get_if<query::NumberValues>(&terms[0].values) : nullptr;
    if (values == nullptr || values->ranges.size() != 1) {
        ADD_FAILURE() << text << " is no single range";
        return {1, 0};
    }
    return values->ranges[0];
}

void expectRange(std::string_view text, std::uint64_t first, std::uint64_t last) {
    const auto range = numberOf(text);
    EXPECT_EQ(range.first, first) << text;
    EXPECT_EQ(range.last, last) << text;
}

std::vector<std::string> needlesOf(std::string_view text) {
    const auto terms = termsOf(text);
    const auto* values = terms.size() == 1 ? std::get_if<query::TextValues>(&terms[0].values) : nullptr;
    return values == nullptr ? std::vector<std::string>{"(no text term)"} : values->needles;
}

TEST(FilterParser, BlankTextIsTheEmptyFilter) {
    EXPECT_TRUE(termsOf("").empty());
    EXPECT_TRUE(termsOf(" \t ").empty());
    EXPECT_TRUE(Filter().isEmpty());
}

TEST(FilterParser, KeepsItsTextAndThePlacesOfItsTerms) {
    FilterError error;
    const auto filter = Filter::parse("  device:4  -kind:leak ", error);
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->text(), "  device:4  -kind:leak ");
    ASSERT_EQ(filter->terms().size(), 2U);
    EXPECT_EQ(filter->terms()[0].column, 2U);
    EXPECT_EQ(filter->terms()[0].length, 8U);
    EXPECT_FALSE(filter->terms()[0].isNegated);
    EXPECT_EQ(filter->terms()[1].column, 12U);
    EXPECT_EQ(filter->terms()[1].length, 10U);
    EXPECT_TRUE(filter->terms()[1].isNegated);
}

TEST(FilterParser, ReadsEveryFieldInEitherCase) {
    const auto terms = termsOf(
        "device:4 address:0x10 MEMORY:l1 pid:1 sender:1 size:1 Kind:Leak CAUSE:Stale-Owner line:1 Time:1s lifecycle:AFU text:a "
        "name:w Stack:main");
    ASSERT_EQ(terms.size(), static_cast<std::size_t>(query::kFieldCount));
    for (std::size_t i = 0; i < terms.size(); ++i) EXPECT_EQ(terms[i].field, static_cast<Field>(i));
}

TEST(FilterParser, ReadsNumbersRangesAndComparisons) {
    expectRange("line:14", 14, 14);
    expectRange("line:14_000..16_000", 14000, 16000);
    expectRange("line:14..", 14, kHighest);
    expectRange("line:..14", 0, 14);
    expectRange("line:>14", 15, kHighest);
    expectRange("line:>=14", 14, kHighest);
    expectRange("line:<14", 0, 13);
    expectRange("line:<=14", 0, 14);
    expectRange("line:=14", 14, 14);
    expectRange("line:\"14,896\"", 14896, 14896);
    expectRange("address:0x1000..0x1FFF", 0x1000, 0x1fff);
    expectRange("address:0x1000..", 0x1000, kHighest);
    expectRange("address:4096", 4096, 4096);
}

TEST(FilterParser, ReadsSizesWithUnits) {
    expectRange("size:512B", 512, 512);
    expectRange("size:4KB", 4096, 4096);
    expectRange("size:4kib", 4096, 4096);
    expectRange("size:>=1.5MiB", 3 * 512 * 1024, kHighest);
    expectRange("size:1MB..2GiB", 1 << 20, 2147483648U);
    expectRange("size:\"1 MiB\"", 1 << 20, 1 << 20);
}

TEST(FilterParser, AComparisonThatNothingMeetsHasNoRange) {
    const auto terms = termsOf("size:<0");
    ASSERT_EQ(terms.size(), 1U);
    EXPECT_TRUE(std::get<query::NumberValues>(terms[0].values).ranges.empty());
}

TEST(FilterParser, ReadsCausesAndSuggestsThem) {
    const auto terms = termsOf("cause:stale-owner,undetermined");
    ASSERT_EQ(terms.size(), 1U);
    const auto& causes = std::get<query::CauseValues>(terms[0].values);
    EXPECT_TRUE(causes.contains(Cause::StaleOwner));
    EXPECT_TRUE(causes.contains(Cause::Undetermined));
    EXPECT_FALSE(causes.contains(Cause::TeardownPool));
    for (int i = 0; i < kCauseCount; ++i) {
        const auto cause = static_cast<Cause>(i);
        const auto named = termsOf("cause:" + std::string(causeName(cause)));
        ASSERT_EQ(named.size(), 1U);
        EXPECT_EQ(std::get<query::CauseValues>(named[0].values).bits, 1U << i) << causeName(cause);
    }
    FilterError error;
    EXPECT_FALSE(Filter::parse("device:4 cause:staleowner", error));
    EXPECT_EQ(error.column, 15U);
    EXPECT_EQ(error.length, 10U);
    EXPECT_EQ(error.suggestion, "stale-owner");
    EXPECT_EQ(error.message, "'staleowner' is not a cause of a refused free");
}

TEST(FilterParser, CommasGiveAlternatives) {
    const auto terms = termsOf("device:0..3,7,none kind:leak,double-free,allocation");
    ASSERT_EQ(terms.size(), 2U);
    const auto& devices = std::get<query::IdValues>(terms[0].values);
    ASSERT_EQ(devices.ranges.size(), 2U);
    EXPECT_EQ(devices.ranges[0].last, 3);
    EXPECT_EQ(devices.ranges[1].first, 7);
    EXPECT_TRUE(devices.matchesNone);
    const auto& kinds = std::get<query::KindValues>(terms[1].values);
    EXPECT_EQ(kinds.findings, kindBit(static_cast<std::uint8_t>(FindingKind::Leak))
                                  | kindBit(static_cast<std::uint8_t>(FindingKind::DoubleFree)));
    EXPECT_TRUE(kinds.contains(EventKind::Allocation));
    EXPECT_FALSE(kinds.contains(EventKind::FinalFree));
}

TEST(FilterParser, AcceptsEveryKindAndMemoryByName) {
    for (const FindingKindInfo& kind : findingKinds()) EXPECT_EQ(termsOf("kind:" + std::string(kind.name)).size(), 1U);
    for (int i = 0; i < kEventKindCount; ++i) {
        EXPECT_EQ(termsOf("kind:" + std::string(eventKindName(static_cast<EventKind>(i)))).size(), 1U);
    }
    for (int i = 0; i < kMemoryCount; ++i) {
        const auto memory = static_cast<Memory>(i);
        const auto terms = termsOf("memory:" + std::string(memoryName(memory)));
        ASSERT_EQ(terms.size(), 1U);
        EXPECT_EQ(std::get<query::MemoryValues>(terms[0].values).bits, 1U << i);
    }
}

TEST(FilterParser, NegativeDevicesAreRangesToo) {
    const auto terms = termsOf("device:-1..2");
    ASSERT_EQ(terms.size(), 1U);
    EXPECT_EQ(std::get<query::IdValues>(terms[0].values).ranges[0].first, -1);
}

TEST(FilterParser, AWordWithoutAFieldIsAnAddressIfItIsHexadecimalOrLong) {
    expectRange("0x18b20", 0x18b20, 0x18b20);
    expectRange("695055872", 695055872, 695055872);
    expectRange("695055872..695055999", 695055872, 695055999);
    expectRange("0x18b20..", 0x18b20, kHighest);
    expectRange("..0x18b20", 0, 0x18b20);
    expectRange("..695055872", 0, 695055872);
    EXPECT_EQ(needlesOf("..9"), std::vector<std::string>{"..9"});
    EXPECT_EQ(needlesOf(".."), std::vector<std::string>{".."});
    EXPECT_EQ(needlesOf("14896"), std::vector<std::string>{"14896"});
    EXPECT_EQ(needlesOf("\"695055872\""), std::vector<std::string>{"695055872"});
    EXPECT_EQ(needlesOf("0xyz"), std::vector<std::string>{"0xyz"});
    EXPECT_EQ(needlesOf("final"), std::vector<std::string>{"final"});
}

TEST(FilterParser, QuotesHoldSpacesCommasAndEscapes) {
    EXPECT_EQ(needlesOf("\"a, b\""), std::vector<std::string>{"a, b"});
    EXPECT_EQ(needlesOf(R"(text:"say \"x\" \\ \n")"), std::vector<std::string>{R"(say "x" \ \n)"});
    EXPECT_EQ(needlesOf("text:One,\"Two Three\",four"), (std::vector<std::string>{"one", "two three", "four"}));
    EXPECT_EQ(needlesOf("text:/a/"), std::vector<std::string>{"/a/"});
    EXPECT_EQ(needlesOf("-\"gone\""), std::vector<std::string>{"gone"});
}

TEST(FilterParser, SlashesHoldSpacesAndCommas) {
    const auto terms = termsOf(R"(lifecycle:/A{2,3} ?F/,AFU,/\/|U/ device:1)");
    ASSERT_EQ(terms.size(), 2U);
    EXPECT_EQ(std::get<query::LifecycleValues>(terms[0].values).patterns.size(), 3U);
}

TEST(FilterParser, UnknownFieldPointsAtItsColumn) {
    expectError("device:4 devce:5", 9, 5, "'devce' is not a field", "device");
    expectError("-addr:0x10", 1, 4, "'addr' is not a field", "address");
    expectError("colour:red", 0, 6, "'colour' is not a field");
    expectError(":4", 0, 1, "there is no field before ':'");
}

TEST(FilterParser, UnknownNamesSuggestTheClosest) {
    expectError("memory:purple", 7, 6, "'purple' is not a memory");
    expectError("memory:DRAM,L1_SMAL", 12, 7, "'L1_SMAL' is not a memory", "L1_SMALL");
    expectError("memory:l1small", 7, 7, "'l1small' is not a memory", "L1_SMALL");
    expectError("kind:double_free", 5, 11, "'double_free' is not a kind of finding or event", "double-free");
    expectError("kind:double", 5, 6, "'double' is not a kind of finding or event", "double-free");
    expectError("kind:leaks", 5, 5, "'leaks' is not a kind of finding or event", "leak");
    expectError("kind:xyzzy", 5, 5, "'xyzzy' is not a kind of finding or event");
    EXPECT_EQ(errorOf("memory:purple").expected, "DRAM, L1, L1_SMALL, SYSTEM_MEMORY, TRACE or unknown");
}

TEST(FilterParser, EmptyValuesPointWhereTheValueBelongs) {
    expectError("device:", 7, 1, "'device:' has no value");
    expectError("device: 4", 7, 1, "'device:' has no value");
    expectError("kind:leak,", 10, 1, "a value is missing or empty");
    expectError("kind:leak,,sweep", 10, 1, "a value is missing or empty");
    expectError("text:\"\"", 5, 2, "'text:' has no value");
    expectError("pid:1 - pid:2", 6, 1, "'-' negates nothing");
}

TEST(FilterParser, BadNumbersPointAtTheBadPart) {
    expectError("device:four", 7, 4, "'four' is not a number");
    expectError("device:0..x", 10, 1, "'x' is not a number");
    expectError("line:1,2q", 7, 2, "'2q' is not a number");
    expectError("address:0xfoo..1", 8, 5, "'0xfoo' is not a number");
    expectError("size:>5QB", 6, 3, "'5QB' is not a size");
    expectError("size:>", 5, 1, "'>' has no number");
    expectError("line:-4", 5, 2, "'-4' is not a number");
    expectError("line:\"14,x\"", 6, 4, "'14,x' is not a number");
    expectError("pid:99999999999999999999", 4, 20, "'99999999999999999999' is not a number");
    expectError("line:..", 5, 2, "the range has no ends");
}

TEST(FilterParser, AReversedRangeSuggestsTheOtherOrder) {
    expectError("line:16000..14000", 5, 12, "the range '16000..14000' ends before it begins", "14000..16000");
    expectError("device:3..0", 7, 4, "the range '3..0' ends before it begins", "0..3");
    expectError("0x20..0x10", 0, 10, "the range '0x20..0x10' ends before it begins", "0x10..0x20");
}

TEST(FilterParser, UnclosedQuotesAndSlashesPointAtTheirStart) {
    expectError("pid:1 text:\"no end", 11, 7, "the quote is not closed");
    expectError("lifecycle:/AFU", 10, 4, "the expression is not closed");
    expectError("text:\"a\"b", 8, 1, "text follows the closing quote");
    expectError("lifecycle:/A/i", 13, 1, "text follows the closing slash");
}

TEST(FilterParser, ABadExpressionShowsTheMessageOfRe2) {
    const FilterError unclosed = errorOf("lifecycle:/A(F/");
    EXPECT_EQ(unclosed.message.find("'A(F' is not a regular expression: "), 0U);
    EXPECT_EQ(unclosed.column, 11U);
    EXPECT_EQ(unclosed.length, 3U);
    const FilterError repeated = errorOf("lifecycle:/AF++*/");
    EXPECT_EQ(repeated.column, 13U) << repeated.message;
    EXPECT_NE(repeated.message.find("repetition"), std::string::npos);
}

TEST(FilterParser, LettersOutsideALifecycleAreRefused) {
    expectError("lifecycle:AFX", 12, 1, "'X' is not a letter of a lifecycle");
}

TEST(FilterParser, TheCommandLineFormUnderlinesTheError) {
    const auto result = Filter::parse("device:4 memory:L3");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Usage);
    EXPECT_EQ(
        result.error().sentence(),
        "filter, column 17: 'L3' is not a memory. Did you mean L1? Expected: DRAM, L1, L1_SMALL, SYSTEM_MEMORY, TRACE "
        "or unknown.\n"
        "    device:4 memory:L3\n"
        "                    ^~");
}

TEST(FilterParser, TheCaretCountsCharactersNotBytes) {
    const auto result = Filter::parse("text:\u00e4\u00f6 device:x");
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().advice.find("\n    text:\u00e4\u00f6 device:x\n                   ^"), std::string::npos)
        << result.error().advice;
}

TEST(FilterParser, ACopyOutlivesItsOriginal) {
    Filter copy;
    {
        auto parsed = Filter::parse("lifecycle:/AFU/ text:a");
        ASSERT_TRUE(parsed);
        copy = *parsed;
    }
    ASSERT_EQ(copy.terms().size(), 2U);
    EXPECT_TRUE(std::get<query::LifecycleValues>(copy.terms()[0].values).patterns[0].matches("AFU"));
}

}  // namespace
}  // namespace alloclens
