// SPDX-License-Identifier: GPL-3.0-or-later
//
// Native traces whose checksums are right and whose counts, lengths and places are lies: they are named, all that is
// beside them is read, and no lie costs more memory than a block may have.
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <sys/resource.h>

#include "importers/native/bytes.h"
#include "tests/unit/importers/native/trace_copy.h"
#include "tests/unit/support/native_file.h"

namespace alloclens {
namespace {

using native::BlockHeader;
using native::BlockType;
using native::ColumnId;
using native::putNumber;
using test::NativeBlock;
using test::NativeFile;

constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kMost32 = std::numeric_limits<std::uint32_t>::max();

std::uint64_t peakBytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) << 10;
}

/// Three blocks of two events and two lines each.
NativeFile someFile() {
    std::string log;
    for (int i = 0; i < 3; ++i) {
        log += fmt::format("\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id={})\n", 4096 + i);
        log += fmt::format("\u2717 [PID 7] Freed buffer {} on device 0 (512 bytes, FINAL)\n", 4096 + i);
    }
    NativeFile file = test::takeApart(test::nativeBytes(*test::readLog(log), {2, 4000, 90}));
    if (file.blocks.size() != 8) test::stop("not the blocks that the test is about");
    return file;
}

constexpr std::size_t kText = 3;  // of the middle one
constexpr std::size_t kEvents = 4;

/// Reads bytes that lie; where they are read, something is named.
Result<std::shared_ptr<const Trace>> readLies(const std::string& bytes) {
    const std::uint64_t before = peakBytes();
    auto trace = test::tryReadNative(bytes);
    EXPECT_LT(peakBytes() - before, std::uint64_t{600} << 20);
    if (trace) {
        EXPECT_GT((*trace)->diagnostics.total(), 0U);
        const auto lines = (*trace)->source->linesText(1, 100);
        EXPECT_TRUE(lines) << lines.error().sentence();
    }
    return trace;
}

// With the index and without it.
template <typename Change>
void expectOthersAreRead(Change change) {
    for (const bool hasIndex : {true, false}) {
        NativeFile file = someFile();
        change(file);
        if (!hasIndex) file.blocks.pop_back();
        const auto trace = readLies(test::putTogether(file));
        ASSERT_TRUE(trace) << trace.error().sentence();
        EXPECT_GE((*trace)->events.count(), 4U);
        EXPECT_GE((*trace)->diagnostics.count(DiagnosticCode::DamagedBlock), 1U);
        const auto lines = (*trace)->source->linesText(1, 2);
        ASSERT_TRUE(lines);
        EXPECT_EQ(lines->at(0), "\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)");
    }
}

// Writes a header over one, as it is: putTogether makes sizes right.
std::string withHeader(std::size_t block, const std::function<void(BlockHeader&)>& change) {
    NativeFile file = someFile();
    file.blocks.pop_back();
    std::size_t offset = native::kFileHeaderBytes;
    for (std::size_t i = 0; i < block; ++i) offset += native::kBlockHeaderBytes + file.blocks[i].payload.size();
    std::string bytes = test::putTogether(file);
    BlockHeader header = native::takeBlockHeader(std::string_view(bytes).substr(offset)).value();
    change(header);
    std::string changed;
    put(changed, header);
    bytes.replace(offset, changed.size(), changed);
    return bytes;
}

TEST(HostileTrace, LengthsInHeadersAreNotBelieved) {
    for (const std::uint32_t size : {kMost32, native::kMostPayloadBytes + 1, native::kMostPayloadBytes, 1U, 0U}) {
        (void)readLies(withHeader(kEvents, [size](BlockHeader& header) { header.storedBytes = size; }));
        (void)readLies(withHeader(kEvents, [size](BlockHeader& header) { header.rawBytes = size; }));
        (void)readLies(withHeader(kText, [size](BlockHeader& header) { header.rawBytes = size; }));
        (void)readLies(withHeader(0, [size](BlockHeader& header) { header.rawBytes = size; }));
        (void)readLies(withHeader(kEvents, [size](BlockHeader& header) {
            header.rawBytes = size;
            header.compression = static_cast<std::uint8_t>(native::Compression::Zstd);
        }));
    }
}

TEST(HostileTrace, CountsInHeadersAreNotBelieved) {
    for (const std::uint32_t count : {kMost32, native::kMostEvents, 3U, 0U}) {
        expectOthersAreRead([count](NativeFile& file) { file.blocks[kEvents].header.events = count; });
    }
    expectOthersAreRead([](NativeFile& file) { file.blocks[kEvents].header.lines = 0; });
    for (const std::uint32_t count : {kMost32, native::kMostLines}) {
        (void)readLies(withHeader(kEvents, [count](BlockHeader& header) { header.lines = count; }));
    }
}

TEST(HostileTrace, PlacesInHeadersAreNotBelieved) {
    for (const std::uint32_t line : {kMost32, kMost32 - 1, kMost32 / 2}) {
        (void)readLies(withHeader(kEvents, [line](BlockHeader& header) { header.line = line; }));
        (void)readLies(withHeader(6, [line](BlockHeader& header) { header.line = line; }));
    }
    for (const std::uint64_t first : {kMost, kHuge}) {
        expectOthersAreRead([first](NativeFile& file) { file.blocks[kText].header.first = first; });
    }
}

std::string column(ColumnId id, std::uint8_t encoding, std::uint8_t width, std::uint32_t rows, std::uint32_t bytes,
                   std::uint64_t base) {
    std::string out;
    putNumber(out, static_cast<std::uint16_t>(id));
    putNumber(out, encoding);
    putNumber(out, width);
    putNumber(out, rows);
    putNumber(out, bytes);
    putNumber(out, base);
    return out;
}

TEST(HostileTrace, CountsInColumnsAreNotBelieved) {
    constexpr auto kConstant = static_cast<std::uint8_t>(native::ColumnEncoding::Constant);
    for (const ColumnId id :
         {ColumnId::LineCounts, ColumnId::Text, ColumnId::TextMarks, ColumnId::KeyAddress, ColumnId::Process,
          ColumnId::Size, ColumnId::EventKind, ColumnId::EventLine, ColumnId::EventTime, ColumnId::FactKind,
          ColumnId::DiagnosticCode, ColumnId::GapMessages}) {
        for (const std::uint32_t rows : {kMost32, native::kMostLines, native::kMostEvents + 1}) {
            for (const std::uint64_t base : {kMost, kHuge}) {
                // The first of two columns counts.
                expectOthersAreRead([&](NativeFile& file) {
                    std::string& payload = file.blocks[kEvents].payload;
                    payload = column(id, kConstant, 0, rows, 0, base) + payload;
                });
            }
        }
    }
}

TEST(HostileTrace, WidthsAndLengthsOfColumnsAreNotBelieved) {
    for (const unsigned encoding : {0U, 1U, 2U, 3U, 4U, 255U}) {
        for (const unsigned width : {0U, 1U, 8U, 9U, 255U}) {
            expectOthersAreRead([&](NativeFile& file) {
                std::string& payload = file.blocks[kEvents].payload;
                payload = column(ColumnId::EventKind, static_cast<std::uint8_t>(encoding),
                                 static_cast<std::uint8_t>(width), 2, 3, kMost)
                          + "abc" + payload;
            });
        }
    }
    expectOthersAreRead(
        [](NativeFile& file) { file.blocks[kEvents].payload += column(ColumnId::FactKind, 0, 1, 1, kMost32, 0); });
    expectOthersAreRead([](NativeFile& file) { file.blocks[kEvents].payload += "too short"; });
}

TEST(HostileTrace, TheExtentOfTextIsNotBelieved) {
    const auto lie = [](std::uint64_t before, std::uint64_t bytes, std::uint64_t mark) {
        expectOthersAreRead([&](NativeFile& file) {
            std::string payload;
            native::ColumnWriter columns(payload);
            const std::vector<std::uint64_t> extent = {before, bytes, 0};
            columns.numbers(ColumnId::Text, extent);
            const std::vector<std::uint64_t> marks = {mark};
            columns.numbers(ColumnId::TextMarks, marks);
            file.blocks[kEvents].payload = payload + file.blocks[kEvents].payload;
        });
    };
    lie(kMost, 100, 0);
    lie(kHuge, kHuge, 0);
    lie(0, kMost, 0);
    lie(1, 1, 0);
    lie(0, 10, kHuge);
}

TEST(HostileTrace, AnIndexThatLiesIsNotBelieved) {
    const auto withIndex = [](ColumnId id, std::uint64_t value) {
        NativeFile file = someFile();
        const std::string whole = test::putTogether(file);
        std::string bytes = whole.substr(0, whole.size() - native::kTrailerBytes);
        NativeBlock index = test::takeApart(whole).blocks.back();
        bytes.resize(bytes.size() - native::kBlockHeaderBytes - index.payload.size());
        std::vector<std::uint64_t> rows;
        const auto columns = native::ColumnReader::open(index.payload);
        EXPECT_TRUE(columns->numbers(id, file.blocks.size() - 1, rows));
        rows[kEvents] = value;
        std::string lie;
        native::ColumnWriter(lie).numbers(id, rows);
        const std::uint64_t offset = bytes.size();
        test::putBlock(bytes, index.header, lie + index.payload);
        put(bytes, native::Trailer{offset, bytes.size() + native::kTrailerBytes});
        return bytes;
    };
    for (const ColumnId id : {ColumnId::BlockOffset, ColumnId::BlockKind, ColumnId::BlockStored, ColumnId::BlockRaw,
                              ColumnId::BlockEvents, ColumnId::BlockFirst, ColumnId::BlockLine, ColumnId::BlockLines}) {
        for (const std::uint64_t value : {kMost, kHuge, std::uint64_t{native::kMostPayloadBytes}, std::uint64_t{100}}) {
            const auto trace = readLies(withIndex(id, value));
            if (!trace) continue;
            EXPECT_GE((*trace)->events.count(), 4U) << static_cast<int>(id) << " " << value;
        }
    }
}

TEST(HostileTrace, AnIndexOfMoreBlocksThanTheFileHasRoomForIsNotBelieved) {
    NativeFile file = someFile();
    std::string bytes = test::putTogether({file.header, {file.blocks[0]}});
    std::string payload;
    for (std::uint16_t id = 64; id <= 71; ++id) {
        payload += column(static_cast<ColumnId>(id), 1, 0, native::kMostLines, 0, 24);
    }
    BlockHeader header;
    header.type = static_cast<std::uint8_t>(BlockType::Index);
    const std::uint64_t offset = bytes.size();
    test::putBlock(bytes, header, payload);
    put(bytes, native::Trailer{offset, bytes.size() + native::kTrailerBytes});
    const auto trace = readLies(bytes);
    ASSERT_TRUE(trace);
    EXPECT_EQ((*trace)->events.count(), 0U);
}

TEST(HostileTrace, ABlockThatWasTakenOutIsMissed) {
    expectOthersAreRead(
        [](NativeFile& file) { file.blocks.erase(file.blocks.begin() + kText, file.blocks.begin() + kEvents + 1); });
}

TEST(HostileTrace, ATrailerThatPointsAnywhereIsNotBelieved) {
    NativeFile file = someFile();
    const std::string whole = test::putTogether(file);
    for (const std::uint64_t offset :
         {kMost, kHuge, std::uint64_t{0}, std::uint64_t{24}, std::uint64_t{whole.size()}}) {
        for (const std::uint64_t size : {std::uint64_t{whole.size()}, kMost, std::uint64_t{0}}) {
            std::string bytes = whole.substr(0, whole.size() - native::kTrailerBytes);
            put(bytes, native::Trailer{offset, size});
            const auto trace = test::tryReadNative(bytes);
            ASSERT_TRUE(trace);
            EXPECT_EQ((*trace)->events.count(), 6U);
        }
    }
}

TEST(HostileTrace, ADescriptionThatIsNoneIsNamed) {
    for (const std::string& text :
         {std::string(), std::string("[1,2]"), std::string("{"), std::string(100'000, '['), std::string("\xff\xfe")}) {
        expectOthersAreRead([&text](NativeFile& file) { file.blocks[0].payload = text; });
    }
}

TEST(HostileTrace, ManyBlocksOfManyFactsAreRefusedWhereMemoryDoesNotHoldThem) {
    constexpr auto kConstant = static_cast<std::uint8_t>(native::ColumnEncoding::Constant);
    NativeFile file = someFile();
    file.blocks.pop_back();
    std::string& payload = file.blocks[kEvents].payload;
    native::ColumnWriter(payload).text(ColumnId::FactNames, "banner\n");
    for (std::uint16_t id = 33; id <= 42; ++id) {
        payload += column(static_cast<ColumnId>(id), kConstant, 0, native::kMostEvents, 0, 0);
    }
    const NativeBlock block = file.blocks[kEvents];
    file.blocks.insert(file.blocks.end(), 300, block);
    const test::TemporaryFile onDisk(test::putTogether(file));
    ReadOptions options;
    options.memory = std::uint64_t{300} << 20;
    options.threads = 2;  // each may be a few blocks ahead
    const std::uint64_t before = peakBytes();
    const auto trace = readTrace(onDisk.path(), {}, options, {});
    ASSERT_FALSE(trace);
    EXPECT_NE(trace.error().what.find("memory"), std::string::npos) << trace.error().sentence();
    EXPECT_LT(peakBytes() - before, std::uint64_t{1200} << 20);
}

TEST(HostileTrace, ATableOfAMillionEqualRowsIsNone) {
    constexpr auto kConstant = static_cast<std::uint8_t>(native::ColumnEncoding::Constant);
    for (const ColumnId id : {ColumnId::Process, ColumnId::Size}) {
        expectOthersAreRead([id](NativeFile& file) {
            std::string& payload = file.blocks[kEvents].payload;
            payload = column(id, kConstant, 0, native::kMostEvents, 0, 7) + payload;
        });
    }
}

TEST(HostileTrace, AMillionGapsAreCountedAndFewAreKept) {
    constexpr auto kConstant = static_cast<std::uint8_t>(native::ColumnEncoding::Constant);
    NativeFile file = someFile();
    std::string& payload = file.blocks[kEvents].payload;
    for (const ColumnId id : {ColumnId::GapTime, ColumnId::GapMessages, ColumnId::GapLength}) {
        payload += column(id, kConstant, 0, native::kMostEvents, 0, 0);
    }
    const auto trace = readLies(test::putTogether(file));
    ASSERT_TRUE(trace);
    EXPECT_EQ((*trace)->diagnostics.count(DiagnosticCode::RecordingGap), native::kMostEvents);
    EXPECT_EQ((*trace)->diagnostics.kept().size(), Diagnostics::kKeptPerCode);
}

TEST(HostileTrace, ManyHeadersWithGarbageBetweenThemTakeNoLongTime) {
    NativeFile file = someFile();
    std::string header;
    BlockHeader unknown;
    unknown.type = 99;
    unknown.payloadSum = native::checksum({});
    put(header, unknown);
    std::string bytes = test::putTogether({file.header, {file.blocks[0]}});
    for (int i = 0; i < 100'000; ++i) bytes += header + "x";
    const auto trace = readLies(bytes);
    ASSERT_TRUE(trace);
    EXPECT_GE((*trace)->diagnostics.count(DiagnosticCode::DamagedBlock), 99'999U);
}

}  // namespace
}  // namespace alloclens
