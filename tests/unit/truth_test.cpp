// SPDX-License-Identifier: GPL-3.0-or-later
//
// Generated logs come with the truth about them, kept from the messages and not from the text. What AllocLens makes of
// the text has to be that truth, for every generation of the server.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/log_fixture.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using generator::Generated;
using generator::Generation;
using generator::Recipe;
using generator::Truth;
using generator::TruthFinding;

std::string textOf(const TruthFinding& finding) {
    std::string text = fmt::format("{} {}:{} line {}", finding.kind, finding.device, finding.address, finding.line);
    if (finding.kind == "leak") return text;
    if (finding.kind == "aliased-allocation") {
        return text + (finding.sizeDiffers ? " other size" : "") + (finding.memoryDiffers ? " other memory" : "");
    }
    text += fmt::format(" allocated {}", finding.allocated);
    if (finding.kind == "swept-leak") return text;
    return text + fmt::format(" released {} g{}", finding.released, finding.generation);
}

std::string textOf(const Analysis& analysis, const Finding& finding) {
    const EventTable& events = analysis.trace->events;
    const AddressKey& key = analysis.key(finding.address);
    const auto kind = static_cast<FindingKind>(finding.kind);
    const auto lineIn = [&](Role role) {
        const EventId event = analysis.findings.eventIn(finding, role);
        return event.isValid() ? events.line[event.index()] : 0;
    };
    std::string text = fmt::format("{} {}:{} line {}", kindInfo(finding.kind).name, key.device, key.address,
                                   events.line[finding.primary.index()]);
    if (kind == FindingKind::Leak) return text;
    if (kind == FindingKind::AliasedAllocation) {
        const std::size_t first = analysis.replay.lifetime(finding.lifetime).first.index();
        const std::size_t aliased = finding.primary.index();
        return text + (events.size[first] != events.size[aliased] ? " other size" : "")
               + (events.memory[first] != events.memory[aliased] ? " other memory" : "");
    }
    text += fmt::format(" allocated {}", lineIn(Role::Allocated));
    if (kind == FindingKind::SweptLeak) return text;
    return text + fmt::format(" released {} g{}", lineIn(Role::Released), finding.generation);
}

// Kinds that are judgements of several events; the truth of the messages knows none of them.
bool isJudgement(std::uint8_t kind) {
    return kind == static_cast<std::uint8_t>(FindingKind::MeshDivergence)
           || kind == static_cast<std::uint8_t>(FindingKind::SuspectFree);
}

void expectTruth(const Truth& truth, const Analysis& analysis) {
    const EventTotals& totals = analysis.replay.totals;
    EXPECT_EQ(totals.allocations, truth.counts().allocations);
    EXPECT_EQ(totals.aliasedAllocations, truth.counts().aliasedAllocations);
    EXPECT_EQ(totals.partialFrees, truth.counts().partialFrees);
    EXPECT_EQ(totals.finalFrees, truth.counts().finalFrees);
    EXPECT_EQ(totals.unknownFrees, truth.counts().unknownFrees);
    EXPECT_EQ(totals.swept, truth.counts().swept);

    const auto& addresses = analysis.replay.addresses;
    const auto count = [&addresses](bool (AddressSummary::*is)() const) {
        return static_cast<std::uint64_t>(
            std::count_if(addresses.begin(), addresses.end(), [is](const AddressSummary& a) { return (a.*is)(); }));
    };
    EXPECT_EQ(addresses.size(), truth.addresses().total);
    EXPECT_EQ(count(&AddressSummary::isBalanced), truth.addresses().balanced);
    EXPECT_EQ(count(&AddressSummary::isUnreleased), truth.addresses().unreleased);
    EXPECT_EQ(count(&AddressSummary::isOverFreed), truth.addresses().overFreed);

    std::map<std::string, std::uint64_t> kinds;
    for (std::size_t kind = 0; kind < findingKinds().size(); ++kind) {
        const std::uint64_t found = analysis.findings.countOf[kind];
        if (found > 0 && !isJudgement(static_cast<std::uint8_t>(kind)))
            kinds[std::string(findingKinds()[kind].name)] = found;
    }
    EXPECT_EQ(kinds, truth.kinds());

    std::vector<std::string> expected;
    std::vector<std::string> found;
    for (const TruthFinding& finding : truth.findings()) expected.push_back(textOf(finding));
    for (const Finding& finding : analysis.findings.rows) {
        if (!isJudgement(finding.kind)) found.push_back(textOf(analysis, finding));
    }
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, expected);
    EXPECT_EQ(test::contradictionTexts(analysis), std::vector<std::string>{});
}

void expectCleanReading(const Truth& truth, const Trace& trace) {
    EXPECT_EQ(trace.source->lines(), truth.lines());
    EXPECT_EQ(test::diagnosticTexts(trace), std::vector<std::string>{});
    const LineCounts& lines = trace.lineCounts;
    EXPECT_EQ(lines.events + lines.facts + lines.foreign + lines.damaged, truth.lines());
    EXPECT_EQ(lines.damaged, 0U);
}

using Parameters = std::tuple<Generation, std::uint64_t, bool>;

class GeneratedLog : public ::testing::TestWithParam<Parameters> {};

TEST_P(GeneratedLog, IsReadAsItsTruthSays) {
    const auto& [generation, seed, foreignLines] = GetParam();
    Recipe recipe;
    recipe.generation = generation;
    recipe.seed = seed;
    recipe.events = 3'000;
    recipe.foreignLines = foreignLines;
    recipe.statisticsEvery = 700;
    recipe.dumpEvery = 1'100;
    recipe.deaths = 2;
    recipe.aliasShare = 0.04;
    recipe.doubleFreeShare = 0.02;
    recipe.unknownFreeShare = 0.01;
    const Generated generated = generator::generate(recipe);
    const auto analysis = test::analyseLog(generated.log);
    expectTruth(generated.truth, *analysis);
    expectCleanReading(generated.truth, *analysis->trace);
    if (!foreignLines) {
        EXPECT_EQ(analysis->trace->lineCounts.foreign, 0U) << "a line of the server was not known";
    }
}

std::string nameOf(const ::testing::TestParamInfo<Parameters>& info) {
    return fmt::format("{}Seed{}{}", generator::traitsOf(std::get<0>(info.param)).name, std::get<1>(info.param),
                       std::get<2>(info.param) ? "Foreign" : "");
}

INSTANTIATE_TEST_SUITE_P(Truth, GeneratedLog,
                         ::testing::Combine(::testing::Values(Generation::G0, Generation::G1, Generation::G1e,
                                                              Generation::G2, Generation::G3, Generation::G4,
                                                              Generation::G5),
                                            ::testing::Values(1, 7, 20, 33), ::testing::Bool()),
                         nameOf);

TEST(Truth, ManyDevicesAndProcessesAreReadAsTheyAre) {
    Recipe recipe;
    recipe.generation = Generation::G5;
    recipe.devices = 200;
    recipe.processes = 12;
    recipe.events = 20'000;
    recipe.foreignLines = true;
    const Generated generated = generator::generate(recipe);
    const auto analysis = test::analyseLog(generated.log);
    expectTruth(generated.truth, *analysis);
    EXPECT_EQ(analysis->replay.devices.size(), 200U);
}

class ReferenceLog : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        s_generated = std::make_unique<Generated>(generator::referenceLog());
        s_analysis = test::analyseLog(s_generated->log);
    }
    static void TearDownTestSuite() {
        s_analysis.reset();
        s_generated.reset();
    }

    /// The kinds, roles and lines of the findings at a key.
    static std::vector<std::string> findingsAt(std::int32_t device, std::uint64_t address) {
        std::vector<std::string> texts;
        const AddressId key = test::keyOf(*s_analysis, device, address);
        for (const Finding& finding : s_analysis->findings.rows) {
            if (finding.address == key) texts.push_back(test::findingText(*s_analysis, finding));
        }
        return texts;
    }

    static std::unique_ptr<Generated> s_generated;
    static std::shared_ptr<const Analysis> s_analysis;
};

std::unique_ptr<Generated> ReferenceLog::s_generated;
std::shared_ptr<const Analysis> ReferenceLog::s_analysis;

TEST_F(ReferenceLog, IsReadAsItsTruthSays) {
    expectTruth(s_generated->truth, *s_analysis);
    expectCleanReading(s_generated->truth, *s_analysis->trace);
}

TEST_F(ReferenceLog, ShowsTheDoubleFreeOnDevice4AtItsThreeLines) {
    EXPECT_EQ(findingsAt(4, 695055872),
              std::vector<std::string>{"double-free:4:0x296db600:g1:1 line 15261: allocated 14896 released 14936 "
                                       "freed-again 15261"});
}

TEST_F(ReferenceLog, ShowsTheDoubleFreeAfterAReuseWithAnotherSize) {
    EXPECT_EQ(findingsAt(2, 25718784), std::vector<std::string>{"double-free:2:0x1887000:g2:1 line 5300: allocated "
                                                                "3981 released 4021 freed-again 5300"});
    const auto lifetimes = s_analysis->replay.lifetimesOf(test::keyOf(*s_analysis, 2, 25718784));
    ASSERT_EQ(lifetimes.size(), 2U);
    EXPECT_EQ(lifetimes[0].size, 524'288U);
    EXPECT_EQ(lifetimes[1].size, 98'304U);
    EXPECT_EQ(s_analysis->trace->events.line[lifetimes[0].first.index()], 3945U);
    EXPECT_EQ(s_analysis->trace->events.line[lifetimes[0].last.index()], 3973U);
}

}  // namespace
}  // namespace alloclens
