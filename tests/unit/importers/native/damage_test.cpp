// SPDX-License-Identifier: GPL-3.0-or-later
//
// Native traces that were cut off or in which bits are flipped: what is whole is read, what is not is named, and
// nothing is read as something else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "importers/native/layout.h"
#include "tests/generator/generator.h"
#include "tests/unit/importers/native/trace_copy.h"

namespace alloclens {
namespace {

using native::BlockPlace;
using native::BlockType;
using test::eventTexts;
using test::readNative;
using test::tryReadNative;
using ::testing::HasSubstr;

std::string generatedBytes(const native::StretchLimits& limits, std::uint64_t events) {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G5;
    recipe.seed = 4;
    recipe.events = events;
    recipe.foreignLines = true;
    return test::nativeBytes(*test::readLog(generator::generate(recipe).log), limits);
}

std::vector<BlockPlace> blocksOf(const std::string& bytes) {
    const native::ReadBytes read = [&bytes](std::uint64_t offset, char* buffer, std::size_t size) {
        return Result<std::size_t>(bytes.copy(buffer, size, static_cast<std::size_t>(offset)));
    };
    auto layout = native::readLayout(read, bytes.size(), "trace.alens");
    if (!layout) test::stop(layout.error().sentence());
    return std::move(layout->blocks);
}

std::vector<std::string> linesOf(const Trace& trace) {
    const auto lines = trace.source->linesText(1, trace.source->lines());
    if (!lines) test::stop(lines.error().sentence());
    return *lines;
}

std::uint64_t count(const Trace& trace, DiagnosticCode code) { return trace.diagnostics.count(code); }

template <typename T>
bool isBeginningOf(const std::vector<T>& some, const std::vector<T>& all) {
    return some.size() <= all.size() && std::equal(some.begin(), some.end(), all.begin());
}

/// A trace that was cut off after `size` bytes has what its whole blocks hold, and says that it was not finished.
void expectWholeBlocks(const std::string& bytes, std::size_t size, const std::vector<BlockPlace>& blocks,
                       const std::vector<std::string>& events, const std::vector<std::string>& lines) {
    std::uint64_t eventCount = 0;
    std::uint64_t lineCount = 0;
    for (const BlockPlace& block : blocks) {
        if (!block.is(BlockType::Events) || block.end() > size) continue;
        eventCount += block.header.events;
        lineCount += block.header.lines;
    }
    const auto trace = readNative(bytes.substr(0, size));
    ASSERT_EQ(trace->events.count(), eventCount) << size;
    ASSERT_EQ(trace->source->lines(), lineCount) << size;
    EXPECT_TRUE(isBeginningOf(eventTexts(*trace), events)) << size;
    EXPECT_TRUE(isBeginningOf(linesOf(*trace), lines)) << size;
    EXPECT_EQ(count(*trace, DiagnosticCode::UnfinishedTrace), 1U) << size;
    EXPECT_EQ(count(*trace, DiagnosticCode::DamagedBlock), 0U) << size;
}

class CutTrace : public ::testing::Test {
protected:
    void SetUp() override {
        m_bytes = generatedBytes(test::kSmallStretches, 150);
        m_blocks = blocksOf(m_bytes);
        const auto whole = readNative(m_bytes);
        m_events = eventTexts(*whole);
        m_lines = linesOf(*whole);
        ASSERT_EQ(whole->diagnostics.total(), 0U);
        ASSERT_GT(m_blocks.size(), 40U);
    }
    void expectAt(std::size_t size) { expectWholeBlocks(m_bytes, size, m_blocks, m_events, m_lines); }

    std::string m_bytes;
    std::vector<BlockPlace> m_blocks;
    std::vector<std::string> m_events;
    std::vector<std::string> m_lines;
};

TEST_F(CutTrace, AtTheEdgesOfBlocksOpensUpToThere) {
    for (const BlockPlace& block : m_blocks) {
        const auto offset = static_cast<std::size_t>(block.offset);
        for (const std::size_t size :
             {offset, offset + 1, offset + native::kBlockHeaderBytes, static_cast<std::size_t>(block.end()) - 1}) {
            expectAt(size);
        }
    }
    expectAt(static_cast<std::size_t>(m_blocks.back().end()));
    expectAt(m_bytes.size() - native::kTrailerBytes);
    expectAt(m_bytes.size() - 1);
}

TEST_F(CutTrace, AnywhereOpensUpToItsLastWholeBlock) {
    std::mt19937_64 random(8);
    for (int i = 0; i < 300; ++i) {
        expectAt(native::kFileHeaderBytes + random() % (m_bytes.size() - native::kFileHeaderBytes));
    }
}

TEST_F(CutTrace, InsideItsHeaderIsNoTrace) {
    for (std::size_t size = 1; size < native::kFileHeaderBytes; ++size) {
        const auto trace = tryReadNative(m_bytes.substr(0, size));
        ASSERT_FALSE(trace);
        EXPECT_EQ(trace.error().kind, ErrorKind::Format);
    }
}

TEST_F(CutTrace, SaysHowMuchIsIgnored) {
    const auto trace = readNative(m_bytes.substr(0, static_cast<std::size_t>(m_blocks.back().offset) + 11));
    EXPECT_EQ(
        trace->diagnostics.kept().back().detail,
        "was not finished: its recorder was killed or is still running; 11 bytes after the last whole block ignored");
}

TEST_F(CutTrace, GoesOnWhereItWasCut) {
    for (const std::size_t block : {std::size_t{3}, std::size_t{17}, m_blocks.size() - 1}) {
        const test::TemporaryFile file(m_bytes.substr(0, static_cast<std::size_t>(m_blocks[block].end()) - 2));
        auto writer = native::Writer::append(file.path());
        ASSERT_TRUE(writer) << writer.error().sentence();
        native::Block more;
        more.text = "one more line\n";
        more.lines = 1;
        more.lineCounts.foreign = 1;
        ASSERT_TRUE(writer->write(more));
        ASSERT_TRUE(writer->finish());
        const auto trace = readNative(test::fileBytes(file.path()));
        EXPECT_EQ(trace->diagnostics.total(), 0U);
        EXPECT_TRUE(isBeginningOf(eventTexts(*trace), m_events));
        auto lines = linesOf(*trace);
        EXPECT_EQ(lines.back(), "one more line");
        lines.pop_back();
        EXPECT_TRUE(isBeginningOf(lines, m_lines));
    }
}

/// Events of `some` that `all` has not in the same order at the same line.
std::size_t strangers(const std::vector<std::string>& some, const std::vector<std::string>& all) {
    std::size_t found = 0;
    auto at = all.begin();
    for (const std::string& text : some) {
        const auto same = std::find(at, all.end(), text);
        if (same == all.end()) {
            ++found;
        } else {
            at = same + 1;
        }
    }
    return found;
}

/// What a trace with one flipped bit may differ in: the stretch that the bit is in.
class FlippedBit {
public:
    explicit FlippedBit(std::string bytes)
        : m_bytes(std::move(bytes)),
          m_whole(readNative(m_bytes)),
          m_events(eventTexts(*m_whole)),
          m_lines(linesOf(*m_whole)) {
        for (const BlockPlace& block : blocksOf(m_bytes)) {
            if (!block.is(BlockType::Events)) continue;
            m_mostEvents = std::max<std::size_t>(m_mostEvents, block.header.events);
            m_mostLines = std::max<std::size_t>(m_mostLines, block.header.lines);
        }
    }

    /// Empty, or what is wrong with the trace whose bit `bit` is flipped.
    [[nodiscard]] std::string tryAt(std::size_t bit) const {
        std::string bytes = m_bytes;
        bytes[bit / 8] = static_cast<char>(static_cast<unsigned char>(bytes[bit / 8]) ^ 1U << bit % 8);
        const auto read = tryReadNative(bytes, 1);
        if (!read) return "refused: " + read.error().sentence();
        const Trace& trace = **read;
        if (count(trace, DiagnosticCode::DamagedBlock) == 0) return "not named";
        const auto events = eventTexts(trace);
        if (strangers(events, m_events) > 0) return "other events";
        if (events.size() + m_mostEvents < m_events.size()) return "events of other blocks are gone";
        return linesDiffer(linesOf(trace));
    }
    [[nodiscard]] std::size_t bits() const { return m_bytes.size() * 8; }

private:
    [[nodiscard]] std::string linesDiffer(const std::vector<std::string>& lines) const {
        // The last block's lines have none behind them that would need their numbers.
        if (lines.size() > m_lines.size() || lines.size() + m_mostLines < m_lines.size()) return "other lines";
        std::size_t other = m_lines.size() - lines.size();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i] != m_lines[i]) ++other;
        }
        return other > m_mostLines ? "the lines of other blocks are gone" : std::string();
    }

    std::string m_bytes;
    std::shared_ptr<const Trace> m_whole;
    std::vector<std::string> m_events;
    std::vector<std::string> m_lines;
    std::size_t m_mostEvents = 0;
    std::size_t m_mostLines = 0;
};

TEST(DamagedTrace, AFlippedBitIsNamedWhereverItIs) {
    const FlippedBit trace(test::nativeBytes(
        *test::readLog("\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n"
                       "\u2717 [PID 7] Freed buffer 4096 on device 0 (512 bytes, FINAL)\n"
                       "foreign\n"
                       "\u26a0 [PID 7] Deallocation for unknown buffer 4096 on device 0 (allocated before tracking "
                       "started)\n"),
        {2, 400, 90}));
    for (std::size_t bit = 0; bit < trace.bits(); ++bit) {
        ASSERT_EQ(trace.tryAt(bit), "") << "byte " << bit / 8 << " bit " << bit % 8;
    }
}

TEST(DamagedTrace, FlippedBitsOfALargerTraceAreNamedToo) {
    const FlippedBit trace(generatedBytes({40, 3000, 90}, 300));
    std::mt19937_64 random(5);
    for (int i = 0; i < 500; ++i) {
        const std::size_t bit = random() % trace.bits();
        ASSERT_EQ(trace.tryAt(bit), "") << "byte " << bit / 8 << " bit " << bit % 8;
    }
}

TEST(DamagedTrace, AFlippedBitOfAnUnfinishedOneIsNamedOrIgnoredWithTheTail) {
    std::string bytes = generatedBytes({40, 3000, 90}, 100);
    const auto blocks = blocksOf(bytes);
    bytes.resize(static_cast<std::size_t>(blocks.back().end()));
    const auto whole = eventTexts(*readNative(bytes));
    std::mt19937_64 random(6);
    for (int i = 0; i < 300; ++i) {
        std::string flipped = bytes;
        const std::size_t at = random() % bytes.size();
        flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ 1U << random() % 8);
        const auto trace = readNative(flipped);
        EXPECT_EQ(strangers(eventTexts(*trace), whole), 0U);
        const bool isInLastHeader = at >= blocks.back().offset && at < blocks.back().offset + native::kBlockHeaderBytes;
        EXPECT_EQ(count(*trace, DiagnosticCode::DamagedBlock) > 0, !isInLastHeader) << at;
        EXPECT_EQ(count(*trace, DiagnosticCode::UnfinishedTrace), 1U);
    }
}

TEST(DamagedTrace, NamesTheBlockAndWhatIsLost) {
    std::string bytes = generatedBytes({40, 3000, 90}, 300);
    const auto blocks = blocksOf(bytes);
    const auto at = std::find_if(blocks.begin() + 5, blocks.end(),
                                 [](const BlockPlace& block) { return block.is(BlockType::Events); });
    bytes[static_cast<std::size_t>(at->end()) - 1] ^= 1;
    const auto trace = readNative(bytes);
    ASSERT_EQ(trace->diagnostics.total(), 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail,
              fmt::format("block {} at byte {} does not match its checksum; its {} events are lost",
                          at - blocks.begin() + 1, formatCount(at->offset), at->header.events));
    EXPECT_EQ(trace->lineCounts.damaged, at->header.lines);
}

TEST(DamagedTrace, GarbageBetweenBlocksIsPassedOver) {
    const std::string bytes = generatedBytes({40, 3000, 90}, 300);
    const auto blocks = blocksOf(bytes);
    std::string with = bytes;
    const std::string garbage = std::string(native::kBlockMagic) + "and then no header of a block, but other bytes";
    with.insert(static_cast<std::size_t>(blocks[4].offset), garbage);
    const auto trace = readNative(with);
    EXPECT_EQ(eventTexts(*trace), eventTexts(*readNative(bytes)));
    EXPECT_EQ(linesOf(*trace), linesOf(*readNative(bytes)));
    ASSERT_EQ(trace->diagnostics.total(), 2U);
    EXPECT_THAT(trace->diagnostics.kept()[0].detail, HasSubstr(fmt::format("{} bytes", garbage.size())));
    EXPECT_THAT(trace->diagnostics.kept()[1].detail,
                HasSubstr("the trailer names another size of the file: " + formatCount(bytes.size()) + " bytes"));
}

TEST(DamagedTrace, AMissingBlockLeavesItsLinesAndEventsOut) {
    const std::string bytes = generatedBytes({40, 3000, 90}, 300);
    const auto blocks = blocksOf(bytes);
    const auto at = std::find_if(blocks.begin() + 5, blocks.end(),
                                 [](const BlockPlace& block) { return block.is(BlockType::Events); });
    std::string without = bytes;
    without.erase(static_cast<std::size_t>(at->offset), native::kBlockHeaderBytes + at->header.storedBytes);
    const auto trace = readNative(without);
    EXPECT_EQ(trace->source->lines(), readNative(bytes)->source->lines());
    EXPECT_EQ(strangers(eventTexts(*trace), eventTexts(*readNative(bytes))), 0U);
    EXPECT_EQ(count(*trace, DiagnosticCode::DamagedBlock), trace->diagnostics.total());
    EXPECT_GT(trace->diagnostics.total(), 0U);
}

}  // namespace
}  // namespace alloclens
