// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/row_table_model.h"

#include <algorithm>

namespace alloclens {
namespace {

constexpr std::uint32_t kRowsAtOnce = 400'000;

}  // namespace

RowTableModel::RowTableModel(const TableSpec& spec, QObject* parent)
    : QAbstractTableModel(parent), m_spec(spec), m_order(std::make_shared<const RowOrder>()) {}

void RowTableModel::show(std::shared_ptr<const Analysis> analysis, std::shared_ptr<const RowOrder> order) {
    beginResetModel();
    m_analysis = std::move(analysis);
    m_order = std::move(order);
    m_toldRows = std::min(m_order->count, kRowsAtOnce);
    endResetModel();
}

bool RowTableModel::grow() {
    if (m_toldRows >= m_order->count) return false;
    const std::uint32_t end = m_toldRows + std::min(kRowsAtOnce, m_order->count - m_toldRows);
    beginInsertRows({}, static_cast<int>(m_toldRows), static_cast<int>(end) - 1);
    m_toldRows = end;
    endInsertRows();
    return m_toldRows < m_order->count;
}

int RowTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_toldRows);
}

int RowTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_spec.columns.size());
}

QVariant RowTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_analysis) return {};
    const TableColumn& column = m_spec.columns[static_cast<std::size_t>(index.column())];
    const std::uint32_t row = m_order->at(static_cast<std::size_t>(index.row()));
    switch (role) {
    case Qt::DisplayRole: return column.text(*m_analysis, row);
    case Qt::ToolTipRole: return column.tooltip ? column.tooltip(*m_analysis, row) : QVariant();
    case Qt::TextAlignmentRole: return int((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default: return {};
    }
}

QVariant RowTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    const TableColumn& column = m_spec.columns[static_cast<std::size_t>(section)];
    switch (role) {
    case Qt::DisplayRole: return column.title;
    case Qt::ToolTipRole: return column.tip;
    case Qt::TextAlignmentRole: return int((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default: return {};
    }
}

}  // namespace alloclens
