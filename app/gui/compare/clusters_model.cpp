// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/clusters_model.h"

#include <QFont>

#include "app/gui/look/theme.h"
#include "app/gui/look/verdict_mark.h"
#include "app/gui/look/words.h"
#include "core/report/comparison.h"

namespace alloclens {

QString clusterStateText(ClusterState state) { return toQString(clusterStateName(state)).replace('-', ' '); }

ComparedClustersModel::ComparedClustersModel(std::shared_ptr<const ComparedRuns> runs, QObject* parent)
    : QAbstractTableModel(parent), m_runs(std::move(runs)) {}

const ComparedCluster& ComparedClustersModel::cluster(int row) const {
    return m_runs->comparison.clusters[static_cast<std::size_t>(row)];
}

int ComparedClustersModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs->comparison.clusters.size());
}

int ComparedClustersModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString ComparedClustersModel::text(const QModelIndex& index) const {
    const ComparedCluster& row = cluster(index.row());
    switch (index.column()) {
    case State: return clusterStateText(row.state);
    case Before: return countText(row.before.count);
    case After: return countText(row.after.count);
    case What: return tr("%1: %2").arg(toQString(kindInfo(row.kind).title), toQString(comparedSentence(row)));
    case Exercised: return toQString(exerciseSentence(row));
    default: return {};
    }
}

QVariant ComparedClustersModel::sortValue(const QModelIndex& index) const {
    const ComparedCluster& row = cluster(index.row());
    switch (index.column()) {
    case State: return displayRank(row.state);
    case Before: return static_cast<qulonglong>(row.before.count);
    case After: return static_cast<qulonglong>(row.after.count);
    default: return text(index);
    }
}

// The mark that its refused frees have on the timelines.
QVariant ComparedClustersModel::mark(int row) const {
    for (std::size_t run = 0; run < m_runs->runs.size(); ++run) {
        const FindingId first = m_runs->places[run][static_cast<std::size_t>(row)].shown;
        if (!first.isValid()) continue;
        const Verdict* verdict = m_runs->runs[run]->findings.verdicts.of(first);
        return verdict == nullptr ? QVariant() : markIcon(Theme::current(), blameOf(verdict->cause));
    }
    return {};
}

QVariant ComparedClustersModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const ComparedCluster& row = cluster(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(index);
    case Qt::DecorationRole: return index.column() == What ? mark(index.row()) : QVariant();
    case Qt::ToolTipRole: return index.column() == State ? toQString(clusterStateHelp(row.state)) : text(index);
    case kSortRole: return sortValue(index);
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ForegroundRole:
        if (row.state != ClusterState::Same && index.column() != Exercised) return {};
        return Theme::current().mutedText;
    case Qt::FontRole: {
        if (row.state != ClusterState::New || index.column() == Exercised) return {};
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }
    default: return {};
    }
}

QVariant ComparedClustersModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool isNumber = section == Before || section == After;
    if (role == Qt::TextAlignmentRole) return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case State: return tr("State");
    case Before: return tr("Before");
    case After: return tr("After");
    case What: return tr("Findings");
    case Exercised: return tr("Did the second run reach it?");
    default: return {};
    }
}

}  // namespace alloclens
