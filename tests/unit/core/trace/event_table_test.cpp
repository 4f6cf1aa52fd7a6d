// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/event_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace alloclens {
namespace {

using ::testing::ElementsAre;

void add(EventTable& events, std::uint32_t line) {
    events.kind.push_back(EventKind::FinalFree);
    events.memory.push_back(Memory::L1);
    events.address.push_back(AddressId(line));
    events.process.codes().push_back(ProcessColumn::code(ProcessId(line)));
    events.size.numbers().push_back(0);
    events.refCount.push_back(line);
    events.line.push_back(line);
}

std::vector<std::uint32_t> linesOf(const EventTable& events) { return {events.line.begin(), events.line.end()}; }

EventTable::AddedRow sweep(std::size_t before, ProcessId process, std::uint32_t line) {
    EventTable::AddedRow row;
    row.before = before;
    row.process = process;
    row.line = line;
    return row;
}

TEST(EventTable, SweepsAreInsertedBeforeBetweenAndBehindTheEvents) {
    EventTable events;
    for (const std::uint32_t line : {10U, 20U, 30U}) add(events, line);
    const std::vector<EventTable::AddedRow> sweeps = {sweep(0, ProcessId(1U), 1), sweep(2, ProcessId(2U), 21),
                                                      sweep(2, ProcessId(3U), 22), sweep(3, ProcessId{}, 31)};
    events.insertRows(sweeps);
    ASSERT_EQ(events.count(), 7U);
    EXPECT_THAT(linesOf(events), ElementsAre(1, 10, 20, 21, 22, 30, 31));
    EXPECT_THAT(std::vector<EventKind>(events.kind.begin(), events.kind.end()),
                ElementsAre(EventKind::Sweep, EventKind::FinalFree, EventKind::FinalFree, EventKind::Sweep,
                            EventKind::Sweep, EventKind::FinalFree, EventKind::Sweep));
    EXPECT_EQ(events.process[3], ProcessId(2U));
    EXPECT_EQ(events.process[5], ProcessId(30U));
    EXPECT_FALSE(events.process[6].isValid());
    EXPECT_FALSE(events.address[4].isValid());
    EXPECT_EQ(events.address[5], AddressId(30U));
    EXPECT_EQ(events.size[0], kNoSize);
    EXPECT_EQ(events.refCount[5], 30U);
}

TEST(EventTable, InsertedSweepsHaveNeitherTimeNorSender) {
    EventTable events;
    for (const std::uint32_t line : {10U, 20U}) {
        add(events, line);
        events.time.push_back(line * 100);
        events.sender.codes().push_back(ProcessColumn::code(ProcessId(line)));
    }
    const std::vector<EventTable::AddedRow> sweeps = {sweep(0, ProcessId(1U), 1), sweep(2, ProcessId(2U), 21)};
    events.insertRows(sweeps);
    EXPECT_THAT(std::vector<std::int64_t>(events.time.begin(), events.time.end()),
                ElementsAre(kNoTime, 1'000, 2'000, kNoTime));
    EXPECT_EQ(events.senderOf(EventId(1U)), ProcessId(10U));
    EXPECT_EQ(events.senderOf(EventId(2U)), ProcessId(20U));
    EXPECT_FALSE(events.senderOf(EventId(0U)).isValid());
    EXPECT_FALSE(events.senderOf(EventId(3U)).isValid());
    EXPECT_EQ(events.sender.size(), 4U);
}

TEST(EventTable, SweepsBringNoColumnThatTheSourceLacks) {
    EventTable events;
    add(events, 10);
    const std::vector<EventTable::AddedRow> sweeps = {sweep(0, ProcessId(1U), 1)};
    events.insertRows(sweeps);
    EXPECT_EQ(events.count(), 2U);
    EXPECT_FALSE(events.hasTime());
    EXPECT_FALSE(events.hasSender());
}

TEST(EventTable, EveryColumnIsAsLongAsTheOthers) {
    EventTable events;
    add(events, 1);
    events.reserve(1'000);
    add(events, 2);
    events.shrink();
    EXPECT_EQ(events.count(), 2U);
    EXPECT_EQ(events.memory.size(), 2U);
    EXPECT_EQ(events.address.size(), 2U);
    EXPECT_EQ(events.process.size(), 2U);
    EXPECT_EQ(events.size.size(), 2U);
    EXPECT_EQ(events.refCount.size(), 2U);
    EXPECT_THAT(linesOf(events), ElementsAre(1, 2));
}

}  // namespace
}  // namespace alloclens
