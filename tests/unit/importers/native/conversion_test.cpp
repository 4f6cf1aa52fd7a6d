// SPDX-License-Identifier: GPL-3.0-or-later
//
// Logs of every generation in every disguise, and captures of every record size: the native trace that is made of them
// holds the same events, gives the same reports, and shows every byte of the source.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "importers/alloc_message/message.h"
#include "tests/generator/disguise.h"
#include "tests/generator/generator.h"
#include "tests/unit/importers/native/trace_copy.h"
#include "tests/unit/support/message_stream.h"

namespace alloclens {
namespace {

using generator::Generation;
using generator::NamedDisguise;

std::shared_ptr<const Trace> readAs(const std::string& bytes, const std::string& format,
                                    const ReadOptions& options = {}) {
    const test::TemporaryFile file(bytes);
    auto trace = readTrace(file.path(), format, options, {});
    if (!trace) test::stop(trace.error().sentence());
    return *trace;
}

std::string sourceBytes(const Trace& trace) {
    std::string bytes(trace.source->bytes(), '\0');
    if (const auto read = trace.source->readBytes(0, bytes.data(), bytes.size()); !read) return read.error().sentence();
    return bytes;
}

void expectTheSame(const std::shared_ptr<const Trace>& trace, const native::StretchLimits& limits) {
    const auto copy = test::readNative(test::nativeBytes(*trace, limits));
    EXPECT_EQ(copy->origin.format, trace->formatName);
    EXPECT_EQ(test::wholeText(*copy), test::wholeText(*trace));
    EXPECT_EQ(test::reportsText(copy), test::reportsText(trace));
    if (!trace->source->isPadded()) {
        EXPECT_EQ(sourceBytes(*copy), sourceBytes(*trace));
    }
}

using LogParameters = std::tuple<Generation, NamedDisguise>;

class ConvertedLog : public ::testing::TestWithParam<LogParameters> {};

TEST_P(ConvertedLog, SaysTheSameByteForByte) {
    const auto& [generation, disguise] = GetParam();
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = 21;
    recipe.events = 500;
    recipe.statisticsEvery = 120;
    recipe.dumpEvery = 200;
    recipe.deaths = 1;
    recipe.doubleFreeShare = 0.05;
    recipe.foreignLines = true;
    const std::string log = generator::disguise(generator::generate(recipe).log, disguise.disguise);
    const auto trace = readAs(log, "server-log");
    EXPECT_EQ(sourceBytes(*trace), log);
    EXPECT_GT(trace->events.count(), 400U);
    expectTheSame(trace, test::kSmallStretches);
}

std::string nameOf(const ::testing::TestParamInfo<LogParameters>& info) {
    std::string name = fmt::format("{}_{}", generator::traitsOf(std::get<0>(info.param)).name,
                                   std::get<1>(info.param).name);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(
    Disguises, ConvertedLog,
    ::testing::Combine(::testing::Values(Generation::G0, Generation::G1, Generation::G1e, Generation::G2,
                                         Generation::G3, Generation::G4, Generation::G5),
                       ::testing::ValuesIn(generator::disguises().begin(), generator::disguises().end())),
    nameOf);

class ConvertedCapture : public ::testing::TestWithParam<std::tuple<std::size_t, bool>> {
protected:
    static std::string stream(std::size_t recordSize, unsigned seed) {
        test::RandomMessages messages(seed);
        std::string bytes;
        for (int i = 0; i < 400; ++i) bytes += messages.next(recordSize);
        return bytes;
    }
};

TEST_P(ConvertedCapture, SaysTheSame) {
    const auto& [recordSize, isEnhanced] = GetParam();
    ReadOptions options;
    options.rules.keepsLastSize = isEnhanced;
    for (const unsigned seed : {1U, 3U}) {
        const auto trace = readAs(stream(recordSize, seed), "alloc-message", options);
        EXPECT_TRUE(trace->events.hasTime());
        EXPECT_TRUE(trace->events.hasSender());
        expectTheSame(trace, test::kSmallStretches);
        expectTheSame(trace, {});
    }
}

TEST_P(ConvertedCapture, SaysTheSameWhereItIsDamaged) {
    const auto& [recordSize, isEnhanced] = GetParam();
    ReadOptions options;
    options.rules.keepsLastSize = isEnhanced;
    std::string bytes = stream(recordSize, 7);
    bytes.insert(recordSize * 90, "no message at all");
    bytes.resize(bytes.size() - 30);
    const auto trace = readAs(bytes, "alloc-message", options);
    EXPECT_GT(trace->diagnostics.total(), 0U);
    expectTheSame(trace, test::kSmallStretches);
}

INSTANTIATE_TEST_SUITE_P(RecordSizes, ConvertedCapture,
                         ::testing::Combine(::testing::ValuesIn(alloc_message::kRecordSizes), ::testing::Bool()));

TEST(ConvertedTrace, OfALogWithoutAnEventHoldsItsLines) {
    const auto trace = readAs("Allocation Server started\n\nno more", "server-log");
    expectTheSame(trace, {});
    expectTheSame(trace, test::kSmallStretches);
}

}  // namespace
}  // namespace alloclens
