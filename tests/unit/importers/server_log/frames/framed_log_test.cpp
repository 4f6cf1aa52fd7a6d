// SPDX-License-Identifier: GPL-3.0-or-later
//
// A log whose lines a collector, a container or a terminal cut says the same as the log that the server printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "core/findings/detector.h"
#include "importers/follower.h"
#include "tests/generator/framing.h"
#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using generator::Framing;
using generator::Generation;
using generator::NamedFraming;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> events(const Trace& trace) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < trace.events.count(); ++i) texts.push_back(test::eventText(trace, i));
    return texts;
}

/// The facts with numbers, without their lines.
std::vector<std::string> facts(const Trace& trace) {
    std::vector<std::string> texts;
    for (PrintedFact fact : trace.facts) {
        if (fact.kind == FactKind::Banner || fact.kind == FactKind::KernelLine || fact.kind == FactKind::DetectionLine)
            continue;
        fact.line = 0;
        texts.push_back(test::factText(fact));
    }
    return texts;
}

std::vector<std::string> findings(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const Finding& finding : analysis.findings.rows) {
        const auto event = finding.primary.isValid() ? fmt::format("{}", finding.primary.index()) : std::string("none");
        texts.push_back(fmt::format("{} {}", kindInfo(finding.kind).name, event));
    }
    return texts;
}

std::string generated(Generation generation, std::size_t count) {
    generator::Recipe recipe;
    recipe.generation = generation;
    recipe.seed = 11;
    recipe.events = count;
    recipe.statisticsEvery = 150;
    recipe.dumpEvery = 400;
    recipe.foreignLines = true;
    return generator::generate(recipe).log;
}

using Parameters = std::tuple<Generation, NamedFraming, int>;

class FramedLog : public ::testing::TestWithParam<Parameters> {};

TEST_P(FramedLog, SaysTheSameAsThePlainOne) {
    const auto& [generation, framing, oneIn] = GetParam();
    const std::string log = generated(generation, 900);
    const std::string text = generator::frame(log, framing.framing, static_cast<std::uint64_t>(oneIn));
    const auto plain = test::analyseLog(log);
    const auto framed = test::analyseLog(text);
    EXPECT_EQ(events(*framed->trace), events(*plain->trace));
    EXPECT_EQ(facts(*framed->trace), facts(*plain->trace));
    EXPECT_EQ(findings(*framed), findings(*plain));
    EXPECT_EQ(framed->trace->lineCounts.damaged, 0U);
    EXPECT_THAT(test::diagnosticTexts(*framed->trace), IsEmpty());
    EXPECT_EQ(framed->trace->source->lines(), std::count(text.begin(), text.end(), '\n'));
    const LineCounts& counts = framed->trace->lineCounts;
    EXPECT_EQ(counts.events + counts.facts + counts.foreign + counts.damaged, framed->trace->source->lines());
}

TEST_P(FramedLog, GivesTheSameWithEveryNumberOfThreads) {
    const auto& [generation, framing, oneIn] = GetParam();
    const std::string text = generator::frame(generated(generation, 200), framing.framing,
                                              static_cast<std::uint64_t>(oneIn));
    EXPECT_EQ(test::eventTexts(*test::readLog(text, 1)), test::eventTexts(*test::readLog(text, 3)));
}

TEST_P(FramedLog, ShowsTheLogAsItIs) {
    const auto& [generation, framing, oneIn] = GetParam();
    const std::string text = generator::frame(generated(generation, 400), framing.framing,
                                              static_cast<std::uint64_t>(oneIn));
    const auto analysis = test::analyseLog(text);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    ASSERT_EQ(analysis->trace->source->lines(), lines.size());
    for (std::uint32_t line = 1; line <= lines.size(); line += 37)
        EXPECT_EQ(*analysis->trace->source->lineText(line), lines[line - 1]);
    for (std::size_t i = 0; i < analysis->trace->events.count(); ++i) {
        const EventKind kind = analysis->trace->events.kind[i];
        if (kind != EventKind::Allocation && kind != EventKind::FinalFree) continue;
        const std::string& line = lines[analysis->trace->events.line[i] - 1];
        EXPECT_TRUE(line.find("[PID") != std::string::npos || line.find("91,80,73,68") != std::string::npos) << line;
    }
}

std::string nameOf(const ::testing::TestParamInfo<Parameters>& info) {
    std::string name = fmt::format("{}_{}_{}", generator::traitsOf(std::get<0>(info.param)).name,
                                   std::get<1>(info.param).name, std::get<2>(info.param));
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Framings, FramedLog,
                         ::testing::Combine(::testing::Values(Generation::G1e, Generation::G2, Generation::G5),
                                            ::testing::ValuesIn(generator::framings().begin(),
                                                                generator::framings().end()),
                                            ::testing::Values(1, 40)),
                         nameOf);

constexpr const char* kAllocated = "✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id=4096)\n";

TEST(FramedLogs, WideLinesThatAreWholeAreNotJoined) {
    std::string log;
    for (int i = 0; i < 20; ++i) {
        std::string line = fmt::format("✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id={})", 4096 + i);
        line += std::string(78 - (line.size() - 2), '.') + "12\n";
        log += line;
    }
    const auto trace = test::readLog(log);
    EXPECT_EQ(trace->events.count(), 20U);
    EXPECT_EQ(trace->events.line[19], 20U);
}

TEST(FramedLogs, ATagThatIsAPartOfTheTextStays) {
    const auto trace = test::readLog(
        "0: 🚀 Allocation Server started\n0:    Device 0: Wormhole_B0 (12GB DRAM, 102MB L1)\n"
        "0: ✓ [PID 7] Allocated 0: 512 bytes of L1 on device 00:  (buffer_id=4096)\n"
        "0: ✗ [PID 7] Freed buffer 4096 on device 0 (512 bytes, FINAL)\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("3: allocation 0:4096 L1 pid 7 size 512", "4: final-free 0:4096 pid 7 size 512"));
    EXPECT_TRUE(std::any_of(trace->facts.begin(), trace->facts.end(),
                            [](const PrintedFact& fact) { return fact.kind == FactKind::DeviceDetected; }));
}

TEST(FramedLogs, PiecesOfSeveralStreamsAreJoinedApart) {
    const auto trace = test::readLog("[rank0]: ✓ [PID 7] Allocated \n[rank1]: ✓ [PID 8] Allocated \n"
                                     "[rank0]: 512 bytes of L1 on device 0 (buffer_id=\n"
                                     "[rank1]: 1024 bytes of L1 on device 1 (buffer_id=\n[rank1]: 32)\n[rank0]: 16)\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("1: allocation 0:16 L1 pid 7 size 512", "2: allocation 1:32 L1 pid 8 size 1024"));
    EXPECT_EQ(test::lineCountText(*trace), "6 0 0 0");
}

TEST(FramedLogs, LinesBetweenPiecesKeepTheirPlaces) {
    const auto trace = test::readLog(
        "$ run the server\n2026-02-26T21:56:40Z stdout P ✓ [PID 7] Allocated 512\n"
        "2026-02-26T21:56:40Z stderr F a warning\n"
        "2026-02-26T21:56:40Z stdout F  bytes of L1 on device 0 (buffer_id=16)\n"
        "2026-02-26T21:56:41Z stdout F ✗ [PID 7] Freed buffer 16 on device 0 (512 bytes, FINAL)\n"
        "2026-02-26T21:56:41Z stdout F a\n2026-02-26T21:56:41Z stdout F b\n"
        "2026-02-26T21:56:41Z stdout F c\n2026-02-26T21:56:41Z stdout F d\n"
        "2026-02-26T21:56:41Z stdout F e\n");
    EXPECT_THAT(test::eventTexts(*trace),
                ElementsAre("2: allocation 0:16 L1 pid 7 size 512", "5: final-free 0:16 pid 7 size 512"));
    EXPECT_EQ(*trace->source->lineText(3), "2026-02-26T21:56:40Z stderr F a warning");
}

TEST(FramedLogs, OfLinesThatWereCutOffWhatIsThereIsRead) {
    std::string log;
    for (int i = 0; i < 12; ++i) {
        const std::string line = fmt::format(
            "⚠ [PID 20117] Deallocation for unknown buffer {} on device {} (allocated before tracking started)",
            5000 + i, i);
        log += line.substr(0, 80) + "\n";
    }
    const auto trace = test::readLog(log);
    EXPECT_EQ(trace->events.count(), 12U);
    EXPECT_EQ(trace->diagnostics.total(), 0U);
}

TEST(FramedLogs, ANumberAtTheCutIsNotBelieved) {
    std::string log = "🚀 Allocation Server started\n";
    for (int i = 0; i < 12; ++i) log += std::string(kAllocated).substr(0, 61) + "\n";
    log += "⚠ [PID 7] Deallocation for unknown buffer 31415 on device 12 (alloc\n";
    std::string cut;
    for (std::size_t at = 0; at < log.size();) {
        const std::size_t end = log.find('\n', at);
        cut += log.substr(at, std::min<std::size_t>(end - at, 61)) + "\n";
        at = end + 1;
    }
    ASSERT_NE(cut.find("on device 1\n"), std::string::npos);
    EXPECT_EQ(test::readLog(cut)->events.count(), 0U);
}

TEST(FramedLogs, OfServersWithTagsOfTheirOwnOneMayBeRead) {
    std::string log;
    for (int i = 0; i < 10; ++i) {
        log += fmt::format("[host-{}] [21:56:1{}] ✓ [PID 7] Allocated 512 bytes of L1 on device 0 (buffer_id={})\n",
                           i % 2 == 0 ? "a" : "b", i, 16 + i);
    }
    EXPECT_THAT(test::diagnosticTexts(*test::readLog(log)), ElementsAre("0: several-servers"));
    EXPECT_THAT(test::readLog(log)->diagnostics.kept().front().detail, "[host-a]: 5 events, [host-b]: 5 events");
    const test::TemporaryFile file(log);
    ReadOptions options;
    options.stream = "host-b";
    const auto trace = readTrace(file.path(), {}, options, {});
    ASSERT_TRUE(trace);
    EXPECT_EQ((*trace)->events.count(), 5U);
    EXPECT_EQ((*trace)->events.line[0], 2U);
    EXPECT_EQ((*trace)->lineCounts.foreign, 5U);
    EXPECT_EQ((*trace)->diagnostics.total(), 0U);
    options.stream = "host-c";
    const auto none = readTrace(file.path(), {}, options, {});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().sentence().find("[host-a]"), std::string::npos) << none.error().sentence();
}

TEST(FramedLogs, AServerThatWasStartedAgainIsOne) {
    std::string log;
    for (const char* const pid : {"11", "12"}) {
        for (int i = 0; i < 8; ++i) {
            log += fmt::format("Oct  3 21:08:58 vm01 server[{}]: ✓ [PID 7] Allocated 512 bytes of L1 on device 0 "
                               "(buffer_id={})\n",
                               pid, 16 + i);
        }
    }
    EXPECT_EQ(test::readLog(log)->diagnostics.count(DiagnosticCode::SeveralServers), 0U);
}

TEST(FramedLogs, RepeatedMessagesAreCounted) {
    const std::string refused =
        "⚠ [PID 7] Deallocation for unknown buffer 16 on device 0 (allocated before tracking started)";
    const std::string tag = "Oct  3 21:08:58 vm01 server[11]: ";
    const auto newer = test::readLog(tag + refused + "\n" + tag + "message repeated 4 times: [ " + refused + "]\n");
    EXPECT_EQ(newer->events.count(), 5U);
    EXPECT_THAT(newer->events.line, ElementsAre(1U, 2U, 2U, 2U, 2U));
    const auto older = test::readLog(tag + refused + "\nOct  3 21:08:59 vm01 last message repeated 4 times\n" + tag
                                     + kAllocated);
    EXPECT_EQ(older->events.count(), 6U);
}

TEST(FramedLogs, ARepeatThatNothingCanHoldIsCutAndSaidSo) {
    const auto trace = test::readLog(
        "message repeated 18446744073709551615 times: [ ✗ [PID 7] Freed buffer 16 (4 bytes)]\n"
        "message repeated 99999999999999999999999 times: [ ✗ [PID 7] Freed buffer 16 (4 bytes)]\n"
        "message repeated 4000000000 times: [ ✗ [PID 7] Freed buffer 16 (4 bytes)]\n");
    EXPECT_EQ(trace->diagnostics.count(DiagnosticCode::RepeatsCut), 3U);
    EXPECT_EQ(trace->events.count(), 30'003U);
}

TEST(FramedLogs, AFollowedOneIsReadLikeAFinishedOne) {
    const std::string text = generator::frame(generated(Generation::G2, 200), Framing::SyslogFragments, 3);
    const test::TemporaryFile file(text);
    auto follower = Follower::open(file.path(), {}, {}, {});
    ASSERT_TRUE(follower);
    while (true) {
        const auto step = follower->advance({});
        ASSERT_TRUE(step);
        if (*step == Follower::Step::Nothing) break;
    }
    const auto followed = follower->trace(true);
    ASSERT_TRUE(followed);
    EXPECT_EQ(test::eventTexts(**followed), test::eventTexts(*test::readLog(text)));
}

}  // namespace
}  // namespace alloclens
