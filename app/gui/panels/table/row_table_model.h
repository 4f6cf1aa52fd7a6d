// SPDX-License-Identifier: GPL-3.0-or-later
//
// A table of the analysis (its events, its addresses) as a Qt model. Nothing is stored a row: a cell's text is made
// when it is shown, from the row that a RowOrder names. What the columns are is a TableSpec, one a panel.
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

#include "app/gui/document/view_state.h"
#include "app/gui/panels/table/row_order.h"
#include "core/analysis/analysis.h"

namespace alloclens {

struct TableColumn {
    QString title;
    QString tip;
    int widthInDigits = 8;
    bool isNumber = false;
    std::function<QString(const Analysis&, std::uint32_t)> text;
    std::function<std::uint64_t(const Analysis&, std::uint32_t)> sortKey;
    std::function<QString(const Analysis&, std::uint32_t)> tooltip;  ///< may be empty
    std::function<bool(const Analysis&)> isGiven = {};  ///< whether the source has it at all; empty: always
};

struct TableSpec {
    QString objectName;
    QString accessibleName;
    QString rowWord;    ///< "event": what a row is
    QString emptyText;  ///< what would fill it
    std::vector<TableColumn> columns;
    std::function<std::size_t(const Analysis&)> count;
    std::function<const RowFlags&(const FilterResult&)> flags;
    std::function<std::uint32_t(const Selection&)> selectedRow;  ///< Id::kNoneValue where the selection has none
    std::function<Selection(const Analysis&, std::uint32_t)> selection;  ///< what a click on a row selects
};

/// Signed numbers as sort keys.
[[nodiscard]] constexpr std::uint64_t signedKey(std::int64_t value) {
    return static_cast<std::uint64_t>(value) ^ (std::uint64_t{1} << 63);
}

class RowTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit RowTableModel(const TableSpec& spec, QObject* parent = nullptr);

    void show(std::shared_ptr<const Analysis> analysis, std::shared_ptr<const RowOrder> order);
    /// A view does work for every row it is told of, so millions of rows are told in parts: gives the next part and
    /// says whether there are more.
    bool grow();
    [[nodiscard]] const RowOrder& order() const { return *m_order; }
    /// What the rows are of; null while nothing is shown.
    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return m_analysis; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TableSpec& m_spec;
    std::shared_ptr<const Analysis> m_analysis;
    std::shared_ptr<const RowOrder> m_order;
    std::uint32_t m_toldRows = 0;
};

}  // namespace alloclens
