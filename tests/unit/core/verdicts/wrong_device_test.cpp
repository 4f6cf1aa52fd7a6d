// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/verdicts/wrong_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/wording/story.h"
#include "tests/unit/support/scenario.h"

namespace alloclens {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

using test::Buffer;
using test::Scenario;

std::uint64_t wrongDevices(const Analysis& analysis) {
    return analysis.findings.verdicts.countOf[static_cast<std::size_t>(Cause::WrongDevice)];
}

TEST(WrongDevice, FreesThatGoToDeviceZeroAreTiedToTheBuffersThatStayElsewhere) {
    Scenario run(1);
    run.work(run.program, 40);
    for (int i = 0; i < 30; ++i) {
        const Buffer buffer = run.newBuffer();
        run.allocate(run.program, 1 + i % 7, buffer);
        run.work(run.program, 1);
        run.blame(Cause::WrongDevice);
        run.release(run.program, 0, buffer);
    }
    run.finish(run.program);
    const auto analysis = run.analyse();
    EXPECT_EQ(wrongDevices(*analysis), 30U);
    EXPECT_EQ(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::Leak)], 30U);
    const Verdict& verdict = analysis->findings.verdicts.rows[0];
    EXPECT_GE(verdict.confidence, 70);
    EXPECT_EQ(blameOf(verdict.cause), Blame::Program);
    EXPECT_THAT(candidateWords(analysis->findings, verdict.finding).front().evidenceFor,
                AllOf(Contains("the address is live on device 1 and on no other"),
                      Contains("its process sent 30 frees to a wrong device like this")));
    EXPECT_THAT(analysis->findings.clusters[analysis->findings.row(verdict.finding).cluster.index()].sentence,
                HasSubstr("30 frees sent to a different device than the one that holds the buffer, by process 300"));
}

// There the free may just as well be one too many.
TEST(WrongDevice, IsACandidateWhereTheAddressHadBeenFreedOnTheOtherDeviceBefore) {
    Scenario run(2);
    run.work(run.program, 40);
    const Buffer buffer = run.newBuffer();
    run.allocateOnAll(run.program, buffer);
    for (std::int32_t device = 0; device < Scenario::kDevices; ++device) {
        if (device != 3) run.release(run.program, device, buffer);
    }
    run.work(run.program, 10);
    run.release(run.program, 5, buffer);  // meant for device 3
    run.finish(run.program);
    const auto analysis = run.analyse();
    const auto& candidates = analysis->findings.verdicts.candidates;
    EXPECT_TRUE(std::any_of(candidates.begin(), candidates.end(),
                            [](const Candidate& of) { return of.cause == Cause::WrongDevice; }));
    EXPECT_EQ(wrongDevices(*analysis), 0U);
}

TEST(WrongDevice, IsNotTheCauseWhereTheOtherDevicesOnlyLag) {
    Scenario run(3);
    run.work(run.program, 40);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        for (std::int32_t device = 0; device < 2; ++device) run.allocate(run.program, device, buffer);
        run.release(run.program, 0, buffer);
        run.release(run.program, 0, buffer);  // while device 1 still has it
        run.release(run.program, 1, buffer);
    }
    run.finish(run.program);
    EXPECT_EQ(wrongDevices(*run.analyse()), 0U);
}

TEST(WrongDevice, IsNotTheCauseWhereTheBufferIsLiveOnSeveralDevices) {
    Scenario run(4);
    run.work(run.program, 40);
    for (int i = 0; i < 12; ++i) {
        const Buffer buffer = run.newBuffer();
        for (std::int32_t device = 1; device < Scenario::kDevices; ++device) run.allocate(run.program, device, buffer);
        run.release(run.program, 0, buffer);
    }
    run.finish(run.program);
    EXPECT_EQ(wrongDevices(*run.analyse()), 0U);
}

TEST(WrongDevice, IsNotTheCauseOfSeveralFreesForOneBufferNorOfAnotherProcessesFree) {
    Scenario run(5);
    run.work(run.program, 40);
    const Buffer one = run.newBuffer();
    run.allocate(run.program, 4, one);
    run.release(run.program, 0, one);
    run.release(run.program, 1, one);
    const Buffer other = run.newBuffer();
    run.allocate(400, 4, other);
    run.release(run.program, 0, other);
    run.finish(run.program);
    EXPECT_EQ(wrongDevices(*run.analyse()), 0U);
}

}  // namespace
}  // namespace alloclens
