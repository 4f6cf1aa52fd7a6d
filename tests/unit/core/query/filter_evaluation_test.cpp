// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <stop_token>
#include <string>
#include <vector>

#include "core/query/filter.h"
#include "tests/support/flags_of.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

using Names = std::vector<std::string>;

constexpr std::string_view kLog =
    "[PID 100] Allocated 2048 bytes of L1 on device 0 (buffer_id=1000)\n"                               // 1  A
    "[PID 100] Freed buffer 1000 on device 0 (2048 bytes, FINAL)\n"                                     // 2  F
    "[PID 200] Deallocation for unknown buffer 1000 on device 0 (allocated before tracking started)\n"  // 3  U
    "[PID 100] Allocated 4096 bytes of L1 on device 0 (buffer_id=1000)\n"                     // 4  A, stays open
    "[PID 300] Allocated 1048576 bytes of DRAM on device 1 (buffer_id=2000)\n"                // 5  A
    "[PID 400] Allocated 1048576 bytes of TRACE on device 1 (buffer_id=2000, ref_count=2)\n"  // 6  a
    "[PID 300] Freed buffer 2000 on device 1 (1048576 bytes, ref_count=1 remaining)\n"        // 7  f
    "a foreign line, Final words\n"                                                           // 8
    "[PID 300] Freed buffer 2000 on device 1 (1048576 bytes, FINAL)\n"                        // 9  F
    "[PID 500] Allocated 512 bytes of L1_SMALL on device 2 (buffer_id=3000)\n"                // 10 A
    "[PID 500] Allocated 512 bytes of DRAM on device 3 (buffer_id=3000)\n"                    // 11 A
    "   PID 500 is dead, removing its buffers...\n"                                           // 12
    "   Removed 2 buffers (0.000976562 MB) from PID 500\n"                                    // 13 R R
    "[PID 600] Deallocation for unknown buffer 3000 on device 2 (allocated before tracking started)\n"  // 14 U
    "[PID 600] Deallocation for unknown buffer 4000 on device 3 (allocated before tracking started)\n"  // 15 U
    "🛑 Allocation Server stopped\n";                                                                 // 16

class FilterEvaluation : public ::testing::Test {
protected:
    static void SetUpTestSuite() { s_analysis = test::analyseLog(kLog); }
    static void TearDownTestSuite() { s_analysis.reset(); }

    static FilterResult apply(std::string_view text) {
        const auto filter = Filter::parse(text);
        if (!filter) {
            ADD_FAILURE() << filter.error().sentence();
            return {};
        }
        auto result = applyFilter(*s_analysis, *filter, {});
        if (!result) {
            ADD_FAILURE() << result.error().sentence();
            return {};
        }
        const auto count = [](const RowFlags& flags) {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < flags.size(); ++i) sum += flags[i] ? 1 : 0;
            return sum;
        };
        EXPECT_EQ(result->eventCount, count(result->events));
        EXPECT_EQ(result->addressCount, count(result->addresses));
        EXPECT_EQ(result->lifetimeCount, count(result->lifetimes));
        EXPECT_EQ(result->findingCount, count(result->findings));
        return std::move(*result);
    }

    /// The lines of the events that pass.
    static std::vector<int> lines(std::string_view text) {
        std::vector<int> passing;
        const FilterResult result = apply(text);
        for (std::size_t i = 0; i < result.events.size(); ++i) {
            if (result.events[i]) passing.push_back(static_cast<int>(s_analysis->trace->events.line[i]));
        }
        return passing;
    }
    /// "device:address"
    static Names addresses(std::string_view text) {
        Names passing;
        const FilterResult result = apply(text);
        for (std::size_t i = 0; i < result.addresses.size(); ++i) {
            if (result.addresses[i]) passing.push_back(keyText(AddressId(i)));
        }
        return passing;
    }
    /// "device:address g1"
    static Names lifetimes(std::string_view text) {
        Names passing;
        const FilterResult result = apply(text);
        for (std::size_t i = 0; i < result.lifetimes.size(); ++i) {
            if (result.lifetimes[i] == 0) continue;
            const Lifetime lifetime = s_analysis->replay.lifetime(LifetimeId(i));
            passing.push_back(keyText(lifetime.address) + " g" + std::to_string(lifetime.generation));
        }
        return passing;
    }
    /// "kind device:address"
    static Names findings(std::string_view text) {
        Names passing;
        const FilterResult result = apply(text);
        for (std::size_t i = 0; i < result.findings.size(); ++i) {
            if (result.findings[i] == 0) continue;
            const Finding& finding = s_analysis->findings.rows[i];
            passing.push_back(std::string(kindInfo(finding.kind).name) + ' ' + keyText(finding.address));
        }
        return passing;
    }
    static std::string keyText(AddressId id) {
        return deviceText(s_analysis->key(id).device) + ':' + s_analysis->addressText(id);
    }

    static inline std::shared_ptr<const Analysis> s_analysis;
};

using Lines = std::vector<int>;

TEST_F(FilterEvaluation, TheEmptyFilterPassesEverything) {
    EXPECT_EQ(lines(""), (Lines{1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13, 14, 15}));
    EXPECT_EQ(addresses(""), (Names{"0:1000", "1:2000", "2:3000", "3:3000", "3:4000"}));
    EXPECT_EQ(lifetimes(""), (Names{"0:1000 g1", "0:1000 g2", "1:2000 g1", "2:3000 g1", "3:3000 g1"}));
    EXPECT_EQ(findings(""),
              (Names{"double-free 0:1000", "leak 0:1000", "aliased-allocation 1:2000", "swept-leak 2:3000",
                     "swept-leak 3:3000", "free-after-sweep 2:3000", "unknown-free 3:4000"}));
}

TEST_F(FilterEvaluation, DevicePassesWhatHasTheDevice) {
    EXPECT_EQ(lines("device:3"), (Lines{11, 15}));
    EXPECT_EQ(addresses("device:0,2"), (Names{"0:1000", "2:3000"}));
    EXPECT_EQ(lifetimes("device:1..2"), (Names{"1:2000 g1", "2:3000 g1"}));
    EXPECT_EQ(findings("device:>2"), (Names{"swept-leak 3:3000", "unknown-free 3:4000"}));
    EXPECT_TRUE(lines("device:none").empty());
}

TEST_F(FilterEvaluation, SweepsHaveNoKeySoOnlyNegationsPassThem) {
    EXPECT_EQ(lines("-device:0..2"), (Lines{11, 13, 15}));
    EXPECT_EQ(lines("-address:0.."), Lines{13});
    EXPECT_EQ(lines("-lifecycle:/./"), Lines{13});
}

TEST_F(FilterEvaluation, AddressRangesIncludeBothEnds) {
    EXPECT_EQ(addresses("address:1000..3000"), (Names{"0:1000", "1:2000", "2:3000", "3:3000"}));
    EXPECT_EQ(addresses("address:0xbb8"), (Names{"2:3000", "3:3000"}));
    EXPECT_EQ(lines("address:3001.."), Lines{15});
    EXPECT_EQ(lifetimes("address:..1000"), (Names{"0:1000 g1", "0:1000 g2"}));
    EXPECT_EQ(findings("address:2000"), Names{"aliased-allocation 1:2000"});
}

TEST_F(FilterEvaluation, FreesHaveTheMemoryOfTheirLifetime) {
    EXPECT_EQ(lines("memory:L1"), (Lines{1, 2, 3, 4}));
    EXPECT_EQ(lines("memory:DRAM"), (Lines{5, 7, 9, 11}));
    EXPECT_EQ(lines("memory:l1_small"), (Lines{10, 14}));
    EXPECT_EQ(lines("memory:unknown"), Lines{15});
    EXPECT_EQ(addresses("memory:DRAM"), (Names{"1:2000", "3:3000"}));
    EXPECT_EQ(lifetimes("memory:L1,L1_SMALL"), (Names{"0:1000 g1", "0:1000 g2", "2:3000 g1"}));
    EXPECT_EQ(findings("memory:unknown"), Names{"unknown-free 3:4000"});
}

TEST_F(FilterEvaluation, MergedMemoriesShowUnderEither) {
    EXPECT_EQ(lines("memory:TRACE"), Lines{6});
    EXPECT_EQ(addresses("memory:TRACE"), Names{"1:2000"});
    EXPECT_EQ(lifetimes("memory:TRACE"), Names{"1:2000 g1"});
    EXPECT_EQ(findings("memory:TRACE"), Names{"aliased-allocation 1:2000"});
}

TEST_F(FilterEvaluation, PidPassesWhatAnyEventOfTheProcessTouched) {
    EXPECT_EQ(lines("pid:500"), (Lines{10, 11, 13}));
    EXPECT_EQ(addresses("pid:200"), Names{"0:1000"});
    EXPECT_EQ(lifetimes("pid:200"), Names{"0:1000 g1"});
    EXPECT_EQ(lifetimes("pid:400"), Names{"1:2000 g1"});
    EXPECT_EQ(findings("pid:400..500"), (Names{"aliased-allocation 1:2000", "swept-leak 2:3000", "swept-leak 3:3000",
                                               "free-after-sweep 2:3000"}));
    EXPECT_EQ(findings("pid:200"), Names{"double-free 0:1000"});
}

TEST_F(FilterEvaluation, RefusedFreesHaveTheSizeOfTheirLifetimeAndSweepsNone) {
    EXPECT_EQ(lines("size:2KiB"), (Lines{1, 2, 3}));
    EXPECT_EQ(lines("size:512B"), (Lines{10, 11, 14}));
    EXPECT_TRUE(lines("size:2").empty());
    EXPECT_EQ(lines("-size:>=0"), (Lines{13, 15}));
    EXPECT_EQ(addresses("size:>=1MiB"), Names{"1:2000"});
    EXPECT_EQ(lifetimes("size:2048,4096"), (Names{"0:1000 g1", "0:1000 g2"}));
    EXPECT_EQ(findings("size:2KiB..4KiB"), (Names{"double-free 0:1000", "leak 0:1000"}));
    EXPECT_TRUE(lines("size:<0").empty());
}

TEST_F(FilterEvaluation, KindOfFindingPassesTheEventsOfItsRoles) {
    EXPECT_EQ(lines("kind:double-free"), (Lines{1, 2, 3}));
    EXPECT_EQ(lines("kind:swept-leak"), (Lines{10, 11, 13}));
    EXPECT_EQ(addresses("kind:swept-leak,aliased-allocation"), (Names{"1:2000", "2:3000", "3:3000"}));
    EXPECT_EQ(lifetimes("kind:double-free"), Names{"0:1000 g1"});
    EXPECT_EQ(findings("kind:leak"), Names{"leak 0:1000"});
}

TEST_F(FilterEvaluation, ASweepSharesNoFindingBetweenItsLifetimes) {
    EXPECT_EQ(lines("kind:free-after-sweep"), (Lines{10, 13, 14}));
    EXPECT_EQ(addresses("kind:free-after-sweep"), Names{"2:3000"});
    EXPECT_EQ(lifetimes("kind:free-after-sweep"), Names{"2:3000 g1"});
}

TEST_F(FilterEvaluation, CausePassesWhatTakesPartInARefusedFreeOfThatCause) {
    EXPECT_EQ(lines("cause:stale-owner"), (Lines{1, 2, 3}));
    EXPECT_EQ(addresses("cause:stale-owner"), Names{"0:1000"});
    EXPECT_EQ(lifetimes("cause:stale-owner"), Names{"0:1000 g1"});
    EXPECT_EQ(findings("cause:stale-owner"), Names{"double-free 0:1000"});
    EXPECT_EQ(lines("cause:swept-process"), (Lines{10, 13, 14}));
    EXPECT_EQ(addresses("cause:swept-process"), Names{"2:3000"}) << "not what else the sweep removed";
    EXPECT_EQ(findings("cause:swept-process,stale-owner"), (Names{"double-free 0:1000", "free-after-sweep 2:3000"}));
    EXPECT_TRUE(findings("cause:torn-line").empty());
}

TEST_F(FilterEvaluation, WhatIsNoRefusedFreeHasNoCause) {
    EXPECT_EQ(findings("-cause:stale-owner,swept-process"),
              (Names{"leak 0:1000", "aliased-allocation 1:2000", "swept-leak 2:3000", "swept-leak 3:3000",
                     "unknown-free 3:4000"}));
    EXPECT_EQ(lifetimes("-cause:stale-owner"), (Names{"0:1000 g2", "1:2000 g1", "2:3000 g1", "3:3000 g1"}));
    EXPECT_EQ(addresses("-cause:stale-owner"), (Names{"1:2000", "2:3000", "3:3000", "3:4000"}));
    std::string every = "cause:undetermined";
    for (int i = 1; i < kCauseCount; ++i) every += ',' + std::string(causeName(static_cast<Cause>(i)));
    EXPECT_EQ(findings(every), findings("kind:double-free,unknown-free,free-after-sweep"));
}

TEST_F(FilterEvaluation, KindOfEventPassesWhatHasSuchAnEvent) {
    EXPECT_EQ(lines("kind:partial-free,sweep"), (Lines{7, 13}));
    EXPECT_EQ(addresses("kind:sweep"), (Names{"2:3000", "3:3000"}));
    EXPECT_EQ(lifetimes("kind:sweep"), (Names{"2:3000 g1", "3:3000 g1"}));
    EXPECT_EQ(lifetimes("kind:refused-free"), (Names{"0:1000 g1", "2:3000 g1"}));
    EXPECT_EQ(findings("kind:final-free"), Names{"double-free 0:1000"});
    EXPECT_EQ(addresses("-kind:allocation"), Names{"3:4000"});
}

TEST_F(FilterEvaluation, AnAddressWithALeakAndADoubleFreePassesEachAndNeitherNegation) {
    EXPECT_EQ(addresses("kind:leak"), Names{"0:1000"});
    EXPECT_EQ(addresses("kind:double-free"), Names{"0:1000"});
    EXPECT_EQ(addresses("kind:leak kind:double-free"), Names{"0:1000"});
    EXPECT_TRUE(addresses("kind:leak -kind:double-free").empty());
    EXPECT_TRUE(addresses("-kind:leak kind:double-free").empty());
    // Its two lifetimes have one each.
    EXPECT_TRUE(lifetimes("kind:leak kind:double-free").empty());
    EXPECT_EQ(lifetimes("kind:leak -kind:double-free"), Names{"0:1000 g2"});
    EXPECT_EQ(findings("kind:leak,double-free"), (Names{"double-free 0:1000", "leak 0:1000"}));
    EXPECT_TRUE(findings("kind:leak kind:double-free").empty());
    EXPECT_EQ(findings("kind:leak -kind:double-free"), Names{"leak 0:1000"});
}

TEST_F(FilterEvaluation, LinePassesTheLifetimesThatAreThereOnIt) {
    EXPECT_EQ(lines("line:3..5"), (Lines{3, 4, 5}));
    EXPECT_EQ(lines("line:8"), Lines{});
    EXPECT_EQ(lifetimes("line:8"), (Names{"0:1000 g2", "1:2000 g1"}));
    EXPECT_EQ(lifetimes("line:2"), Names{"0:1000 g1"});
    EXPECT_EQ(lifetimes("line:>1000"), Names{"0:1000 g2"});
    EXPECT_EQ(addresses("line:<=2"), Names{"0:1000"});
    EXPECT_EQ(addresses("line:13"), (Names{"2:3000", "3:3000"}));
    EXPECT_EQ(findings("line:14"), Names{"free-after-sweep 2:3000"});
}

TEST_F(FilterEvaluation, ARefusedFreeBelongsToTheLifetimeThatHadEnded) {
    EXPECT_EQ(lifetimes("line:3"), Names{"0:1000 g1"});
    EXPECT_EQ(lifetimes("line:14"), (Names{"0:1000 g2", "2:3000 g1"}));
}

TEST_F(FilterEvaluation, LifecycleLooksAtTheWholeLifeOfAKey) {
    EXPECT_EQ(addresses("lifecycle:/AFU/"), Names{"0:1000"});
    EXPECT_EQ(addresses("lifecycle:AafF"), Names{"1:2000"});
    EXPECT_EQ(addresses("lifecycle:/^ARU?$/"), (Names{"2:3000", "3:3000"}));
    EXPECT_EQ(addresses("lifecycle:/^U/,Aa"), (Names{"1:2000", "3:4000"}));
    EXPECT_EQ(lines("lifecycle:AFU"), (Lines{1, 2, 3, 4}));
    EXPECT_EQ(lifetimes("lifecycle:AFU"), (Names{"0:1000 g1", "0:1000 g2"}));
    EXPECT_EQ(findings("lifecycle:RU"), (Names{"swept-leak 2:3000", "free-after-sweep 2:3000"}));
    EXPECT_TRUE(addresses("lifecycle:/afu/").empty());
}

TEST_F(FilterEvaluation, TextFindsPiecesOfLinesInEitherCase) {
    EXPECT_EQ(lines("final"), (Lines{2, 9}));
    EXPECT_EQ(lines("text:\"REMOVED 2 buffers\""), Lines{13});
    EXPECT_EQ(addresses("text:remaining"), Names{"1:2000"});
    EXPECT_EQ(addresses("text:removed"), (Names{"2:3000", "3:3000"}));
    EXPECT_EQ(lifetimes("text:unknown"), (Names{"0:1000 g1", "2:3000 g1"}));
    EXPECT_EQ(findings("text:\"bytes, final\",removed"),
              (Names{"double-free 0:1000", "swept-leak 2:3000", "swept-leak 3:3000", "free-after-sweep 2:3000"}));
    EXPECT_TRUE(lines("text:foreign").empty());
}

TEST_F(FilterEvaluation, TextCombinesWithWhatTheOtherTermsLeft) {
    EXPECT_EQ(lines("final device:1"), Lines{9});
    EXPECT_EQ(lines("device:1 -text:allocated -final"), Lines{7});
    EXPECT_EQ(addresses("-text:final"), (Names{"2:3000", "3:3000", "3:4000"}));
    // The address passes although no one event passes both terms.
    EXPECT_EQ(addresses("pid:200 text:final"), Names{"0:1000"});
    EXPECT_TRUE(lines("pid:200 text:final").empty());
    EXPECT_TRUE(lines("device:9 final").empty());
}

TEST_F(FilterEvaluation, NegationIsTheComplementInEveryTable) {
    for (const std::string term : {"device:0", "address:2000..", "memory:L1", "pid:100", "size:>1KiB", "kind:leak",
                                   "line:3..9", "lifecycle:/F/", "text:final", "kind:sweep,double-free"}) {
        const FilterResult plain = apply(term);
        const FilterResult negated = apply("-" + term);
        EXPECT_EQ(plain.eventCount + negated.eventCount, plain.events.size()) << term;
        EXPECT_EQ(plain.addressCount + negated.addressCount, plain.addresses.size()) << term;
        EXPECT_EQ(plain.lifetimeCount + negated.lifetimeCount, plain.lifetimes.size()) << term;
        EXPECT_EQ(plain.findingCount + negated.findingCount, plain.findings.size()) << term;
    }
}

TEST_F(FilterEvaluation, CancellationStopsIt) {
    std::stop_source stop;
    stop.request_stop();
    for (const std::string_view text : {"", "device:0", "text:final"}) {
        const auto result = applyFilter(*s_analysis, *Filter::parse(text), TaskContext(stop.get_token(), {}));
        ASSERT_FALSE(result) << text;
        EXPECT_EQ(result.error().kind, ErrorKind::Cancelled);
    }
}

TEST_F(FilterEvaluation, CancellationWhileItRunsStopsIt) {
    std::stop_source stop;
    const TaskContext task(stop.get_token(), [&stop](std::string_view, double) { stop.request_stop(); });
    const auto result = applyFilter(*s_analysis, *Filter::parse("device:0 final"), task);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Cancelled);
}

TEST(FilterEvaluationOfFiles, OnlyTextTermsNeedTheSource) {
    const test::TemporaryFile file(kLog);
    const auto analysis = test::analyseFile(file.path());
    ASSERT_EQ(::truncate(file.path().c_str(), 10), 0);
    EXPECT_TRUE(applyFilter(*analysis, *Filter::parse("kind:leak"), {}));
    const auto result = applyFilter(*analysis, *Filter::parse("text:final"), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::Input);
}

TEST(FilterEvaluationOfFiles, KeysWithoutADeviceAnswerToNone) {
    const auto analysis = test::analyseLog("[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id=1000)\n"
                                           "Warning: Deallocation for unknown buffer 2000\n");
    const auto none = applyFilter(*analysis, *Filter::parse("device:?"), {});
    ASSERT_TRUE(none);
    EXPECT_EQ(none->events, test::flagsOf({0, 1}));
    const auto all = applyFilter(*analysis, *Filter::parse("device:<=999"), {});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->events, test::flagsOf({1, 0}));
    const auto unnamed = applyFilter(*analysis, *Filter::parse("pid:none"), {});
    ASSERT_TRUE(unnamed);
    EXPECT_EQ(unnamed->events, test::flagsOf({0, 1}));
}

TEST(FilterEvaluationOfFiles, ALogWithoutEventsHasNothingToPass) {
    const auto analysis = test::analyseLog("Allocation Server started\n");
    const auto result = applyFilter(*analysis, *Filter::parse("device:0 -kind:leak text:x"), {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->eventCount, 0U);
    EXPECT_EQ(result->findingCount, 0U);
}

}  // namespace
}  // namespace alloclens
