// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/server_log/event_line.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using Texts = std::vector<std::string>;

/// What is read from one line, or the diagnostic that it gives.
std::string readLine(std::string_view line) {
    // A second line makes the text a log, and its form decides nothing about the first.
    const auto trace = test::readLog(std::string(line)
                                     + "\n[PID 9] Allocated 1 bytes of L1 on device 9 (buffer_id=9)\n");
    std::string text;
    for (std::size_t i = 0; i + 1 < trace->events.count(); ++i) {
        text += (i > 0 ? " + " : "") + test::eventText(*trace, i);
    }
    for (const Diagnostic& diagnostic : trace->diagnostics.kept()) {
        text += (text.empty() ? "" : " / ") + std::string(diagnosticName(diagnostic.code));
    }
    return text;
}

TEST(EventLine, FirstAllocationInDecimal) {
    EXPECT_EQ(readLine("✓ [PID 20647] Allocated 512 bytes of L1 on device 3 (buffer_id=101152)"),
              "allocation 3:101152 L1 pid 20647 size 512");
}

TEST(EventLine, FirstAllocationInHexadecimal) {
    EXPECT_EQ(readLine("✓ [PID 20647] Allocated 512 bytes of L1 on device 3 (buffer_id=0x18b20)"),
              "allocation 3:101152 L1 pid 20647 size 512");
}

TEST(EventLine, EveryMemoryIsKnown) {
    for (const std::string_view memory : {"DRAM", "L1", "L1_SMALL", "SYSTEM_MEMORY", "TRACE"}) {
        EXPECT_EQ(readLine(fmt::format("✓ [PID 1] Allocated 4 bytes of {} on device 0 (buffer_id=16)", memory)),
                  fmt::format("allocation 0:16 {} pid 1 size 4", memory));
    }
}

TEST(EventLine, AllocationOfALiveAddressCarriesItsCount) {
    EXPECT_EQ(readLine("✓ [PID 7] Allocated 2048 bytes of L1 on device 0 (buffer_id=0x18b20, ref_count=2)"),
              "allocation 0:101152 L1 pid 7 size 2048 ref 2");
}

TEST(EventLine, PartialFree) {
    EXPECT_EQ(readLine("✗ [PID 7] Freed buffer 0x1a320 on device 4 (262144 bytes, ref_count=1 remaining)"),
              "partial-free 4:107296 pid 7 size 262144 ref 1");
}

TEST(EventLine, FinalFree) {
    EXPECT_EQ(readLine("✗ [PID 7] Freed buffer 107296 on device 4 (262144 bytes, FINAL)"),
              "final-free 4:107296 pid 7 size 262144");
}

TEST(EventLine, FreeOfTheFirstGenerationHasNoCount) {
    EXPECT_EQ(readLine("✗ [PID 1714322] Freed buffer 3700768 on device 0 (1048576 bytes)"),
              "final-free 0:3700768 pid 1714322 size 1048576");
}

TEST(EventLine, FreeOfTheOldestFormHasNoDevice) {
    EXPECT_EQ(readLine("✗ [PID 12345] Freed buffer 1 (1048576 bytes)"), "final-free none:1 pid 12345 size 1048576");
}

TEST(EventLine, RefusedFreeOfTheServer) {
    EXPECT_EQ(readLine("⚠ [PID 20645] Deallocation for unknown buffer 695055872 on device 4 (allocated before tracking "
                       "started)"),
              "refused-free 4:695055872 pid 20645 size none");
}

TEST(EventLine, RefusedFreeOfTheEnhancedServer) {
    EXPECT_EQ(readLine("⚠ [PID 20198] Deallocation for unknown buffer 0x3ffff900 on device 7 (never tracked or "
                       "allocated before server started)"),
              "refused-free 7:1073740032 pid 20198 size none");
}

TEST(EventLine, RefusedFreeWithItsHistory) {
    EXPECT_EQ(readLine("⚠ [PID 20198] Deallocation for ALREADY FREED buffer 0x6bd660 on device 0 (allocs=5 frees=5)"),
              "refused-free 0:7067232 pid 20198 size none");
}

TEST(EventLine, RefusedFreeOfTheOldestFormHasNeitherProcessNorDevice) {
    EXPECT_EQ(readLine("⚠ Warning: Deallocation for unknown buffer 1073739776"),
              "refused-free none:1073739776 pid none size none");
}

TEST(EventLine, RefusedFreeQuotedWithoutItsExplanationIsTaken) {
    EXPECT_EQ(readLine("⚠ [PID 5] Deallocation for unknown buffer 64 on device 4"),
              "refused-free 4:64 pid 5 size none");
    EXPECT_EQ(readLine("⚠ [PID 5] Deallocation for unknown buffer 64 on device 4  ← why?"),
              "refused-free 4:64 pid 5 size none");
}

TEST(EventLine, HexadecimalAndDecimalMayAlternateWithinAFile) {
    const auto trace = test::readLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=0x10)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n"
                                     "[PID 1] Freed buffer 0x10 on device 0 (8 bytes, FINAL)\n");
    EXPECT_EQ(trace->addresses.size(), 1U);
    EXPECT_EQ(trace->addressForm, AddressForm::Hexadecimal) << "the commoner form is shown";
    EXPECT_EQ(trace->events.count(), 3U);
}

TEST(EventLine, DecimalIsShownWhereNeitherFormIsCommoner) {
    const auto trace = test::readLog("[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=0x10)\n"
                                     "[PID 1] Freed buffer 16 on device 0 (8 bytes, FINAL)\n");
    EXPECT_EQ(trace->addressForm, AddressForm::Decimal);
}

TEST(EventLine, TheWordsDecideAndNotTheSymbol) {
    for (const std::string_view head : {"", "✓ ", "‚úì ", "âœ“ ", "? ", "3945: ✓ ", "Line 17: ", "   ",
                                        "2026-03-14T09:26:53.512Z ", "server-1  | ", "[36039ms] ", "\xef\xbb\xbf"}) {
        EXPECT_EQ(readLine(std::string(head) + "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)"),
                  "allocation 0:16 L1 pid 1 size 4")
            << head;
    }
}

TEST(EventLine, WhatFollowsAWholeEventIsAComment) {
    for (const std::string_view tail : {"", " ", "\t", "\r", "  ← DUPLICATE!", " # see line 4", " (again)", ","}) {
        EXPECT_EQ(readLine("[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)" + std::string(tail)),
                  "final-free 0:16 pid 1 size 4")
            << tail;
    }
}

TEST(EventLine, NegativeDevicesAndProcessesAreTaken) {
    EXPECT_EQ(readLine("✓ [PID -3] Allocated 4 bytes of L1 on device -1 (buffer_id=16)"),
              "allocation -1:16 L1 pid -3 size 4");
}

TEST(EventLine, TheLargestNumbersFit) {
    EXPECT_EQ(readLine("[PID 2147483647] Allocated 18446744073709551614 bytes of L1 on device 2147483647 "
                       "(buffer_id=0xffffffffffffffff, ref_count=4294967295)"),
              "allocation 2147483647:18446744073709551615 L1 pid 2147483647 size 18446744073709551614 ref 4294967295");
}

TEST(EventLine, NumbersOutOfRangeAreReportedAndNotRead) {
    for (const std::string_view line :
         {"[PID 99999999999] Freed buffer 16 on device 0 (4 bytes, FINAL)",
          "[PID 1] Freed buffer 18446744073709551616 on device 0 (4 bytes, FINAL)",
          "[PID 1] Freed buffer 0x10000000000000000 on device 0 (4 bytes, FINAL)",
          "[PID 1] Freed buffer 16 on device 2147483648 (4 bytes, FINAL)",
          "[PID 1] Freed buffer 16 on device 0 (18446744073709551616 bytes, FINAL)",
          "[PID 1] Freed buffer 16 on device 0 (4 bytes, ref_count=4294967296 remaining)",
          "[PID 1] Allocated 99999999999999999999 bytes of L1 on device 0 (buffer_id=16)",
          "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=99999999999999999999)",
          "[PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16, ref_count=99999999999)",
          "[PID 1] Deallocation for unknown buffer 99999999999999999999 on device 0",
          "[PID 1] Deallocation for ALREADY FREED buffer 16 on device 0 (allocs=99999999999999999999 frees=1)"}) {
        EXPECT_EQ(readLine(line), "number-out-of-range") << line;
    }
}

TEST(EventLine, AnAllocationWithoutAnAddressIsReported) {
    EXPECT_EQ(readLine("✓ [PID 12345] Allocated 1048576 bytes of L1 on device 0"), "no-address");
    EXPECT_EQ(readLine("✓ [PID 12345] Allocated 1048576 bytes of L1 on device 0  \r"), "no-address");
}

TEST(EventLine, AnUnknownMemoryIsReportedAndTheEventKept) {
    EXPECT_EQ(readLine("[PID 1] Allocated 4 bytes of HBM3 on device 0 (buffer_id=16)"),
              "allocation 0:16 pid 1 size 4 / unknown-memory");
    EXPECT_EQ(readLine("[PID 1] Allocated 4 bytes of unknown on device 0 (buffer_id=16)"),
              "allocation 0:16 pid 1 size 4 / unknown-memory");
}

TEST(EventLine, ABeginningOfAnEventIsReadOnceItsLastDatumHasEnded) {
    const Texts lines = {
        "[PID 7] Allocated 512 bytes of L1 on device 3 (buffer_id=101152, ref_count=2)",
        "[PID 7] Freed buffer 107296 on device 4 (262144 bytes, FINAL)",
        "[PID 7] Freed buffer 107296 on device 4 (262144 bytes, ref_count=1 remaining)",
        "[PID 7] Deallocation for ALREADY FREED buffer 0x6bd660 on device 0 (allocs=5 frees=5)",
    };
    for (const std::string& line : lines) {
        for (std::size_t length = 0; length < line.size(); ++length) {
            const std::string beginning = line.substr(0, length);
            const std::string text = readLine(beginning);
            const bool isKnown = beginning.find("bytes, F") != std::string::npos
                                 || beginning.find("ref_count=1 ") != std::string::npos;
            EXPECT_TRUE(isKnown ? text == readLine(line) : text.empty() || text == "torn-line" || text == "no-address")
                << beginning << " " << text;
        }
        EXPECT_EQ(readLine(line).find("torn"), std::string::npos);
    }
}

TEST(EventLine, ARefusalCutWithinItsNumbersIsTornAndWithinItsExplanationRead) {
    EXPECT_EQ(readLine("[PID 7] Deallocation for unknown buffer 64 on device "), "torn-line");
    EXPECT_EQ(readLine("[PID 7] Deallocation for unknown buffer "), "torn-line");
    for (const std::string_view tail : {" (", " (alloc", " (allocated before tra", " (never tracked or all"}) {
        EXPECT_EQ(readLine("[PID 7] Deallocation for unknown buffer 64 on device 4" + std::string(tail)),
                  "refused-free 4:64 pid 7 size none");
    }
    EXPECT_EQ(readLine("[PID 7] Deallocation for unknown buffer 64 on device 4 (alloc[1ms] note"), "torn-line");
    EXPECT_EQ(readLine("[PID 7] Deallocation for unknown buffer 64 on device 32026-02-26 21:56:10.191 | info |"),
              "torn-line");
}

TEST(EventLine, TextOfAnotherWriterInsideAnEventTearsIt) {
    for (const std::string_view line :
         {"✓ [PID 20823📋 DUMP_REMAINING complete.", "✓ [PID 1] Allocated [PID 2] 4 bytes of L1 on device 0",
          "✗ [PID 1] Freed buffer 16Unknown message type: 4 on device 0 (4 bytes, FINAL)",
          "✓ [PID 1] Allocated 4 bytes of L1 on device 3 (buffer_id=0xUnknown message type: 338a60)",
          "✗ [PID 1] Freed buffer 16 on device 0 (4 bytes, FIN[1ms] note", "L1 on device 6 (buffer_id=1305344)",
          "4 on device 0 (4 bytes, FINAL)"}) {
        EXPECT_EQ(readLine(line), "torn-line") << line;
    }
}

TEST(EventLine, ATornLineCanBeWellFormedAndIsReadAsItStands) {
    EXPECT_EQ(readLine("✗ [PID 2] Freed buffer 0x22b20 on device 5 (10485764 bytes, ref_count=1 remaining)"),
              "partial-free 5:142112 pid 2 size 10485764 ref 1");
}

TEST(EventLine, SeveralEventsOnOneLineAreAllRead) {
    EXPECT_EQ(
        readLine("✓ [PID 1] Allocated 4 bytes of L1 on device 0 (buffer_id=16)✗ [PID 2] Freed buffer 16 on device "
                 "0 (4 bytes, FINAL)"),
        "allocation 0:16 L1 pid 1 size 4 + final-free 0:16 pid 2 size 4 / joined-events");
    EXPECT_EQ(
        readLine("⚠ Warning: Deallocation for unknown buffer 8 (allocated before tracking started)✗ [PID 2] Freed "
                 "buffer 16 (4 bytes)"),
        "refused-free none:8 pid none size none + final-free none:16 pid 2 size 4 / joined-events");
}

TEST(EventLine, AWholeEventBehindATornOneIsRead) {
    EXPECT_EQ(readLine("✓ [PID 1] Alloca✗ [PID 2] Freed buffer 16 on device 0 (4 bytes, FINAL)"),
              "final-free 0:16 pid 2 size 4");
    EXPECT_EQ(readLine("✓ [PID 1] Allocated 4 by✗ [PID 2] Freed buffer 16 on device 0 (4 bytes, FINAL)"),
              "final-free 0:16 pid 2 size 4 / torn-line");
}

TEST(EventLine, LinesOfOtherProgramsAreNoEvents) {
    for (const std::string_view line :
         {"[36423ms] L1 Peak on device 0: 1 MB (39 buffers)", "✓ Weights of layer 3 are on device 0",
          "CLEANUP FIXTURE: Starting post-test cleanup...", "    Freed buffer 7 of the host staging area",
          "⚠ Layer 4: Allocated tensors outnumber Freed ones on device 0", "[PID 7] is running", "PID 7",
          "L1 buffer allocated at 509952 and static circular buffer region ends at 668192", "[PID 7] Buffer 7 was here",
          "Warning: Deallocation for unknown reasons"}) {
        EXPECT_EQ(readLine(line), "") << line;
    }
}

TEST(EventLine, GenerationMarksAreSeenInTheirLines) {
    using server_log::EventMatch;
    using server_log::Match;
    EventMatch match;
    ASSERT_EQ(server_log::matchEvent("[PID 1] Freed buffer 16 on device 0 (4 bytes)", 0, match), Match::Event);
    EXPECT_FALSE(match.generation.countsReferences);
    ASSERT_EQ(server_log::matchEvent("[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)", 0, match), Match::Event);
    EXPECT_TRUE(match.generation.countsReferences);
    EXPECT_FALSE(match.generation.isEnhanced);
    ASSERT_EQ(server_log::matchEvent(
                  "[PID 1] Deallocation for ALREADY FREED buffer 0x10 on device 0 (allocs=1 frees=2)", 0, match),
              Match::Event);
    EXPECT_TRUE(match.generation.isEnhanced);
    EXPECT_TRUE(match.isHexadecimal);
    EXPECT_TRUE(match.isAlreadyFreed);
    EXPECT_EQ(match.allocations, 1U);
    EXPECT_EQ(match.freesReceived, 2U);
}

TEST(EventLine, TheEndOfAnEventIsBehindItsLastCharacter) {
    const std::string_view event = "[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)";
    server_log::EventMatch match;
    ASSERT_EQ(server_log::matchEvent("ab" + std::string(event) + "cd", 2, match), server_log::Match::Event);
    EXPECT_EQ(match.end, 2 + event.size());
}

}  // namespace
}  // namespace alloclens
