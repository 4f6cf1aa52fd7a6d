// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rows of a comparison that are shown, sorted: of the states that are wanted, with the words that were typed. Until
// a header is clicked the states come in the order in which a person asks for them: what came, changed and went first,
// what stayed last.
#pragma once

#include <QSortFilterProxyModel>

#include <array>

#include "core/compare/compare.h"

namespace alloclens {

class ComparedClustersFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    using States = std::array<bool, kClusterStateCount>;  ///< by ClusterState

    explicit ComparedClustersFilter(QObject* parent = nullptr);
    void setShown(const States& shown);
    [[nodiscard]] const States& shown() const { return m_shown; }
    /// Rows that have every word in any of their cells.
    void setWords(const QString& words);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    States m_shown;
    QStringList m_words;
};

}  // namespace alloclens
