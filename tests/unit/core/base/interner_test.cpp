// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/interner.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/trace/trace_builder.h"

namespace alloclens {
namespace {

std::vector<AddressKey> someKeys() {
    std::mt19937_64 random(1);
    std::vector<AddressKey> keys;
    for (int i = 0; i < 20'000; ++i) {
        keys.push_back({static_cast<std::int32_t>(i % 8), (random() % 5'000) * 4'096});
    }
    return keys;
}

TEST(Interner, GivesEachValueOneNumberInOrderOfAppearance) {
    KeyInterner interner;
    std::map<AddressKey, std::uint32_t> known;
    for (const AddressKey& key : someKeys()) {
        const std::uint32_t number = interner.intern(key);
        const auto [entry, isNew] = known.try_emplace(key, number);
        ASSERT_EQ(entry->second, number);
        ASSERT_TRUE(!isNew || number == known.size() - 1);
        ASSERT_EQ(interner.values()[number], key);
    }
    EXPECT_EQ(interner.values().size(), known.size());
}

TEST(Interner, ABatchGivesTheNumbersThatSingleValuesGet) {
    const std::vector<AddressKey> keys = someKeys();
    KeyInterner single;
    KeyInterner batch;
    std::size_t calls = 0;
    batch.internAll(keys, [&](std::size_t i, std::uint32_t number) {
        ASSERT_EQ(i, calls++);
        ASSERT_EQ(number, single.intern(keys[i]));
    });
    EXPECT_EQ(calls, keys.size());
    EXPECT_EQ(batch.values(), single.values());
}

TEST(Interner, StartsAnewAfterClearingAndReleasing) {
    SizeInterner interner;
    EXPECT_EQ(interner.intern(4'096), 0U);
    EXPECT_EQ(interner.intern(512), 1U);
    interner.clear();
    EXPECT_TRUE(interner.values().empty());
    EXPECT_EQ(interner.intern(512), 0U);
    EXPECT_EQ(interner.release(), std::vector<std::uint64_t>{512});
    EXPECT_EQ(interner.intern(7), 0U);
}

}  // namespace
}  // namespace alloclens
