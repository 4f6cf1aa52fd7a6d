// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parts of a rotated log are read as the log that they were, however they are packed, cut and ordered.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "importers/file_order.h"
#include "importers/importer.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/packers.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kFirst = "✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
constexpr std::string_view kSecond = "✗ [PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)\n";

/// Files with these contents.
class Files {
public:
    explicit Files(const std::vector<std::string>& contents) {
        for (const std::string& content : contents) {
            m_files.push_back(std::make_unique<test::TemporaryFile>(content));
            m_paths.push_back(m_files.back()->path());
        }
    }
    [[nodiscard]] const std::vector<std::string>& paths() const { return m_paths; }
    [[nodiscard]] ReadFiles read(bool findsOrder = false) const {
        auto read = readTraceOfFiles(m_paths, findsOrder, {}, {}, {});
        if (!read) test::stop(read.error().sentence());
        return std::move(*read);
    }

private:
    std::vector<std::unique_ptr<test::TemporaryFile>> m_files;
    std::vector<std::string> m_paths;
};

std::string generatedLog(std::uint64_t seed) {
    generator::Recipe recipe;
    recipe.generation = generator::Generation::G2;
    recipe.seed = seed;
    recipe.events = 600;
    recipe.devices = 2;
    return generator::generate(recipe).log;
}

/// The log in `count` parts, cut after lines.
std::vector<std::string> cutAtLines(const std::string& log, std::size_t count) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < count; ++i) {
        const std::size_t end = log.find('\n', log.size() * i / count) + 1;
        parts.push_back(log.substr(begin, end - begin));
        begin = end;
    }
    parts.push_back(log.substr(begin));
    return parts;
}

TEST(SeveralFiles, PartsGiveTheTraceOfTheWhole) {
    const std::string log = generatedLog(4);
    const auto whole = test::traceText(*test::readLog(log));
    std::vector<std::string> parts = cutAtLines(log, 4);
    EXPECT_EQ(test::traceText(*Files(parts).read().trace), whole);
    parts[0] = test::gzip(parts[0]);
    parts[1] = test::xz(parts[1]);
    parts[3] = test::lz4(parts[3]);
    EXPECT_EQ(test::traceText(*Files(parts).read().trace), whole) << "packed as a rotation packs the older ones";
}

TEST(SeveralFiles, ALineThatTheRotationCutIsWhole) {
    const std::string log(std::string(kFirst) + std::string(kSecond));
    const auto whole = test::traceText(*test::readLog(log));
    for (std::size_t cut = 1; cut + 1 < log.size(); ++cut) {
        const auto trace = Files({log.substr(0, cut), log.substr(cut)}).read().trace;
        EXPECT_EQ(test::traceText(*trace), whole) << cut;
        EXPECT_EQ(trace->source->lines(), 2U) << cut;
    }
}

TEST(SeveralFiles, AMissingEndOfALineGluesNothing) {
    const std::string first(kFirst.substr(0, kFirst.size() - 1));
    const auto trace = Files({first, std::string(kSecond)}).read().trace;
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_EQ(trace->source->lines(), 2U);
    EXPECT_EQ(trace->diagnostics.total(), 0U);
    const auto foreign = Files({"a line of another program", std::string(kFirst)}).read().trace;
    EXPECT_EQ(foreign->source->lines(), 2U);
    EXPECT_EQ(foreign->lineCounts.foreign, 1U);
}

TEST(SeveralFiles, EachLineKnowsItsFile) {
    const Files files({std::string(kFirst) + "x\ny\n", "z", std::string(kSecond) + "end"});
    const auto trace = files.read().trace;
    const auto& sources = trace->source->files();
    ASSERT_THAT(sources, SizeIs(3));
    EXPECT_EQ(sources[0].path, files.paths()[0]);
    EXPECT_EQ(sources[1].firstLine, 4U);
    EXPECT_EQ(sources[1].lines, 1U);
    EXPECT_EQ(sources[2].firstLine, 5U);
    EXPECT_EQ(sources[2].lines, 2U);
    EXPECT_EQ(trace->source->placeInFile(3), files.paths()[0] + ":3");
    EXPECT_EQ(trace->source->placeInFile(5), files.paths()[2] + ":1");
    EXPECT_EQ(*trace->source->lineText(5) + '\n', kSecond);
    EXPECT_EQ(trace->source->path(), files.paths()[0] + " and 2 more");
}

TEST(SeveralFiles, FilesOfManyLinesAreCountedAcrossMarks) {
    std::string many;
    for (int i = 0; i < 1'000; ++i) many += "a line\n";
    const auto trace = Files({std::string(kFirst) + many, many + "z\n", std::string(kSecond)}).read().trace;
    EXPECT_EQ(trace->source->files()[1].firstLine, 1'002U);
    EXPECT_EQ(trace->source->files()[1].lines, 1'001U);
    EXPECT_EQ(trace->source->files()[2].firstLine, 2'003U);
}

TEST(SeveralFiles, OneFileHasNoListOfFiles) {
    EXPECT_THAT(Files({std::string(kFirst)}).read().trace->source->files(), IsEmpty());
    EXPECT_EQ(test::readLog(std::string(kFirst))->source->placeInFile(1), "");
}

TEST(SeveralFiles, WhatIsTwiceOrEmptyIsLeftOutAndSaid) {
    const std::string log = generatedLog(5);
    const std::vector<std::string> parts = cutAtLines(log, 2);
    const Files files({parts[0], test::gzip(parts[0]), "", parts[1]});
    const ReadFiles read = files.read();
    EXPECT_EQ(test::traceText(*read.trace), test::traceText(*test::readLog(log)));
    EXPECT_THAT(read.notes,
                ElementsAre(files.paths()[1] + ": has the same content as " + files.paths()[0] + " and was left out.",
                            files.paths()[2] + ": is empty and was left out."));
    const auto twice = readTraceOfFiles({files.paths()[0], files.paths()[0]}, false, {}, {}, {});
    ASSERT_TRUE(twice);
    EXPECT_THAT(twice->notes, SizeIs(1));
}

TEST(SeveralFiles, OnlyTextIsReadAsParts) {
    const Files files({std::string(kFirst), std::string("\x00\x01\x02\x03\xff\xfd", 6) + std::string(300, '\x02')});
    EXPECT_FALSE(readTraceOfFiles(files.paths(), false, {}, {}, {}));
    EXPECT_THAT(readTraceOfFiles({files.paths()[0], "/nonexistent.log"}, false, {}, {}, {}).error().sentence(),
                HasSubstr("/nonexistent.log: does not exist"));
}

TEST(SeveralFiles, TheOrderIsFoundByTheEvents) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
        const std::string log = generatedLog(seed);
        const auto whole = test::traceText(*test::readLog(log));
        std::vector<std::string> parts = cutAtLines(log, 4);
        std::sort(parts.begin(), parts.end());
        do {
            EXPECT_EQ(test::traceText(*Files(parts).read(true).trace), whole);
        } while (std::next_permutation(parts.begin(), parts.end()));
    }
}

TEST(SeveralFiles, TheOrderIsFoundByTheTimesOfLines) {
    const std::string late = "2026-11-30T19:40:59.123Z " + std::string(kSecond);
    const std::string early = "banner\n2026-11-30 19:40:58,900 " + std::string(kFirst);
    const Files files({late, early});
    const ReadFiles read = files.read(true);
    EXPECT_EQ(read.trace->events.kind[0], EventKind::Allocation);
    EXPECT_THAT(read.notes, ElementsAre(fmt::format("Read in this order, by the times of their lines: {}, {}.",
                                                    files.paths()[1], files.paths()[0])));
}

TEST(FileOrder, NamesOfRotationsAreOrdered) {
    std::vector<std::string> names = {"a.log", "a.log.1", "a.log.10.gz", "a.log.2.xz"};
    std::sort(names.begin(), names.end(), isOlderByName);
    EXPECT_THAT(names, ElementsAre("a.log.10.gz", "a.log.2.xz", "a.log.1", "a.log"));
    names = {"a.log", "a.log-20261130", "a.log-20261101.gz"};
    std::sort(names.begin(), names.end(), isOlderByName);
    EXPECT_THAT(names, ElementsAre("a.log-20261101.gz", "a.log-20261130", "a.log"));
}

TEST(FileOrder, TimesAreFoundAtTheBeginningsOfLines) {
    EXPECT_EQ(stampOf("[2026-11-30 19:40:59,123] x"), "2026-11-30T19:40:59.123");
    EXPECT_EQ(stampOf("2026-11-30T19:40:59Z x"), "2026-11-30T19:40:59");
    EXPECT_EQ(stampOf("Nov  3 19:40:59 host x"), "0011-03T19:40:59");
    EXPECT_EQ(stampOf("✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)"), "");
    EXPECT_EQ(stampOf(""), "");
}

}  // namespace
}  // namespace alloclens
