// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mesh/mesh_matrix.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace alloclens {

Result<MeshMatrix> MeshMatrix::of(const MeshParity& parity, std::uint32_t mesh, const RowFlags* findingsShown,
                                  const TaskContext& task) {
    assert(mesh < parity.meshes.size());
    MeshMatrix matrix;
    matrix.m_devices = parity.meshes[mesh].devices;
    matrix.m_rows.resize(matrix.m_devices.size());
    for (std::size_t i = 0; i < parity.divergences.size(); ++i) {
        if (i % TaskContext::kPollRows == 0 && task.isCancelled()) return TaskContext::cancelled();
        const MeshDivergence& of = parity.divergences[i];
        if (of.mesh != mesh) continue;
        if (findingsShown != nullptr && !(*findingsShown)[of.finding.index()]) {
            ++matrix.m_hidden;
            continue;
        }
        const auto row = std::lower_bound(matrix.m_devices.begin(), matrix.m_devices.end(), of.device)
                         - matrix.m_devices.begin();
        Cell& cell = matrix.m_rows[static_cast<std::size_t>(row)].emplace_back();
        cell.divergence = static_cast<std::uint32_t>(i);
        matrix.m_addresses.push_back(of.address);
        ++matrix.m_shown;
    }
    auto& addresses = matrix.m_addresses;
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
    addresses.shrink_to_fit();
    for (Row& row : matrix.m_rows) {
        if (task.isCancelled()) return TaskContext::cancelled();
        const auto& all = parity.divergences;
        std::sort(row.begin(), row.end(), [&all](const Cell& a, const Cell& b) {
            return all[a.divergence].address < all[b.divergence].address;
        });
        Cell sums;
        auto column = addresses.begin();
        for (Cell& cell : row) {
            const MeshDivergence& of = all[cell.divergence];
            column = std::lower_bound(column, addresses.end(), of.address);
            sums.column = static_cast<std::uint32_t>(column - addresses.begin());
            sums.divergence = cell.divergence;
            cell = sums;
            sums.apartBefore += of.isApart ? 1 : 0;
            if (of.isApart) continue;
            sums.lackedBefore += of.lackedAllocations + of.lackedFrees;
            sums.surplusBefore += of.extraAllocations + of.extraFrees;
        }
        sums.column = std::numeric_limits<std::uint32_t>::max();
        row.push_back(sums);
    }
    return matrix;
}

MeshMatrix::Row::const_iterator MeshMatrix::at(const Row& row, std::size_t column) {
    return std::lower_bound(row.begin(), row.end() - 1, column,
                            [](const Cell& cell, std::size_t wanted) { return cell.column < wanted; });
}

MeshMatrix::Sum MeshMatrix::sum(std::size_t row, std::size_t from, std::size_t to) const {
    const Row& cells = m_rows[row];
    const auto first = at(cells, from);
    const auto end = at(cells, to);
    if (first >= end) return {};
    return {end->lackedBefore - first->lackedBefore, end->surplusBefore - first->surplusBefore,
            end->apartBefore - first->apartBefore, static_cast<std::uint32_t>(end - first), first->divergence};
}

std::optional<MeshMatrix::Place> MeshMatrix::find(std::int32_t device, std::uint64_t address) const {
    const auto row = std::lower_bound(m_devices.begin(), m_devices.end(), device);
    const auto column = std::lower_bound(m_addresses.begin(), m_addresses.end(), address);
    if (row == m_devices.end() || *row != device || column == m_addresses.end() || *column != address) return {};
    const Place place{static_cast<std::size_t>(row - m_devices.begin()),
                      static_cast<std::size_t>(column - m_addresses.begin())};
    if (sum(place.row, place.column, place.column + 1).cells == 0) return {};
    return place;
}

std::optional<std::size_t> MeshMatrix::nextColumn(std::size_t row, std::size_t from) const {
    const auto next = at(m_rows[row], from);
    if (next == m_rows[row].end() - 1) return {};
    return next->column;
}

std::optional<std::size_t> MeshMatrix::previousColumn(std::size_t row, std::size_t before) const {
    const auto next = at(m_rows[row], before);
    if (next == m_rows[row].begin()) return {};
    return (next - 1)->column;
}

}  // namespace alloclens
