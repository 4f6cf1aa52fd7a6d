// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/native/writer.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "importers/native/layout.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens::native {
namespace {

Block smallBlock(std::uint64_t address) {
    Block block;
    TracePart::Event event;
    event.key = {3, address};
    event.pid = 7;
    event.size = 512;
    event.line = 1;
    block.events.push_back(event);
    block.lines = 1;
    block.lineCounts.events = 1;
    return block;
}

std::string bytesOf(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}

Layout layoutOf(const std::string& bytes) {
    const ReadBytes read = [&bytes](std::uint64_t offset, char* buffer, std::size_t size) {
        return Result<std::size_t>(bytes.copy(buffer, size, static_cast<std::size_t>(offset)));
    };
    auto layout = readLayout(read, bytes.size(), "trace.alens");
    if (!layout) test::stop(layout.error().sentence());
    return *layout;
}

TEST(NativeWriter, WritesWholeBlocksThatAnIndexNames) {
    const test::TemporaryFile file("");
    auto writer = Writer::create(file.path(), {}, true);
    ASSERT_TRUE(writer) << writer.error().sentence();
    ASSERT_TRUE(writer->write(smallBlock(4096)));
    EXPECT_EQ(writer->bytes(), std::filesystem::file_size(file.path()));
    ASSERT_TRUE(writer->write(smallBlock(8192)));
    ASSERT_TRUE(writer->finish());
    const Layout layout = layoutOf(bytesOf(file.path()));
    EXPECT_TRUE(layout.isFinished);
    EXPECT_TRUE(layout.damage.empty());
    ASSERT_EQ(layout.blocks.size(), 3U);
    EXPECT_TRUE(layout.blocks[0].is(BlockType::Description));
    EXPECT_EQ(layout.blocks[2].header.first, 1U);
    EXPECT_EQ(layout.blocks[2].header.line, 1U);
}

TEST(NativeWriter, AnUnfinishedFileHasTheSameBlocks) {
    const test::TemporaryFile file("");
    auto writer = Writer::create(file.path(), {}, true);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(smallBlock(4096)));
    const Layout layout = layoutOf(bytesOf(file.path()) + "the beginning of another");
    EXPECT_FALSE(layout.isFinished);
    EXPECT_EQ(layout.bytesBehind, 24U);
    EXPECT_EQ(layout.blocks.size(), 2U);
}

TEST(NativeWriter, AppendingGoesOnBehindTheLastCompleteBlock) {
    const test::TemporaryFile file("");
    {
        auto writer = Writer::create(file.path(), {}, true);
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->write(smallBlock(4096)));
        ASSERT_TRUE(writer->finish());
    }
    std::ofstream(file.path(), std::ios::binary | std::ios::app) << "torn";
    auto writer = Writer::append(file.path());
    ASSERT_TRUE(writer) << writer.error().sentence();
    EXPECT_EQ(writer->events(), 1U);
    ASSERT_TRUE(writer->write(smallBlock(8192)));
    ASSERT_TRUE(writer->finish());
    const Layout layout = layoutOf(bytesOf(file.path()));
    EXPECT_TRUE(layout.isFinished);
    EXPECT_TRUE(layout.damage.empty());
    ASSERT_EQ(layout.blocks.size(), 3U);
    EXPECT_EQ(layout.blocks[2].header.first, 1U);
}

TEST(NativeWriter, AnExistingFileIsNotReplacedUnasked) {
    const test::TemporaryFile file("mine");
    const auto writer = Writer::create(file.path(), {}, false);
    ASSERT_FALSE(writer);
    EXPECT_EQ(writer.error().kind, ErrorKind::Output);
    EXPECT_EQ(bytesOf(file.path()), "mine");
}

TEST(NativeWriter, AFullDiskIsSaid) {
    const auto writer = Writer::create("/dev/full", {}, false);
    ASSERT_FALSE(writer);
    EXPECT_NE(writer.error().what.find("No space left"), std::string::npos) << writer.error().sentence();
}

TEST(NativeWriter, AFileThatHeldSomethingIsAddedToAndNeverCut) {
    const test::TemporaryFile file("mine");
    FileHandle handle(::open(file.path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    auto writer = Writer::create(std::move(handle), file.path(), {});
    ASSERT_TRUE(writer) << writer.error().sentence();
    ASSERT_TRUE(writer->write(smallBlock(4096)));
    ASSERT_TRUE(writer->finish());
    const std::string bytes = bytesOf(file.path());
    EXPECT_EQ(bytes.substr(0, 4), "mine");
    EXPECT_TRUE(layoutOf(bytes.substr(4)).isFinished);
}

TEST(NativeWriter, ABlockWhoseTextHasOtherLinesIsRefusedAndTheFileGoesOn) {
    const test::TemporaryFile file("");
    auto writer = Writer::create(file.path(), {}, true);
    ASSERT_TRUE(writer);
    Block block = smallBlock(4096);
    block.text = "one\ntwo\n";
    EXPECT_FALSE(writer->write(block));
    block.text = "one\n";
    EXPECT_TRUE(writer->write(block));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(layoutOf(bytesOf(file.path())).blocks.size(), 3U);
}

}  // namespace
}  // namespace alloclens::native
