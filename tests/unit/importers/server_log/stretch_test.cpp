// SPDX-License-Identifier: GPL-3.0-or-later
//
// A trace does not depend on how the file was cut into stretches nor on how many threads read them.
#include <gtest/gtest.h>

#include <string>

#include "tests/generator/disguise.h"
#include "tests/generator/generator.h"
#include "tests/generator/tearing.h"
#include "tests/unit/support/stretches.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

std::string textInStretches(std::string_view log, const server_log::Limits& limits) {
    const test::TemporaryFile file(log);
    auto input = Input::open(file.path(), {});
    if (!input) test::stop(input.error().sentence());
    const auto trace = test::readInStretches(std::move(*input), limits);
    if (!trace) test::stop(trace.error().sentence());
    return test::traceText(**trace);
}

std::string smallLog(generator::Generation generation) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.events = 60;
    recipe.devices = 2;
    recipe.statisticsEvery = 30;
    recipe.dumpEvery = 40;
    recipe.teardownFrees = 4;
    recipe.foreignLines = true;
    return generator::generate(recipe).log;
}

TEST(Stretches, OfEverySizeGiveTheSameTrace) {
    const std::string log = smallLog(generator::Generation::G5) + "[PID 1] Allocated 4 by\r\n\n\n[PID 1] Freed";
    server_log::Limits limits;
    const std::string whole = textInStretches(log, limits);
    for (std::uint64_t size = 1; size < 600; size += size < 130 ? 1 : 37) {
        limits.stretchBytes = size;
        ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a stretch";
    }
}

TEST(Stretches, OfEveryGenerationGiveTheSameTrace) {
    using generator::Generation;
    for (const Generation generation : {Generation::G0, Generation::G1, Generation::G1e, Generation::G3}) {
        const std::string log = smallLog(generation);
        server_log::Limits limits;
        const std::string whole = textInStretches(log, limits);
        for (const std::uint64_t size : {1U, 2U, 7U, 64U, 100U, 1000U}) {
            limits.stretchBytes = size;
            ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a stretch";
        }
    }
}

TEST(Stretches, OfATornLogGiveTheSameTrace) {
    generator::Tearing tearing;
    tearing.share = 0.02;
    const std::string log = generator::tear(smallLog(generator::Generation::G2), tearing);
    server_log::Limits limits;
    const std::string whole = textInStretches(log, limits);
    for (std::uint64_t size = 1; size < 600; size += size < 130 ? 1 : 37) {
        limits.stretchBytes = size;
        ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a stretch";
    }
}

TEST(Stretches, InPiecesOfEverySizeGiveTheSameTrace) {
    generator::Tearing tearing;
    tearing.share = 0.02;
    const std::string log = generator::tear(smallLog(generator::Generation::G2), tearing) + "[PID 1] Freed";
    server_log::Limits limits;
    const std::string whole = textInStretches(log, limits);
    for (const std::uint64_t stretch : {std::uint64_t{97}, std::uint64_t{1000}, limits.stretchBytes}) {
        limits.stretchBytes = stretch;
        for (std::uint64_t size = 1; size < 1200; size += size < 130 ? 1 : 97) {
            limits.pieceBytes = size;
            ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a piece, " << stretch << " a stretch";
        }
    }
}

TEST(Stretches, LongLinesAreReadAlikeWhereverTheyAreCut) {
    const std::string event = "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)";
    std::string log;
    for (const std::size_t length : {0U, 100U, 250U, 300U, 301U, 400U, 500U, 900U}) {
        log += event + std::string(length, '.') + event + "\n";
        log += std::string(length, '.') + "\n";
        log += std::string(length, '\0') + event + "\n";
    }
    log += event + std::string(1000, '.') + "[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)";
    server_log::Limits limits;
    limits.wholeLineBytes = 400;
    const std::string whole = textInStretches(log, limits);
    EXPECT_NE(whole.find("overlong-line"), std::string::npos);
    for (std::uint64_t size = 1; size < 1500; size += size < 20 ? 1 : 31) {
        limits.stretchBytes = size;
        ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a stretch";
    }
    limits.stretchBytes = server_log::Limits{}.stretchBytes;
    for (std::uint64_t size = 1; size < 1500; size += size < 20 ? 1 : 31) {
        limits.pieceBytes = size;
        ASSERT_EQ(textInStretches(log, limits), whole) << size << " bytes a piece";
    }
}

TEST(Stretches, OneThreadGivesWhatManyGive) {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G4;
    recipe.events = 120'000;  // several stretches of the importer
    recipe.foreignLines = true;
    std::string log = generator::generate(recipe).log;
    ASSERT_GT(log.size(), 2 * server_log::Limits{}.stretchBytes);
    log += "[PID 1] Freed buffer ";
    const std::string one = test::traceText(*test::readLog(log, 1));
    for (const unsigned threads : {2U, 3U, 8U}) {
        ASSERT_TRUE(test::traceText(*test::readLog(log, threads)) == one) << threads << " threads";
    }
}

TEST(Stretches, LinesOfTheSourceAreFoundWhereverItWasCut) {
    const std::string log = smallLog(generator::Generation::G1e);
    const test::TemporaryFile file(log);
    auto input = Input::open(file.path(), {});
    ASSERT_TRUE(input);
    server_log::Limits limits;
    limits.stretchBytes = 77;
    const auto trace = test::readInStretches(std::move(*input), limits);
    ASSERT_TRUE(trace);
    std::uint32_t line = 0;
    for (std::size_t begin = 0; begin < log.size();) {
        const std::size_t end = log.find('\n', begin);
        ASSERT_EQ(*(*trace)->source->lineText(++line), log.substr(begin, end - begin));
        begin = end + 1;
    }
    EXPECT_EQ((*trace)->source->lines(), line);
}

}  // namespace
}  // namespace alloclens
