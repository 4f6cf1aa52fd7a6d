// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Error errorOf(std::string_view bytes, const std::string& format = {}) {
    const test::TemporaryFile file(bytes);
    const auto trace = readTrace(file.path(), format, {}, {});
    if (trace) test::stop("this should not be readable");
    EXPECT_EQ(trace.error().kind == ErrorKind::Usage ? file.path() : trace.error().where, file.path());
    EXPECT_FALSE(trace.error().advice.empty());
    return trace.error();
}

TEST(Importer, TheListNamesEveryFormat) {
    std::vector<std::string_view> names;
    for (const ImporterEntry entry : importers()) {
        names.push_back(entry().name);
        EXPECT_FALSE(entry().description.empty());
    }
    EXPECT_THAT(names, ::testing::ElementsAre("server-log", "alens", "alloc-message"));
}

TEST(Importer, AnUnknownFormatNameIsAUsageErrorThatListsTheFormats) {
    const Error error = errorOf("[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n", "serverlog");
    EXPECT_EQ(error.kind, ErrorKind::Usage);
    EXPECT_THAT(error.sentence(), HasSubstr("'serverlog' is not a known format"));
    EXPECT_THAT(error.sentence(), HasSubstr("server-log"));
}

TEST(Importer, ABinaryFileHasAnUnknownFormat) {
    std::string bytes = "\x7f?";
    for (int i = 0; i < 5'000; ++i) bytes += static_cast<char>(i * 37);
    const Error error = errorOf(bytes);
    EXPECT_EQ(error.kind, ErrorKind::Format);
    EXPECT_THAT(error.sentence(), HasSubstr("has an unknown format. Known formats: server-log, alens, alloc-message."));
    EXPECT_THAT(error.sentence(), Not(HasSubstr("format NAME"))) << "there may be no such option";
}

TEST(Importer, AdviceNamesTheOptionThatNamesAFormat) {
    const test::TemporaryFile file(std::string("\x7f?") + std::string(5'000, '\x03'));
    ReadOptions options;
    options.formatOption = "--input-format";
    EXPECT_THAT(readTrace(file.path(), {}, options, {}).error().sentence(),
                HasSubstr("To force one, use --input-format NAME."));
    EXPECT_EQ(readTrace(file.path(), "other", options, {}).error().where, "--input-format");
}

TEST(Importer, FilesOfOtherKindsAreNamed) {
    using namespace std::string_view_literals;
    const std::string base64 = "4pyTIFtQSUQgMV0gQWxsb2NhdGVkIDQgYnl0ZXMgb2YgTDEgb24gZGV2aWNlIDAgKGJ1ZmZlcl9p\n";
    const std::pair<std::string, std::string_view> cases[] = {
        {"%PDF-1.7\n", "is a PDF document"},
        {std::string("\x7f\x45LF\x02\x01\x01\0"sv), "(ELF)"},
        {std::string("SQLite format 3\0"sv), "is an SQLite database"},
        {"\n<!DOCTYPE html>\n<pre>\n[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n", "is a web page"},
        {"<HTML><body>not found", "is a web page"},
        {base64 + base64 + "ZD0xNikK\n", "is text in base64"},
        {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", "git lfs pull"},
        {std::string("LPKSHHRH\0\0\0\0"sv), "journalctl"}};
    for (const auto& [bytes, sentence] : cases) EXPECT_THAT(errorOf(bytes).sentence(), HasSubstr(sentence));
}

TEST(Importer, ALineThatBeginsLikeAnotherFileIsALine) {
    for (const std::string_view word : {"MINIMAL build", "PAR1", "GIF8", "PERFILE2", "MZ", "<http://x>", "BZh9"}) {
        const std::string log = std::string(word) + "\n[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
        EXPECT_EQ(test::readLog(log)->events.count(), 1U) << word;
    }
}

TEST(Importer, AWebPageIsReadWhereTheFormatIsNamed) {
    const test::TemporaryFile file("<html>\n[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n");
    const auto trace = readTrace(file.path(), "server-log", {}, {});
    ASSERT_TRUE(trace) << trace.error().sentence();
    EXPECT_EQ((*trace)->events.count(), 1U);
}

TEST(Importer, NothingButNulBytesIsOfNoKnownFormat) {
    EXPECT_EQ(errorOf(std::string(700'000, '\0')).kind, ErrorKind::Format);
}

TEST(Importer, TextWithoutAnyLineOfAServerIsRefusedWithAnExample) {
    const Error error = errorOf("a letter\nto nobody\n\n");
    EXPECT_EQ(error.kind, ErrorKind::Format);
    EXPECT_THAT(error.sentence(), HasSubstr("has no lines of an allocation server"));
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

TEST(Importer, ALogWithAGapOfNulBytesBehindForeignTextIsRecognised) {
    const std::string log = "first\nsecond\nthird\n" + std::string(300'000, '\0')
                            + "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)\n";
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

/// A log in a file that is large enough for parts of it to be shown: 70 MB of one event and its release.
class LargeLog {
public:
    LargeLog() : m_file(text()) {}
    [[nodiscard]] const std::string& path() const { return m_file.path(); }
    static constexpr std::size_t kPairs = 500'000;

private:
    static std::string text() {
        std::string log;
        log.reserve(kPairs * 140);
        for (std::size_t i = 0; i < kPairs; ++i) {
            log += "\u2713 [PID 20647] Allocated 4096 bytes of L1 on device 3 (buffer_id=1011520000)\n"
                   "\u2717 [PID 20647] Freed buffer 1011520000 on device 3 (4096 bytes, FINAL)\n";
        }
        return log;
    }
    test::TemporaryFile m_file;
};

TEST(Importer, ALargeSourceIsShownWhileItIsRead) {
    const LargeLog log;
    std::vector<std::shared_ptr<const Trace>> parts;
    ReadOptions options;
    options.onPart = [&parts](std::shared_ptr<const Trace> part) { parts.push_back(std::move(part)); };
    const auto whole = readTrace(log.path(), {}, options, {});
    ASSERT_TRUE(whole);
    ASSERT_EQ(parts.size(), 1U) << "behind the first 32 MiB";
    const Trace& part = *parts.front();
    EXPECT_GT(part.events.count(), 2 * LargeLog::kPairs / 4);
    EXPECT_LT(part.events.count(), (*whole)->events.count());
    EXPECT_EQ(part.source->lines(), part.events.line[part.events.count() - 1]);
    EXPECT_EQ(part.source->path(), log.path());
    const auto last = part.source->lineText(part.source->lines());
    ASSERT_TRUE(last);
    EXPECT_EQ(*last, *(*whole)->source->lineText(part.source->lines()));
    for (std::size_t i = 0; i < part.events.count(); ++i) {
        ASSERT_EQ(part.events.kind[i], (*whole)->events.kind[i]);
        ASSERT_EQ(part.events.line[i], (*whole)->events.line[i]);
    }
}

TEST(Importer, ASourceThatNeedsMoreMemoryThanThereIsSaysSo) {
    const LargeLog log;
    ReadOptions options;
    options.memory = std::uint64_t{16} << 20;
    const auto trace = readTrace(log.path(), {}, options, {});
    ASSERT_FALSE(trace);
    EXPECT_EQ(trace.error().kind, ErrorKind::Input);
    EXPECT_EQ(trace.error().where, log.path());
    EXPECT_THAT(trace.error().sentence(), HasSubstr("of memory; 16.0 MiB are free"));
    options.memory = std::uint64_t{1} << 30;
    EXPECT_TRUE(readTrace(log.path(), {}, options, {}));
}

// Each line that the server printed without an event takes memory as well, but for the blank ones.
TEST(Importer, ASourceOfFactsThatNeedsMoreMemoryThanThereIsSaysSo) {
    const std::string event = "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n";
    std::string facts;
    while (facts.size() < std::size_t{20} << 20) facts += "Device 0:\n";
    const test::TemporaryFile log(event + facts);
    ReadOptions options;
    options.memory = std::uint64_t{100} << 20;
    const auto trace = readTrace(log.path(), {}, options, {});
    ASSERT_FALSE(trace);
    EXPECT_THAT(trace.error().sentence(), HasSubstr("has so many facts, about 1,"));
}

}  // namespace
}  // namespace alloclens
