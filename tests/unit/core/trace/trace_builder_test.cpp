// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

Trace finished(TraceBuilder& builder) { return builder.finish("test", "path", FileHandle(), 0); }

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

TEST(TraceBuilder, LinesOfFactsCountOnToo) {
    TraceBuilder builder;
    TracePart first;
    first.lines = 10;
    TracePart second;
    second.lines = 1;
    PrintedFact fact;
    fact.line = 1;
    second.facts.push_back(fact);
    ASSERT_TRUE(builder.append(std::move(first)));
    ASSERT_TRUE(builder.append(std::move(second)));
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

TEST(TraceBuilder, AServersStartBeforeAnythingWasRecordedIsNoRestart) {
    TracePart::Event start;
    start.kind = EventKind::Restart;
    start.hasKey = false;
    start.line = 1;
    TraceBuilder builder;
    TracePart part;
    part.add(start);
    ASSERT_TRUE(builder.append(std::move(part)));
    part.clear();
    part.add(start);
    part.add(allocation(0, 16, 7, 2));
    part.add(start);
    ASSERT_TRUE(builder.append(std::move(part)));
    EXPECT_THAT(test::eventTexts(finished(builder)),
                ElementsAre("2: allocation 0:16 L1 pid 7 size 8", "1: restart pid none size none"));
}

TEST(TraceBuilder, ACopyIsFinishedWhileTheOriginalGoesOn) {
    TraceBuilder builder;
    TracePart part;
    part.add(allocation(1, 64, 7, 1));
    part.lines = 1;
    ASSERT_TRUE(builder.append(std::move(part)));
    TraceBuilder beginning = builder.copy();
    part.clear();
    part.add(allocation(0, 32, 8, 1));
    part.lines = 1;
    ASSERT_TRUE(builder.append(std::move(part)));
    const Trace soFar = finished(beginning);
    const Trace whole = finished(builder);
    EXPECT_THAT(test::eventTexts(soFar), ElementsAre("1: allocation 1:64 L1 pid 7 size 8"));
    EXPECT_THAT(test::eventTexts(whole),
                ElementsAre("1: allocation 1:64 L1 pid 7 size 8", "2: allocation 0:32 L1 pid 8 size 8"));
}

TracePart::Event at(std::int64_t time, std::int32_t sender, std::uint32_t line) {
    TracePart::Event event = allocation(0, 16 * line, 7, line);
    event.time = time;
    event.sender = sender;
    return event;
}

TracePart partOf(std::initializer_list<TracePart::Event> events) {
    TracePart part;
    for (const TracePart::Event& event : events) part.add(event);
    part.lines = static_cast<std::uint32_t>(events.size());
    return part;
}

std::vector<std::int64_t> timesOf(const Trace& trace) { return {trace.events.time.begin(), trace.events.time.end()}; }

std::vector<std::int32_t> sendersOf(const Trace& trace) {
    std::vector<std::int32_t> pids;
    for (std::size_t i = 0; i < trace.events.sender.size(); ++i)
        pids.push_back(trace.pid(trace.events.senderOf(EventId(i))));
    return pids;
}

TEST(TraceBuilder, WithoutTimeAndSenderTheirColumnsAreEmpty) {
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(partOf({at(kNoTime, kNoPid, 1), at(kNoTime, kNoPid, 2)})));
    const Trace trace = finished(builder);
    EXPECT_FALSE(trace.events.hasTime());
    EXPECT_FALSE(trace.events.hasSender());
    EXPECT_EQ(trace.events.timeOf(EventId(1U)), kNoTime);
    EXPECT_FALSE(trace.events.senderOf(EventId(1U)).isValid());
}

TEST(TraceBuilder, RowsBeforeAndBehindThoseWithTimeHaveNone) {
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(partOf({at(kNoTime, kNoPid, 1)})));
    ASSERT_TRUE(builder.append(partOf({at(kNoTime, kNoPid, 1), at(50, 9, 2), at(kNoTime, kNoPid, 3)})));
    ASSERT_TRUE(builder.append(partOf({at(kNoTime, kNoPid, 1)})));
    ASSERT_TRUE(builder.append(partOf({at(60, kNoPid, 1), at(kNoTime, 8, 2)})));
    const Trace trace = finished(builder);
    EXPECT_THAT(timesOf(trace), ElementsAre(kNoTime, kNoTime, 50, kNoTime, kNoTime, 60, kNoTime));
    EXPECT_THAT(sendersOf(trace), ElementsAre(kNoPid, kNoPid, 9, kNoPid, kNoPid, kNoPid, 8));
    EXPECT_THAT(trace.processes, ElementsAre(7, 9, 8)) << "a sender that owns nothing is a process too";
}

TEST(TraceBuilder, TimeAndSenderComeWithoutEachOther) {
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(partOf({at(50, kNoPid, 1)})));
    ASSERT_TRUE(builder.append(partOf({at(0, kNoPid, 1)})));
    const Trace timed = finished(builder);
    EXPECT_THAT(timesOf(timed), ElementsAre(50, 0));
    EXPECT_FALSE(timed.events.hasSender());
    TraceBuilder other;
    ASSERT_TRUE(other.append(partOf({at(kNoTime, 7, 1)})));
    const Trace sent = finished(other);
    EXPECT_FALSE(sent.events.hasTime());
    EXPECT_THAT(sendersOf(sent), ElementsAre(7));
    EXPECT_THAT(sent.processes, ElementsAre(7));
}

TEST(TraceBuilder, ADroppedRestartTakesItsTimeAlong) {
    TracePart::Event start;
    start.kind = EventKind::Restart;
    start.hasKey = false;
    start.time = 5;
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(partOf({start, start, at(50, 9, 3), at(kNoTime, kNoPid, 4)})));
    const Trace trace = finished(builder);
    EXPECT_THAT(timesOf(trace), ElementsAre(50, kNoTime));
    EXPECT_THAT(sendersOf(trace), ElementsAre(9, kNoPid));
}

TEST(TraceBuilder, ACopyKeepsTimeAndSenderAsTheyWere) {
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(partOf({at(50, 9, 1)})));
    TraceBuilder beginning = builder.copy();
    ASSERT_TRUE(builder.append(partOf({at(60, 8, 1)})));
    const Trace soFar = finished(beginning);
    const Trace whole = finished(builder);
    EXPECT_THAT(timesOf(soFar), ElementsAre(50));
    EXPECT_THAT(sendersOf(soFar), ElementsAre(9));
    EXPECT_THAT(timesOf(whole), ElementsAre(50, 60));
    EXPECT_THAT(sendersOf(whole), ElementsAre(9, 8));
}

TEST(TraceBuilder, AClearedPartRemembersNoTimeAndNoSender) {
    TracePart part = partOf({at(50, 9, 1), at(51, 9, 2)});
    part.clear();
    part.add(at(kNoTime, kNoPid, 1));
    TraceBuilder builder;
    ASSERT_TRUE(builder.append(std::move(part)));
    const Trace trace = finished(builder);
    EXPECT_FALSE(trace.events.hasTime());
    EXPECT_FALSE(trace.events.hasSender());
    EXPECT_THAT(trace.processes, ElementsAre(7));
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
