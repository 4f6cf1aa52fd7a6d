// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of each cluster from one run to another, one row each, in the order of the comparison.
#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "app/gui/compare/compared_runs.h"

namespace alloclens {

class ComparedClustersModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Before, After, What, Exercised, ColumnCount };

    /// What a column is sorted by; the states in the order of displayRank().
    static constexpr int kSortRole = Qt::UserRole;

    explicit ComparedClustersModel(std::shared_ptr<const ComparedRuns> runs, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    [[nodiscard]] ClusterState stateOf(int row) const { return cluster(row).state; }

private:
    [[nodiscard]] QVariant sortValue(const QModelIndex& index) const;
    [[nodiscard]] const ComparedCluster& cluster(int row) const;
    [[nodiscard]] QString text(const QModelIndex& index) const;
    [[nodiscard]] QVariant mark(int row) const;

    std::shared_ptr<const ComparedRuns> m_runs;
};

/// What a person calls a state: "not exercised".
[[nodiscard]] QString clusterStateText(ClusterState state);

}  // namespace alloclens
