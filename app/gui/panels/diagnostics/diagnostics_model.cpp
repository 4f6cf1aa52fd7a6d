// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/diagnostics/diagnostics_model.h"

#include "app/gui/look/words.h"
#include "core/base/showable.h"

namespace alloclens {

DiagnosticsModel::DiagnosticsModel(QObject* parent) : QAbstractTableModel(parent) {}

void DiagnosticsModel::show(std::shared_ptr<const Analysis> analysis) {
    beginResetModel();
    m_analysis = std::move(analysis);
    endResetModel();
}

const Diagnostic& DiagnosticsModel::row(int number) const {
    const auto& doubts = m_analysis->findings.ledger.doubts.kept();
    const auto i = static_cast<std::size_t>(number);
    return i < doubts.size() ? doubts[i] : m_analysis->trace->diagnostics.kept()[i - doubts.size()];
}

std::uint32_t DiagnosticsModel::lineAt(const QModelIndex& index) const {
    return index.isValid() ? row(index.row()).line : 0;
}

int DiagnosticsModel::rowCount(const QModelIndex& parent) const {
    if (parent.isValid() || !m_analysis) return 0;
    return static_cast<int>(m_analysis->findings.ledger.doubts.kept().size()
                            + m_analysis->trace->diagnostics.kept().size());
}

int DiagnosticsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DiagnosticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_analysis) return {};
    if (role == Qt::TextAlignmentRole) return headerData(index.column(), Qt::Horizontal, role);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const Diagnostic& row = this->row(index.row());
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
