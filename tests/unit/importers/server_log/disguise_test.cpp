// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log that was saved on another system, read through the wrong code page, coloured, numbered or commented says the
// same as the plain one.
#include "tests/generator/disguise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using generator::Disguise;
using generator::Generation;
using generator::NamedDisguise;

/// The facts with numbers. Headings and boxes are recognised by their ruled lines, which a wrong code page destroys.
std::vector<std::string> numberedFacts(const Trace& trace) {
    std::vector<std::string> texts;
    for (const PrintedFact& fact : trace.facts) {
        if (fact.kind == FactKind::Banner || fact.kind == FactKind::KernelLine) continue;
        texts.push_back(test::factText(fact));
    }
    return texts;
}

using Parameters = std::tuple<Generation, NamedDisguise>;

class DisguisedLog : public ::testing::TestWithParam<Parameters> {};

TEST_P(DisguisedLog, SaysTheSameAsThePlainOne) {
    const auto& [generation, disguise] = GetParam();
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = 5;
    recipe.events = 1'500;
    recipe.statisticsEvery = 400;
    recipe.dumpEvery = 600;
    recipe.foreignLines = true;
    const std::string log = generator::generate(recipe).log;
    const auto plain = test::analyseLog(log);
    const auto disguised = test::analyseLog(generator::disguise(log, disguise.disguise));
    EXPECT_EQ(test::eventTexts(*disguised->trace), test::eventTexts(*plain->trace));
    EXPECT_EQ(test::analysisText(*disguised), test::analysisText(*plain));
    EXPECT_EQ(numberedFacts(*disguised->trace), numberedFacts(*plain->trace));
    EXPECT_EQ(disguised->trace->diagnostics.total(), 0U);
    EXPECT_EQ(disguised->trace->addressForm, plain->trace->addressForm);
    EXPECT_EQ(disguised->trace->source->lines(), plain->trace->source->lines());
    EXPECT_EQ(disguised->trace->lineCounts.events, plain->trace->lineCounts.events);
    EXPECT_EQ(disguised->trace->lineCounts.damaged, 0U);
}

std::string nameOf(const ::testing::TestParamInfo<Parameters>& info) {
    std::string name = fmt::format("{}_{}", generator::traitsOf(std::get<0>(info.param)).name,
                                   std::get<1>(info.param).name);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(
    Disguises, DisguisedLog,
    ::testing::Combine(::testing::Values(Generation::G0, Generation::G1e, Generation::G2, Generation::G5),
                       ::testing::ValuesIn(generator::disguises().begin(), generator::disguises().end())),
    nameOf);

TEST(Disguise, LineEndsOfWindowsAreNoPartOfALinesText) {
    const auto analysis = test::analyseLog("one\r\n[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=5)\r\n");
    EXPECT_EQ(*analysis->trace->source->lineText(1), "one");
    EXPECT_EQ(*analysis->trace->source->lineText(2), "[PID 1] Allocated 8 bytes of L1 on device 0 (buffer_id=5)");
}

TEST(Disguise, EscapeSequencesInsideAnEventAreSkipped) {
    const auto trace = test::readLog("\x1b]0;title\a\x1b[1;32m[PID \x1b[0m7] Alloc\x1b[Kated 8 bytes of L1 on device 0 "
                                     "(buffer_id=\x1b[4m5\x1b[24m)\x1b[0m\n");
    EXPECT_EQ(test::eventTexts(*trace), std::vector<std::string>{"1: allocation 0:5 L1 pid 7 size 8"});
    EXPECT_EQ(trace->diagnostics.total(), 0U);
}

TEST(Disguise, AnEscapeAtTheEndOfALineHidesNothingBeforeIt) {
    for (const std::string tail : {"\x1b", "\x1b[", "\x1b[31", "\x1b]", "\x1b]0;title"}) {
        const auto trace = test::readLog("[PID 7] Freed buffer 5 on device 0 (8 bytes, FINAL)" + tail + "\n");
        EXPECT_EQ(test::eventTexts(*trace), std::vector<std::string>{"1: final-free 0:5 pid 7 size 8"});
    }
}

}  // namespace
}  // namespace alloclens
