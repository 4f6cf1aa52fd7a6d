// SPDX-License-Identifier: GPL-3.0-or-later
//
// Holes of sparse files are passed over, whatever their length.
#include "importers/pieced_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <fstream>
#include <string>
#include <unistd.h>

#include "importers/importer.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLine = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
constexpr std::uint64_t kHole = std::uint64_t{1} << 40;

/// Writes into a file of nothing but holes.
class SparseFile {
public:
    explicit SparseFile(std::uint64_t size) {
        m_hasRoom = ::truncate(m_file.path().c_str(), static_cast<off_t>(size)) == 0;
    }
    void write(std::uint64_t offset, std::string_view bytes) const {
        const int file = ::open(m_file.path().c_str(), O_WRONLY | O_CLOEXEC);
        EXPECT_EQ(::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset)),
                  static_cast<ssize_t>(bytes.size()));
        ::close(file);
    }
    [[nodiscard]] const std::string& path() const { return m_file.path(); }
    /// Whether the file system takes files of this size.
    [[nodiscard]] bool hasRoom() const { return m_hasRoom; }

private:
    test::TemporaryFile m_file{""};
    bool m_hasRoom = false;
};

std::shared_ptr<const Trace> read(const std::string& path) {
    const auto trace = readTrace(path, {}, {}, {});
    if (!trace) test::stop(trace.error().sentence());
    return *trace;
}

TEST(PiecedFile, ALogAfterAHoleOfATerabyteIsReadAtOnce) {
    const SparseFile file(kHole);
    if (!file.hasRoom()) GTEST_SKIP() << "this file system has no such files";
    file.write(kHole, std::string(kLine) + "foreign\n");
    const auto trace = read(file.path());
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_EQ(trace->source->lines(), 2U);
    EXPECT_EQ(trace->source->fileBytes(), kHole + kLine.size() + 8);
    EXPECT_EQ(*trace->source->lineText(2), "foreign");
    EXPECT_THAT(*trace->source->lineText(1), HasSubstr(kLine.substr(0, kLine.size() - 1)));
    ASSERT_EQ(trace->diagnostics.count(DiagnosticCode::NulBytes), 1U);
    EXPECT_EQ(trace->diagnostics.kept().front().detail, "1,099,511,627,776 NUL bytes");
}

TEST(PiecedFile, HolesInTheMiddleAndAtTheEndArePassedOver) {
    const SparseFile file(2 * kHole);
    if (!file.hasRoom()) GTEST_SKIP() << "this file system has no such files";
    file.write(0, kLine);
    file.write(kHole, "\n" + std::string(kLine));
    const auto trace = read(file.path());
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_EQ(trace->source->lines(), 4U);
    EXPECT_EQ(trace->source->fileBytes(), 2 * kHole);
}

TEST(PiecedFile, ZerosThatAreWrittenAreReadToTheLineAfterThem) {
    const std::string log = std::string(std::size_t{3} << 20, '\0') + std::string(kLine);
    const auto trace = test::readLog(log);
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_EQ(trace->source->fileBytes(), log.size());
}

TEST(PiecedFile, PiecesAreReadAcrossTheirSeams) {
    const test::TemporaryFile first("first");
    const test::TemporaryFile second("second");
    PiecedFile pieces;
    pieces.add("a", FileHandle(::open(first.path().c_str(), O_RDONLY | O_CLOEXEC)), 5);
    pieces.addNewline();
    pieces.add("b", FileHandle(::open(second.path().c_str(), O_RDONLY | O_CLOEXEC)), 6);
    const std::string whole = "first\nsecond";
    EXPECT_EQ(pieces.size(), whole.size());
    for (std::size_t begin = 0; begin <= whole.size(); ++begin) {
        for (std::size_t size = 0; size <= whole.size() + 2; ++size) {
            std::string bytes(size, '?');
            const auto got = pieces.readAt(begin, bytes.data(), size);
            ASSERT_TRUE(got);
            EXPECT_EQ(bytes.substr(0, *got), whole.substr(begin, size));
        }
    }
    ASSERT_EQ(pieces.sources().size(), 2U);
    EXPECT_EQ(pieces.sources()[1].begin, 6U);
}

}  // namespace
}  // namespace alloclens
