// SPDX-License-Identifier: GPL-3.0-or-later
//
// A FindingTree as a Qt model: clusters, below them addresses, below an address with several findings those. An index
// carries the number of its level and of its parent, so that nothing is stored a finding.
#pragma once

#include <QAbstractItemModel>

#include <memory>
#include <optional>

#include "app/gui/panels/findings/finding_tree.h"

namespace alloclens {

class FindingsModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { What, Device, MemoryColumn, Size, Processes, Line, Count, CauseColumn, Lifecycle, ColumnCount };

    explicit FindingsModel(QObject* parent = nullptr);

    /// Null shows nothing.
    void show(std::shared_ptr<const FindingTree> tree);
    [[nodiscard]] const FindingTree* tree() const { return m_tree.get(); }
    /// The finding at an index: of an address its first, of a cluster none.
    [[nodiscard]] FindingId findingAt(const QModelIndex& index) const;
    /// The cause of the refused frees at an index; none where they are several, or none.
    [[nodiscard]] std::optional<Cause> causeAt(const QModelIndex& index) const;
    /// Where a finding is shown; invalid if the filter hides it.
    [[nodiscard]] QModelIndex indexOf(FindingId id) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] const FindingTree::Group* groupAt(const QModelIndex& index) const;
    [[nodiscard]] QString clusterText(const FindingTree::ClusterRow& row, int column) const;
    [[nodiscard]] QString clusterTitle(const FindingTree::ClusterRow& row) const;
    [[nodiscard]] static QVariant headingTip(int section);
    [[nodiscard]] QString groupText(const FindingTree::Group& group, int column) const;
    [[nodiscard]] QString findingText(const Finding& finding, int column) const;
    [[nodiscard]] QVariant mark(const QModelIndex& index) const;
    [[nodiscard]] QString tooltip(const QModelIndex& index) const;

    std::shared_ptr<const FindingTree> m_tree;
};

}  // namespace alloclens
