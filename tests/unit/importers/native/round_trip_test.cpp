// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is written as a native trace reads back as what it was, whatever the log, the size of its blocks and the number
// of threads.
#include <gtest/gtest.h>

#include <tuple>

#include "tests/generator/generator.h"
#include "tests/unit/importers/native/trace_copy.h"

namespace alloclens {
namespace {

using generator::Generation;
using test::fileBytes;
using test::nativeBytes;
using test::readNative;
using test::wholeText;

void expectEqualAfterConversion(const std::string& log) {
    const test::TemporaryFile file(log);
    const auto trace = test::analyseFile(file.path())->trace;
    const std::string bytes = nativeBytes(*trace, test::kSmallStretches);
    const auto copy = readNative(bytes);
    ASSERT_EQ(wholeText(*copy), wholeText(*trace));
    EXPECT_EQ(copy->source->fileBytes(), bytes.size());
    EXPECT_EQ(copy->source->bytes(), trace->source->bytes());
    EXPECT_EQ(wholeText(*readNative(nativeBytes(*trace), 1)), wholeText(*trace));
    EXPECT_EQ(copy->origin.format, "server-log");
    EXPECT_EQ(copy->origin.path, file.path());
    EXPECT_EQ(copy->formatName, "alens");
    // A copy of the copy is the same file.
    EXPECT_EQ(nativeBytes(*copy, test::kSmallStretches), bytes);
}

std::string generatedLog(Generation generation, std::uint64_t seed) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = seed;
    recipe.events = 700;
    recipe.foreignLines = true;
    recipe.statisticsEvery = 200;
    recipe.dumpEvery = 300;
    recipe.deaths = 2;
    recipe.doubleFreeShare = 0.05;
    recipe.aliasShare = 0.05;
    return generator::generate(recipe).log;
}

class NativeRoundTrip : public ::testing::TestWithParam<std::tuple<Generation, std::uint64_t>> {};

TEST_P(NativeRoundTrip, GivesTheSameTrace) {
    const auto& [generation, seed] = GetParam();
    expectEqualAfterConversion(generatedLog(generation, seed));
}

INSTANTIATE_TEST_SUITE_P(Generations, NativeRoundTrip,
                         ::testing::Combine(::testing::Values(Generation::G0, Generation::G1, Generation::G1e,
                                                              Generation::G2, Generation::G3, Generation::G4,
                                                              Generation::G5),
                                            ::testing::Values(3, 11)),
                         [](const auto& test) {
                             return fmt::format("{}Seed{}", generator::traitsOf(std::get<0>(test.param)).name,
                                                std::get<1>(test.param));
                         });

TEST(NativeTrace, KeepsOddLinesVerbatim) {
    const std::string event = "\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)";
    expectEqualAfterConversion(event + "\r\n" + std::string(5, '\0') + event + "\n\xff\xfe foreign  \n\n" + event
                               + event + "\n[PID 8] Allocated 5\n" + std::string(40'000, 'x') + "\nno end " + event);
    expectEqualAfterConversion(event);
    expectEqualAfterConversion(event + "\n\n\n\n");
    expectEqualAfterConversion(std::string(3'000'000, 'a') + event + "\n" + event + std::string(1'500'000, 'b'));
}

TEST(NativeTrace, KeepsATraceOfFactsAlone) {
    expectEqualAfterConversion("Allocation Server started\nCurrent Statistics:\n  Device 4:\n    Buffers: 6\n");
}

TEST(NativeTrace, KeepsMoreDiagnosticsThanAreKept) {
    std::string log = "\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n";
    for (int i = 0; i < 2500; ++i) log += "[PID 8] Allocated 5\n";
    expectEqualAfterConversion(log);
}

TEST(NativeTrace, KeepsASweepBeforeTheFirstEventOfItsProcess) {
    expectEqualAfterConversion("\u2713 [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n"
                               "  PID 9 is dead, removing its buffers...\n"
                               "\u2713 [PID 8] Allocated 512 bytes of L1 on device 0 (buffer_id=8192)\n"
                               "\u2713 [PID 9] Allocated 512 bytes of L1 on device 0 (buffer_id=12288)\n");
}

TEST(NativeTrace, KeepsEventsWithoutADevice) {
    expectEqualAfterConversion("[PID 7] Freed buffer 4096 (512 bytes)\n"
                               "[PID 7] Allocated 512 bytes of L1 on device 3 (buffer_id=4096)\n"
                               "[PID 7] Freed buffer 4096 (512 bytes)\n"
                               "[PID 7] Freed buffer 8192 (512 bytes)\n");
}

TEST(NativeTrace, GivesTheReportsOfItsSource) {
    const test::TemporaryFile file(generatedLog(Generation::G5, 9));
    const auto trace = test::analyseFile(file.path())->trace;
    const auto copy = readNative(nativeBytes(*trace, test::kSmallStretches));
    EXPECT_EQ(test::reportsText(copy), test::reportsText(trace));
}

std::shared_ptr<const Trace> traceOfRecords(std::string* bytes = nullptr, bool finishes = true) {
    const test::TemporaryFile file("");
    native::Description description;
    description.format = "recorded";
    description.addressForm = AddressForm::Hexadecimal;
    description.rules.keepsLastSize = true;
    description.json = R"({"devices":[{"id":0}]})";
    auto writer = native::Writer::create(file.path(), description, true);
    if (!writer) test::stop(writer.error().sentence());
    for (std::uint32_t block = 0; block < 3; ++block) {
        native::Block records;
        for (std::uint32_t i = 0; i < 5; ++i) {
            TracePart::Event event;
            event.kind = i % 2 == 0 ? EventKind::Allocation : EventKind::FinalFree;
            event.memory = i % 2 == 0 ? Memory::L1Small : Memory::Unknown;
            event.key = {-1, (std::uint64_t{1} << 63) + i / 2};
            event.pid = 20'000;
            event.sender = 30'000 + static_cast<std::int32_t>(i);
            event.time = 1'700'000'000'000'000'000 + block * 1000 + i;
            event.size = 512;
            event.line = i + 2;
            records.events.push_back(event);
        }
        records.lines = 7;
        records.lineCounts.events = 5;
        records.lineCounts.foreign = 2;
        records.gaps.push_back({5, 12, "the disk was slow"});
        if (!writer->write(records)) test::stop("no block");
    }
    if (!writer->note(R"({"text":"stopped"})")) test::stop("no note");
    if (finishes && !writer->finish()) test::stop("no end");
    const std::string written = fileBytes(file.path());
    if (bytes != nullptr) *bytes = written;
    return readNative(written);
}

TEST(NativeTrace, MakesLinesOfRecordsThatHadNone) {
    const auto trace = traceOfRecords();
    EXPECT_EQ(trace->source->lines(), 21U);
    EXPECT_EQ(*trace->source->lineText(2),
              "\u2713 [PID 20000] Allocated 512 bytes of L1_SMALL on device -1 (buffer_id=0x8000000000000000)");
    EXPECT_EQ(*trace->source->lineText(1), "(no event)");
    EXPECT_EQ(*trace->source->lineText(10),
              "\u2717 [PID 20000] Freed buffer 0x8000000000000000 on device -1 (512 bytes, FINAL)");
    ASSERT_TRUE(trace->events.hasTime());
    ASSERT_TRUE(trace->events.hasSender());
    EXPECT_EQ(trace->events.time[5], 1'700'000'000'000'001'000);
    EXPECT_EQ(trace->pid(trace->events.sender[6]), 30'001);
    EXPECT_EQ(trace->addressForm, AddressForm::Hexadecimal);
    EXPECT_TRUE(trace->rules.keepsLastSize);
    EXPECT_EQ(trace->origin.details, R"({"devices":[{"id":0}]})");
    EXPECT_EQ(trace->origin.notes, std::vector<std::string>{R"({"text":"stopped"})"});
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::RecordingGap), 3U);
    EXPECT_EQ(trace->diagnostics.kept()[1].detail, "12 messages lost: the disk was slow (at 5 ns)");
}

TEST(NativeTrace, OfRecordsIsConvertedToItself) {
    const auto trace = traceOfRecords();
    const auto copy = readNative(nativeBytes(*trace, test::kSmallStretches));
    EXPECT_EQ(wholeText(*copy), wholeText(*trace));
    EXPECT_TRUE(copy->source->isPadded());
    EXPECT_EQ(copy->origin.notes, trace->origin.notes);
    EXPECT_EQ(copy->origin.details, trace->origin.details);
}

TEST(NativeTrace, WithoutAnEventOpens) {
    const test::TemporaryFile file("");
    native::Description description;
    description.addressForm = AddressForm::Hexadecimal;
    auto writer = native::Writer::create(file.path(), description, true);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->finish());
    const auto trace = readNative(fileBytes(file.path()));
    EXPECT_EQ(trace->events.count(), 0U);
    EXPECT_EQ(trace->source->lines(), 0U);
    EXPECT_EQ(trace->diagnostics.total(), 0U);
    EXPECT_EQ(trace->addressForm, AddressForm::Hexadecimal);
}

TEST(NativeTrace, DoesNotDependOnTheNumberOfThreads) {
    const auto trace = test::readLog(generatedLog(Generation::G4, 5));
    const std::string bytes = nativeBytes(*trace, test::kSmallStretches);
    const std::string expected = wholeText(*trace);
    for (const unsigned threads : {1U, 2U, 3U, 8U}) EXPECT_EQ(wholeText(*readNative(bytes, threads)), expected);
}

TEST(NativeTrace, GoesOnBehindALastLineWithoutEnd) {
    const test::TemporaryFile file("");
    {
        auto writer = native::Writer::create(file.path(), {}, true);
        ASSERT_TRUE(writer);
        native::Block block;
        block.text = "one\ntwo";
        block.lines = 2;
        ASSERT_TRUE(writer->write(block));
    }
    auto writer = native::Writer::append(file.path());
    ASSERT_TRUE(writer) << writer.error().sentence();
    native::Block block;
    block.text = "three\n";
    block.lines = 1;
    ASSERT_TRUE(writer->write(block));
    ASSERT_TRUE(writer->finish());
    const auto trace = readNative(fileBytes(file.path()));
    EXPECT_EQ(*trace->source->linesText(1, 9), (std::vector<std::string>{"one", "two", "three"}));
    EXPECT_EQ(trace->diagnostics.total(), 0U);
}

TEST(NativeTrace, IsNotReadWhenItIsCancelled) {
    const test::TemporaryFile file(nativeBytes(*test::readLog(generatedLog(Generation::G5, 2))));
    std::stop_source stop;
    stop.request_stop();
    const auto trace = readTrace(file.path(), {}, {}, TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(trace);
    EXPECT_EQ(trace.error().kind, ErrorKind::Cancelled);
}

TEST(NativeTrace, MoreThanMemoryHoldsIsRefused) {
    const test::TemporaryFile file(nativeBytes(*test::readLog(generatedLog(Generation::G5, 2))));
    ReadOptions options;
    options.memory = 1000;
    const auto trace = readTrace(file.path(), {}, options, {});
    ASSERT_FALSE(trace);
    EXPECT_NE(trace.error().what.find("memory"), std::string::npos);
}

}  // namespace
}  // namespace alloclens
