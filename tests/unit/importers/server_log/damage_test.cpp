// SPDX-License-Identifier: GPL-3.0-or-later
//
// Damage is a diagnostic with its line, and reading goes on. Every line of the file is counted exactly once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kAllocated = "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)";
constexpr std::string_view kFreed = "[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)";

std::string lines(std::initializer_list<std::string_view> texts) {
    std::string log;
    for (const std::string_view text : texts) log.append(text).append("\n");
    return log;
}

TEST(Damage, TornLinesAreReportedAndTheOthersRead) {
    const auto trace = test::readLog(
        lines({kAllocated, "✓ [PID 1] Allocated 4 by", "tes of L1 on device 0 (buffer_id=32)", kFreed}));
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "4: final-free 0:16 pid 1 size 4"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("2: torn-line", "3: torn-line"));
    EXPECT_EQ(test::lineCountText(*trace), "2 0 0 2");
}

TEST(Damage, ATornLineIsQuotedInItsDiagnostic) {
    const auto trace = test::readLog(lines({kAllocated, "✓ [PID 1] Allocated 4 by"}));
    ASSERT_EQ(trace->diagnostics.kept().size(), 1U);
    EXPECT_EQ(trace->diagnostics.kept()[0].detail, "✓ [PID 1] Allocated 4 by");
}

TEST(Damage, TornLastLineIsReportedNotFatal) {
    const auto trace = test::readLog(lines({kAllocated, kFreed}) + "✓ [PID 1] Alloca");
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_EQ(trace->source->lines(), 3U);
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::UnfinishedLine), 1U);
}

TEST(Damage, AWholeLastLineWithoutItsEndIsRead) {
    const auto trace = test::readLog(lines({kAllocated}) + std::string(kFreed));
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_EQ(trace->source->lines(), 2U);
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("2: unfinished-line"));
    EXPECT_EQ(test::lineCountText(*trace), "2 0 0 0");
    EXPECT_EQ(*trace->source->lineText(2), kFreed);
}

TEST(Damage, JoinedEventsAreCountedAsOneLine) {
    const auto trace = test::readLog(std::string(kAllocated) + std::string(kFreed) + "\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "1: final-free 0:16 pid 1 size 4"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("1: joined-events"));
    EXPECT_EQ(test::lineCountText(*trace), "1 0 0 0");
}

TEST(Damage, ARunOfNulBytesAtTheHeadIsSkipped) {
    const std::string log = std::string(300'000, '\0') + lines({kAllocated, kFreed});
    const auto trace = test::readLog(log);
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "2: final-free 0:16 pid 1 size 4"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("1: nul-bytes"));
    EXPECT_EQ(trace->diagnostics.kept()[0].detail, "300,000 NUL bytes");
}

TEST(Damage, ALongRunOfNulBytesBeforeAnEventHidesNoEvent) {
    const std::string log = std::string(9'000'000, '\0') + lines({kAllocated, kFreed});
    const auto trace = test::readLog(log);
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "2: final-free 0:16 pid 1 size 4"));
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::OverlongLine), 1U);
    EXPECT_EQ(trace->source->lines(), 2U);
}

TEST(Damage, NulBytesInsideAnEventAreSkipped) {
    std::string log = lines({kAllocated, kFreed});
    log.insert(20, 5, '\0');
    const auto trace = test::readLog(log);
    EXPECT_EQ(trace->events.count(), 2U);
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("1: nul-bytes"));
}

TEST(Damage, AVeryLongLineIsReadAsAWhole) {
    const std::string filler(3'000'000, 'x');
    const auto trace = test::readLog(std::string(kAllocated) + filler + std::string(kAllocated) + filler
                                     + std::string(kFreed) + "\n" + std::string(kFreed) + "\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "1: allocation 0:16 L1 pid 1 size 4",
                            "1: final-free 0:16 pid 1 size 4", "2: final-free 0:16 pid 1 size 4"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("1: overlong-line"));
    EXPECT_EQ(trace->source->lines(), 2U);
}

TEST(Damage, InvalidUtf8IsReportedAndTheEventRead) {
    const auto trace = test::readLog(
        lines({"\xff\xfe [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16) \xc3", "\xed\xa0\x80 foreign"}));
    EXPECT_EQ(trace->events.count(), 1U);
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("1: invalid-utf8", "2: invalid-utf8"));
}

TEST(Damage, AQuotedTornLineIsValidUtf8) {
    const auto trace = test::readLog(lines({kAllocated, "\xff\xfe [PID 1] Allocated "}));
    ASSERT_EQ(trace->diagnostics.kept().size(), 2U);
    EXPECT_EQ(trace->diagnostics.kept()[1].detail, "\xEF\xBF\xBD\xEF\xBF\xBD [PID 1] Allocated ");
}

TEST(Damage, LoneCarriageReturnsEndNoLine) {
    const auto trace = test::readLog("10 %\r20 %\r" + std::string(kAllocated) + "\r\n");
    EXPECT_EQ(trace->source->lines(), 1U);
    EXPECT_EQ(trace->events.count(), 1U);
}

TEST(Damage, TextsOnOneLineAreReadInTheirOrder) {
    for (const std::string separator : {"\r", "\v", "\f", "\u2028", "\u2029", "\u0085", "\\n", "\\r\\n"}) {
        const auto trace = test::readLog(lines({kAllocated})
                                         + "{\"out\": \"   ✓ Removed 1 buffers (3.8147e-06 MB) from PID 1" + separator
                                         + std::string(kAllocated) + separator + "  Active allocations: 1" + separator
                                         + std::string(kFreed) + "\"}\n");
        EXPECT_THAT(test::eventTexts(*trace),
                    ElementsAre("1: allocation 0:16 L1 pid 1 size 4", "2: sweep pid 1 size 1",
                                "2: allocation 0:16 L1 pid 1 size 4", "2: final-free 0:16 pid 1 size 4"))
            << separator;
        ASSERT_EQ(trace->facts.size(), 2U) << separator;
        EXPECT_EQ(trace->facts[1].kind, FactKind::ActiveAllocations);
        EXPECT_EQ(trace->facts[1].eventsBefore, 2U);
        EXPECT_THAT(test::diagnosticTexts(*trace), IsEmpty());
    }
}

TEST(Damage, FactsWithoutALineEndBetweenThemAreAllRead) {
    const auto trace = test::readLog(
        "   PID 1 is dead, removing its buffers...   ✓ Removed 1 buffers (0.5 MB) from PID 1\n"
        "  Active allocations: 0"
        + std::string(kAllocated) + "\n");
    ASSERT_EQ(trace->facts.size(), 3U);
    EXPECT_EQ(trace->facts[0].kind, FactKind::SweepAnnounced);
    EXPECT_EQ(trace->facts[1].kind, FactKind::SweepRemoved);
    EXPECT_EQ(trace->facts[2].kind, FactKind::ActiveAllocations);
    EXPECT_EQ(trace->events.count(), 2U);
}

TEST(Damage, ANumberThatEndsWhereTheFileDoesIsNotBelieved) {
    const std::string refused = "[PID 5] Deallocation for unknown buffer 64 on device 1";
    EXPECT_EQ(test::readLog(lines({kAllocated}) + refused)->events.count(), 1U);
    EXPECT_EQ(test::readLog(lines({kAllocated}) + refused + "\n")->events.count(), 2U);
}

TEST(Damage, EveryLineIsCountedOnce) {
    const auto trace = test::readLog(lines({"🚀 Allocation Server started", kAllocated, "", "foreign", "[PID 1] Allo",
                                            "[PID 1] Allocated 4 by", "bytes, FINAL)", kFreed, "  Device 0:"}));
    EXPECT_EQ(trace->source->lines(), 9U);
    EXPECT_EQ(test::lineCountText(*trace), "2 3 2 2") << "events, facts, foreign, damaged";
}

TEST(Damage, AnEventWithoutADeviceGoesWhereItsAddressWasLastAllocated) {
    const auto trace = test::readLog(lines({"[PID 1] Allocated 4 bytes of L1 on device 3 (buffer_id=16)",
                                            "[PID 1] Allocated 4 bytes of L1 on device 5 (buffer_id=16)",
                                            "[PID 1] Freed buffer 16 (4 bytes)", "[PID 1] Freed buffer 99 (4 bytes)"}));
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 3:16 L1 pid 1 size 4", "2: allocation 5:16 L1 pid 1 size 4",
                            "3: final-free 5:16 pid 1 size 4", "4: final-free none:99 pid 1 size 4"));
    EXPECT_THAT(test::diagnosticTexts(*trace), ElementsAre("3: missing-device"));
    ASSERT_EQ(trace->addresses.size(), 3U) << "the key without a device is gone where nothing is left of it";
    EXPECT_EQ(trace->addresses[0].device, kNoDevice);
}

TEST(Damage, AnOverlongLineIsNotCutInsideACharacter) {
    for (const std::string_view prefix : {"", "a", "ab"}) {
        std::string log(prefix);
        while (log.size() < 3'000'000) log += "✓";
        const auto trace = test::readLog(log + "z\n" + std::string(kAllocated) + "\n");
        EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::OverlongLine), 1U);
        EXPECT_EQ(trace->diagnostics.total(), 1U) << "no invalid UTF-8 where the line was cut";
        EXPECT_THAT(trace->events.line, ElementsAre(2U));
    }
}

TEST(Damage, NulBytesOfAnOverlongLineAreReportedOnce) {
    const auto trace = test::readLog(std::string(3'000'000, '\0') + std::string(kAllocated) + "\n");
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::NulBytes), 1U);
    EXPECT_THAT(trace->events.line, ElementsAre(1U));
}

TEST(Damage, DiagnosticsComeInTheOrderOfTheLines) {
    std::string log;
    for (int i = 0; i < 200; ++i) {
        log += lines({"[PID 1] Freed buffer 16 (4 bytes)", "[PID 1] Allocated 4 by",
                      "[PID 1] Allocated 4 bytes of L1 on device 3 (buffer_id=16)"});
    }
    const auto trace = test::readLog(log);
    std::uint32_t previous = 0;
    for (const Diagnostic& diagnostic : trace->diagnostics.kept()) {
        EXPECT_GE(diagnostic.line, previous);
        previous = diagnostic.line;
    }
    EXPECT_EQ(trace->diagnostics.total(), 399U);
}

TEST(Damage, ManyTornLinesAreCountedAndTheirTextKeptWithinBounds) {
    std::string log(lines({kAllocated}));
    for (int i = 0; i < 5'000; ++i) log += "[PID 1] Freed buffer \n";
    const auto trace = test::readLog(log, 2);
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::TornLine), 5'000U);
    EXPECT_EQ(trace->diagnostics.kept().size(), Diagnostics::kKeptPerCode);
    EXPECT_EQ(trace->lineCounts.damaged, 5'000U);
}

TEST(Damage, APlainLogGivesNoDiagnostics) {
    EXPECT_THAT(test::diagnosticTexts(*test::readLog(lines({kAllocated, "foreign", "", kFreed}))), IsEmpty());
}

}  // namespace
}  // namespace alloclens
