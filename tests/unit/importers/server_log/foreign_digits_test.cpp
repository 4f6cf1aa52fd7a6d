// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which events a line may have been whose numbers have another writer's digits at an end.
#include "importers/server_log/foreign_digits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace alloclens::server_log {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Numbers of one digit, from which nothing can be cut.
TracePart::Event shortest() {
    TracePart::Event event;
    event.key = {4, 8};
    event.size = 2;
    event.pid = 7;
    event.refCount = 3;
    return event;
}

std::vector<TracePart::Event> cutsOf(const TracePart::Event& event, bool isHexadecimal = false) {
    std::vector<TracePart::Event> cuts;
    forEachCut(event, isHexadecimal, [&cuts](const TracePart::Event& cut) { cuts.push_back(cut); });
    return cuts;
}

std::vector<std::uint64_t> sizesOf(std::uint64_t size) {
    TracePart::Event event = shortest();
    event.size = size;
    std::vector<std::uint64_t> sizes;
    for (const TracePart::Event& cut : cutsOf(event)) sizes.push_back(cut.size);
    return sizes;
}

std::vector<std::uint64_t> addressesOf(std::uint64_t address, bool isHexadecimal) {
    TracePart::Event event = shortest();
    event.key.address = address;
    std::vector<std::uint64_t> addresses;
    for (const TracePart::Event& cut : cutsOf(event, isHexadecimal)) addresses.push_back(cut.key.address);
    return addresses;
}

TEST(ForeignDigits, FromASingleDigitNothingIsCut) {
    EXPECT_THAT(cutsOf(shortest()), IsEmpty());
    EXPECT_THAT(cutsOf(shortest(), true), IsEmpty());
}

TEST(ForeignDigits, EachCutKeepsTheBeginOrTheEnd) { EXPECT_THAT(sizesOf(512), UnorderedElementsAre(5, 51, 12, 2)); }

TEST(ForeignDigits, NoNumberBeginsWithAZero) {
    EXPECT_THAT(sizesOf(1005), UnorderedElementsAre(1, 10, 100, 5));
    EXPECT_THAT(sizesOf(10), UnorderedElementsAre(1, 0)) << "but 0 is one";
}

TEST(ForeignDigits, EveryNumberIsCutAndTheOthersStay) {
    TracePart::Event event = shortest();
    event.key = {41, 82};
    event.size = 23;
    event.pid = 74;
    event.refCount = 35;
    event.line = 9;
    const auto cuts = cutsOf(event);
    EXPECT_THAT(cuts, SizeIs(10));
    for (const TracePart::Event& cut : cuts) {
        const int changed = (cut.key.address != event.key.address) + (cut.key.device != event.key.device)
                            + (cut.size != event.size) + (cut.pid != event.pid) + (cut.refCount != event.refCount);
        EXPECT_EQ(changed, 1);
        EXPECT_EQ(cut.kind, event.kind);
        EXPECT_EQ(cut.memory, event.memory);
        EXPECT_EQ(cut.line, event.line);
    }
}

TEST(ForeignDigits, WhatIsNotPrintedIsNotCut) {
    TracePart::Event event = shortest();
    event.key.device = kNoDevice;
    event.size = kNoSize;
    event.pid = kNoPid;
    event.refCount = 0;
    EXPECT_THAT(cutsOf(event), IsEmpty());
}

TEST(ForeignDigits, OtherWritersPrintDecimalDigits) {
    EXPECT_THAT(addressesOf(0x4a2, true), UnorderedElementsAre(0x4a, 0xa2)) << "a2 and 4a are not another's";
    EXPECT_THAT(addressesOf(0xabc, true), IsEmpty());
    EXPECT_THAT(addressesOf(0x12, true), UnorderedElementsAre(0x1, 0x2));
    EXPECT_THAT(addressesOf(0x12, false), UnorderedElementsAre(1, 8)) << "printed as 18";
}

TEST(ForeignDigits, TheLargestNumbersAreCut) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const std::string digits = std::to_string(kMost);
    const auto addresses = addressesOf(kMost, false);
    EXPECT_THAT(addresses, SizeIs(36)) << "19 places, two ends, two of them before a 0";
    for (const std::uint64_t address : addresses) {
        const std::string kept = std::to_string(address);
        EXPECT_TRUE(digits.starts_with(kept) || digits.ends_with(kept)) << kept;
    }
    TracePart::Event event = shortest();
    event.pid = std::numeric_limits<std::int32_t>::max();
    EXPECT_THAT(cutsOf(event), SizeIs(18));
    EXPECT_THAT(sizesOf(kNoSize - 1), SizeIs(36));
}

TEST(ForeignDigits, TheEventItselfIsLeftAlone) {
    TracePart::Event event = shortest();
    event.size = 64;
    const auto cuts = cutsOf(event);
    EXPECT_EQ(event.size, 64U);
    ASSERT_THAT(cuts, SizeIs(2));
    EXPECT_THAT(std::vector({cuts[0].size, cuts[1].size}), ElementsAre(6, 4));
}

}  // namespace
}  // namespace alloclens::server_log
