// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;

Error errorOf(std::string_view bytes, const std::string& format = {}) {
    const test::TemporaryFile file(bytes);
    const auto trace = readTrace(file.path(), format, {}, {});
    if (trace) test::stop("this should not be readable");
    EXPECT_EQ(trace.error().kind == ErrorKind::Usage ? file.path() : trace.error().where, file.path());
    EXPECT_FALSE(trace.error().advice.empty());
    return trace.error();
}

TEST(Importer, TheListNamesTheServerLog) {
    ASSERT_EQ(importers().size(), 1U);
    EXPECT_EQ(importers()[0]().name, "server-log");
    EXPECT_FALSE(importers()[0]().description.empty());
}

TEST(Importer, AnUnknownFormatNameIsAUsageErrorThatListsTheFormats) {
    const Error error = errorOf("[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n", "serverlog");
    EXPECT_EQ(error.kind, ErrorKind::Usage);
    EXPECT_THAT(error.sentence(), HasSubstr("'serverlog' is no known format"));
    EXPECT_THAT(error.sentence(), HasSubstr("server-log"));
}

TEST(Importer, ABinaryFileIsOfNoKnownFormat) {
    std::string bytes = "\x7f"
                        "ELF";
    for (int i = 0; i < 5'000; ++i) bytes += static_cast<char>(i * 37);
    const Error error = errorOf(bytes);
    EXPECT_EQ(error.kind, ErrorKind::Format);
    EXPECT_THAT(error.sentence(), HasSubstr("is of no known format"));
}

TEST(Importer, NothingButNulBytesIsOfNoKnownFormat) {
    EXPECT_EQ(errorOf(std::string(700'000, '\0')).kind, ErrorKind::Format);
}

TEST(Importer, TextWithoutAnyLineOfAServerIsRefusedWithAnExample) {
    const Error error = errorOf("a letter\nto nobody\n\n");
    EXPECT_EQ(error.kind, ErrorKind::Format);
    EXPECT_THAT(error.sentence(), HasSubstr("holds no line of an allocation server"));
    EXPECT_THAT(error.sentence(), HasSubstr("[PID 7] Allocated"));
}

TEST(Importer, ANamedFormatIsReadWhateverItLooksLike) {
    std::string bytes(2'000, '\x01');
    bytes += "\n[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    const test::TemporaryFile file(bytes);
    const auto trace = readTrace(file.path(), "server-log", {}, {});
    ASSERT_TRUE(trace) << trace.error().sentence();
    EXPECT_EQ((*trace)->events.count(), 1U);
}

TEST(Importer, ALogThatBeginsWithMuchForeignTextIsRecognised) {
    std::string log;
    while (log.size() < 600'000) log += "tests/mesh/test_attention.py::test_decode PASSED\n";
    log += "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
    EXPECT_EQ(test::readLog(log)->events.count(), 1U);
}

TEST(Importer, ALogOfBannersAloneIsReadAndHoldsNoEvents) {
    const auto trace = test::readLog(
        "🚀 Allocation Server started\n   Press Ctrl+C to stop\n🛑 Allocation Server stopped\n");
    EXPECT_EQ(trace->events.count(), 0U);
    EXPECT_EQ(trace->source->lines(), 3U);
    const auto analysis = analyse(trace, {});
    ASSERT_TRUE(analysis);
    EXPECT_TRUE((*analysis)->findings.rows.empty());
    EXPECT_TRUE((*analysis)->replay.devices.empty());
}

TEST(Importer, OneEventIsATrace) {
    const auto trace = test::readLog("[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)");
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_EQ(trace->source->lines(), 1U);
}

TEST(Importer, ACancelledReadSaysSo) {
    const test::TemporaryFile file(generator::generate({.events = 5'000}).log);
    std::stop_source stop;
    stop.request_stop();
    const auto trace = readTrace(file.path(), {}, {}, TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(trace);
    EXPECT_EQ(trace.error().kind, ErrorKind::Cancelled);
}

TEST(Importer, AReadCanBeCancelledInTheMiddle) {
    const test::TemporaryFile file(generator::generate({.events = 150'000}).log);
    std::stop_source stop;
    const TaskContext task(stop.get_token(), [&stop](std::string_view stage, double) {
        if (stage == "reading") stop.request_stop();
    });
    ReadOptions options;
    options.threads = 1;
    const auto trace = readTrace(file.path(), {}, options, task);
    if (trace) {  // all parts may have been read before the first was put together
        const auto analysis = analyse(*trace, task);
        ASSERT_FALSE(analysis);
        EXPECT_EQ(analysis.error().kind, ErrorKind::Cancelled);
    } else {
        EXPECT_EQ(trace.error().kind, ErrorKind::Cancelled);
    }
}

TEST(Importer, AnAnalysisCanBeCancelledInEveryStage) {
    const auto trace = test::readLog(generator::generate({.events = 5'000}).log);
    for (const std::string_view wanted : {"replaying", "looking for findings"}) {
        std::stop_source stop;
        bool wasReported = false;
        const TaskContext task(stop.get_token(), [&](std::string_view stage, double) {
            if (stage != wanted) return;
            wasReported = true;
            stop.request_stop();
        });
        const auto analysis = analyse(trace, task);
        EXPECT_TRUE(wasReported) << wanted;
        if (wanted == "looking for findings") {
            ASSERT_FALSE(analysis);
            EXPECT_EQ(analysis.error().kind, ErrorKind::Cancelled);
        }
    }
}

TEST(Importer, ProgressRunsFromNothingToAll) {
    const test::TemporaryFile file(generator::generate({.events = 150'000}).log);
    double last = 0;
    bool isSteady = true;
    const TaskContext task({}, [&](std::string_view, double fraction) {
        isSteady = isSteady && fraction >= last && fraction <= 1;
        last = fraction;
    });
    ASSERT_TRUE(readTrace(file.path(), {}, {}, task));
    EXPECT_TRUE(isSteady);
    EXPECT_EQ(last, 1);
}

}  // namespace
}  // namespace alloclens
