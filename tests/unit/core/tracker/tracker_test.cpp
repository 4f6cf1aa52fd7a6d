// SPDX-License-Identifier: GPL-3.0-or-later
//
// The server's rules, message by message (docs/formats/server-log.md, "Rules").
#include "core/tracker/tracker.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace alloclens {
namespace {

constexpr AddressKey kKey = {3, 0x18b20};
constexpr std::int32_t kFirst = 100;
constexpr std::int32_t kSecond = 200;

std::uint64_t bytesOf(const Tracker& tracker, std::int32_t device, Memory memory) {
    return tracker.totals().at(device).bytes[static_cast<std::size_t>(memory)];
}

TEST(Tracker, AFirstAllocationIsNamedBySenderAndWithoutCount) {
    Tracker tracker;
    const auto verdict = tracker.allocate(kKey, 2048, Memory::L1, kFirst);
    EXPECT_EQ(verdict.kind, EventKind::Allocation);
    EXPECT_EQ(verdict.pid, kFirst);
    EXPECT_EQ(verdict.size, 2048U);
    EXPECT_EQ(verdict.refCount, 0U);
    EXPECT_EQ(verdict.heldBefore, 0U);
    EXPECT_EQ(tracker.size(), 1U);
}

TEST(Tracker, AReallocationKeepsOwnerSizeAndMemory) {
    Tracker tracker;
    (void)tracker.allocate(kKey, 2048, Memory::L1, kFirst);
    const auto again = tracker.allocate(kKey, 4096, Memory::Dram, kSecond);
    EXPECT_EQ(again.pid, kSecond) << "the line names the sender";
    EXPECT_EQ(again.size, 4096U) << "and the new size";
    EXPECT_EQ(again.refCount, 2U);
    EXPECT_EQ(again.heldBefore, 2048U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::L1), 2048U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::Dram), 0U);

    const auto partial = tracker.release(kKey, kSecond);
    EXPECT_EQ(partial.kind, EventKind::PartialFree);
    EXPECT_EQ(partial.pid, kFirst) << "a free names the owner";
    EXPECT_EQ(partial.size, 2048U);
    EXPECT_EQ(partial.refCount, 1U);
    const auto last = tracker.release(kKey, kSecond);
    EXPECT_EQ(last.kind, EventKind::FinalFree);
    EXPECT_EQ(last.pid, kFirst);
    EXPECT_EQ(last.refCount, 0U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::L1), 0U);
    EXPECT_EQ(tracker.totals().at(3).entries, 0U);
    EXPECT_FALSE(tracker.isOwner(kFirst));
}

TEST(Tracker, AFreeOfWhatIsNotLiveIsRefusedAndNamesTheSender) {
    Tracker tracker;
    const auto refused = tracker.release(kKey, kSecond);
    EXPECT_EQ(refused.kind, EventKind::RefusedFree);
    EXPECT_EQ(refused.pid, kSecond);
    EXPECT_EQ(refused.size, kNoSize);
    EXPECT_TRUE(tracker.totals().empty());
    (void)tracker.allocate({4, kKey.address}, 1, Memory::L1, kFirst);
    EXPECT_EQ(tracker.release(kKey, kFirst).kind, EventKind::RefusedFree) << "the device is part of the key";
}

TEST(Tracker, TheEnhancedServerTakesTheNewSizeAndItsSumsDrift) {
    Tracker tracker({.countsReferences = true, .keepsLastSize = true});
    (void)tracker.allocate(kKey, 1000, Memory::Dram, kFirst);
    const auto again = tracker.allocate(kKey, 4000, Memory::Dram, kFirst);
    EXPECT_EQ(again.heldBefore, 1000U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::Dram), 1000U) << "not adjusted";
    EXPECT_EQ(tracker.release(kKey, kFirst).size, 4000U);
    EXPECT_EQ(tracker.release(kKey, kFirst).size, 4000U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::Dram), std::uint64_t{0} - 3000) << "runs below zero, as the server's";
}

TEST(Tracker, WithoutReferenceCountsANewAllocationReplacesTheEntry) {
    Tracker tracker({.countsReferences = false, .keepsLastSize = false});
    (void)tracker.allocate(kKey, 1000, Memory::Dram, kFirst);
    const auto again = tracker.allocate(kKey, 4000, Memory::L1, kSecond);
    EXPECT_EQ(again.refCount, 0U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::Dram), 0U);
    EXPECT_EQ(bytesOf(tracker, 3, Memory::L1), 4000U);
    EXPECT_FALSE(tracker.isOwner(kFirst));
    const auto freed = tracker.release(kKey, kFirst);
    EXPECT_EQ(freed.kind, EventKind::FinalFree);
    EXPECT_EQ(freed.pid, kSecond);
    EXPECT_EQ(tracker.release(kKey, kFirst).kind, EventKind::RefusedFree);
}

TEST(Tracker, ASweepDropsAllThatAProcessOwnsWhateverTheCount) {
    Tracker tracker;
    (void)tracker.allocate({0, 1}, 10, Memory::Dram, kFirst);
    (void)tracker.allocate({0, 2}, 20, Memory::L1, kSecond);
    (void)tracker.allocate({1, 3}, 30, Memory::L1, kFirst);
    (void)tracker.allocate({1, 3}, 99, Memory::L1, kSecond);  // a reference to what the first one owns
    EXPECT_TRUE(tracker.isOwner(kFirst));
    const auto removed = tracker.sweep(kFirst);
    EXPECT_EQ(removed.entries, 2U);
    EXPECT_EQ(removed.bytes, 40U);
    EXPECT_FALSE(tracker.isOwner(kFirst));
    EXPECT_EQ(tracker.size(), 1U);
    EXPECT_EQ(bytesOf(tracker, 1, Memory::L1), 0U);
    EXPECT_EQ(tracker.release({1, 3}, kSecond).kind, EventKind::RefusedFree) << "though it still held it";
    EXPECT_EQ(tracker.sweep(kFirst).entries, 0U);
    EXPECT_EQ(tracker.sweep(777).entries, 0U);
    EXPECT_EQ(tracker.sweep(kSecond).entries, 1U);
    EXPECT_EQ(tracker.size(), 0U);
}

TEST(Tracker, EntriesAreSortedByKey) {
    Tracker tracker;
    for (const std::uint64_t address : {9U, 3U, 7U, 1U}) (void)tracker.allocate({1, address}, 8, Memory::L1, kFirst);
    (void)tracker.allocate({0, 50}, 8, Memory::L1, kFirst);
    const auto entries = tracker.entries();
    ASSERT_EQ(entries.size(), 5U);
    EXPECT_EQ(entries[0].key, (AddressKey{0, 50}));
    EXPECT_EQ(entries[1].key, (AddressKey{1, 1}));
    EXPECT_EQ(entries[4].key, (AddressKey{1, 9}));
    EXPECT_EQ(entries[4].refCount, 1U);
    EXPECT_EQ(entries[4].owner, kFirst);
}

// A plain table beside it, which looks at every entry.
TEST(Tracker, LongRandomRunsAgreeWithAPlainTable) {
    for (const bool countsReferences : {true, false}) {
        struct Plain {
            std::uint64_t size;
            std::int32_t owner;
            std::uint32_t refCount;
        };
        Tracker tracker({.countsReferences = countsReferences, .keepsLastSize = false});
        std::map<AddressKey, Plain> plain;
        std::mt19937 random(5);
        for (int i = 0; i < 200'000; ++i) {
            const AddressKey key{static_cast<std::int32_t>(random() % 3), random() % 200};
            const auto pid = static_cast<std::int32_t>(1 + random() % 6);
            const std::uint64_t what = random() % 1000;
            if (what < 500) {
                const std::uint64_t size = 1 + random() % 1000;
                (void)tracker.allocate(key, size, Memory::L1, pid);
                const auto [at, isNew] = plain.try_emplace(key, Plain{size, pid, 0});
                if (!countsReferences) at->second = {size, pid, 0};
                ++at->second.refCount;
            } else if (what < 998) {
                const auto verdict = tracker.release(key, pid);
                const auto at = plain.find(key);
                ASSERT_EQ(verdict.kind == EventKind::RefusedFree, at == plain.end());
                if (at == plain.end()) continue;
                ASSERT_EQ(verdict.pid, at->second.owner);
                ASSERT_EQ(verdict.refCount, at->second.refCount - 1);
                if (--at->second.refCount == 0) plain.erase(at);
            } else {
                const std::size_t before = plain.size();
                std::erase_if(plain, [pid](const auto& entry) { return entry.second.owner == pid; });
                ASSERT_EQ(tracker.sweep(pid).entries, before - plain.size());
            }
            ASSERT_EQ(tracker.size(), plain.size());
        }
        for (const Tracker::Entry& entry : tracker.entries()) {
            ASSERT_EQ(plain.at(entry.key).owner, entry.owner);
            ASSERT_EQ(plain.at(entry.key).size, entry.size);
        }
    }
}

}  // namespace
}  // namespace alloclens
