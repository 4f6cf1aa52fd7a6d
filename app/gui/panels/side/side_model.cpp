// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/side/side_model.h"

#include <QFont>

#include <algorithm>

#include "app/gui/document/filter_terms.h"
#include "app/gui/look/words.h"

namespace alloclens {

SideModel::SideModel(QObject* parent) : QAbstractItemModel(parent) {}

void SideModel::setCounts(const Analysis& analysis, const SideCounts& counts) {
    beginResetModel();
    Group devices{tr("Devices"), QStringLiteral("device"), {}};
    for (const auto& [device, count] : counts.devices) {
        const QString name = device != kNoDevice ? QString::number(device) : QStringLiteral("none");
        devices.values.push_back({name, name, count});
    }
    Group memories{tr("Memories"), QStringLiteral("memory"), {}};
    for (const auto& [memory, count] : counts.memories) {
        const QString name = toQString(memoryName(memory));
        memories.values.push_back({name, name, count});
    }
    Group processes{tr("Processes"), QStringLiteral("pid"), {}};
    for (std::size_t i = 0; i < counts.processes.size(); ++i) {
        const std::int32_t process = analysis.trace->processes[i];
        const QString pid = process == kNoPid ? QStringLiteral("none") : pidText(process);
        processes.values.push_back({pid, pid, counts.processes[i]});
    }
    std::stable_sort(processes.values.begin(), processes.values.end(),
                     [](const Value& a, const Value& b) { return a.count.events > b.count.events; });
    m_groups = {std::move(devices), std::move(memories), std::move(processes)};
    mark(m_filterText);
    endResetModel();
}

void SideModel::clear() {
    beginResetModel();
    m_groups.clear();
    endResetModel();
}

void SideModel::setFilterText(const QString& text) {
    mark(text);
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        const auto count = static_cast<int>(m_groups[group].values.size());
        if (count == 0) continue;
        const QModelIndex parent = index(static_cast<int>(group), 0);
        emit dataChanged(index(0, 0, parent), index(count - 1, 0, parent), {Qt::CheckStateRole});
    }
}

void SideModel::mark(const QString& text) {
    m_filterText = text;
    for (Group& group : m_groups) {
        const QStringList values = filterTermValues(text, group.term);
        for (Value& value : group.values) value.isChecked = !value.term.isEmpty() && valuesContain(values, value.term);
    }
}

// What a person typed that stands for none of the values that are listed, such as ">=4" or "none".
QStringList SideModel::valuesBeyond(const Group& group, const QStringList& typed) {
    QStringList beyond;
    for (const QString& value : typed) {
        const bool isListed = std::any_of(group.values.begin(), group.values.end(), [&value](const Value& listed) {
            return !listed.term.isEmpty() && valuesContain({value}, listed.term);
        });
        if (!isListed) beyond += value;
    }
    return beyond;
}

QString SideModel::termAt(const QModelIndex& index) const {
    const Value* value = valueAt(index);
    if (value == nullptr || value->term.isEmpty()) return {};
    return m_groups[index.internalId() - 1].term + ':' + value->term;
}

QString SideModel::toggled(const QModelIndex& index, const QString& filterText) const {
    const Value* value = valueAt(index);
    if (value == nullptr || value->term.isEmpty()) return filterText;
    const Group& group = m_groups[index.internalId() - 1];
    QStringList values = valuesBeyond(group, filterTermValues(filterText, group.term));
    for (const Value& other : group.values) {
        if (other.isChecked != (&other == value)) values += other.term;
    }
    return withFilterTermValues(filterText, group.term, values);
}

// Groups carry 0 as internal id, values the number of their group plus one.
QModelIndex SideModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : quintptr{0});
}

QModelIndex SideModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == 0) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr{0});
}

int SideModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() != 0) return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].values.size());
}

int SideModel::columnCount(const QModelIndex&) const { return ColumnCount; }

const SideModel::Value* SideModel::valueAt(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) return nullptr;
    return &m_groups[index.internalId() - 1].values[static_cast<std::size_t>(index.row())];
}

QVariant SideModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (role == Qt::TextAlignmentRole && index.column() != Name) return int(Qt::AlignRight | Qt::AlignVCenter);
    const Value* value = valueAt(index);
    if (value == nullptr) {
        const Group& group = m_groups[static_cast<std::size_t>(index.row())];
        if (role == Qt::DisplayRole && index.column() == Name) return group.title;
        if (role == Qt::FontRole) {
            QFont font;
            font.setWeight(QFont::DemiBold);
            return font;
        }
        return {};
    }
    if (role == Qt::CheckStateRole && index.column() == Name && !value->term.isEmpty()) {
        return value->isChecked ? Qt::Checked : Qt::Unchecked;
    }
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case Name: return value->name;
        case Events: return countText(value->count.events);
        case Refused: return value->count.refused == 0 ? QString() : countText(value->count.refused);
        default: return {};
        }
    }
    if (role == Qt::ToolTipRole) {
        return tr("%1: %2, %3")
            .arg(value->name, quantityText(value->count.events, "event"),
                 quantityText(value->count.refused, "refused free"));
    }
    return {};
}

QVariant SideModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) {
        return int((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Name: return tr("Show only");
    case Events: return tr("Events");
    case Refused: return tr("Refused");
    default: return {};
    }
}

Qt::ItemFlags SideModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

}  // namespace alloclens
