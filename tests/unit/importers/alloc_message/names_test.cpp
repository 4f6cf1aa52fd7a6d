// SPDX-License-Identifier: GPL-3.0-or-later
//
// Names and stacks of captures: from the record to the trace, and from there through native traces, which name them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/trace/attribute_text.h"
#include "importers/follower.h"
#include "tests/unit/importers/native/trace_copy.h"
#include "tests/unit/support/named_capture.h"
#include "tests/unit/support/native_file.h"

namespace alloclens {
namespace {

using native::BlockType;
using native::ColumnId;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> valuesOf(const Trace& trace, Attribute attribute) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < trace.events.count(); ++i)
        values.push_back(attributeText(trace, attribute, EventId(i)));
    return values;
}

/// All attributes of all events.
std::string attributesText(const Trace& trace) {
    std::string text;
    for (std::size_t i = 0; i < kAttributeCount; ++i) {
        for (const std::string& value : valuesOf(trace, attributeAt(i))) text += value + '\n';
    }
    return text;
}

std::string manyRecords(std::size_t count) {
    test::RandomMessages messages(5);
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += messages.next(648);
    return bytes;
}

TEST(Names, OfTheLargestRecordsAreKept) {
    const auto trace = test::readCapture(test::namedDoubleFree());
    EXPECT_THAT(valuesOf(*trace, Attribute::Name), ElementsAre("layer 1, weights", "bias", "", ""));
    EXPECT_THAT(valuesOf(*trace, Attribute::Stack),
                ElementsAre("allocate() at buffer.cpp:11; forward() at model.cpp:5", "allocate+0x12 in lib.so",
                            "release() at buffer.cpp:40; forward() at model.cpp:5", "finish at cleanup.py:9"));
}

TEST(Names, AFullFieldNeedsNoEnd) {
    const std::string name(64, 'n');
    const std::string stack(512, 's');
    const auto trace = test::readCapture(test::named(test::allocation(0, 64, 8), name, stack)
                                         + test::named(test::allocation(0, 128, 8), name, stack));
    EXPECT_THAT(valuesOf(*trace, Attribute::Name), ElementsAre(name, name));
    EXPECT_THAT(valuesOf(*trace, Attribute::Stack), ElementsAre(stack, stack));
}

TEST(Names, NoOtherRecordsHaveAny) {
    const auto trace = test::readCapture(test::packed(test::allocation(0, 64, 8), 144)
                                         + test::packed(test::allocation(0, 128, 8), 144));
    EXPECT_FALSE(trace->events.attributes.hasAny());
    const auto unnamed = test::readCapture(test::packed(test::allocation(0, 64, 8), 648)
                                           + test::packed(test::allocation(0, 128, 8), 648));
    EXPECT_FALSE(unnamed->events.attributes.hasAny());
}

TEST(Names, MessagesThatAreNoEventsGiveThemToNoOther) {
    test::SentMessage invalid = test::allocation(0, 96, 0);
    const auto trace = test::readCapture(test::named(test::allocation(0, 64, 8), "first", "")
                                         + test::named(invalid, "refused", "")
                                         + test::packed(test::release(0, 64), 648));
    EXPECT_THAT(valuesOf(*trace, Attribute::Name), ElementsAre("first", ""));
}

TEST(NativeNames, AreThereAgainWhereverBlocksEnd) {
    const auto trace = test::readCapture(manyRecords(400));
    for (const auto& limits : {native::StretchLimits{}, test::kSmallStretches}) {
        const auto copy = test::readNative(test::nativeBytes(*trace, limits));
        EXPECT_THAT(test::diagnosticTexts(*copy), IsEmpty());
        EXPECT_EQ(attributesText(*copy), attributesText(*trace));
        EXPECT_EQ(test::wholeText(*copy), test::wholeText(*trace));
        const auto again = test::readNative(test::nativeBytes(*copy, limits));
        EXPECT_EQ(attributesText(*again), attributesText(*trace));
    }
}

TEST(NativeNames, ABlockEndsWhereItHasManyOfThem) {
    const auto trace = test::readCapture(manyRecords(400));
    native::StretchLimits limits;
    limits.attributeBytes = 2'000;
    const std::string bytes = test::nativeBytes(*trace, limits);
    EXPECT_GT(test::takeApart(bytes).blocks.size(), 50U);
    EXPECT_EQ(attributesText(*test::readNative(bytes)), attributesText(*trace));
}

TEST(NativeNames, ATraceWithoutThemIsWrittenAsBefore) {
    const auto plain = test::readCapture(test::packed(test::allocation(0, 64, 8), 144)
                                         + test::packed(test::allocation(0, 128, 8), 144));
    const test::NativeFile file = test::takeApart(test::nativeBytes(*plain));
    EXPECT_EQ(file.header.minor, 0U);
    for (const test::NativeBlock& block : file.blocks) {
        if (!block.is(BlockType::Events)) continue;
        const auto columns = native::ColumnReader::open(block.payload);
        ASSERT_TRUE(columns);
        EXPECT_FALSE(columns->has(ColumnId::AttributeNames));
        EXPECT_FALSE(columns->has(ColumnId::StringLength));
    }
    const auto named = test::readCapture(test::namedDoubleFree());
    EXPECT_EQ(test::takeApart(test::nativeBytes(*named)).header.minor, 1U);
}

TEST(NativeNames, AttributesOfANewerProgramArePassedOver) {
    const auto trace = test::readCapture(test::namedDoubleFree());
    test::NativeFile file = test::takeApart(test::nativeBytes(*trace));
    for (test::NativeBlock& block : file.blocks) {
        if (const std::size_t at = block.payload.find("name\nstack\n"); at != std::string::npos)
            block.payload[at] = '?';
    }
    const auto read = test::readNative(test::putTogether(file));
    EXPECT_THAT(test::diagnosticTexts(*read), IsEmpty());
    EXPECT_FALSE(read->events.attributes.has(Attribute::Name));
    EXPECT_EQ(valuesOf(*read, Attribute::Stack), valuesOf(*trace, Attribute::Stack));
}

TEST(NativeNames, NumbersOutOfTheirRangeDamageTheBlock) {
    const auto trace = test::readCapture(test::namedDoubleFree());
    const test::NativeFile whole = test::takeApart(test::nativeBytes(*trace));
    for (const ColumnId id :
         {ColumnId::StringLength, ColumnId::FrameFunction, ColumnId::FrameFile, ColumnId::FrameModule,
          ColumnId::FrameLine, ColumnId::NodeParent, ColumnId::NodeFrame, ColumnId::AttributeValues}) {
        test::NativeFile file = whole;
        for (test::NativeBlock& block : file.blocks) {
            if (!block.is(BlockType::Events)) continue;
            const auto columns = native::ColumnReader::open(block.payload);
            ASSERT_TRUE(columns);
            const std::vector<std::uint64_t> rows(columns->count(id), std::uint64_t{1} << 40);
            ASSERT_FALSE(rows.empty());
            std::string bad;
            native::ColumnWriter(bad).numbers(id, rows);
            block.payload = bad + block.payload;  // the first of a number counts
        }
        const auto read = test::readNative(test::putTogether(file));
        EXPECT_EQ(read->diagnostics.count(DiagnosticCode::DamagedBlock), 1U) << static_cast<int>(id);
        EXPECT_EQ(read->events.count(), 0U);
    }
}

}  // namespace
}  // namespace alloclens
