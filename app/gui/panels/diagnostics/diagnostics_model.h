// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong in the file itself, one row a kept diagnostic.
#pragma once

#include <QAbstractTableModel>

#include <memory>

#include "core/analysis/analysis.h"

namespace alloclens {

class DiagnosticsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Line, Code, Detail, Explanation, ColumnCount };

    explicit DiagnosticsModel(QObject* parent = nullptr);

    /// Null shows nothing.
    void show(std::shared_ptr<const Analysis> analysis);
    [[nodiscard]] std::uint32_t lineAt(const QModelIndex& index) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    /// What the analysis found out about the log as a whole comes first.
    [[nodiscard]] const Diagnostic& row(int number) const;

    std::shared_ptr<const Analysis> m_analysis;
};

}  // namespace alloclens
