// SPDX-License-Identifier: GPL-3.0-or-later
//
// The whole events of a draft, by number and line, and what stands close to a place.
#include "importers/server_log/drafted_events.h"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/support/draft.h"

namespace alloclens::server_log {
namespace {

using test::DraftOfEvents;

TEST(DraftedEvents, AreGivenBackAsTheyWereRead) {
    DraftOfEvents draft;
    draft.add(2, 7, 3).addSweep(7);
    const DraftedEvents events(draft.builder);
    ASSERT_EQ(events.count(), 3U);
    const auto event = events.at(1);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, EventKind::Allocation);
    EXPECT_EQ(event->key, (AddressKey{3, 128}));
    EXPECT_EQ(event->pid, 7);
    EXPECT_EQ(event->size, 512U);
    EXPECT_EQ(event->line, 2U);
    EXPECT_FALSE(events.at(2)) << "a sweep has no address";
}

TEST(DraftedEvents, AreFoundByTheirLine) {
    DraftOfEvents draft;
    draft.add(20, 7, 3);
    const DraftedEvents events(draft.builder);
    EXPECT_EQ(events.firstFrom(0), 0U);
    EXPECT_EQ(events.firstFrom(5), 4U);
    EXPECT_EQ(events.firstFrom(21), 20U) << "behind the last";
    EXPECT_EQ(events.near(10), (std::pair<std::size_t, std::size_t>{6, 13})) << "lines 7 to 13";
    EXPECT_EQ(events.near(1), (std::pair<std::size_t, std::size_t>{0, 4})) << "lines 1 to 4";
    EXPECT_EQ(events.near(20), (std::pair<std::size_t, std::size_t>{16, 20}));
    EXPECT_EQ(events.near(100), (std::pair<std::size_t, std::size_t>{20, 20}));
    DraftOfEvents empty;
    EXPECT_EQ(DraftedEvents(empty.builder).near(1), (std::pair<std::size_t, std::size_t>{0, 0}));
}

TEST(DraftedEvents, ASiblingDoesTheSameOnAnotherDevice) {
    DraftOfEvents draft;
    draft.add(20, 7, 3);
    const DraftedEvents events(draft.builder);
    TracePart::Event event = *events.at(10);
    EXPECT_FALSE(events.hasSibling(event, 10)) << "itself is none";
    event.key.device = 4;
    EXPECT_TRUE(events.hasSibling(event, 10));
    EXPECT_TRUE(events.hasSibling(event, 7) && events.hasSibling(event, 14)) << "close to it";
    EXPECT_FALSE(events.hasSibling(event, 6) || events.hasSibling(event, 15)) << "too far";
    EXPECT_FALSE(events.hasSibling(event, 0) || events.hasSibling(event, 20));
    event.size = 513;
    EXPECT_FALSE(events.hasSibling(event, 10));
}

TEST(DraftedEvents, AReplacedOneIsGivenBackWithItsLine) {
    DraftOfEvents draft;
    draft.add(3, 7, 3);
    DraftedEvents events(draft.builder);
    TracePart::Event other = *events.at(1);
    other.key.device = 5;
    other.size = 64;
    other.line = 99;
    events.replace(1, other);
    const auto event = events.at(1);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->key.device, 5);
    EXPECT_EQ(event->size, 64U);
    EXPECT_EQ(event->line, 2U);
}

}  // namespace
}  // namespace alloclens::server_log
