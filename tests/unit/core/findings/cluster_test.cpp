// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/findings/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/generator/generator.h"
#include "tests/unit/support/trace_text.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;

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
    const auto analysis = test::analyseLog("[PID 1] Allocated 5000 bytes of L1 on device 0 (buffer_id=16)\n"
                                           "[PID 1] Allocated 6000 bytes of L1 on device 3 (buffer_id=16)\n"
                                           "[PID 1] Allocated 9000 bytes of L1 on device 0 (buffer_id=32)\n"
                                           "[PID 1] Allocated 5000 bytes of DRAM on device 0 (buffer_id=48)\n"
                                           "[PID 2] Allocated 5000 bytes of L1 on device 0 (buffer_id=64)\n");
    EXPECT_THAT(clusterTexts(*analysis),
                ElementsAre("leak L1 4,096 B..8,192 B process 1 x2 on 2 addresses, devices 0 3, lines 1-2",
                            "leak DRAM 4,096 B..8,192 B process 1 x1 on 1 addresses, devices 0, lines 4-4",
                            "leak L1 4,096 B..8,192 B process 2 x1 on 1 addresses, devices 0, lines 5-5",
                            "leak L1 8,192 B..16.0 KiB process 1 x1 on 1 addresses, devices 0, lines 3-3"));
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

TEST(Cluster, TheSmallestAndTheLargestSizesHaveSignatures) {
    const auto analysis = test::analyseLog(
        "[PID 1] Allocated 0 bytes of L1 on device 0 (buffer_id=16)\n"
        "[PID 1] Allocated 18446744073709551614 bytes of L1 on device 0 (buffer_id=32)\n");
    EXPECT_EQ(analysis->findings.clusters.size(), 2U);
    EXPECT_EQ(analysis->findings.clusters[0].signature, "leak L1 process 1");
    EXPECT_EQ(analysis->findings.clusters[1].signature, "leak L1 8.0 EiB..16.0 EiB process 1");
}

}  // namespace
}  // namespace alloclens
