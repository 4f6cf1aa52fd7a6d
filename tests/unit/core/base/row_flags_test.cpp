// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/row_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "tests/support/flags_of.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

std::vector<std::size_t> rowsOf(const RowFlags& flags) {
    std::vector<std::size_t> rows;
    flags.forEach(0, flags.words(), [&rows](std::size_t row) { rows.push_back(row); });
    return rows;
}

TEST(RowFlags, AreAllAlikeAtFirstAndHaveNoneBehindTheLastRow) {
    for (const std::size_t rows : {0U, 1U, 63U, 64U, 65U, 200U}) {
        const RowFlags none(rows);
        const RowFlags all(rows, true);
        EXPECT_EQ(none.size(), rows);
        EXPECT_EQ(none.count(), 0U);
        EXPECT_EQ(all.count(), rows) << rows;
        EXPECT_EQ(rowsOf(all).size(), rows);
        for (std::size_t row = 0; row < rows; ++row) EXPECT_TRUE(all[row] && !none[row]) << row;
    }
    EXPECT_TRUE(RowFlags().empty());
}

TEST(RowFlags, HoldWhatAByteEachWouldHold) {
    std::mt19937 random(8);
    std::vector<std::uint8_t> plain(300, 0);
    RowFlags flags(plain.size());
    for (int i = 0; i < 40; ++i) {
        const std::size_t begin = random() % plain.size();
        const std::size_t end = begin + random() % (std::min<std::size_t>(plain.size() - begin, 140) + 1);
        flags.set(begin, end);
        std::fill(plain.begin() + static_cast<std::ptrdiff_t>(begin), plain.begin() + static_cast<std::ptrdiff_t>(end),
                  std::uint8_t{1});
        const std::size_t i1 = random() % flags.words();
        const RowFlags::Word kept = ~(RowFlags::Word{0xFF} << (random() % 56));
        flags.keep(i1, kept);
        for (std::size_t k = 0; k < RowFlags::kRowsOfWord && i1 * 64 + k < plain.size(); ++k) {
            if ((kept >> k & 1U) == 0) plain[i1 * 64 + k] = 0;
        }
        ASSERT_EQ(flags, test::flagsOf(plain)) << i;
        ASSERT_EQ(flags.any(begin, end), std::count(plain.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    plain.begin() + static_cast<std::ptrdiff_t>(end), 1)
                                             > 0);
        ASSERT_EQ(flags.count(), static_cast<std::uint64_t>(std::count(plain.begin(), plain.end(), 1)));
    }
}

TEST(RowFlags, RowsThatAreSetComeInOrder) {
    RowFlags flags(130);
    for (const std::size_t row : {129U, 0U, 64U, 63U}) flags.set(row);
    EXPECT_THAT(rowsOf(flags), ElementsAre(0, 63, 64, 129));
    std::vector<std::size_t> some;
    flags.forEach(1, 2, [&some](std::size_t row) { some.push_back(row); });
    EXPECT_THAT(some, ElementsAre(64)) << "those of one word";
}

TEST(RowFlags, WordsAreAddedAndKept) {
    RowFlags flags(70);
    flags.add(0, 0b1011);
    flags.add(1, 0b100000);
    EXPECT_THAT(rowsOf(flags), ElementsAre(0, 1, 3, 69));
    flags.keep(0, ~RowFlags::Word{1});
    EXPECT_THAT(rowsOf(flags), ElementsAre(1, 3, 69));
    EXPECT_TRUE(flags.any(2, 4));
    EXPECT_FALSE(flags.any(4, 69));
    EXPECT_FALSE(flags.any(3, 3)) << "none of none";
}

TEST(RowFlags, ThreadsMaySetRowsOfOneWord) {
    RowFlags flags(64);
    {
        std::vector<std::jthread> threads;
        for (std::size_t thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&flags, thread] {
                for (std::size_t row = thread; row < 64; row += 4) flags.setShared(row);
            });
        }
    }
    EXPECT_EQ(flags, RowFlags(64, true));
}

}  // namespace
}  // namespace alloclens
