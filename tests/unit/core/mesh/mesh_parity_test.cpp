// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/mesh_parity.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stop_token>
#include <string>

#include "core/wording/story.h"
#include "tests/unit/support/scenario.h"

namespace alloclens {
namespace {

using test::Buffer;
using test::Scenario;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int32_t kProgram = 300;

std::uint32_t lineOf(const Analysis& analysis, EventId event) { return analysis.trace->events.line[event.index()]; }

/// "device 5 0x3000: -1F at 17" ...
std::vector<std::string> divergencesOf(const Analysis& analysis) {
    std::vector<std::string> texts;
    const MeshParity& mesh = analysis.findings.mesh;
    for (const MeshDivergence& of : mesh.divergences) {
        std::string text = fmt::format("device {} {:#x}: -{}A-{}F+{}A+{}F", of.device, of.address, of.lackedAllocations,
                                       of.lackedFrees, of.extraAllocations, of.extraFrees);
        for (const DivergentEvent& event : mesh.eventsOf(of)) {
            text += fmt::format(" {}{}", event.isLacking ? "lacks " : "has ", lineOf(analysis, event.event));
        }
        texts.push_back(of.isApart ? text + " apart" : text);
    }
    return texts;
}

TEST(MeshParity, DevicesInStepAreOneMeshAndAgree) {
    Scenario run(1);
    run.work(kProgram, 60);
    run.finish(kProgram);
    const auto analysis = run.analyse();
    const MeshParity& mesh = analysis->findings.mesh;
    ASSERT_THAT(mesh.meshes, SizeIs(1));
    EXPECT_THAT(mesh.meshes[0].devices, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
    EXPECT_GT(mesh.meshes[0].addressesAlike, 20U);
    EXPECT_EQ(mesh.meshes[0].addressesApart, 0U);
    EXPECT_THAT(mesh.divergences, IsEmpty());
}

TEST(MeshParity, AProgramOnOneDeviceBesideTheMeshIsNotHeldAgainstIt) {
    Scenario run(2);
    for (int i = 0; i < 20; ++i) {
        run.work(kProgram, 5);
        run.work(400, 5, false);
    }
    const auto analysis = run.analyse();
    ASSERT_THAT(analysis->findings.mesh.meshes, SizeIs(1));
    EXPECT_THAT(analysis->findings.mesh.meshes[0].devices, SizeIs(8));
    EXPECT_GT(analysis->findings.mesh.meshes[0].addressesOther, 0U);
    EXPECT_THAT(divergencesOf(*analysis), IsEmpty());
}

TEST(MeshParity, ALifetimeThatOneDeviceHasAloneIsBesideTheMesh) {
    Scenario run(12);
    run.work(kProgram, 30);
    const Buffer buffer = run.newBuffer();
    const Buffer other{buffer.address, 1024, Memory::L1};
    for (int generation = 0; generation < 3; ++generation) {
        run.allocateOnAll(kProgram, buffer);
        run.work(kProgram, 3);
        run.releaseOnAll(kProgram, buffer);
        run.allocate(400, 4, generation == 1 ? buffer : other);
        run.work(kProgram, 3);
        run.release(400, 4, buffer);
    }
    run.work(kProgram, 30);
    EXPECT_THAT(divergencesOf(*run.analyse()), IsEmpty());
}

TEST(MeshParity, DevicesThatGoTheirOwnWaysAreNoMesh) {
    Scenario run(3);
    for (int i = 0; i < 300; ++i) {
        // The same addresses, as allocators give them, for other buffers.
        const Buffer buffer{4096 * (1 + run.random(20)), 1024 * (1 + run.random(50)), Memory::L1};
        run.allocate(kProgram, static_cast<std::int32_t>(run.random(4)), buffer);
        run.release(kProgram, static_cast<std::int32_t>(run.random(4)), buffer);
    }
    const auto analysis = run.analyse();
    EXPECT_THAT(analysis->findings.mesh.meshes, IsEmpty());
    EXPECT_EQ(analysis->findings.countOf[static_cast<std::size_t>(FindingKind::MeshDivergence)], 0U);
}

TEST(MeshParity, TwoMeshesAreToldApart) {
    Scenario run(4);
    for (int i = 0; i < 30; ++i) {
        const Buffer low = run.newBuffer();
        const Buffer high = run.newBuffer();
        for (std::int32_t device = 0; device < 4; ++device) run.allocate(kProgram, device, low);
        for (std::int32_t device = 4; device < 8; ++device) run.allocate(kProgram, device, high);
    }
    const auto analysis = run.analyse();
    ASSERT_THAT(analysis->findings.mesh.meshes, SizeIs(2));
    EXPECT_THAT(analysis->findings.mesh.meshes[0].devices, ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(analysis->findings.mesh.meshes[1].devices, ElementsAre(4, 5, 6, 7));
    EXPECT_THAT(divergencesOf(*analysis), IsEmpty());
}

TEST(MeshParity, AFreeThatOneDeviceLacksIsNamed) {
    Scenario run(5);
    run.work(kProgram, 30);
    const Buffer buffer = run.newBuffer();
    run.allocateOnAll(kProgram, buffer);
    const std::uint32_t before = run.lines();
    for (std::int32_t device = 0; device < 8; ++device) {
        if (device != 5) run.release(kProgram, device, buffer);
    }
    run.work(kProgram, 30);
    const auto analysis = run.analyse();
    // What is lacking is shown by the first device in step.
    EXPECT_THAT(divergencesOf(*analysis),
                ElementsAre(fmt::format("device 5 {:#x}: -0A-1F+0A+0F lacks {}", buffer.address, before + 1)));
    const MeshDivergence& of = analysis->findings.mesh.divergences.front();
    EXPECT_EQ(of.agreeing, 7U);
    const Finding& finding = analysis->findings.row(of.finding);
    EXPECT_EQ(kindInfo(finding.kind).name, "mesh-divergence");
    EXPECT_EQ(analysis->key(finding.address).device, 5);
    EXPECT_EQ(meshSentence(*analysis, of.finding), "device 5 lacks 1 free that 7 devices in step have");
    EXPECT_EQ(findingId(analysis->replay, finding), fmt::format("mesh-divergence:5:{:#x}:g1:1", buffer.address));
}

TEST(MeshParity, AmongManyLikeGenerationsTheVeryOneIsNamed) {
    Scenario run(6);
    run.work(kProgram, 20);
    const Buffer buffer = run.newBuffer();
    std::uint32_t lacked = 0;
    for (int generation = 0; generation < 40; ++generation) {
        for (std::int32_t device = 0; device < 8; ++device) {
            if (generation == 17 && device == 3) continue;
            if (generation == 17 && device == 0) lacked = run.lines() + 1;
            run.allocate(kProgram, device, buffer);
        }
        run.work(kProgram, 2);
        for (std::int32_t device = 0; device < 8; ++device) {
            if (generation != 17 || device != 3) run.release(kProgram, device, buffer);
        }
    }
    run.work(kProgram, 10);
    const auto analysis = run.analyse();
    ASSERT_THAT(analysis->findings.mesh.divergences, SizeIs(1));
    const MeshDivergence& of = analysis->findings.mesh.divergences.front();
    EXPECT_EQ(of.device, 3);
    EXPECT_EQ(of.lackedAllocations, 1U);
    EXPECT_EQ(of.lackedFrees, 1U);
    EXPECT_EQ(lineOf(*analysis, analysis->findings.mesh.eventsOf(of).front().event), lacked);
}

TEST(MeshParity, ADeviceThatNeverHadTheAddressLacksAllOfIt) {
    Scenario run(7);
    run.work(kProgram, 30);
    const Buffer buffer = run.newBuffer();
    const std::uint32_t before = run.lines();
    for (std::int32_t device = 0; device < 7; ++device) run.allocate(kProgram, device, buffer);
    for (std::int32_t device = 0; device < 7; ++device) run.release(kProgram, device, buffer);
    run.work(kProgram, 30);
    const auto analysis = run.analyse();
    EXPECT_THAT(divergencesOf(*analysis), ElementsAre(fmt::format("device 7 {:#x}: -1A-1F+0A+0F lacks {} lacks {}",
                                                                  buffer.address, before + 1, before + 8)));
    EXPECT_FALSE(analysis->findings.mesh.divergences.front().key.isValid());
}

TEST(MeshParity, WhatOneDeviceHasAloneIsNamedOnItsOwnLines) {
    Scenario run(8);
    run.work(kProgram, 30);
    const Buffer buffer = run.newBuffer();
    run.allocateOnAll(kProgram, buffer);
    run.releaseOnAll(kProgram, buffer);
    run.release(kProgram, 0, buffer);
    const std::uint32_t surplus = run.lines();
    run.work(kProgram, 30);
    const auto analysis = run.analyse();
    EXPECT_THAT(divergencesOf(*analysis),
                ElementsAre(fmt::format("device 0 {:#x}: -0A-0F+0A+1F has {}", buffer.address, surplus)));
}

TEST(MeshParity, AMessageThatTheEndOfTheTraceCutsOffIsNotLacking) {
    Scenario run(9);
    run.work(kProgram, 30);
    const Buffer buffer = run.newBuffer();
    for (std::int32_t device = 0; device < 5; ++device) run.allocate(kProgram, device, buffer);
    EXPECT_THAT(divergencesOf(*run.analyse()), IsEmpty());
}

TEST(MeshParity, ADeviceThatDiffersInTooMuchGoesItsOwnWay) {
    Scenario run(10);
    run.work(kProgram, 60);
    const Buffer buffer = run.newBuffer();
    for (int generation = 0; generation < 40; ++generation) {
        for (std::int32_t device = 0; device < 8; ++device) {
            run.allocate(
                kProgram, device,
                {buffer.address, device == 6 ? 512U + 32U * static_cast<unsigned>(generation) : 4096U, Memory::L1});
        }
        run.releaseOnAll(kProgram, buffer);
    }
    run.work(kProgram, 20);
    const auto analysis = run.analyse();
    ASSERT_THAT(analysis->findings.mesh.divergences, SizeIs(1));
    EXPECT_TRUE(analysis->findings.mesh.divergences[0].isApart);
    EXPECT_EQ(analysis->findings.mesh.divergences[0].device, 6);
    EXPECT_EQ(meshSentence(*analysis, analysis->findings.mesh.divergences[0].finding),
              "device 6 goes its own way here, unlike 7 devices in step");
}

TEST(MeshParity, EachMessageThatIsLostOrDoubledAtRandomIsFoundAndNoOther) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Scenario run(seed);
        run.work(kProgram, 20);
        std::set<std::string> expected;
        for (int i = 0; i < 60; ++i) {
            const Buffer buffer = run.newBuffer();
            const bool hasFault = run.random(4) == 0;
            const auto victim = static_cast<std::int32_t>(run.random(8));
            const auto generations = 1 + run.random(5);
            const auto faulty = run.random(generations);
            const bool isFree = run.random(2) == 0;
            const bool isLost = run.random(2) == 0;
            for (std::uint64_t generation = 0; generation < generations; ++generation) {
                for (const bool frees : {false, true}) {
                    const bool isHere = hasFault && generation == faulty && frees == isFree;
                    for (std::int32_t device = 0; device < 8; ++device) {
                        int times = 1;
                        if (isHere && device == victim) times = isLost ? 0 : 2;
                        for (int k = 0; k < times; ++k)
                            frees ? run.release(kProgram, device, buffer) : run.allocate(kProgram, device, buffer);
                    }
                }
                run.work(kProgram, 1);
            }
            if (!hasFault) continue;
            expected.insert(fmt::format("{} {:#x} {} {}", victim, buffer.address, isLost ? "lacks" : "has",
                                        isFree ? "free" : "allocation"));
        }
        run.work(kProgram, 20);
        const auto analysis = run.analyse();
        std::set<std::string> found;
        for (const MeshDivergence& of : analysis->findings.mesh.divergences) {
            ASSERT_EQ(of.eventCount, 1U) << "seed " << seed;
            const DivergentEvent& event = analysis->findings.mesh.eventsOf(of).front();
            const bool isFree = analysis->trace->events.kind[event.event.index()] != EventKind::Allocation;
            found.insert(fmt::format("{} {:#x} {} {}", of.device, of.address, event.isLacking ? "lacks" : "has",
                                     isFree ? "free" : "allocation"));
        }
        EXPECT_EQ(found, expected) << "seed " << seed;
    }
}

TEST(MeshParity, ATraceOfOneDeviceHasNone) {
    const auto analysis = test::timedAnalysis({{EventKind::Allocation, 16, 42, 0, 42}});
    EXPECT_THAT(analysis->findings.mesh.meshes, IsEmpty());
}

TEST(MeshParity, ACancelledTaskGivesNothing) {
    Scenario run(11);
    run.work(kProgram, 60);
    const auto analysis = run.analyse();
    std::stop_source stop;
    stop.request_stop();
    EXPECT_THAT(compareDevices(analysis->replay, TaskContext(stop.get_token(), {})).meshes, IsEmpty());
}

}  // namespace
}  // namespace alloclens
