// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/triage/triage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "core/report/report.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr auto kToday = 2026y / std::chrono::November / 23d;
constexpr auto kLater = 2027y / std::chrono::November / 23d;
constexpr auto kBefore = 2025y / std::chrono::November / 23d;

// A leak of L1, a leak of DRAM and a double free.
constexpr std::string_view kLog = "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=16)\n"
                                  "[PID 1] Allocated 4096 bytes of DRAM on device 0 (buffer_id=32)\n"
                                  "[PID 1] Allocated 64 bytes of DRAM on device 0 (buffer_id=48)\n"
                                  "[PID 1] Freed buffer 48 on device 0 (64 bytes, FINAL)\n"
                                  "⚠ [PID 1] Deallocation for unknown buffer 48 on device 0 (allocated before tracking "
                                  "started)\n"
                                  "🛑 Allocation Server stopped\n";
constexpr auto kLeakOfL1 = "leak:0:0x10:g1:1";
constexpr auto kLeakOfDram = "leak:0:0x20:g1:1";
constexpr auto kDoubleFree = "double-free:0:0x30:g1:1";

class TriageOfALog : public ::testing::Test {
protected:
    [[nodiscard]] Triage hold(std::string_view baseline, const std::vector<Suppression>& suppressions) const {
        const auto known = Baseline::parse(baseline, "known.txt");
        if (!known) test::stop(known.error().sentence());
        return triage(*m_analysis, *known, suppressions, kToday);
    }
    [[nodiscard]] std::vector<std::string> news(const Triage& triage) const {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < triage.shown.size(); ++i) {
            if (triage.shown[i] != 0) ids.push_back(findingId(m_analysis->replay, m_analysis->findings.rows[i]));
        }
        return ids;
    }
    [[nodiscard]] std::string text(const Triage& triage, const char* format) const {
        ReportInput input;
        input.analysis = m_analysis.get();
        input.triage = &triage;
        std::ostringstream out;
        EXPECT_TRUE(findReport("findings", format)->write(input, out));
        return out.str();
    }

    std::shared_ptr<const Analysis> m_analysis = test::analyseLog(kLog);
};

TEST(Triage, ALeakThatIsKnownIsSoWhereTheLogMerelyStops) {
    const auto cut = test::analyseLog(kLog.substr(0, kLog.find("🛑")));
    const auto hidden = [&cut](std::string_view id) {
        return triage(*cut, *Baseline::parse(id, "known.txt"), {}, kToday).known;
    };
    EXPECT_EQ(hidden("leak:0:0x10:g1:1\n"), 1U);
    EXPECT_EQ(hidden("open-at-end:0:0x10:g1:1\n"), 1U);
    const auto ended = test::analyseLog(kLog);
    EXPECT_EQ(triage(*ended, *Baseline::parse("open-at-end:0:0x10:g1:1\n", "known.txt"), {}, kToday).known, 0U)
        << "nobody knew that it was a leak";
}

TEST_F(TriageOfALog, EverythingIsNewsWhereNothingIsKnown) {
    const Triage all = triage(*m_analysis, std::nullopt, {}, kToday);
    EXPECT_THAT(news(all), ElementsAre(kLeakOfL1, kLeakOfDram, kDoubleFree));
    EXPECT_EQ(all.known + all.suppressed, 0U);
    EXPECT_THAT(all.gone, IsEmpty());
}

TEST_F(TriageOfALog, TheBaselineHidesWhatItKnowsAndNamesWhatIsGone) {
    const Triage known = hold("leak:0:0x20:g1:1\nleak:7:0x20:g1:1\n", {});
    EXPECT_THAT(news(known), ElementsAre(kLeakOfL1, kDoubleFree));
    EXPECT_EQ(known.known, 1U);
    EXPECT_THAT(known.gone, ElementsAre("leak:7:0x20:g1:1"));
    EXPECT_THAT(text(known, "text"), HasSubstr("2 findings, the baseline knows 1\n"));
    EXPECT_THAT(text(known, "text"), HasSubstr("1 finding of the baseline is gone"));
}

TEST_F(TriageOfALog, ASuppressionHidesTheFindingsOfItsClusters) {
    const Triage held = hold("", {{"leak L1*", "the pool keeps them", kLater}});
    EXPECT_THAT(news(held), ElementsAre(kLeakOfDram, kDoubleFree));
    EXPECT_EQ(held.suppressed, 1U);
    EXPECT_THAT(staleSuppressions(held), IsEmpty());
    EXPECT_THAT(text(held, "text"), HasSubstr("2 findings, suppressions hide 1\n"));
}

TEST_F(TriageOfALog, AnExpiredSuppressionHidesNothingAndIsTold) {
    const Triage held = hold("", {{"leak*", "until the release", kBefore}});
    EXPECT_THAT(news(held), ElementsAre(kLeakOfL1, kLeakOfDram, kDoubleFree));
    EXPECT_EQ(held.uses[0].count, 2U);
    EXPECT_THAT(staleSuppressions(held),
                ElementsAre("the suppression of 'leak*' (until the release) expired on 2025-11-23 and hides nothing"));
}

TEST_F(TriageOfALog, OneThatHoldsCountsBeforeOneThatHasExpired) {
    const Triage held = hold("", {{"leak*", "old", kBefore}, {"leak L1*", "new", kLater}});
    EXPECT_THAT(news(held), ElementsAre(kLeakOfDram, kDoubleFree));
    EXPECT_EQ(held.uses[0].count, 1U);
    EXPECT_EQ(held.uses[1].count, 1U);
}

TEST_F(TriageOfALog, AnUnusedSuppressionIsTold) {
    const Triage held = hold("", {{"mesh-divergence*", "seen", kLater}});
    EXPECT_THAT(staleSuppressions(held),
                ElementsAre("the suppression of 'mesh-divergence*' (seen) matches nothing in this log"));
}

TEST_F(TriageOfALog, WhatIsKnownIsNotSuppressedAsWell) {
    const Triage held = hold(kLeakOfL1, {{"leak*", "both", kLater}});
    EXPECT_THAT(news(held), ElementsAre(kDoubleFree));
    EXPECT_EQ(held.known, 1U);
    EXPECT_EQ(held.suppressed, 1U);
    EXPECT_EQ(held.uses[0].count, 2U);
}

TEST_F(TriageOfALog, EveryFormatLeavesOutWhatIsHidden) {
    const Triage held = hold(kLeakOfL1, {{"leak DRAM*", "reason", kLater}});
    for (const Report& report : reports()) {
        if (report.subject != "findings") continue;
        const std::string written = text(held, std::string(report.format).c_str());
        EXPECT_THAT(written, HasSubstr("0x30")) << report.format;
        EXPECT_THAT(written, ::testing::Not(HasSubstr(kLeakOfDram))) << report.format;
        EXPECT_THAT(written, ::testing::Not(HasSubstr(kLeakOfL1))) << report.format;
    }
}

TEST_F(TriageOfALog, TheFilterHidesOnlyWhatIsLeft) {
    const auto filter = Filter::parse("kind:double-free");
    ASSERT_TRUE(filter);
    const auto result = applyFilter(*m_analysis, *filter, {});
    ASSERT_TRUE(result);
    const Triage held = hold(kLeakOfL1, {});
    ReportInput input;
    input.analysis = m_analysis.get();
    input.triage = &held;
    input.filter = &*result;
    std::ostringstream out;
    ASSERT_TRUE(findReport("findings", "text")->write(input, out));
    EXPECT_THAT(out.str(), HasSubstr("1 finding, the baseline knows 1, the filter hides 1\n"));
}

}  // namespace
}  // namespace alloclens
