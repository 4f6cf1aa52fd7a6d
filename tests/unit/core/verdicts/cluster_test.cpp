// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

#include "tests/generator/generator.h"
#include "tests/unit/support/faults.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> clusterTexts(const Analysis& analysis) {
    std::vector<std::string> texts;
    for (const Cluster& cluster : analysis.findings.clusters) {
        texts.push_back(fmt::format("{} x{} on {} addresses, devices {}, lines {}-{}", cluster.signature, cluster.count,
                                    cluster.addresses, fmt::join(cluster.devices, " "), cluster.firstLine,
                                    cluster.lastLine));
    }
    return texts;
}

TEST(Cluster, FindingsOfOneSignatureAreOneRow) {
    const auto analysis = test::analyseEndedLog("[PID 1] Allocated 5000 bytes of L1 on device 0 (buffer_id=16)\n"
                                                "[PID 1] Allocated 6000 bytes of L1 on device 3 (buffer_id=16)\n"
                                                "[PID 1] Allocated 9000 bytes of L1 on device 0 (buffer_id=32)\n"
                                                "[PID 1] Allocated 5000 bytes of DRAM on device 0 (buffer_id=48)\n"
                                                "[PID 2] Allocated 5000 bytes of L1 on device 0 (buffer_id=64)\n");
    EXPECT_THAT(clusterTexts(*analysis),
                ElementsAre("leak L1 4,096 B..8,192 B x2 on 2 addresses, devices 0 3, lines 1-2",
                            "leak DRAM 4,096 B..8,192 B x1 on 1 addresses, devices 0, lines 4-4",
                            "leak L1 4,096 B..8,192 B x1 on 1 addresses, devices 0, lines 5-5",
                            "leak L1 8,192 B..16.0 KiB x1 on 1 addresses, devices 0, lines 3-3"));
}

TEST(Cluster, KindsComeInTheirOrderAndTheLargestFirst) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    const auto& clusters = analysis->findings.clusters;
    ASSERT_GT(clusters.size(), 3U);
    for (std::size_t i = 1; i < clusters.size(); ++i) {
        ASSERT_TRUE(clusters[i - 1].kind < clusters[i].kind
                    || (clusters[i - 1].kind == clusters[i].kind && clusters[i - 1].count >= clusters[i].count));
    }
}

TEST(Cluster, EveryFindingIsInExactlyOne) {
    const auto analysis = test::analyseLog(generator::referenceLog().log);
    const auto& findings = analysis->findings;
    std::vector<std::uint64_t> counts(findings.clusters.size(), 0);
    std::vector<std::set<AddressId>> keys(findings.clusters.size());
    for (const Finding& finding : findings.rows) {
        ASSERT_LT(finding.cluster.index(), findings.clusters.size());
        const Cluster& cluster = findings.clusters[finding.cluster.index()];
        ASSERT_EQ(cluster.kind, finding.kind);
        const std::uint32_t line = analysis->trace->events.line[finding.primary.index()];
        ASSERT_TRUE(cluster.firstLine <= line && line <= cluster.lastLine);
        ++counts[finding.cluster.index()];
        keys[finding.cluster.index()].insert(finding.address);
    }
    for (std::size_t i = 0; i < counts.size(); ++i) {
        EXPECT_EQ(findings.clusters[i].count, counts[i]);
        EXPECT_EQ(findings.clusters[i].addresses, keys[i].size());
    }
}

/// The faults of servers that count references; what is older than the tracker comes first.
std::vector<const test::Fault*> faultsOfOneServer() {
    std::vector<const test::Fault*> faults;
    for (const test::Fault& fault : test::kFaults) {
        if (!fault.rules.countsReferences) continue;
        faults.insert(fault.cause == Cause::OlderThanTracker ? faults.begin() : faults.end(), &fault);
    }
    return faults;
}

/// A run with these faults, each of a program of its own, and at least so many lines.
std::shared_ptr<const Analysis> runOf(const std::vector<const test::Fault*>& faults, test::Scenario& run,
                                      std::uint32_t lines) {
    for (std::size_t i = 0; i < faults.size(); ++i) {
        run.fault = static_cast<int>(i);
        run.program = 1000 + 10 * static_cast<std::int32_t>(i);
        test::workBeside(run, i == 0 ? 0 : 30);
        faults[i]->run(run);
        run.finish(run.program);
        while (run.lines() < lines / faults.size() * (i + 1)) run.work(900, 100);
    }
    run.finish(900);
    for (int i = 0; i < 60; ++i) run.work(test::kOther, 100, false);
    return run.analyse();
}

/// Holds each fault to a row of its own. Lost allocations make unknown frees and double frees.
void expectARowForEach(const std::vector<const test::Fault*>& faults, const test::Scenario& run,
                       const Analysis& analysis) {
    const Findings& findings = analysis.findings;
    std::map<ClusterId, std::set<int>> faultsOf;
    std::map<std::pair<int, std::uint8_t>, std::set<ClusterId>> clustersOf;  // by fault and kind of finding
    for (const Verdict& verdict : findings.verdicts.rows) {
        const Finding& finding = findings.row(verdict.finding);
        const int fault = run.faultAt(analysis.trace->events.line[finding.primary.index()]);
        faultsOf[finding.cluster].insert(fault);
        clustersOf[{fault, finding.kind}].insert(finding.cluster);
    }
    EXPECT_EQ(clustersOf.size(), faults.size() + 1);
    EXPECT_EQ(faultsOf.size(), faults.size() + 1);
    for (const auto& [cluster, mixed] : faultsOf)
        EXPECT_EQ(mixed.size(), 1U) << findings.clusters[cluster.index()].sentence;
    for (const auto& [of, rows] : clustersOf)
        EXPECT_EQ(rows.size(), 1U) << faults[static_cast<std::size_t>(of.first)]->name;
}

TEST(Cluster, EachFaultOfALongRunIsOneRow) {
    test::Scenario run(11);
    const auto faults = faultsOfOneServer();
    const auto analysis = runOf(faults, run, 0);
    expectARowForEach(faults, run, *analysis);
}

TEST(Cluster, TwentyFaultsAmongAMillionEventsAreARowEach) {
    constexpr std::uint32_t kMillion = 1'000'000;
    test::Scenario run(12);
    auto faults = faultsOfOneServer();
    // The same faults of other programs are others, but for one whose frees the same process sends.
    for (std::size_t i = 1; faults.size() < 20; ++i) {
        if (faults[i]->run != test::staleOwnerInOtherProcess) faults.push_back(faults[i]);
    }
    const auto analysis = runOf(faults, run, kMillion);
    ASSERT_GE(analysis->trace->events.count(), kMillion * 99 / 100);
    expectARowForEach(faults, run, *analysis);
}

TEST(Cluster, ItsSentenceSaysWhatHappened) {
    test::Scenario run(3);
    test::workBeside(run, 30);
    test::poolInOrder(run);
    const auto analysis = run.analyse();
    const auto& clusters = analysis->findings.clusters;
    ASSERT_FALSE(clusters.empty());
    EXPECT_EQ(clusters[0].sentence,
              "320 buffers freed once more during teardown of process 300, on all 8 devices alike, "
              "in the order of their allocation");
    EXPECT_EQ(clusters[0].signature, "double-free teardown-pool teardown");
    EXPECT_EQ(clusters[0].pid, 300);
}

TEST(Cluster, AFaultOfOneSortOfBufferIsToldFromThatOfAnother) {
    std::string log;
    const auto freeAgain = [&log](int size, int count) {
        for (int i = 0; i < count; ++i) {
            const int id = size + i * 16;
            log += fmt::format("[PID 1] Allocated {} bytes of L1 on device 0 (buffer_id={})\n"
                               "[PID 1] Freed buffer {} on device 0 ({} bytes, FINAL)\n"
                               "[PID 1] Allocated 16 bytes of L1 on device 0 (buffer_id=1)\n"
                               "[PID 1] Freed buffer 1 on device 0 (16 bytes, FINAL)\n"
                               "[PID 1] Deallocation for unknown buffer {} on device 0\n",
                               size, id, id, size, id);
        }
    };
    freeAgain(4096, 5);
    freeAgain(65536, 3);
    const auto few = test::analyseLog(log);
    EXPECT_THAT(clusterTexts(*few), ElementsAre(HasSubstr("4,096 B x5"), HasSubstr("64.0 KiB x3")));
    for (int size = 100'000; size < 160'000; size += 10'000) freeAgain(size, 1);
    freeAgain(4096, 7);
    const auto many = test::analyseLog(log);
    EXPECT_THAT(clusterTexts(*many), ElementsAre(HasSubstr("4,096 B x12"), HasSubstr("double-free stale-owner x9")))
        << "those of many sizes are about no sort of buffer";
}

TEST(Cluster, TheSmallestAndTheLargestSizesHaveSignatures) {
    const auto analysis = test::analyseEndedLog(
        "[PID 1] Allocated 0 bytes of L1 on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 18446744073709551614 bytes of L1 on device 0 (buffer_id=32)\n");
    EXPECT_EQ(analysis->findings.clusters.size(), 2U);
    EXPECT_EQ(analysis->findings.clusters[0].signature, "leak L1");
    EXPECT_EQ(analysis->findings.clusters[1].signature, "leak L1 8.0 EiB..16.0 EiB");
}

std::vector<std::string> sentencesOf(std::string_view log) {
    std::vector<std::string> sentences;
    const auto analysis = test::analyseEndedLog(log);
    for (const Cluster& cluster : analysis->findings.clusters) sentences.push_back(cluster.sentence);
    return sentences;
}

TEST(ClusterSentence, SaysOnHowManyOfTheDevicesFreesAreAlike) {
    const auto workOn = [](const std::string& device) {
        return "[PID 1] Allocated 64 bytes of L1 on device " + device
               + " (buffer_id=64)\n[PID 1] Freed buffer 64 on device " + device + " (64 bytes, FINAL)\n";
    };
    const std::string both = "[PID 1] Deallocation for unknown buffer 16 on device 0\n"
                             "[PID 1] Deallocation for unknown buffer 16 on device 1\n";
    EXPECT_THAT(sentencesOf(both + workOn("2")), ElementsAre(HasSubstr(", on 2 of 3 devices alike")));
    EXPECT_THAT(sentencesOf(both + workOn("1")), ElementsAre(HasSubstr(", on both devices alike")));
}

TEST(ClusterSentence, CountsRefusedFreesWhereABufferHasSeveral) {
    const std::string again = "[PID 1] Deallocation for unknown buffer 16 on device 0\n";
    EXPECT_THAT(sentencesOf("[PID 1] Allocated 64 bytes of L1 on device 0 (buffer_id=16)\n"
                            "[PID 1] Freed buffer 16 on device 0 (64 bytes, FINAL)\n"
                            + again + again),
                ElementsAre(HasSubstr("2 refused frees of 1 buffer")));
}

TEST(ClusterSentence, NamesMemoryAndSizesOfLeaks) {
    EXPECT_THAT(sentencesOf("[PID 1] Allocated 4096 bytes of L1 on device 0 (buffer_id=16)\n"
                            "[PID 1] Allocated 4096 bytes of L1 on device 1 (buffer_id=16)\n"
                            "[PID 1] Allocated 640 bytes of DRAM on device 0 (buffer_id=32)\n"
                            "[PID 1] Allocated 1000 bytes of DRAM on device 0 (buffer_id=48)\n"
                            "[PID 2] Allocated 64 bytes of TRACE on device 0 (buffer_id=64)\n"),
                ElementsAre("2 buffers of process 1 never freed, 640 B to 1,000 B of DRAM each, on device 0",
                            "2 buffers of process 1 never freed, 4,096 B of L1 each, on 2 devices",
                            "1 buffer of process 2 never freed, 64 B of TRACE, on device 0"));
}

// A process dies once, whatever it had.
TEST(ClusterSentence, OfADeadProcessIsOne) {
    EXPECT_THAT(sentencesOf("[PID 1] Allocated 4096 bytes of L1 on device 0 (buffer_id=16)\n"
                            "[PID 1] Allocated 64 bytes of DRAM on device 1 (buffer_id=32)\n"
                            "   PID 1 is dead, removing its buffers...\n"
                            "   Removed 2 buffers (0.00396729 MB) from PID 1\n"),
                ElementsAre("2 buffers of process 1 removed after its death, on 2 devices"));
}

}  // namespace
}  // namespace alloclens
