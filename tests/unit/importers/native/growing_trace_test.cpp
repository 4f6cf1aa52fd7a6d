// SPDX-License-Identifier: GPL-3.0-or-later
//
// A native trace that is read while it is written gives the trace of the whole file, however it came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "importers/follower.h"
#include "importers/native/format.h"
#include "tests/generator/generator.h"
#include "tests/unit/importers/native/trace_copy.h"

namespace alloclens {
namespace {

using test::fileBytes;
using test::nativeBytes;
using test::readNative;
using test::wholeText;
using ::testing::HasSubstr;

std::string generatedTrace(std::uint64_t seed, std::uint64_t events = 300) {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G5;
    recipe.seed = seed;
    recipe.events = events;
    recipe.devices = 3;
    recipe.foreignLines = true;
    recipe.statisticsEvery = 50;
    recipe.deaths = 2;
    return nativeBytes(*test::readLog(generator::generate(recipe).log), test::kSmallStretches);
}

class GrowingNative : public ::testing::Test {
protected:
    void begin(std::string_view bytes) {
        write(bytes, std::ios::trunc);
        auto follower = Follower::open(m_file.path(), {}, {}, {});
        if (!follower) test::stop(follower.error().sentence());
        m_follower.emplace(std::move(*follower));
    }
    void write(std::string_view bytes, std::ios::openmode mode = std::ios::app) const {
        std::ofstream(m_file.path(), mode | std::ios::binary) << bytes;
    }
    Follower::Step advance() {
        const auto step = m_follower->advance({});
        if (!step) test::stop(step.error().sentence());
        return *step;
    }
    void readAll() {
        while (advance() != Follower::Step::Nothing) continue;
    }
    [[nodiscard]] std::shared_ptr<const Trace> trace(bool isEnd) const {
        const auto made = m_follower->trace(isEnd);
        if (!made) test::stop(made.error().sentence());
        return *made;
    }
    [[nodiscard]] std::string whole() const {
        const auto made = readTrace(m_file.path(), {}, {}, {});
        if (!made) test::stop(made.error().sentence());
        return wholeText(**made);
    }
    /// Where the blocks of a trace begin, without its index.
    [[nodiscard]] static std::vector<std::size_t> blocksOf(const std::string& bytes) {
        std::vector<std::size_t> places;
        for (std::size_t at = bytes.find(native::kBlockMagic); at != std::string::npos;
             at = bytes.find(native::kBlockMagic, at + 1)) {
            places.push_back(at);
        }
        places.pop_back();
        return places;
    }

    test::TemporaryFile m_file{""};
    std::optional<Follower> m_follower;
};

TEST_F(GrowingNative, GivesAtEveryByteTheTraceOfWhatIsThere) {
    const std::string bytes = generatedTrace(3, 40);
    begin(bytes.substr(0, 1));
    std::size_t events = 0;
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        write(bytes.substr(at, 1));
        readAll();
        ASSERT_GE(m_follower->events(), events);
        const bool isNew = m_follower->events() > events;
        events = m_follower->events();
        if (at < 200 || (!isNew && at % 501 != 0)) continue;
        ASSERT_EQ(wholeText(*trace(true)), whole()) << "at byte " << at;
    }
    EXPECT_EQ(wholeText(*trace(true)), whole());
    EXPECT_EQ(wholeText(*trace(false)), whole());
    EXPECT_EQ(trace(true)->diagnostics.count(DiagnosticCode::UnfinishedTrace), 0U);
}

TEST_F(GrowingNative, PiecesOfAnySizeGiveTheTraceOfTheWhole) {
    std::mt19937 random(5);
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
        const std::string bytes = generatedTrace(seed);
        begin(bytes.substr(0, 90));
        for (std::size_t at = 90; at < bytes.size();) {
            const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random() % 3000);
            write(std::string_view(bytes).substr(at, length));
            at += length;
            if (random() % 3 != 0) readAll();
            ASSERT_EQ(trace(false)->diagnostics.count(DiagnosticCode::UnfinishedTrace), 0U);
        }
        readAll();
        EXPECT_EQ(wholeText(*trace(true)), wholeText(*readNative(bytes)));
    }
}

TEST_F(GrowingNative, AnIncompleteBlockIsWaitedFor) {
    const std::string bytes = generatedTrace(1);
    const auto blocks = blocksOf(bytes);
    begin(bytes.substr(0, blocks[5]));
    readAll();
    for (std::size_t at = blocks[5]; at + 1 < blocks[6]; ++at) {
        write(bytes.substr(at, 1));
        ASSERT_EQ(advance(), Follower::Step::Nothing);
    }
    EXPECT_EQ(wholeText(*trace(true)), whole());
    EXPECT_EQ(trace(true)->diagnostics.count(DiagnosticCode::UnfinishedTrace), 1U);
    write(bytes.substr(blocks[6] - 1, 1));
    EXPECT_EQ(advance(), Follower::Step::Grown);
}

TEST_F(GrowingNative, ATraceThatIsAppendedToGoesOn) {
    const std::string bytes = generatedTrace(2);
    const auto blocks = blocksOf(bytes);
    begin(bytes);
    readAll();
    const std::size_t events = m_follower->events();
    native::Block block;
    block.lines = 1;
    block.events.emplace_back();
    block.events.back().line = 1;
    block.events.back().key = {1, 4096};
    for (int round = 1; round <= 3; ++round) {
        auto writer = native::Writer::append(m_file.path());
        ASSERT_TRUE(writer);
        // It may be looked at when its end was cut off, and between its blocks and its end, or not.
        if (round != 2) {
            EXPECT_EQ(advance(), Follower::Step::Nothing) << "no event is gone";
        }
        for (int i = 0; i < round * 10; ++i) ASSERT_TRUE(writer->write(block));
        if (round != 3) {
            EXPECT_EQ(advance(), Follower::Step::Grown);
        }
        ASSERT_TRUE(writer->finish());
        readAll();
    }
    EXPECT_EQ(m_follower->events(), events + 60);
    EXPECT_EQ(wholeText(*trace(true)), whole());
}

TEST_F(GrowingNative, TruncationAndReplacementBeginAnew) {
    const std::string first = generatedTrace(1);
    const std::string second = generatedTrace(9);
    begin(first);
    readAll();
    write(second.substr(0, second.size() / 3), std::ios::trunc);
    EXPECT_EQ(advance(), Follower::Step::Truncated);
    EXPECT_EQ(m_follower->events(), 0U);
    readAll();
    EXPECT_EQ(wholeText(*trace(true)), whole());

    // Written anew and longer than it was: only what is in it tells.
    write(first, std::ios::trunc);
    EXPECT_EQ(advance(), Follower::Step::Truncated);
    readAll();
    EXPECT_EQ(wholeText(*trace(true)), whole());

    std::remove(m_file.path().c_str());
    EXPECT_EQ(advance(), Follower::Step::Nothing) << "nothing has the name yet";
    EXPECT_EQ(wholeText(*trace(true)), wholeText(*readNative(first))) << "the file is still there for who has it open";
    write(second, std::ios::trunc);
    EXPECT_EQ(advance(), Follower::Step::Replaced);
    readAll();
    EXPECT_EQ(wholeText(*trace(true)), whole());
}

// Damage at any place: of headers, of payloads, of the file's beginning and of its index.
TEST_F(GrowingNative, DamageInTheMiddleIsSaidAsOfTheWhole) {
    const std::string good = generatedTrace(4, 120);
    std::mt19937 random(11);
    for (int round = 0; round < 60; ++round) {
        std::string bytes = good;
        for (int flips = 1 + round % 3; flips > 0; --flips) {
            bytes[(round < 10 ? 90 : 0) + random() % (bytes.size() - 90)] ^= static_cast<char>(1U << random() % 8);
        }
        if (round % 7 == 0) bytes.insert(blocksOf(good)[4], std::string(100, 'x'));
        begin(bytes.substr(0, 100));
        for (std::size_t at = 100; at < bytes.size();) {
            const std::size_t length = std::min<std::size_t>(bytes.size() - at, 1 + random() % 2000);
            write(std::string_view(bytes).substr(at, length));
            at += length;
            readAll();
        }
        ASSERT_EQ(wholeText(*trace(true)), whole()) << "round " << round;
    }
}

TEST_F(GrowingNative, EmptyFilesAreWaitedFor) {
    begin("");
    EXPECT_EQ(advance(), Follower::Step::Nothing);
    const std::string bytes = generatedTrace(1);
    write(bytes.substr(0, 30));
    readAll();
    EXPECT_EQ(m_follower->events(), 0U);
    write(bytes.substr(30));
    readAll();
    EXPECT_EQ(wholeText(*trace(true)), whole());
}

TEST_F(GrowingNative, ANewerTraceIsRefused) {
    std::string bytes;
    native::put(bytes, native::FileHeader{native::kMajorVersion + 1, 0});
    write(bytes + std::string(200, '\0'), std::ios::trunc);
    auto follower = Follower::open(m_file.path(), {}, {}, {});
    ASSERT_TRUE(follower);
    EXPECT_THAT(follower->advance({}).error().sentence(), HasSubstr("written by a newer AllocLens"));
}

}  // namespace
}  // namespace alloclens
