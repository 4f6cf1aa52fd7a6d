// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/base/narrow_column.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

TEST(Column, HoldsWhatAVectorHolds) {
    Column<std::uint32_t> column;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        column.push_back(i * 7);
        expected.push_back(i * 7);
    }
    std::copy_n(expected.begin(), 1'000, column.extend(1'000));
    expected.insert(expected.end(), expected.begin(), expected.begin() + 1'000);
    EXPECT_THAT(column, ElementsAreArray(expected));
    column.shrink();
    EXPECT_THAT(column, ElementsAreArray(expected));
}

TEST(Column, GrowsWithTheValueThatIsAskedFor) {
    Column<int> column(2, 5);
    column.resize(4, 8);
    column.resize(3);
    EXPECT_THAT(column, ElementsAre(5, 5, 8));
    column.clear();
    column.shrink();
    EXPECT_EQ(column.size(), 0U);
    column.push_back(1);
    EXPECT_THAT(column, ElementsAre(1));
}

TEST(Column, ACopyIsItsOwnAndAMovedOneIsEmpty) {
    Column<int> first(3, 1);
    Column<int> second = first;
    second[0] = 9;
    EXPECT_THAT(first, ElementsAre(1, 1, 1));
    const Column<int> third = std::move(second);
    EXPECT_THAT(third, ElementsAre(9, 1, 1));
    first = third;
    EXPECT_THAT(first, ElementsAre(9, 1, 1));
}

TEST(Column, TheNextRowOfAValueIsFoundFromAnyRow) {
    const std::string text = "abcabc";
    Column<char> column;
    for (const char letter : text) column.push_back(letter);
    EXPECT_EQ(nextRowOf(column, 'b', 0), 1U);
    EXPECT_EQ(nextRowOf(column, 'b', 1), 1U);
    EXPECT_EQ(nextRowOf(column, 'b', 2), 4U);
    EXPECT_EQ(nextRowOf(column, 'b', 5), text.size());
    EXPECT_EQ(nextRowOf(column, 'x', 0), text.size());
    EXPECT_EQ(nextRowOf(column, 'b', text.size() + 1), text.size());
    EXPECT_EQ(nextRowOf(Column<char>(), 'b', 0), 0U);
}

TEST(NarrowColumn, BecomesAsWideAsItsLargestNumberNeeds) {
    const std::vector<std::uint32_t> numbers = {0, 255, 1, 256, 65'535, 2, 65'536, 0xFFFFFFFF, 3};
    NarrowColumn column;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        column.push_back(numbers[i]);
        ASSERT_EQ(column.size(), i + 1);
        for (std::size_t k = 0; k <= i; ++k) ASSERT_EQ(column[k], numbers[k]) << k << " after " << i;
    }
}

TEST(NarrowColumn, TakesManyNumbersAtOnce) {
    std::mt19937 random(3);
    for (const std::uint32_t largest : {200U, 60'000U, 4'000'000'000U}) {
        NarrowColumn column;
        column.push_back(7);
        std::vector<std::uint32_t> numbers(1'000);
        for (std::uint32_t& number : numbers)
            number = static_cast<std::uint32_t>(random() % (std::uint64_t{largest} + 1));
        column.append(numbers.size(), largest, [&numbers](std::size_t i) { return numbers[i]; });
        ASSERT_EQ(column.size(), 1'001U);
        EXPECT_EQ(column[0], 7U);
        for (std::size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(column[i + 1], numbers[i]);
    }
}

TEST(NarrowColumn, PreparedRowsAreSetInAnyOrder) {
    for (const std::uint32_t largest : {255U, 256U, 0x10000U}) {
        NarrowColumn column;
        column.prepare(3, largest);
        column.set(2, largest);
        column.set(0, 1);
        column.set(1, largest - 1);
        EXPECT_EQ(column[0], 1U);
        EXPECT_EQ(column[1], largest - 1);
        EXPECT_EQ(column[2], largest);
    }
}

}  // namespace
}  // namespace alloclens
