// SPDX-License-Identifier: GPL-3.0-or-later
//
// A file that is read while it is written gives the trace of the finished file, however it came.
#include "importers/follower.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

class GrowingFile {
public:
    explicit GrowingFile(std::string_view bytes = {}) : m_file(bytes) {}
    void append(std::string_view bytes) const { std::ofstream(path(), std::ios::app | std::ios::binary) << bytes; }
    void replaceWith(std::string_view bytes) const {
        std::ofstream(path(), std::ios::trunc | std::ios::binary) << bytes;
    }
    [[nodiscard]] const std::string& path() const { return m_file.path(); }

private:
    test::TemporaryFile m_file;
};

Follower follow(const std::string& path) {
    auto follower = Follower::open(path, {}, {}, {});
    if (!follower) test::stop(follower.error().sentence());
    return std::move(*follower);
}

Follower::Step advance(Follower& follower) {
    const auto step = follower.advance({});
    if (!step) test::stop(step.error().sentence());
    return *step;
}

void readAll(Follower& follower) {
    while (advance(follower) == Follower::Step::Grown) continue;
}

std::string textOf(const Follower& follower, bool isEnd) {
    const auto trace = follower.trace(isEnd);
    if (!trace) test::stop(trace.error().sentence());
    return test::traceText(**trace);
}

std::string generatedLog(generator::Generation generation, std::uint64_t seed) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = seed;
    recipe.events = 400;
    recipe.devices = 3;
    recipe.statisticsEvery = 50;
    recipe.dumpEvery = 90;
    recipe.teardownFrees = 6;
    recipe.foreignLines = true;
    return generator::generate(recipe).log;
}

TEST(Follower, APieceAtATimeGivesTheTraceOfTheWhole) {
    using generator::Generation;
    std::mt19937 random(7);
    for (const Generation generation : {Generation::G0, Generation::G1e, Generation::G2, Generation::G5}) {
        const std::string log = generatedLog(generation, 11) + "[PID 1] Allocated 4 by";
        const GrowingFile file(log.substr(0, 1));
        Follower follower = follow(file.path());
        for (std::size_t at = 1; at < log.size();) {
            const std::size_t length = std::min<std::size_t>(log.size() - at, 1 + random() % 900);
            file.append(std::string_view(log).substr(at, length));
            at += length;
            readAll(follower);
            ASSERT_TRUE(follower.events() == 0 || follower.trace(false));
        }
        EXPECT_EQ(textOf(follower, true), test::traceText(*test::readLog(log)));
    }
}

TEST(Follower, AnUnfinishedLineIsKeptForTheNextStep) {
    const GrowingFile file(
        "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n✗ [PID 1] Freed buffer 16 on ");
    Follower follower = follow(file.path());
    readAll(follower);
    EXPECT_EQ(follower.events(), 1U);
    EXPECT_EQ((*follower.trace(false))->source->lines(), 1U);
    EXPECT_EQ((*follower.trace(false))->diagnostics.total(), 0U);
    EXPECT_GT((*follower.trace(true))->diagnostics.total(), 0U);
    file.append("device 0 (4 bytes, FINAL)\n");
    EXPECT_EQ(advance(follower), Follower::Step::Grown);
    EXPECT_EQ(follower.events(), 2U);
    EXPECT_EQ((*follower.trace(true))->diagnostics.total(), 0U);
    EXPECT_EQ(advance(follower), Follower::Step::Nothing);
}

// Also one that is longer than what one step reads.
TEST(Follower, ALongUnfinishedLineIsWaitedForAndHoldsUpNothingBehindIt) {
    for (const auto& [pieces, bytes] : {std::pair<int, std::size_t>{5, 100'000}, {2, std::size_t{20} << 20}}) {
        const GrowingFile file("🚀 Allocation Server started\n");
        Follower follower = follow(file.path());
        readAll(follower);
        for (int i = 0; i < pieces; ++i) {
            file.append(std::string(bytes, 'x'));
            EXPECT_EQ(advance(follower), Follower::Step::Nothing);
        }
        file.append("\n✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
        readAll(follower);
        EXPECT_EQ(follower.events(), 1U);
        EXPECT_EQ((*follower.trace(false))->source->lines(), 3U);
    }
}

TEST(Follower, AVeryLongLineThatIsThereAtOnceIsRead) {
    const GrowingFile file("🚀 Allocation Server started\n" + std::string(std::size_t{70} << 20, 'x')
                           + "\n✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    Follower follower = follow(file.path());
    readAll(follower);
    EXPECT_EQ(follower.events(), 1U);
}

TEST(Follower, EmptyFilesAreWaitedFor) {
    const GrowingFile file;
    Follower follower = follow(file.path());
    EXPECT_EQ(advance(follower), Follower::Step::Nothing);
    EXPECT_THAT(follower.trace(true).error().sentence(), HasSubstr("is still empty"));
    file.append("✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_EQ(advance(follower), Follower::Step::Grown);
    EXPECT_EQ(follower.events(), 1U);
}

TEST(Follower, TruncationBeginsAnew) {
    const GrowingFile file(generatedLog(generator::Generation::G2, 3));
    Follower follower = follow(file.path());
    readAll(follower);
    file.replaceWith("✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    EXPECT_EQ(advance(follower), Follower::Step::Truncated);
    EXPECT_EQ(follower.events(), 0U);
    EXPECT_EQ(advance(follower), Follower::Step::Grown);
    EXPECT_EQ(follower.events(), 1U);
}

TEST(Follower, AFileThatIsOverwrittenWithALongerOneIsFollowedFromItsBeginning) {
    for (const std::size_t linesMore : {0U, 1U, 200U}) {
        const std::string before = generatedLog(generator::Generation::G2, 3);
        std::string after = generatedLog(generator::Generation::G2, 4);
        after.resize(before.size(), '\n');
        for (std::size_t i = 0; i < linesMore; ++i)
            after += "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
        const GrowingFile file(before);
        Follower follower = follow(file.path());
        readAll(follower);
        file.replaceWith(after);
        EXPECT_EQ(advance(follower), Follower::Step::Rewritten) << linesMore;
        EXPECT_EQ(follower.events(), 0U);
        readAll(follower);
        EXPECT_EQ(textOf(follower, true), test::traceText(*test::readLog(after)));
    }
}

// The first lines of a server are the same in each run.
TEST(Follower, AnotherRunWithTheSameFirstLinesIsNotGluedToTheOldOne) {
    const std::string line = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    std::string head;
    for (int i = 0; i < 300; ++i) head += line;
    const GrowingFile file(head + "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=17)\n");
    Follower follower = follow(file.path());
    readAll(follower);
    file.replaceWith(head + "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=18)\n" + line);
    EXPECT_EQ(advance(follower), Follower::Step::Rewritten);
    readAll(follower);
    EXPECT_EQ(follower.events(), 302U);
}

TEST(Follower, AFileThatIsTouchedIsNotReadAgain) {
    const GrowingFile file("✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    Follower follower = follow(file.path());
    readAll(follower);
    std::filesystem::last_write_time(file.path(), std::filesystem::file_time_type::clock::now());
    EXPECT_EQ(advance(follower), Follower::Step::Nothing);
    EXPECT_EQ(follower.events(), 1U);
}

TEST(Follower, ADeletedFileIsSaidOnceAndKeepsWhatWasRead) {
    const std::string line = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    const GrowingFile file(line);
    Follower follower = follow(file.path());
    readAll(follower);
    ASSERT_EQ(std::remove(file.path().c_str()), 0);
    int said = 0;
    for (int i = 0; i < 100; ++i) said += advance(follower) == Follower::Step::Removed ? 1 : 0;
    EXPECT_EQ(said, 1);
    EXPECT_EQ(follower.events(), 1U);
    file.append(line + line);
    EXPECT_EQ(advance(follower), Follower::Step::Replaced);
    readAll(follower);
    EXPECT_EQ(follower.events(), 2U);
}

// As logrotate's copytruncate does with a server that does not append: what it writes next stands after a hole.
TEST(Follower, AFileThatIsTruncatedUnderItsWriterIsFollowedAfterTheHole) {
    const std::string line = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    std::string log;
    while (log.size() < 3'000'000) log += line;
    const GrowingFile file(log);
    Follower follower = follow(file.path());
    readAll(follower);
    file.replaceWith("");
    std::fstream(file.path(), std::ios::in | std::ios::out | std::ios::binary)
            .seekp(static_cast<std::streamoff>(log.size()))
        << line;
    EXPECT_EQ(advance(follower), Follower::Step::Rewritten);
    readAll(follower);
    EXPECT_EQ(follower.events(), 1U);
    file.append(line);
    readAll(follower);
    EXPECT_EQ(follower.events(), 2U);
    EXPECT_EQ((*follower.trace(true))->source->fileBytes(), log.size() + 2 * line.size());
}

TEST(Follower, ARotatedFileIsReadToItsEndFirst) {
    const std::string line = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    const GrowingFile file(line);
    Follower follower = follow(file.path());
    readAll(follower);
    const std::string old = file.path() + ".1";
    ASSERT_EQ(std::rename(file.path().c_str(), old.c_str()), 0);
    std::ofstream(old, std::ios::app) << line << line;
    EXPECT_EQ(advance(follower), Follower::Step::Grown);
    EXPECT_EQ(follower.events(), 3U);
    EXPECT_EQ(advance(follower), Follower::Step::Nothing) << "nothing has the name yet";
    file.append(line + line);
    EXPECT_EQ(advance(follower), Follower::Step::Replaced);
    EXPECT_EQ(advance(follower), Follower::Step::Grown);
    EXPECT_EQ(follower.events(), 2U);
    std::remove(old.c_str());
}

TEST(Follower, RefusesWhatCannotGrow) {
    EXPECT_THAT(Follower::open("/no/such/file.log", {}, {}, {}).error().sentence(), HasSubstr("does not exist"));
    EXPECT_THAT(Follower::open("/", {}, {}, {}).error().sentence(), HasSubstr("not a file on disk"));
    const GrowingFile compressed;
    gzFile out = gzopen(compressed.path().c_str(), "wb");
    gzputs(out, "🚀 Allocation Server started\n");
    gzclose(out);
    EXPECT_THAT(Follower::open(compressed.path(), {}, {}, {}).error().sentence(), HasSubstr("is compressed"));
}

}  // namespace
}  // namespace alloclens
