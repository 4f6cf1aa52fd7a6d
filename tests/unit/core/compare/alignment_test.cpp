// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compare/alignment.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

/// Rounds of work on each device: a buffer is allocated, freed and freed once more.
struct Program {
    int pid = 100;
    int devices = 1;
    int rounds = 50;
    int without = -1;  ///< this round is left out
    int shift = 0;     ///< of all addresses

    [[nodiscard]] std::string log() const {
        std::string text;
        for (int i = 0; i < rounds; ++i) {
            for (int device = 0; device < devices && i != without; ++device) {
                const int address = 4096 + 64 * (i % 10) + shift;
                const int size = 1024 + 32 * (i % 25);
                text += fmt::format("[PID {}] Allocated {} bytes of L1 on device {} (buffer_id={})\n", pid, size,
                                    device, address);
                text += fmt::format("[PID {}] Freed buffer {} on device {} ({} bytes, FINAL)\n", pid, address, device,
                                    size);
                if (i % 7 != 0) continue;
                text += fmt::format("[PID {}] Deallocation for unknown buffer {} on device {} "
                                    "(allocated before tracking started)\n",
                                    pid, address, device);
            }
        }
        return text;
    }
};

AlignedRuns aligned(const std::string& before, const std::string& after) {
    auto result = alignRuns(*test::analyseLog(before), *test::analyseLog(after), {});
    if (!result) test::stop("cancelled");
    return std::move(*result);
}

TEST(Alignment, ARunLiesBesideItselfEventByEvent) {
    const std::string log = Program{}.log();
    const AlignedRuns runs = aligned(log, log);
    EXPECT_EQ(runs.alignment.by(), AlignedBy::Events);
    EXPECT_EQ(runs.alignment.matches(), 108U);
    for (const double place : {-5.0, 0.0, 0.5, 33.0, 107.0, 140.0}) {
        EXPECT_DOUBLE_EQ(runs.alignment.beside(0, place), place);
        EXPECT_DOUBLE_EQ(runs.alignment.beside(1, place), place);
    }
    EXPECT_EQ(runs.matches.size(), 108U);
}

TEST(Alignment, WhatOneRunLacksMovesNothingAfterIt) {
    // Round 20 are the events 43 and 44; those before are at the same place, those after two events earlier.
    const AlignedRuns runs = aligned(Program{}.log(), Program{.pid = 700, .without = 20}.log());
    EXPECT_EQ(runs.alignment.by(), AlignedBy::Events);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 30), 30);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 42), 42);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 45), 43);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 100), 98);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(1, 98), 100);
    for (const Match& match : runs.matches) {
        EXPECT_DOUBLE_EQ(runs.alignment.beside(0, match.before), match.after) << "the same event is at the same place";
    }
}

TEST(Alignment, DevicesNeedNotRunInStep) {
    Program one{.devices = 4, .rounds = 40};
    std::string other;
    for (const int device : {2, 0, 3, 1}) {  // each on its own, one after another
        const std::string log = one.log();
        for (std::size_t from = 0; from < log.size();) {
            const std::size_t end = log.find('\n', from) + 1;
            const std::string line = log.substr(from, end - from);
            if (line.find(fmt::format("device {}", device)) != std::string::npos) other += line;
            from = end;
        }
    }
    const AlignedRuns runs = aligned(one.log(), other);
    double last = -100;
    for (double place = 0; place < 360; place += 0.25) {
        const double beside = runs.alignment.beside(0, place);
        EXPECT_GE(beside, last) << "it never goes back";
        last = beside;
    }
}

TEST(Alignment, WhereAddressesDifferSizesAreMatched) {
    const AlignedRuns runs = aligned(Program{}.log(), Program{.without = 20, .shift = 1 << 20}.log());
    EXPECT_EQ(runs.alignment.by(), AlignedBy::Sizes);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 30), 30);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 100), 98);
}

TEST(Alignment, RunsWithNothingInCommonGoByTheirShare) {
    std::string other;
    for (int i = 0; i < 54; ++i) {
        other += fmt::format("[PID 5] Allocated {} bytes of DRAM on device 3 (buffer_id={})\n", 7777 + i, 64 * i);
    }
    const AlignedRuns runs = aligned(Program{}.log(), other);
    EXPECT_EQ(runs.alignment.by(), AlignedBy::Share);
    EXPECT_EQ(runs.alignment.matches(), 0U);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 54), 27);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(1, 27), 54);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(1, 108), 216);
}

TEST(Alignment, ARunOfOneEventHasAPlaceBesideEach) {
    const char* one = "[PID 5] Allocated 64 bytes of DRAM on device 3 (buffer_id=4096)\n";
    const AlignedRuns runs = aligned(Program{}.log(), one);
    EXPECT_EQ(runs.alignment.by(), AlignedBy::Share);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(0, 54), 0.5);
    EXPECT_DOUBLE_EQ(runs.alignment.beside(1, 1), 108);
}

TEST(Alignment, ALineFollowsTheMapForMostOfItsWay) {
    const auto withGap = [](double place) { return place < 900 ? place : std::max(900.0, place - 60); };
    const AlignmentLine same = lineAlong(withGap, 0, 1000);
    EXPECT_DOUBLE_EQ(same.scale, 1);
    EXPECT_NEAR(same.offset, 0, 1e-9);
    const AlignmentLine twice = lineAlong([](double place) { return 2 * place + 7; }, 0, 1000);
    EXPECT_NEAR(twice.scale, 2, 1e-9);
    EXPECT_NEAR(twice.offset, 7, 1e-6);
    EXPECT_GT(lineAlong([](double) { return 5; }, 0, 1000).scale, 0) << "it never stands still";
}

}  // namespace
}  // namespace alloclens
