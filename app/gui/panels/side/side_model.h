// SPDX-License-Identifier: GPL-3.0-or-later
//
// Devices, memories and processes with their counts as a tree of two levels: a group, and its values with a check
// mark where the filter names them. The marks are what the filter's text says; the model never changes it.
#pragma once

#include <QAbstractItemModel>
#include <QString>

#include <vector>

#include "app/gui/panels/side/side_counts.h"

namespace alloclens {

class SideModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, Events, Refused, ColumnCount };

    explicit SideModel(QObject* parent = nullptr);

    void setCounts(const Analysis& analysis, const SideCounts& counts);
    void clear();
    /// Marks what the filter names.
    void setFilterText(const QString& text);
    /// The value at `index` as the filter writes it: "device:4"; empty where the filter cannot name it.
    [[nodiscard]] QString termAt(const QModelIndex& index) const;
    /// The filter's text with the value at `index` added to its term, or taken out of it.
    [[nodiscard]] QString toggled(const QModelIndex& index, const QString& filterText) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Value {
        QString name;
        QString term;  ///< as the filter writes it; empty where the filter cannot name it
        SideCount count;
        bool isChecked = false;
    };
    struct Group {
        QString title;
        QString term;
        std::vector<Value> values;
    };
    [[nodiscard]] const Value* valueAt(const QModelIndex& index) const;
    [[nodiscard]] static QStringList valuesBeyond(const Group& group, const QStringList& typed);
    void mark(const QString& text);

    std::vector<Group> m_groups;
    QString m_filterText;
};

}  // namespace alloclens
