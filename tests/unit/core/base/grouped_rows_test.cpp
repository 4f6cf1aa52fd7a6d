// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/grouped_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/generator/random.h"

namespace alloclens {
namespace {

std::vector<std::uint32_t> rowsOf(const GroupedRows& grouped, std::size_t group) {
    const auto rows = grouped.of(group);
    return {rows.begin(), rows.end()};
}

TEST(GroupedRows, KeepTheirOrderWithinAGroup) {
    generator::Random random(7);
    constexpr std::size_t kGroups = 9;
    std::vector<std::size_t> groups(1000);
    for (std::size_t& group : groups) group = random.below(kGroups - 1);  // the last group stays empty
    const GroupedRows grouped(groups.size(), kGroups, [&](std::size_t row) { return groups[row]; });
    ASSERT_EQ(grouped.groups(), kGroups);
    for (std::size_t group = 0; group < kGroups; ++group) {
        std::vector<std::uint32_t> wanted;
        for (std::uint32_t row = 0; row < groups.size(); ++row) {
            if (groups[row] == group) wanted.push_back(row);
        }
        EXPECT_EQ(rowsOf(grouped, group), wanted) << "group " << group;
    }
}

TEST(GroupedRows, OfNothingAreEmpty) {
    const GroupedRows grouped(0, 3, [](std::size_t) { return std::size_t{0}; });
    for (std::size_t group = 0; group < 3; ++group) EXPECT_TRUE(grouped.of(group).empty());
}

TEST(GroupedRows, CanBePutInAnotherOrder) {
    GroupedRows grouped(6, 2, [](std::size_t row) { return row % 2; });
    const auto odd = grouped.of(1);
    std::reverse(odd.begin(), odd.end());
    EXPECT_EQ(rowsOf(grouped, 0), (std::vector<std::uint32_t>{0, 2, 4}));
    EXPECT_EQ(rowsOf(grouped, 1), (std::vector<std::uint32_t>{5, 3, 1}));
}

}  // namespace
}  // namespace alloclens
