// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ledger/trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/wording/trust_notes.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using test::analyseLog;

constexpr std::string_view kStopped = "🛑 Allocation Server stopped\n";

/// So many buffers that come and go.
std::string work(int buffers, int first = 1) {
    std::string log;
    for (int i = first; i < first + buffers; ++i) {
        const std::string id = std::to_string(i * 16);
        log += "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=" + id + ")\n";
        log += "[PID 1] Freed buffer " + id + " on device 0 (8 bytes, FINAL)\n";
    }
    return log;
}

Trust trustOf(const std::string& log) { return analyseLog(log)->findings.ledger.trust; }

TEST(Trust, OfAWholeLogHasNoLimits) {
    const auto analysis = analyseLog(work(50) + std::string(kStopped));
    const Trust& trust = analysis->findings.ledger.trust;
    EXPECT_FALSE(trust.isTooDamaged);
    EXPECT_FALSE(trust.limitsConfidence);
    EXPECT_THAT(trustNotes(*analysis), IsEmpty());
}

TEST(Trust, OfALogWithATornLineAmongManyHasNoLimits) {
    EXPECT_FALSE(trustOf(work(200) + "[PID 1] Freed buf\n").limitsConfidence);
}

TEST(Trust, LimitsConfidenceFromOneLineInAHundredAndAbsenceFromTwo) {
    const std::string torn = "[PID 1] Freed buf\n";
    const Trust some = trustOf(work(50) + torn + torn);  // of 100 events
    EXPECT_EQ(some.damaged, 2U);
    EXPECT_TRUE(some.limitsConfidence);
    EXPECT_FALSE(some.isTooDamaged);
    EXPECT_TRUE(trustOf(work(50) + torn + torn + torn).isTooDamaged);
}

TEST(Trust, IsGoneWhereNoLineCouldBeRead) {
    const auto analysis = analyseLog("🚀 Allocation Server started\n[PID 1] Allocated 8 by\n[PID 1] Freed buf\n");
    EXPECT_TRUE(analysis->findings.ledger.trust.isTooDamaged);
    EXPECT_THAT(damageSentence(*analysis), HasSubstr("2 places cannot be read. It has 0 events."));
    EXPECT_THAT(damageSentence(*analysis), HasSubstr("The damage begins at line 2."));
}

TEST(Trust, CountsTheLinesThatACollectorLeftOut) {
    const std::string notice = "systemd-journald[388]: Suppressed 46 messages from alloc.service\n";
    const auto analysis = analyseLog(work(50) + notice + work(20, 100) + std::string(kStopped));
    const Ledger& ledger = analysis->findings.ledger;
    EXPECT_EQ(ledger.trust.missing, 46U);
    EXPECT_TRUE(ledger.trust.isTooDamaged);
    EXPECT_EQ(ledger.grade, LedgerGrade::Gaps);
    ASSERT_TRUE(ledger.firstDivergence);
    EXPECT_EQ(ledger.firstDivergence->line, 101U);
    EXPECT_THAT(ledger.firstDivergence->what, HasSubstr("missing-lines: 46 lines missing"));
    EXPECT_THAT(ledger.gapLines, Contains(101U));
    EXPECT_THAT(trustNotes(*analysis), Contains(HasSubstr("Line 101: 46 lines missing: \"systemd-journald[388]")));
}

TEST(Trust, OfALogWhoseCollectorGivesNoNumberIsGone) {
    const Trust trust = trustOf(work(500) + "Job's log exceeded limit of 4194304 bytes.\n");
    EXPECT_TRUE(trust.isLossUncounted);
    EXPECT_TRUE(trust.isTooDamaged);
}

// What a collector leaves out explains any number that is false after it: size and owner of another buffer as well.
TEST(Trust, LinesThatACollectorLeftOutExplainFalseNumbersAfterThemAndNoneBefore) {
    const std::string notice = "systemd-journald[388]: Suppressed 2 messages from alloc.service\n";
    const std::string allocation = "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n";
    const std::string otherSize = "[PID 1] Freed buffer 16 on device 0 (4 bytes, FINAL)\n";
    EXPECT_EQ(analyseLog(allocation + notice + otherSize)->findings.ledger.grade, LedgerGrade::Gaps);
    EXPECT_EQ(analyseLog(allocation + otherSize + notice)->findings.ledger.grade, LedgerGrade::Contradictory);
    EXPECT_EQ(analyseLog(allocation + otherSize)->findings.ledger.grade, LedgerGrade::Contradictory);
}

TEST(Trust, NamesMessagesThatTheServerCouldNotReadThoughEveryNumberHolds) {
    std::string complaints;
    for (int i = 0; i < 8; ++i) complaints += "Unknown message type: 0\n";
    const auto analysis = analyseLog(work(50) + complaints + std::string(kStopped));
    EXPECT_EQ(countDiagnostics(*analysis, DiagnosticCode::MisreadMessages), 8U);
    EXPECT_THAT(trustNotes(*analysis), Contains(HasSubstr("rejected 8 messages, first at line 101")));
    EXPECT_FALSE(analysis->findings.ledger.firstDivergence);
    const auto closed = analyseLog(
        work(50) + "⚠️  Too many consecutive errors (10) - closing connection (likely protocol mismatch)\n");
    EXPECT_EQ(countDiagnostics(*closed, DiagnosticCode::MisreadMessages), 1U);
}

TEST(Trust, AMessageThatTheServerRejectsOnceInAWhileIsNoOtherVersion) {
    const auto analysis = analyseLog(work(50) + "⚠️  Invalid size 0 - ignoring message\n" + std::string(kStopped));
    EXPECT_THAT(trustNotes(*analysis), IsEmpty());
}

// A double free by another process: stated plainly in a whole log, a candidate in a damaged one.
TEST(Trust, BoundsTheConfidenceInCauses) {
    const std::string fault = "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=9000)\n"
                              "[PID 1] Freed buffer 9000 on device 0 (8 bytes, FINAL)\n"
                              "[PID 2] Deallocation for unknown buffer 9000 on device 0 (allocated before tracking "
                              "started)\n";
    const auto confidence = [](const std::string& log) {
        return analyseLog(log)->findings.verdicts.rows[0].confidence;
    };
    EXPECT_GE(confidence(work(50) + fault), 70);
    EXPECT_EQ(confidence(work(50) + fault + "Job's log exceeded limit of 4194304 bytes.\n"), kLimitedConfidence);
}

}  // namespace
}  // namespace alloclens
