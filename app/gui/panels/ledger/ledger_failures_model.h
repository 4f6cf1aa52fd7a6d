// SPDX-License-Identifier: GPL-3.0-or-later
//
// What does not hold: the numbers of the log that are not what the lines before them add up to, one row each, in the
// order of lines. Which check a row fails is in its tooltip.
#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "core/ledger/ledger.h"

namespace alloclens {

class LedgerFailuresModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Line, Subject, Expected, Actual, ColumnCount };

    explicit LedgerFailuresModel(QObject* parent = nullptr);

    /// Null shows nothing.
    void show(std::shared_ptr<const Ledger> ledger);
    /// 0 where the failure is of the log as a whole.
    [[nodiscard]] std::uint32_t lineAt(const QModelIndex& index) const;
    /// The first failure of a check; invalid if it has none.
    [[nodiscard]] QModelIndex firstOf(CheckKind kind) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const Ledger> m_ledger;
};

}  // namespace alloclens
