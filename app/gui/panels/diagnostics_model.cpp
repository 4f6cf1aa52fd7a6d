// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/diagnostics_model.h"

#include "app/gui/words.h"
#include "core/base/showable.h"

namespace alloclens {

DiagnosticsModel::DiagnosticsModel(QObject* parent) : QAbstractTableModel(parent) {}

void DiagnosticsModel::show(std::shared_ptr<const Trace> trace) {
    beginResetModel();
    m_trace = std::move(trace);
    endResetModel();
}

std::uint32_t DiagnosticsModel::lineAt(const QModelIndex& index) const {
    return index.isValid() ? m_trace->diagnostics.kept()[static_cast<std::size_t>(index.row())].line : 0;
}

int DiagnosticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_trace ? 0 : static_cast<int>(m_trace->diagnostics.kept().size());
}

int DiagnosticsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DiagnosticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_trace) return {};
    if (role == Qt::TextAlignmentRole) return headerData(index.column(), Qt::Horizontal, role);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const Diagnostic& row = m_trace->diagnostics.kept()[static_cast<std::size_t>(index.row())];
    switch (index.column()) {
    case Line: return row.line == 0 ? tr("whole file") : countText(row.line);
    case Code: return toQString(diagnosticName(row.code));
    case Detail: return role == Qt::ToolTipRole ? tipText(toQString(row.detail)) : toQString(showable(row.detail));
    case Explanation: return toQString(diagnosticExplanation(row.code));
    default: return {};
    }
}

QVariant DiagnosticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Line: return tr("Line");
    case Code: return tr("Code");
    case Detail: return tr("Detail");
    case Explanation: return tr("What it means");
    default: return {};
    }
}

}  // namespace alloclens
