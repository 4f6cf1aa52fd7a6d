// SPDX-License-Identifier: GPL-3.0-or-later
//
// Captures of messages through the real importer: what is made of each type of message, of damage, and of the options.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "importers/alloc_message/record_text.h"
#include "tests/unit/support/message_stream.h"
#include "tests/unit/support/report_text.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using test::allocation;
using test::packed;
using test::query;
using test::release;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string capture(const std::vector<test::SentMessage>& messages, std::size_t recordSize = 112) {
    std::string bytes;
    for (const test::SentMessage& message : messages) bytes += packed(message, recordSize);
    return bytes;
}

std::shared_ptr<const Trace> readBytes(const std::string& bytes, const ReadOptions& options = {},
                                       const std::string& format = {}) {
    const test::TemporaryFile file(bytes);
    auto trace = readTrace(file.path(), format, options, {});
    if (!trace) test::stop(trace.error().sentence());
    return *trace;
}

std::string lineOf(const Trace& trace, std::uint32_t line) {
    const auto text = trace.source->lineText(line);
    return text ? *text : text.error().sentence();
}

class EveryRecordSize : public ::testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Capture, EveryRecordSize, ::testing::ValuesIn(alloc_message::kRecordSizes));

TEST_P(EveryRecordSize, IsJudgedAsThePocServerDoes) {
    const auto trace = readBytes(capture({allocation(4, 4096, 2048, 7), allocation(4, 4096, 512, 8, 0), query(),
                                          release(4, 4096, 8), release(4, 4096, 8), release(4, 4096, 9)},
                                         GetParam()));
    EXPECT_EQ(trace->formatName, "alloc-message");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 4:4096 L1 pid 7 size 2048", "2: allocation 4:4096 DRAM pid 8 size 512 ref 2",
                            "4: partial-free 4:4096 pid 7 size 2048 ref 1", "5: final-free 4:4096 pid 7 size 2048",
                            "6: refused-free 4:4096 pid 9 size none"));
    EXPECT_THAT(test::diagnosticTexts(*trace), IsEmpty());
    EXPECT_EQ(trace->lineCounts.events, 5U);
    EXPECT_EQ(trace->lineCounts.facts, 1U);
    EXPECT_EQ(trace->source->lines(), 6U);
}

TEST_P(EveryRecordSize, TimeAndSenderAreKept) {
    const auto trace = readBytes(capture({allocation(0, 1, 2, 7), release(0, 1, 9)}, GetParam()));
    ASSERT_TRUE(trace->events.hasTime());
    EXPECT_EQ(trace->events.time[0], static_cast<std::int64_t>(test::kSomeTime));
    EXPECT_EQ(trace->events.time[1], kNoTime) << "frees carry none and none is made up";
    EXPECT_EQ(trace->pid(trace->events.sender[1]), 9);
    EXPECT_EQ(trace->pid(trace->events.process[1]), 7) << "the owner";
}

TEST(Capture, TimesInMicrosecondsAreToldByTheirSize) {
    EXPECT_EQ(alloc_message::timeOf(test::kSomeTime / 1000), static_cast<std::int64_t>(test::kSomeTime));
    EXPECT_EQ(alloc_message::timeOf(test::kSomeTime), static_cast<std::int64_t>(test::kSomeTime));
    EXPECT_EQ(alloc_message::timeOf(0), kNoTime);
    EXPECT_EQ(alloc_message::timeOf(~std::uint64_t{0}), kNoTime);
    EXPECT_EQ(alloc_message::timeOf(12), 12);
}

TEST(Capture, AnOddTimeIsSaidAndMovesNothing) {
    std::vector<test::SentMessage> messages;
    for (std::uint64_t i = 1; i <= 20; ++i) {
        messages.push_back(allocation(0, i * 64, 8, 7));
        messages.back().timestamp = test::kSomeTime + i;
    }
    messages[0].timestamp = 4'000'000'000'000'000'000;
    messages[9].timestamp = messages[9].timestamp / 1000;
    const auto trace = readBytes(capture(messages));
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::OddTime), 2U);
    EXPECT_EQ(trace->timeIndex.start(), static_cast<std::int64_t>(test::kSomeTime) + 2);
    EXPECT_EQ(trace->timeIndex.end(), static_cast<std::int64_t>(test::kSomeTime) + 20);
    EXPECT_EQ(trace->placeInTime(EventId(0U)), trace->timeIndex.start());
    EXPECT_EQ(trace->source->lines(), 20U);
}

TEST(Capture, HalfARecordAfterMoreIsNoMessageWhateverItsLength) {
    std::vector<test::SentMessage> messages;
    for (std::uint64_t i = 1; i <= 20; ++i) messages.push_back(allocation(0, i * 64, 8, 7));
    const std::string bytes = capture(messages);
    for (const std::size_t left : {71U, 72U, 73U, 111U}) {
        const auto trace = readBytes(bytes.substr(0, bytes.size() - 112 + left));
        EXPECT_EQ(trace->events.count(), 19U) << left;
        EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::TruncatedRecord), 1U) << left;
    }
}

TEST(Capture, TheEnhancedServersRulesKeepTheLastSize) {
    ReadOptions options;
    options.rules.keepsLastSize = true;
    const std::string bytes = capture({allocation(0, 1, 100, 7), allocation(0, 1, 300, 7), release(0, 1, 7)});
    const auto trace = readBytes(bytes, options);
    EXPECT_TRUE(trace->rules.keepsLastSize);
    EXPECT_EQ(test::eventTexts(*trace).back(), "3: partial-free 0:1 pid 7 size 300 ref 1");
    const auto analysis = analyse(trace, {});
    ASSERT_TRUE(analysis);
    EXPECT_EQ((*analysis)->findings.countOf[static_cast<std::size_t>(FindingKind::ReplayDivergence)], 0U);
}

TEST(Capture, BufferTypesAreNumberedAsTold) {
    const std::string bytes = capture(
        {allocation(0, 1, 8, 7, 2), allocation(0, 2, 8, 7, 3), allocation(0, 3, 8, 7, 4)});
    const auto cpp = readBytes(bytes);
    EXPECT_THAT(cpp->events.memory[0], Memory::SystemMemory);
    EXPECT_THAT(cpp->events.memory[1], Memory::L1Small);
    EXPECT_THAT(cpp->events.memory[2], Memory::Trace);
    ReadOptions options;
    options.bufferTypes = alloc_message::BufferTypes::Python;
    const auto python = readBytes(bytes, options);
    ASSERT_EQ(python->events.count(), 3U);
    EXPECT_THAT(python->events.memory[0], Memory::L1Small);
    EXPECT_THAT(python->events.memory[1], Memory::Trace);
    EXPECT_THAT(python->events.memory[2], Memory::Trace) << "the server takes it as its own number";
    EXPECT_THAT(test::diagnosticTexts(*python), ElementsAre("3: buffer-types"));
}

TEST(Capture, PythonsTimesWithTypesThatItNumbersOtherwiseAreHintedAtOnce) {
    std::vector<test::SentMessage> messages;
    for (std::uint64_t i = 1; i <= 40; ++i)
        messages.push_back(allocation(0, i, 8, 7, i % 4, (test::kSomeTime / 256 + i) * 256));
    EXPECT_THAT(test::diagnosticTexts(*readBytes(capture(messages))), ElementsAre("16: buffer-types"));
    for (test::SentMessage& message : messages) message.timestamp += 3;
    EXPECT_THAT(test::diagnosticTexts(*readBytes(capture(messages))), IsEmpty());
}

TEST(Capture, WhatServersRefuseIsNoEvent) {
    const auto trace = readBytes(
        capture({allocation(0, 1, 8), allocation(256, 1, 8), allocation(-1, 1, 8), allocation(0, 1, 0),
                 allocation(0, 1, (std::uint64_t{100} << 30) + 1), allocation(0, 1, 8, 7, 5),
                 allocation(0, 2, std::uint64_t{100} << 30), release(1'000'000'000, 3, 9)}));
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:1 L1 pid 1234 size 8", "7: allocation 0:2 L1 pid 1234 size 107374182400",
                            "8: refused-free 1000000000:3 pid 9 size none"));
    EXPECT_THAT(test::diagnosticTexts(*trace),
                ElementsAre("2: invalid-message", "3: invalid-message", "4: invalid-message", "5: invalid-message",
                            "6: invalid-message"));
    EXPECT_EQ(trace->lineCounts.facts, 5U);
    EXPECT_EQ(trace->diagnostics.kept()[3].detail, "a size of 107,374,182,401 bytes");
}

TEST(Capture, CircularBuffersAndKernelsAreFactsWithTheServersTotals) {
    constexpr std::uint64_t kMegabyte = 1 << 20;
    const auto sent = [](std::uint8_t type, std::uint64_t id, std::uint64_t size) {
        return test::SentMessage{type, 2, size, 0, 7, id, type % 2 == 0 ? test::kSomeTime : 0};
    };
    const auto trace = readBytes(capture({sent(8, 64, kMegabyte), sent(8, 64, kMegabyte), sent(9, 64, kMegabyte),
                                          sent(10, 5, 4 * kMegabyte), sent(11, 5, 4 * kMegabyte), sent(11, 5, 1)}));
    std::vector<std::string> texts;
    for (const PrintedFact& fact : trace->facts)
        texts.push_back(fmt::format("{} {} {} {}", factKindName(fact.kind), fact.device, fact.amount, fact.total));
    EXPECT_THAT(texts, ElementsAre("circular-buffer 2 1 1", "circular-buffer 2 1 2", "circular-buffer 2 -1 1",
                                   "kernel 2 4 4", "kernel 2 -4 0", "banner 2 0 0"));
    EXPECT_EQ(trace->events.count(), 0U);
}

TEST(Capture, RecordsAreLinesOfText) {
    const std::string bytes = packed(allocation(4, 695'055'872, 2048, 1234, 1), 648)
                              + packed(release(4, 695'055'872, 99), 648) + packed(query(5), 648)
                              + packed({10, 0, 65'536, 2, 7, 0x7f12, test::kSomeTime}, 648);
    const auto trace = readBytes(bytes, {}, "alloc-message");
    EXPECT_EQ(lineOf(*trace, 1), "ALLOC  device 4  address 695055872  2048 bytes  L1  process 1234  2026-02-26 "
                                 "21:56:10.191000000");
    EXPECT_EQ(lineOf(*trace, 2), "FREE  device 4  address 695055872  process 99");
    EXPECT_EQ(lineOf(*trace, 3), "QUERY  device 0  process 5");
    EXPECT_EQ(lineOf(*trace, 4),
              "KERNEL_LOAD  device 0  kernel 0x7f12  65536 bytes  Dispatch  process 7  2026-02-26 21:56:10.191000000");
}

TEST(Capture, NamesOfBuffersStandInTheText) {
    std::string bytes;
    for (int i = 0; i < 5; ++i) {
        std::string record = packed(allocation(0, 1, 8), 648);
        record.replace(72, 10, "weights \xc3\xa4");
        bytes += record;
    }
    EXPECT_THAT(lineOf(*readBytes(bytes), 3), HasSubstr("\"weights ??\""));
}

TEST(Capture, LinesAreReadAcrossSkippedBytesAndOtherRecordSizes) {
    std::string bytes = "garbage in front";
    for (std::uint64_t i = 1; i <= 2000; ++i) {
        const bool isHurt = i % 100 == 0;
        bytes += packed(allocation(0, i, 8), i <= 1000 ? 72 : 144);
        if (isHurt) bytes += std::string(13, '\xee');
    }
    const auto trace = readBytes(bytes);
    ASSERT_EQ(trace->source->lines(), 2000U);
    const auto texts = trace->source->linesText(1, 2000);
    ASSERT_TRUE(texts);
    for (std::size_t i = 0; i < 2000; ++i)
        ASSERT_THAT((*texts)[i], HasSubstr(fmt::format("  address {}  ", i + 1))) << "line " << i + 1;
    EXPECT_THAT(lineOf(*trace, 1234), HasSubstr("address 1234  "));
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::SkippedBytes), 21U);
    EXPECT_EQ(trace->diagnostics.kept()[0].line, 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail, "16 bytes from byte 0 on");
    EXPECT_EQ(trace->diagnostics.kept()[1].line, 101U) << "the record behind them";
    std::vector<char> all(trace->source->bytes());
    ASSERT_TRUE(trace->source->readBytes(0, all.data(), all.size()));
    for (std::size_t piece = 1; piece < 5000; piece = piece * 3 + 1) {
        std::vector<char> part(piece);
        for (std::size_t at = 0; at + piece <= all.size(); at += 100'003) {
            ASSERT_TRUE(trace->source->readBytes(at, part.data(), piece));
            ASSERT_TRUE(std::equal(part.begin(), part.end(), all.begin() + static_cast<std::ptrdiff_t>(at)));
        }
    }
}

// The text has its own size, by which it is read.
TEST(Capture, ItsSizeIsTheFilesAndNotThatOfTheTextMadeOfIt) {
    const std::string bytes = capture({allocation(0, 1, 8), release(0, 1), release(0, 1)}, 144) + "rest";
    const auto trace = readBytes(bytes);
    EXPECT_EQ(trace->source->fileBytes(), bytes.size());
    EXPECT_EQ(trace->source->bytes(), 3 * alloc_message::kRecordLineBytes);
    const auto analysis = analyse(trace, {});
    ASSERT_TRUE(analysis);
    const auto json = nlohmann::json::parse(test::reportText("summary", "json", **analysis));
    EXPECT_EQ(json["source"]["bytes"], bytes.size());
    EXPECT_EQ(json["source"]["lines"], 3);
    EXPECT_THAT(test::reportText("summary", "text", **analysis), HasSubstr("3 lines, 436 B, format alloc-message"));
}

TEST(Capture, ACutLastRecordIsNamed) {
    std::string bytes = capture({allocation(0, 1, 8), release(0, 1), allocation(0, 2, 8)}, 144);
    bytes.resize(bytes.size() - 100);
    const auto trace = readBytes(bytes);
    EXPECT_EQ(trace->source->lines(), 2U);
    ASSERT_THAT(test::diagnosticTexts(*trace), ElementsAre("2: truncated-record"));
    EXPECT_EQ(trace->diagnostics.kept()[0].detail, "44 of 144 bytes from byte 288 on");
}

TEST(Capture, IsRecognisedByContentAndNotMistakenForALog) {
    const auto verdicts = [](const std::string& bytes) {
        const test::TemporaryFile file(bytes);
        std::string all;
        const auto input = Input::open(file.path(), {});
        for (const ImporterEntry entry : importers()) {
            const Sniff verdict = entry().sniff(*input);
            if (verdict != Sniff::No) all += fmt::format("{}{} ", entry().name, verdict == Sniff::Certain ? "!" : "?");
        }
        return all;
    };
    EXPECT_EQ(verdicts(capture({allocation(0, 1, 8)}, 72)), "alloc-message! ");
    for (const std::size_t size : alloc_message::kRecordSizes) {
        std::string bytes;
        test::RandomMessages messages(3);
        for (int i = 0; i < 1000; ++i) {
            bytes += messages.next(size);
            if (i % 7 == 0) bytes += std::string(30, '\xa0');
        }
        EXPECT_EQ(verdicts(bytes), "alloc-message! ") << size;
    }
    EXPECT_EQ(verdicts(std::string(10'000, '\xfe') + capture(std::vector(20, allocation(0, 1, 8)), 72)),
              "alloc-message? ");
    const std::string line = "[PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n";
    EXPECT_EQ(verdicts(line), "server-log! ");
    EXPECT_EQ(verdicts(std::string(300'000, '\0') + line), "server-log! ");
    EXPECT_EQ(verdicts("a letter\n" + std::string(500, '\0') + "to nobody\n\f" + std::string(500, '\0')), "");
    std::string letter;
    while (letter.size() < 10'000) letter += "a letter to nobody\n\n\t\f";
    EXPECT_EQ(verdicts(letter), "server-log? ");
}

TEST(Capture, ABinaryFileWithoutMessagesIsRefusedWhereItIsForced) {
    const test::TemporaryFile file(std::string(5000, '\xfe'));
    const auto trace = readTrace(file.path(), "alloc-message", {}, {});
    ASSERT_FALSE(trace);
    EXPECT_THAT(trace.error().sentence(), AllOf(HasSubstr("has no messages"), HasSubstr(file.path())));
}

TEST(Capture, ReadingCanBeCancelled) {
    const test::TemporaryFile file(capture({allocation(0, 1, 8)}));
    std::stop_source stop;
    stop.request_stop();
    const auto trace = readTrace(file.path(), "alloc-message", {}, TaskContext(stop.get_token(), {}));
    ASSERT_FALSE(trace);
    EXPECT_EQ(trace.error().kind, ErrorKind::Cancelled);
}

TEST(Capture, ALargeOneIsShownWhileItIsRead) {
    std::string bytes;
    for (std::uint64_t i = 0; bytes.size() < (std::size_t{40} << 20); ++i) {
        bytes += packed(i % 2 == 0 ? allocation(0, i / 2, 8) : release(0, i / 2), 648);
    }
    std::vector<std::shared_ptr<const Trace>> parts;
    ReadOptions options;
    options.onPart = [&parts](std::shared_ptr<const Trace> part) { parts.push_back(std::move(part)); };
    const auto trace = readBytes(bytes, options);
    ASSERT_EQ(parts.size(), 1U);
    EXPECT_GT(parts[0]->events.count(), 10'000U);
    EXPECT_LT(parts[0]->events.count(), trace->events.count());
    EXPECT_EQ(lineOf(*parts[0], 5000), lineOf(*trace, 5000));
}

// The replay follows rules of its own; no contradiction may come of the verdicts.
TEST(Capture, ReplayAgreesWithTheVerdicts) {
    std::string bytes;
    test::RandomMessages messages(11);
    for (int i = 0; i < 20'000; ++i) bytes += messages.next(112);
    for (const bool keepsLastSize : {false, true}) {
        ReadOptions options;
        options.rules.keepsLastSize = keepsLastSize;
        const auto trace = readBytes(bytes, options);
        const auto analysis = analyse(trace, {});
        ASSERT_TRUE(analysis);
        EXPECT_EQ((*analysis)->findings.countOf[static_cast<std::size_t>(FindingKind::ReplayDivergence)], 0U);
        EXPECT_GT((*analysis)->replay.totals.allocations, 9000U);
    }
}

}  // namespace
}  // namespace alloclens
