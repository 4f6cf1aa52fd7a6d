// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything that the ledger can hold a log to, one row a check: what fails first, then what holds, then what this log
// gives nothing to hold against.
#pragma once

#include <QAbstractTableModel>

#include <memory>
#include <vector>

#include "core/ledger/ledger.h"

namespace alloclens {

class LedgerChecksModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { What, State, Held, Failed, Name, ColumnCount };

    explicit LedgerChecksModel(QObject* parent = nullptr);

    /// Null shows nothing.
    void show(std::shared_ptr<const Ledger> ledger);
    [[nodiscard]] CheckKind checkAt(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(CheckKind kind, int column) const;

    std::shared_ptr<const Ledger> m_ledger;
    std::vector<CheckKind> m_rows;
};

}  // namespace alloclens
