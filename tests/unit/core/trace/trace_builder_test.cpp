// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

TracePart::Event allocation(std::int32_t device, std::uint64_t address, std::int32_t pid, std::uint32_t line) {
    TracePart::Event event;
    event.key = {device, address};
    event.pid = pid;
    event.size = 8;
    event.memory = Memory::L1;
    event.line = line;
    return event;
}

Trace finished(TraceBuilder& builder) { return builder.finish("test", "path", {}, 0); }

TEST(TraceBuilder, PartsFollowEachOtherAndTheirLinesCountOn) {
    TraceBuilder builder;
    TracePart first;
    first.add(allocation(0, 16, 7, 2));
    first.lines = 3;
    TracePart second;
    second.add(allocation(0, 16, 8, 1));
    second.add(allocation(0, 32, 7, 2));
    second.lines = 2;
    ASSERT_TRUE(builder.append(std::move(first)));
    ASSERT_TRUE(builder.append(std::move(second)));
    EXPECT_EQ(builder.lines(), 5U);
    const Trace trace = finished(builder);
    EXPECT_THAT(test::eventTexts(trace),
                ElementsAre("2: allocation 0:16 L1 pid 7 size 8", "4: allocation 0:16 L1 pid 8 size 8",
                            "5: allocation 0:32 L1 pid 7 size 8"));
    EXPECT_THAT(trace.processes, ElementsAre(7, 8)) << "in order of appearance, each once";
}

TEST(TraceBuilder, KeysAreSortedByDeviceThenAddress) {
    TraceBuilder builder;
    TracePart part;
    part.add(allocation(2, 16, 1, 1));
    part.add(allocation(0, 99, 1, 1));
    part.add(allocation(0, 7, 1, 1));
    part.add(allocation(-1, 50, 1, 1));
    ASSERT_TRUE(builder.append(std::move(part)));
    const Trace trace = finished(builder);
    EXPECT_THAT(trace.addresses,
                ElementsAre(AddressKey{-1, 50}, AddressKey{0, 7}, AddressKey{0, 99}, AddressKey{2, 16}));
    EXPECT_EQ(trace.findAddress({0, 99}), AddressId(2U));
    EXPECT_FALSE(trace.findAddress({0, 8}).isValid());
    EXPECT_FALSE(trace.findAddress({9, 7}).isValid());
}

TEST(TraceBuilder, LinesOfFactsAndMarksCountOnToo) {
    TraceBuilder builder;
    TracePart first;
    first.lines = 10;
    first.marks.push_back({0, 0});
    TracePart second;
    second.lines = 1;
    second.marks.push_back({0, 500});
    PrintedFact fact;
    fact.line = 1;
    second.facts.push_back(fact);
    ASSERT_TRUE(builder.append(std::move(first)));
    ASSERT_TRUE(builder.append(std::move(second)));
    ASSERT_EQ(builder.marks().size(), 2U);
    EXPECT_EQ(builder.marks()[1].line, 11U);
    EXPECT_EQ(builder.marks()[1].offset, 500U);
    EXPECT_EQ(finished(builder).facts[0].line, 11U);
}

TEST(TraceBuilder, MoreLinesThanCanBeNumberedAreAnError) {
    TraceBuilder builder;
    TracePart first;
    first.lines = 0xFFFFFFF0;
    ASSERT_TRUE(builder.append(std::move(first)));
    TracePart second;
    second.lines = 0x0F;
    const auto done = builder.append(std::move(second));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, ErrorKind::Input);
    EXPECT_FALSE(done.error().advice.empty());
}

TEST(KeyInterner, GivesEachKeyOneNumberInOrderOfAppearance) {
    KeyInterner interner;
    std::mt19937_64 random(1);
    std::vector<AddressKey> keys;
    for (int i = 0; i < 20'000; ++i) {
        keys.push_back({static_cast<std::int32_t>(i % 8), (random() % 5'000) * 4'096});
    }
    std::map<AddressKey, AddressId> known;
    for (const AddressKey& key : keys) {
        const AddressId id = interner.intern(key);
        const auto [entry, isNew] = known.try_emplace(key, id);
        ASSERT_EQ(entry->second, id);
        ASSERT_TRUE(!isNew || id.index() == known.size() - 1);
        ASSERT_EQ(interner.keys()[id.index()], key);
    }
    EXPECT_EQ(interner.keys().size(), known.size());
}

TEST(EventWords, NamesAndKindsAreTheInverseOfEachOther) {
    for (int i = 0; i < kEventKindCount; ++i) {
        const auto kind = static_cast<EventKind>(i);
        EXPECT_EQ(eventKindFromName(eventKindName(kind)), kind);
    }
    for (int i = 0; i < kMemoryCount; ++i) {
        const auto memory = static_cast<Memory>(i);
        EXPECT_EQ(memoryFromName(memoryName(memory)), memory);
    }
    EXPECT_EQ(memoryFromName("HBM"), std::nullopt);
    EXPECT_EQ(eventKindFromName(""), std::nullopt);
}

}  // namespace
}  // namespace alloclens
