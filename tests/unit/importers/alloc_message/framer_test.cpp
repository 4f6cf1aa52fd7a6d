// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/alloc_message/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/support/message_stream.h"

namespace alloclens::alloc_message {
namespace {

using test::allocation;
using test::packed;
using test::query;
using test::release;
using ::testing::ElementsAre;

std::vector<Record> fetch(Framer& framer) {
    std::vector<Record> records;
    for (Record record; framer.next(record);) records.push_back(record);
    return records;
}

std::vector<Record> recordsOf(const std::string& bytes, Framer& framer) {
    framer.feed(bytes.data(), bytes.size());
    std::vector<Record> records = fetch(framer);
    framer.finish();
    for (const Record& record : fetch(framer)) records.push_back(record);
    return records;
}

std::vector<std::uint64_t> offsets(const std::vector<Record>& records) {
    std::vector<std::uint64_t> all;
    for (const Record& record : records) all.push_back(record.offset);
    return all;
}

std::string several(std::size_t count, std::size_t size) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += packed(allocation(0, 4096 * (i + 1), 512), size);
    return bytes;
}

class EverySize : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Framer, EverySize, ::testing::ValuesIn(kRecordSizes));

TEST_P(EverySize, IsToldByContent) {
    Framer framer;
    const auto records = recordsOf(several(20, GetParam()), framer);
    ASSERT_EQ(records.size(), 20U);
    EXPECT_EQ(framer.recordSize(), GetParam());
    EXPECT_EQ(framer.skippedBytes(), 0U);
    EXPECT_EQ(records[7].message.bufferId, 4096U * 8);
    EXPECT_EQ(records[7].offset, 7 * GetParam());
    EXPECT_EQ(records[7].size, GetParam());
}

TEST_P(EverySize, OneMessageOfAWaitingClientIsTakenWhenItSettles) {
    Framer framer;
    const std::string bytes = packed(query(), GetParam());
    framer.feed(bytes.data(), bytes.size());
    EXPECT_TRUE(fetch(framer).empty()) << "more may come";
    framer.settle();
    const auto records = fetch(framer);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].size, GetParam());
    EXPECT_EQ(framer.recordSize(), GetParam());
}

TEST_P(EverySize, MessagesOneByOneComeOneByOne) {
    Framer framer;
    test::RandomMessages messages(7);
    for (int i = 0; i < 200; ++i) {
        const std::string bytes = messages.next(GetParam());
        framer.feed(bytes.data(), bytes.size());
        framer.settle();
        const auto records = fetch(framer);
        ASSERT_EQ(records.size(), 1U) << "message " << i;
        EXPECT_EQ(records[0].size, GetParam());
        EXPECT_EQ(std::string(framer.recordBytes(), GetParam()), bytes);
    }
    EXPECT_EQ(framer.skippedBytes(), 0U);
}

TEST_P(EverySize, ARecordMayComeInTwoParts) {
    for (std::size_t cut = 1; cut < GetParam(); cut += 7) {
        Framer framer;
        const std::string bytes = several(6, GetParam());
        const std::size_t place = 4 * GetParam() + cut;
        framer.feed(bytes.data(), place);
        framer.settle();
        std::size_t count = fetch(framer).size();
        framer.feed(bytes.data() + place, bytes.size() - place);
        framer.settle();
        count += fetch(framer).size();
        EXPECT_EQ(count, 6U) << "cut at " << cut;
        EXPECT_EQ(framer.skippedBytes(), 0U);
    }
}

TEST_P(EverySize, ACutLastRecordIsSkipped) {
    Framer framer;
    std::string bytes = several(10, GetParam());
    bytes.resize(bytes.size() - 5);
    std::size_t count = recordsOf(bytes, framer).size();
    const auto skips = framer.takeSkips();
    ASSERT_EQ(skips.size(), 1U);
    EXPECT_EQ(skips[0].offset, 9 * GetParam());
    EXPECT_EQ(skips[0].bytes, GetParam() - 5);
    EXPECT_EQ(count, 9U);
}

TEST_P(EverySize, MayBeGivenInsteadOfTold) {
    Framer framer(GetParam());
    const std::string bytes = packed(release(0, 4096), GetParam());
    framer.feed(bytes.data(), bytes.size());
    EXPECT_EQ(fetch(framer).size(), 1U) << "no doubt that would have to be settled";
}

TEST(Framer, ADecisionThatLaterBytesContradictIsCorrected) {
    Framer framer;
    const std::string bytes = packed(query(), 144);
    framer.feed(bytes.data(), 72);
    framer.settle();
    ASSERT_EQ(fetch(framer).size(), 1U);
    EXPECT_EQ(framer.recordSize(), 72U);
    const std::string rest = bytes.substr(72) + several(3, 144);
    framer.feed(rest.data(), rest.size());
    framer.settle();
    EXPECT_THAT(offsets(fetch(framer)), ElementsAre(144, 288, 432));
    EXPECT_EQ(framer.recordSize(), 144U);
    EXPECT_EQ(framer.skippedBytes(), 0U);
}

TEST(Framer, CapturesOfSeveralSizesBehindEachOtherAreFollowed) {
    for (const std::size_t first : kRecordSizes) {
        for (const std::size_t second : kRecordSizes) {
            Framer framer;
            const std::string bytes = several(50, first) + several(50, second);
            const auto records = recordsOf(bytes, framer);
            EXPECT_EQ(records.size(), 100U) << first << " then " << second;
            EXPECT_EQ(framer.recordSize(), second) << "behind " << first;
            EXPECT_EQ(framer.skippedBytes(), 0U) << first << " then " << second;
        }
    }
}

TEST(Framer, GarbageBetweenRecordsIsSkippedAndNamed) {
    Framer framer;
    const std::string bytes = several(10, 112) + std::string(50, '\xa5') + several(10, 112) + "hello";
    EXPECT_EQ(recordsOf(bytes, framer).size(), 20U);
    const auto skips = framer.takeSkips();
    ASSERT_EQ(skips.size(), 2U);
    EXPECT_EQ(skips[0].offset, 1120U);
    EXPECT_EQ(skips[0].bytes, 50U);
    EXPECT_EQ(skips[1].offset, 2290U);
    EXPECT_EQ(skips[1].bytes, 5U);
    EXPECT_EQ(framer.skippedBytes(), 55U);
    EXPECT_TRUE(framer.takeSkips().empty());
}

TEST(Framer, MessagesOfInsaneValuesAreMessages) {
    const auto tooLarge = std::uint64_t{1} << 50;
    const std::vector<test::SentMessage> wild = {
        allocation(1'000'000'000, 4096, 0),    allocation(-1, 4096, 512, 0),
        allocation(0, 4096, tooLarge),         allocation(0, 4096, 512, 7, 200),
        allocation(0, ~std::uint64_t{0}, 512), release(-1, 4096),
        release(1'000'000'000, 4096),          release(0, 4096, 0),
        allocation(0, 4096, 512, -5),          release(0, ~std::uint64_t{0}),
    };
    for (const std::size_t size : kRecordSizes) {
        std::string bytes = several(5, size);
        for (const test::SentMessage& message : wild) bytes += packed(message, size);
        bytes += several(5, size);
        Framer framer;
        EXPECT_EQ(recordsOf(bytes, framer).size(), 10 + wild.size());
        EXPECT_EQ(framer.skippedBytes(), 0U);
    }
}

TEST(Framer, NonsenseInPlaceOfARecordIsAMessageAndElsewhereGarbage) {
    // Several fields speak against each of these; as a circular buffer without a time, wherever it were.
    const std::vector<test::SentMessage> nonsense = {
        {8, -1, 4096, 0, 1, 4096, 0},
        {10, 256, 4096, 0, 1, 4096, 0},
        allocation(-1, 4096, ~std::uint64_t{0}, 1234, 1, 0),
        allocation(1'000'000'000, 4096, 0, 0, 1, 0),
    };
    for (const std::size_t size : kRecordSizes) {
        std::string inStream = several(5, size);
        std::string alone = several(5, size) + std::string(33, '\xa5');
        for (const test::SentMessage& message : nonsense) {
            inStream += packed(message, size) + several(1, size);
            alone += packed(message, size) + std::string(33, '\xa5');
        }
        Framer whole;
        const auto records = recordsOf(inStream + several(5, size), whole);
        ASSERT_EQ(records.size(), 10 + 2 * nonsense.size()) << size;
        EXPECT_EQ(records[5].message.device, -1);
        EXPECT_EQ(whole.skippedBytes(), 0U);
        Framer broken;
        EXPECT_EQ(recordsOf(alone + several(5, size), broken).size(), 10U) << size;
    }
}

TEST(Framer, NonsenseIsTakenAsSoonAsAClientWaits) {
    for (const std::size_t size : kRecordSizes) {
        Framer framer;
        const std::string first = several(1, size);
        const std::string nonsense = packed({8, -1, 4096, 0, 1, 4096, 0}, size);
        for (const std::string& bytes : {first, nonsense, nonsense, first}) {
            framer.feed(bytes.data(), bytes.size());
            framer.settle();
            EXPECT_EQ(fetch(framer).size(), 1U) << size;
        }
        EXPECT_EQ(framer.skippedBytes(), 0U);
    }
}

TEST(Framer, TimesMayBeMissingOrCountFromAnything) {
    for (const std::uint64_t time : {std::uint64_t{0}, std::uint64_t{12'345}, std::uint64_t{1'772'142'970'191'000}}) {
        std::string bytes;
        for (int i = 0; i < 20; ++i) bytes += packed(allocation(0, 4096, 64, 5, 0, time), 128);
        Framer framer;
        EXPECT_EQ(recordsOf(bytes, framer).size(), 20U);
        EXPECT_EQ(framer.skippedBytes(), 0U);
    }
}

TEST(Framer, BytesThatAreNoMessagesGiveNone) {
    Framer zeros;
    EXPECT_TRUE(recordsOf(std::string(100'000, '\0'), zeros).empty());
    EXPECT_EQ(zeros.skippedBytes(), 100'000U);
    std::string text;
    while (text.size() < 100'000) text += "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n";
    Framer words;
    EXPECT_TRUE(recordsOf(text, words).empty());
    EXPECT_EQ(words.takeSkips().size(), 1U) << "neighbours are merged";
    std::mt19937 random(1);
    std::string noise(1'000'000, '\0');
    for (char& byte : noise) byte = static_cast<char>(random());
    Framer any;
    EXPECT_TRUE(recordsOf(noise, any).empty());
}

TEST(Framer, SkipsAreBounded) {
    std::string bytes;
    for (std::size_t i = 0; i < Framer::kMostSkips + 100; ++i) bytes += several(1, 72) + std::string(9, '\xee');
    Framer framer;
    EXPECT_EQ(recordsOf(bytes, framer).size(), Framer::kMostSkips + 100);
    const auto skips = framer.takeSkips();
    EXPECT_EQ(skips.size(), Framer::kMostSkips);
    EXPECT_EQ(skips.back().offset + skips.back().bytes, bytes.size());
    EXPECT_EQ(framer.skippedBytes(), 9 * (Framer::kMostSkips + 100));
}

}  // namespace
}  // namespace alloclens::alloc_message
