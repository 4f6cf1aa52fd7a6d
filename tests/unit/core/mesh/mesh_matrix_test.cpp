// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/mesh_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <stop_token>

#include "tests/support/flags_of.h"

namespace alloclens {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Sum = MeshMatrix::Sum;
using Place = MeshMatrix::Place;

/// A parity of one mesh of the devices 0, 2, 4 ..., filled divergence by divergence.
struct Divergences {
    MeshParity parity;

    explicit Divergences(std::int32_t devices) {
        parity.meshes.emplace_back();
        for (std::int32_t i = 0; i < devices; ++i) parity.meshes[0].devices.push_back(2 * i);
    }
    void add(std::int32_t device, std::uint64_t address, std::uint32_t lackedFrees, std::uint32_t extraFrees,
             std::uint32_t mesh = 0) {
        MeshDivergence of;
        of.finding = FindingId(parity.divergences.size());
        of.mesh = mesh;
        of.device = device;
        of.address = address;
        of.lackedFrees = lackedFrees;
        of.extraFrees = extraFrees;
        parity.divergences.push_back(of);
    }
    [[nodiscard]] MeshMatrix matrix(const RowFlags* shown = nullptr) const {
        return *MeshMatrix::of(parity, 0, shown, {});
    }
};

TEST(MeshMatrix, RowsAreDevicesAndColumnsTheAddressesWhereAnyDeparts) {
    Divergences run(3);
    run.add(4, 0x300, 1, 0);
    run.add(0, 0x100, 0, 2);
    run.add(0, 0x300, 3, 1);
    const MeshMatrix matrix = run.matrix();
    EXPECT_THAT(matrix.devices(), ElementsAre(0, 2, 4));
    EXPECT_THAT(matrix.addresses(), ElementsAre(0x100U, 0x300U));
    EXPECT_EQ(matrix.divergences(), 3U);
    EXPECT_EQ(matrix.sum(0, 0, 1), (Sum{0, 2, 0, 1, 1}));
    EXPECT_EQ(matrix.sum(0, 1, 2), (Sum{3, 1, 0, 1, 2}));
    EXPECT_EQ(matrix.sum(0, 0, 2), (Sum{3, 3, 0, 2, 1}));
    EXPECT_EQ(matrix.sum(1, 0, 2), Sum{}) << "device 2 is in step";
    EXPECT_EQ(matrix.sum(2, 0, 1), Sum{});
    EXPECT_EQ(matrix.sum(2, 0, 99), (Sum{1, 0, 0, 1, 0}));
}

TEST(MeshMatrix, WhereADeviceGoesItsOwnWayNothingIsCounted) {
    Divergences run(2);
    run.add(0, 0x100, 1, 0);
    run.parity.divergences.back().isApart = true;
    run.add(0, 0x200, 1, 0);
    EXPECT_EQ(run.matrix().sum(0, 0, 2), (Sum{1, 0, 1, 2, 0}));
}

TEST(MeshMatrix, OtherMeshesAndWhatTheFilterHidesAreLeftOut) {
    Divergences run(2);
    run.parity.meshes.push_back({{7, 9}, 0, 0, 0});
    run.add(0, 0x100, 1, 0);
    run.add(7, 0x150, 1, 0, 1);
    run.add(2, 0x200, 0, 1);
    const RowFlags shown = test::flagsOf({0, 1, 1});
    const MeshMatrix matrix = run.matrix(&shown);
    EXPECT_THAT(matrix.addresses(), ElementsAre(0x200U));
    EXPECT_EQ(matrix.hidden(), 1U);
    EXPECT_EQ(matrix.divergences(), 1U);
    const auto other = MeshMatrix::of(run.parity, 1, nullptr, {});
    ASSERT_TRUE(other);
    EXPECT_THAT(other->devices(), ElementsAre(7, 9));
    EXPECT_THAT(other->addresses(), ElementsAre(0x150U));
}

TEST(MeshMatrix, CellsAreFoundByKeyAndByTheirNeighbours) {
    Divergences run(2);
    run.add(0, 0x100, 1, 0);
    run.add(2, 0x200, 1, 0);
    run.add(0, 0x300, 1, 0);
    const MeshMatrix matrix = run.matrix();
    EXPECT_EQ(matrix.find(0, 0x300), (Place{0, 2}));
    EXPECT_EQ(matrix.find(0, 0x200), std::nullopt) << "in step there";
    EXPECT_EQ(matrix.find(1, 0x100), std::nullopt) << "no device of the mesh";
    EXPECT_EQ(matrix.find(2, 0x400), std::nullopt);
    EXPECT_EQ(matrix.nextColumn(0, 0), 0U);
    EXPECT_EQ(matrix.nextColumn(0, 1), 2U);
    EXPECT_EQ(matrix.nextColumn(0, 3), std::nullopt);
    EXPECT_EQ(matrix.previousColumn(0, 2), 0U);
    EXPECT_EQ(matrix.previousColumn(0, 0), std::nullopt);
    EXPECT_EQ(matrix.previousColumn(1, 9), 1U);
}

TEST(MeshMatrix, AMeshThatAgreesHasNoColumns) {
    const MeshMatrix matrix = Divergences(4).matrix();
    EXPECT_THAT(matrix.addresses(), IsEmpty());
    EXPECT_EQ(matrix.sum(3, 0, 10), Sum{});
    EXPECT_EQ(matrix.nextColumn(0, 0), std::nullopt);
    EXPECT_EQ(matrix.previousColumn(0, 5), std::nullopt);
}

TEST(MeshMatrix, SumsAreThoseOfTheCellsOneByOne) {
    std::mt19937 random(7);  // NOLINT: the same each time
    const auto below = [&random](std::size_t end) { return static_cast<std::uint32_t>(random() % end); };
    Divergences run(5);
    for (std::uint64_t address = 0; address < 300; ++address) {
        for (std::int32_t device = 0; device < 10; device += 2) {
            if (below(3) == 0) run.add(device, address * 64, below(4), below(3));
        }
    }
    std::shuffle(run.parity.divergences.begin(), run.parity.divergences.end(), random);
    const MeshMatrix matrix = run.matrix();
    const auto& addresses = matrix.addresses();
    for (int i = 0; i < 200; ++i) {
        const std::size_t row = below(5);
        const std::size_t from = below(addresses.size());
        const std::size_t to = std::min(from + below(60), addresses.size());
        Sum plain;
        for (const MeshDivergence& of : run.parity.divergences) {
            const auto column = std::lower_bound(addresses.begin(), addresses.end(), of.address) - addresses.begin();
            const auto at = static_cast<std::size_t>(column);
            if (of.device != static_cast<std::int32_t>(2 * row) || at < from || at >= to) continue;
            plain.lacked += of.lackedFrees;
            plain.surplus += of.extraFrees;
            ++plain.cells;
        }
        Sum sum = matrix.sum(row, from, to);
        sum.first = 0;
        EXPECT_EQ(sum, plain) << "row " << row << " columns " << from << " to " << to;
    }
}

TEST(MeshMatrix, IsGivenUpWhenItIsNoLongerWanted) {
    Divergences run(2);
    run.add(0, 0x100, 1, 0);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(MeshMatrix::of(run.parity, 0, nullptr, TaskContext(stop.get_token(), {})));
}

}  // namespace
}  // namespace alloclens
