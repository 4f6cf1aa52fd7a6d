// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/ledger/ledger_failures_model.h"

#include <algorithm>

#include "app/gui/look/words.h"

namespace alloclens {

LedgerFailuresModel::LedgerFailuresModel(QObject* parent) : QAbstractTableModel(parent) {}

void LedgerFailuresModel::show(std::shared_ptr<const Ledger> ledger) {
    beginResetModel();
    m_ledger = std::move(ledger);
    endResetModel();
}

std::uint32_t LedgerFailuresModel::lineAt(const QModelIndex& index) const {
    return index.isValid() ? m_ledger->failures[static_cast<std::size_t>(index.row())].line : 0;
}

QModelIndex LedgerFailuresModel::firstOf(CheckKind kind) const {
    if (!m_ledger) return {};
    const auto& rows = m_ledger->failures;
    const auto at = std::find_if(rows.begin(), rows.end(), [kind](const FailedCheck& row) { return row.kind == kind; });
    return at == rows.end() ? QModelIndex() : index(static_cast<int>(at - rows.begin()), 0);
}

int LedgerFailuresModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_ledger ? 0 : static_cast<int>(m_ledger->failures.size());
}

int LedgerFailuresModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant LedgerFailuresModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_ledger) return {};
    if (role == Qt::TextAlignmentRole) return headerData(index.column(), Qt::Horizontal, role);
    const FailedCheck& row = m_ledger->failures[static_cast<std::size_t>(index.row())];
    if (role == Qt::ToolTipRole) return toQString(std::string(checkInfo(row.kind).title) + "\n" + row.sentence());
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Line: return row.line == 0 ? tr("whole log") : countText(row.line);
    case Subject: return toQString(row.subject);
    case Expected: return toQString(row.expected);
    case Actual: return toQString(row.actual);
    default: return {};
    }
}

QVariant LedgerFailuresModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Line: return tr("Line");
    case Subject: return tr("Failed check");
    case Expected: return tr("Expected");
    case Actual: return tr("In the log");
    default: return {};
    }
}

}  // namespace alloclens
