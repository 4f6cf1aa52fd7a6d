// SPDX-License-Identifier: GPL-3.0-or-later
//
// Native traces of other versions of the format: what a newer program added is passed over, and a file that this one
// cannot understand is refused in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/generator/generator.h"
#include "tests/unit/importers/native/trace_copy.h"
#include "tests/unit/support/native_file.h"

namespace alloclens {
namespace {

using native::BlockType;
using native::ColumnId;
using native::ColumnWriter;
using test::NativeBlock;
using test::NativeFile;
using ::testing::HasSubstr;

constexpr std::uint8_t kUnknownType = 77;
constexpr auto kUnknownColumn = static_cast<ColumnId>(999);

NativeFile someFile() {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G4;
    recipe.seed = 6;
    recipe.events = 200;
    recipe.statisticsEvery = 50;
    return test::takeApart(test::nativeBytes(*test::readLog(generator::generate(recipe).log), test::kSmallStretches));
}

NativeBlock unknownBlock() {
    NativeBlock block;
    block.header.type = kUnknownType;
    block.payload = "of a newer program";
    return block;
}

std::string refusalOf(const NativeFile& file) {
    const auto trace = test::tryReadNative(test::putTogether(file));
    return trace ? "is read" : trace.error().sentence();
}

TEST(NativeVersion, PuttingAFileTogetherAgainKeepsIt) {
    const NativeFile file = someFile();
    ASSERT_GT(file.blocks.size(), 60U);
    const std::string bytes = test::putTogether(file);
    EXPECT_EQ(test::putTogether(test::takeApart(bytes)), bytes);
    EXPECT_EQ(test::readNative(bytes)->diagnostics.total(), 0U);
}

class NewerMinorVersion : public ::testing::TestWithParam<bool> {
protected:
    // Reads the file with and, as the parameter wants it, without its index.
    static void expectTheSameTrace(NativeFile file, const NativeFile& plain) {
        file.header.minor = native::kMinorVersion + 3;
        const std::string expected = test::wholeText(*test::readNative(test::putTogether(plain)));
        if (!GetParam()) {
            EXPECT_EQ(test::wholeText(*test::readNative(test::putTogether(file))), expected);
            return;
        }
        ASSERT_TRUE(file.blocks.back().is(BlockType::Index));
        file.blocks.pop_back();
        const auto trace = test::readNative(test::putTogether(file));
        EXPECT_EQ(trace->diagnostics.total(), 1U);
        EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
        EXPECT_EQ(test::eventTexts(*trace), test::eventTexts(*test::readNative(test::putTogether(plain))));
    }
};

INSTANTIATE_TEST_SUITE_P(WithAndWithoutIndex, NewerMinorVersion, ::testing::Bool());

TEST_P(NewerMinorVersion, OfThisContentIsRead) { expectTheSameTrace(someFile(), someFile()); }

TEST_P(NewerMinorVersion, BlocksOfUnknownTypeArePassedOver) {
    NativeFile file = someFile();
    for (std::size_t at = file.blocks.size() - 1; at > 0; --at) {
        file.blocks.insert(file.blocks.begin() + static_cast<std::ptrdiff_t>(at), unknownBlock());
    }
    expectTheSameTrace(file, someFile());
}

TEST_P(NewerMinorVersion, UnknownColumnsArePassedOver) {
    NativeFile file = someFile();
    for (NativeBlock& block : file.blocks) {
        if (!block.is(BlockType::Events)) continue;
        const std::vector<std::uint64_t> rows(block.header.events + 5, 12);
        ColumnWriter columns(block.payload);
        columns.numbers(kUnknownColumn, rows);
        columns.text(static_cast<ColumnId>(1000), "words");
        // One that is stored in a way that is not known either.
        std::string odd;
        ColumnWriter(odd).text(static_cast<ColumnId>(1001), "odd");
        odd[2] = 9;
        odd[3] = 5;
        block.payload = odd + block.payload;
    }
    expectTheSameTrace(file, someFile());
}

TEST_P(NewerMinorVersion, UnknownMembersOfTheDescriptionArePassedOver) {
    NativeFile file = someFile();
    std::string& text = file.blocks[0].payload;
    ASSERT_EQ(text[0], '{');
    text.insert(1, R"("newer":{"a":[1,2,3]},"format2":7,)");
    expectTheSameTrace(file, someFile());
}

TEST(NativeVersion, ABlockPackedInAnUnknownWayIsNamed) {
    std::string bytes = test::putTogether(someFile());
    const NativeFile file = test::takeApart(bytes);
    NativeBlock block = file.blocks[0];
    block.header.compression = 7;
    std::string header;
    put(header, block.header);
    bytes.replace(native::kFileHeaderBytes, header.size(), header);
    const auto trace = test::readNative(bytes);
    ASSERT_EQ(trace->diagnostics.total(), 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail,
              "block 1 at byte 24 is compressed in a way that this AllocLens does not know (7)");
}

TEST(NativeVersion, KindsOfFactsAndDiagnosticsThatAreUnknownArePassedOver) {
    const test::TemporaryFile file("");
    auto writer = native::Writer::create(file.path(), {}, true);
    ASSERT_TRUE(writer);
    native::Block block;
    block.lines = 1;
    block.facts.resize(2);
    block.facts[0].kind = FactKind::Banner;
    block.facts[1].kind = FactKind::KernelLine;
    block.diagnostics.add({DiagnosticCode::TornLine, 1, "of a kind that will have another name"});
    block.diagnostics.add({DiagnosticCode::RecordingGap, 1, "known"});
    ASSERT_TRUE(writer->write(block));
    ASSERT_TRUE(writer->finish());
    NativeFile parts = test::takeApart(test::fileBytes(file.path()));
    std::string& payload = parts.blocks[1].payload;
    const auto rename = [&payload](std::string_view name) {
        const std::size_t at = payload.find(std::string(name) + '\n');
        ASSERT_NE(at, std::string::npos);
        payload[at] = '?';
    };
    rename(factKindName(FactKind::KernelLine));
    rename(diagnosticName(DiagnosticCode::TornLine));
    const auto trace = test::readNative(test::putTogether(parts));
    ASSERT_EQ(trace->facts.size(), 1U);
    EXPECT_EQ(trace->facts[0].kind, FactKind::Banner);
    ASSERT_EQ(trace->diagnostics.total(), 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail, "known");
}

TEST(NativeVersion, ANewerMajorVersionIsRefusedInWords) {
    NativeFile file = someFile();
    file.header = {native::kMajorVersion + 1, 4};
    const std::string sentence = refusalOf(file);
    EXPECT_THAT(sentence, HasSubstr("was written by a newer AllocLens (format 2.4); this one reads 1.x"));
    EXPECT_THAT(sentence, HasSubstr("Use a newer AllocLens."));
    file.header = {0xffff, 0xffff};
    EXPECT_THAT(refusalOf(file), HasSubstr("65535.65535"));
}

TEST(NativeVersion, NothingIsAddedToAFileOfANewerOne) {
    NativeFile file = someFile();
    file.header = {native::kMajorVersion + 1, 0};
    const std::string bytes = test::putTogether(file);
    const test::TemporaryFile onDisk(bytes);
    const auto writer = native::Writer::append(onDisk.path());
    ASSERT_FALSE(writer);
    EXPECT_THAT(writer.error().sentence(), HasSubstr("newer AllocLens"));
    EXPECT_EQ(test::fileBytes(onDisk.path()), bytes);
}

}  // namespace
}  // namespace alloclens
