// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts, stacks and the columns of what only some sources tell of events.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/trace/attribute_text.h"
#include "core/trace/trace_builder.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The stack of these functions, the innermost first.
StackId stackOf(AttributeTables& tables, const std::vector<std::string>& functions) {
    StackId stack;
    for (auto name = functions.rbegin(); name != functions.rend(); ++name) {
        Frame frame;
        frame.function = tables.strings.intern(*name);
        stack = tables.stacks.push(stack, tables.stacks.intern(frame));
    }
    return stack;
}

TracePart::Event eventAt(std::uint64_t address, std::uint32_t line) {
    TracePart::Event event;
    event.key = {0, address};
    event.pid = 7;
    event.size = 8;
    event.line = line;
    return event;
}

TEST(StringTable, GivesATextOneNumberAndAnEmptyOneNone) {
    StringTable strings;
    const StringId first = strings.intern("weights");
    EXPECT_EQ(strings.intern("weights"), first);
    EXPECT_NE(strings.intern("weight"), first);
    EXPECT_FALSE(strings.intern("").isValid());
    EXPECT_EQ(strings.text(first), "weights");
    EXPECT_EQ(strings.text({}), "");
    EXPECT_EQ(strings.size(), 2U);
}

TEST(StringTable, KeepsItsNumbersWhileItGrows) {
    StringTable strings;
    std::set<std::uint32_t> numbers;
    for (int i = 0; i < 10'000; ++i) numbers.insert(strings.intern(fmt::format("name {}", i)).value);
    EXPECT_EQ(numbers.size(), 10'000U);
    for (int i = 0; i < 10'000; i += 997)
        EXPECT_EQ(strings.text(strings.intern(fmt::format("name {}", i))), fmt::format("name {}", i));
    EXPECT_EQ(strings.size(), 10'000U);
}

TEST(StringTable, CutsATextOfAnyLength) {
    StringTable strings;
    EXPECT_EQ(strings.text(strings.intern(std::string(1 << 20, 'x'))).size(), StringTable::kMostBytes);
}

TEST(StringTable, BytesThatAreNoTextAreATextLikeAnyOther) {
    StringTable strings;
    const std::string bytes("\xff\0\x1b", 3);
    EXPECT_EQ(strings.text(strings.intern(bytes)), bytes);
}

TEST(StackTable, StacksShareTheCallsThatTheyBeginWith) {
    AttributeTables tables;
    const StackId first = stackOf(tables, {"allocate", "forward", "main"});
    const StackId second = stackOf(tables, {"free", "forward", "main"});
    EXPECT_EQ(stackOf(tables, {"allocate", "forward", "main"}), first);
    EXPECT_NE(first, second);
    EXPECT_EQ(tables.stacks.node(first).parent, tables.stacks.node(second).parent);
    EXPECT_EQ(tables.stacks.nodes(), 4U);
    EXPECT_EQ(tables.stacks.depthOf(first), 3U);
    EXPECT_EQ(tables.stacks.depthOf({}), 0U);
}

TEST(StackTable, AStackTakesNoMoreThanItsLimit) {
    AttributeTables tables;
    const StackId stack = stackOf(tables, std::vector<std::string>(StackTable::kMostFrames + 50, "f"));
    EXPECT_EQ(tables.stacks.framesOf(stack).size(), StackTable::kMostFrames);
}

TEST(AttributeTranslator, BringsAStackToOtherTables) {
    AttributeTables from;
    AttributeTables to;
    (void)stackOf(from, {"of no event"});
    (void)to.strings.intern("already there");
    Attributes attributes;
    attributes[Attribute::Name] = from.strings.intern("weights").value;
    attributes[Attribute::Stack] = stackOf(from, {"allocate", "forward"}).value;
    AttributeTranslator translated(from, to);
    const Attributes there = translated(attributes);
    EXPECT_EQ(translated(attributes), there);
    EXPECT_EQ(to.strings.text(StringId(there[Attribute::Name])), "weights");
    std::vector<std::string> calls;
    for (const FrameId frame : to.stacks.framesOf(StackId(there[Attribute::Stack])))
        calls.push_back(frameText(to, frame));
    EXPECT_THAT(calls, ElementsAre("allocate", "forward"));
    EXPECT_EQ(to.stacks.frames(), 2U) << "no more than is named";
    EXPECT_EQ(translated({}), Attributes{});
}

TEST(TraceBuilder, EventsKeepTheirAttributesWhateverPartTheyComeIn) {
    TraceBuilder builder;
    TracePart part;
    part.add(eventAt(16, 1));
    part.lines = 1;
    ASSERT_TRUE(builder.append(std::move(part)));
    part.clear();
    for (std::uint32_t line = 1; line <= 3; ++line) {
        TracePart::Event event = eventAt(16 * line, line);
        if (line != 2) event.attributes[Attribute::Name] = part.attributeTables().strings.intern("n").value;
        part.add(event);
    }
    part.lines = 3;
    ASSERT_TRUE(builder.append(std::move(part)));
    part.clear();
    part.add(eventAt(64, 1));
    part.lines = 1;
    ASSERT_TRUE(builder.append(std::move(part)));
    TraceBuilder::LateEvent late{2, eventAt(80, 2)};
    builder.insert({&late, 1});
    const Trace trace = builder.finish("test", "path", FileHandle(), 0);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < trace.events.count(); ++i)
        names.push_back(attributeText(trace, Attribute::Name, EventId(i)));
    EXPECT_THAT(names, ElementsAre("", "n", "", "", "n", ""));
    EXPECT_TRUE(trace.events.attributes.has(Attribute::Name));
    EXPECT_FALSE(trace.events.attributes.has(Attribute::Stack));
    EXPECT_THAT(attributeLines(trace, Attribute::Stack, EventId(1U)), IsEmpty());
}

TEST(TraceBuilder, EventsWithoutAttributesTakeNoRoomForThem) {
    TraceBuilder builder;
    TracePart part;
    part.add(eventAt(16, 1));
    part.lines = 1;
    ASSERT_TRUE(builder.append(std::move(part)));
    const Trace trace = builder.finish("test", "path", FileHandle(), 0);
    EXPECT_FALSE(trace.events.attributes.hasAny());
    EXPECT_EQ(trace.events.attributes.column(Attribute::Name).size(), 0U);
    EXPECT_TRUE(trace.attributeTables.isEmpty());
}

TEST(FrameText, SaysWhatIsKnownOfACall) {
    AttributeTables tables;
    const auto text = [&tables](std::string_view function, std::string_view file, std::uint32_t line,
                                std::string_view module, std::uint64_t offset) {
        Frame frame{tables.strings.intern(function), tables.strings.intern(file), tables.strings.intern(module), line,
                    offset};
        return frameText(tables, tables.stacks.intern(frame));
    };
    EXPECT_EQ(text("forward", "model.py", 31, "", Frame::kNoOffset), "forward at model.py:31");
    EXPECT_EQ(text("", "model.py", 31, "", Frame::kNoOffset), "model.py:31");
    EXPECT_EQ(text("allocate", "", 0, "/opt/lib/libtt_metal.so", 0x12), "allocate+0x12 in libtt_metal.so");
    EXPECT_EQ(text("", "", 0, "/opt/lib/libtt_metal.so", 0x1234), "libtt_metal.so+0x1234");
    EXPECT_EQ(text("a\x1b[31m", "", 0, "", Frame::kNoOffset), "a\\x1b[31m") << "a terminal obeys nothing of it";
}

}  // namespace
}  // namespace alloclens
