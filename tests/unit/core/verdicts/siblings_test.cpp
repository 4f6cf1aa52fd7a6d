// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the devices did with an address is counted all at once; here it is counted pair by pair, as it is defined.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "core/verdicts/surplus_facts.h"
#include "tests/unit/support/log_fixture.h"

namespace alloclens {
namespace {

constexpr int kDevices = 9;
constexpr int kAddresses = 4;

/// Devices that use a few addresses, mostly in step, with frees that are refused now and then.
std::string randomLog(unsigned seed) {
    std::mt19937 random(seed);
    std::string log;
    const auto refuse = [&](int device, int address) {
        log += fmt::format(
            "[PID 7] Deallocation for unknown buffer {} on device {} (allocated before tracking started)\n",
            64 * address, device);
    };
    for (int round = 0; round < 12; ++round) {
        const int address = static_cast<int>(random() % kAddresses);
        const int size = random() % 3 == 0 ? 128 : 64;
        for (int device = 0; device < kDevices; ++device) {
            if (random() % 4 == 0) refuse(device, address);
            if (random() % 9 == 0) continue;
            const int own = random() % 12 == 0 ? 256 : size;
            log += fmt::format("[PID 7] Allocated {} bytes of L1 on device {} (buffer_id={})\n", own, device,
                               64 * address);
            log += fmt::format("[PID 7] Freed buffer {} on device {} ({} bytes, FINAL)\n", 64 * address, device, own);
            while (random() % 3 == 0) refuse(device, address);
        }
    }
    return log;
}

class Pairwise {
public:
    Pairwise(const Replay& replay, const SurplusStudy& study) : m_replay(replay), m_study(study) {}

    void expectAsDefined(const SurplusFacts& row) const {
        SurplusFacts expected;
        expected.isFirstDevice = true;
        for (const AddressId key : m_replay.keysOf(m_replay.trace->key(row.address).address)) {
            if (key == row.address) continue;
            const AddressSummary& ours = m_replay.address(row.address);
            const AddressSummary& theirs = m_replay.address(key);
            expected.siblingsAllocated += theirs.allocations > 0 ? 1 : 0;
            expected.siblingsAhead += theirs.refusedFrees == 0
                                              && theirs.acceptedFrees == ours.acceptedFrees + ours.refusedFrees
                                              && theirs.allocations == ours.allocations + ours.refusedFrees
                                          ? 1
                                          : 0;
            if (!isInStep(row, key)) continue;
            if (key < row.address) expected.isFirstDevice = false;
            ++(surplusOf(key, row.generation) > 0 ? expected.siblingsAlike : expected.siblingsClean);
        }
        const auto counts = [](const SurplusFacts& of) {
            return std::tuple(of.siblingsAlike, of.siblingsClean, of.siblingsAhead, of.siblingsAllocated,
                              of.isFirstDevice);
        };
        EXPECT_EQ(counts(row), counts(expected)) << "generation " << row.generation;
        EXPECT_EQ(row.inGeneration, surplusOf(row.address, row.generation));
    }

    [[nodiscard]] std::uint32_t mostAlone() const {
        std::uint32_t most = 0;
        for (int device = 0; device < kDevices; ++device) {
            std::uint32_t alone = 0;
            for (std::size_t key = 0; key < m_replay.addresses.size(); ++key) {
                const bool isAlone = std::any_of(
                    m_study.rows.begin(), m_study.rows.end(), [&](const SurplusFacts& row) {
                        return row.address.index() == key && row.siblingsAlike == 0 && row.siblingsClean > 0;
                    });
                alone += isAlone && m_replay.trace->addresses[key].device == device ? 1 : 0;
            }
            most = std::max(most, alone);
        }
        return most;
    }

private:
    [[nodiscard]] bool isInStep(const SurplusFacts& row, AddressId key) const {
        const AddressSummary& ours = m_replay.address(row.address);
        const AddressSummary& theirs = m_replay.address(key);
        if (row.generation == 0) return theirs.allocations == 0 && theirs.refusedFrees > 0;
        if (theirs.lifetimes != ours.lifetimes) return false;
        const Lifetime here = m_replay.lifetime(row.lifetime);
        const Lifetime there = m_replay.lifetimesOf(key)[row.generation - 1];
        return here.size == there.size && here.memory == there.memory;
    }

    [[nodiscard]] std::uint32_t surplusOf(AddressId key, std::uint32_t generation) const {
        return static_cast<std::uint32_t>(
            std::count_if(m_study.rows.begin(), m_study.rows.end(),
                          [&](const SurplusFacts& row) { return row.address == key && row.generation == generation; }));
    }

    const Replay& m_replay;
    const SurplusStudy& m_study;
};

TEST(Siblings, AreCountedAsIfEachDeviceAskedEachOther) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const auto analysis = test::analyseLog(randomLog(seed));
        const auto study = studySurplusFrees(analysis->replay, analysis->findings, {});
        ASSERT_TRUE(study);
        ASSERT_GT(study->rows.size(), 20U);
        const Pairwise pairwise(analysis->replay, *study);
        for (const SurplusFacts& row : study->rows) pairwise.expectAsDefined(row);
        EXPECT_EQ(study->mostAloneOn, pairwise.mostAlone()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace alloclens
