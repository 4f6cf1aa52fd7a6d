// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log that people copied, with what their tools put before, after and into its lines, says what the server printed:
// no event is lost, and no finding is new.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "core/findings/detector.h"
#include "tests/generator/generator.h"
#include "tests/generator/respelling.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using generator::Generation;
using generator::Respelling;
using ::testing::IsEmpty;

std::vector<std::string> findings(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const Finding& finding : analysis.findings.rows) {
        const auto event = finding.primary.isValid() ? fmt::format("{}", finding.primary.index()) : std::string("none");
        texts.push_back(fmt::format("{} {}", kindInfo(finding.kind).name, event));
    }
    return texts;
}

std::string generated(Generation generation) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = 5;
    recipe.events = 400;
    recipe.statisticsEvery = 80;
    recipe.dumpEvery = 150;
    recipe.foreignLines = true;
    return generator::generate(recipe).log;
}

void expectTheSame(const std::string& text, const std::string& log) {
    const auto plain = test::analyseLog(log);
    const auto copied = test::analyseLog(text);
    EXPECT_EQ(test::eventTexts(*copied->trace), test::eventTexts(*plain->trace));
    EXPECT_EQ(findings(*copied), findings(*plain));
    EXPECT_EQ(copied->findings.ledger.grade, plain->findings.ledger.grade);
    // Facts that were lost unseen are checks that were not made.
    for (const CheckKind kind : {CheckKind::CircularBufferTotal, CheckKind::KernelTotal, CheckKind::StatisticsBytes,
                                 CheckKind::RemainingListed, CheckKind::HistoryEvent}) {
        const auto index = static_cast<std::size_t>(kind);
        EXPECT_EQ(copied->findings.ledger.passed[index], plain->findings.ledger.passed[index]) << index;
    }
    EXPECT_EQ(copied->trace->lineCounts.damaged, 0U);
    EXPECT_THAT(test::diagnosticTexts(*copied->trace), IsEmpty());
}

using Parameters = std::tuple<Generation, Respelling>;

class RespelledLog : public ::testing::TestWithParam<Parameters> {};

TEST_P(RespelledLog, SaysTheSameAsThePlainOne) {
    const auto& [generation, respelling] = GetParam();
    const std::string log = generated(generation);
    expectTheSame(generator::respell(log, respelling), log);
}

TEST_P(RespelledLog, SaysTheSameThroughAContainersTimes) {
    const auto& [generation, respelling] = GetParam();
    const std::string log = generated(generation);
    std::string text;
    const std::string copied = generator::respell(log, respelling);
    for (std::size_t at = 0; at < copied.size();) {
        const std::size_t end = copied.find('\n', at);
        text += "2026-02-26T21:56:40.054800Z " + copied.substr(at, end + 1 - at);
        at = end + 1;
    }
    expectTheSame(text, log);
}

std::string nameOf(const ::testing::TestParamInfo<Parameters>& info) {
    std::string name = fmt::format("{}_{}", generator::traitsOf(std::get<0>(info.param)).name,
                                   std::get<1>(info.param).name);
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Respellings, RespelledLog,
                         ::testing::Combine(::testing::Values(Generation::G1e, Generation::G2, Generation::G5),
                                            ::testing::ValuesIn(generator::respellings().begin(),
                                                                generator::respellings().end())),
                         nameOf);

constexpr const char* kLog = "✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n"
                             "✗ [PID 7] Freed buffer 4096 on device 0 (512 bytes, FINAL)\n"
                             "✓ [PID 8] Allocated 2048 bytes of DRAM on device 1 (buffer_id=100096)\n"
                             "✓ [PID 8] Allocated 2048 bytes of DRAM on device 1 (buffer_id=100096, ref_count=2)\n"
                             "✗ [PID 8] Freed buffer 100096 on device 1 (2048 bytes, ref_count=1 remaining)\n"
                             "✗ [PID 8] Freed buffer 100096 on device 1 (2048 bytes, FINAL)\n"
                             "⚠ [PID 8] Deallocation for unknown buffer 100096 on device 1 (allocated before tracking "
                             "started)\n";

/// Wraps at a width, with a mark at the end of what goes on and another at its beginning.
std::string wrapped(std::string_view log, std::size_t width, std::string_view end, std::string_view begin) {
    std::string text;
    std::size_t column = 0;
    for (const char c : log) {
        const bool isCharacter = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        if (c != '\n' && isCharacter && column == width) {
            text.append(end).append("\n").append(begin);
            column = begin.empty() ? 0 : 2;
        }
        text += c;
        column = c == '\n' ? 0 : column + (isCharacter ? 1 : 0);
    }
    return text;
}

TEST(RespelledLogs, LinesThatAnEditorWrappedAreJoined) {
    const auto events = [](const std::string& text) {
        std::vector<std::string> texts;
        const auto trace = test::readLog(text);
        for (std::size_t i = 0; i < trace->events.count(); ++i) texts.push_back(test::eventText(*trace, i));
        return texts;
    };
    const std::vector<std::string> expected = events(kLog);
    EXPECT_EQ(events(wrapped(kLog, 59, "\\", "")), expected);
    // As an editor of streams lists lines: bytes by their numbers, and the end of each line marked.
    std::string listed;
    for (const char c : std::string(kLog)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) {
            listed += fmt::format("\\{:o}", byte);
        } else {
            listed += c == '\n' ? "$\n" : std::string(1, c);
        }
    }
    EXPECT_EQ(events(wrapped(listed, 68, "\\", "")), expected);
    EXPECT_EQ(events(wrapped(kLog, 60, "", "\u21aa ")), expected);
    EXPECT_EQ(events(wrapped(kLog, 60, "", "  ")), expected);
}

TEST(RespelledLogs, TheBeginningOfWordsThatWereWrappedIsNoTail) {
    std::string log;
    for (int id = 10; id < 30; ++id) {
        log += fmt::format("⚠ [PID 21259] Deallocation for unknown buffer {} on device", id);
        log += "\n 3 (allocated before tracking started)\n";
    }
    const auto trace = test::readLog(log);
    ASSERT_EQ(trace->events.count(), 20U);
    EXPECT_THAT(test::diagnosticTexts(*trace), IsEmpty());
}

TEST(RespelledLogs, ATagThatLooksLikeAColourWithoutItsEscapeIsNone) {
    const std::string log = generated(Generation::G5);
    std::string text;
    std::size_t number = 0;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = log.find('\n', at);
        text += fmt::format("[{}ms] ", ++number) + log.substr(at, end + 1 - at);
        at = end + 1;
    }
    expectTheSame(text, log);
}

TEST(RespelledLogs, EventsOfAddressesThatWereFreedTwiceMayStandOnOneLine) {
    const std::string log = generated(Generation::G1e);
    std::string line = "{\"output\": \"";
    for (const char c : log) line += c == '\n' ? std::string("\\n") : std::string(1, c);
    line += "\"}";
    const auto plain = test::analyseLog(log);
    const auto joined = test::analyseLog(line + "\n");
    EXPECT_EQ(findings(*joined), findings(*plain));
    EXPECT_EQ(joined->findings.ledger.grade, plain->findings.ledger.grade);
}

}  // namespace
}  // namespace alloclens
