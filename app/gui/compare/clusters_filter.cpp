// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/compare/clusters_filter.h"

#include <algorithm>

#include "app/gui/compare/clusters_model.h"

namespace alloclens {

ComparedClustersFilter::ComparedClustersFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    m_shown.fill(true);
    setSortRole(ComparedClustersModel::kSortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void ComparedClustersFilter::setShown(const States& shown) {
    if (shown == m_shown) return;
    m_shown = shown;
    invalidateFilter();
}

void ComparedClustersFilter::setWords(const QString& words) {
    m_words = words.split(' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

bool ComparedClustersFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const auto* clusters = static_cast<const ComparedClustersModel*>(sourceModel());
    if (!m_shown[static_cast<std::size_t>(clusters->stateOf(row))]) return false;
    if (m_words.isEmpty()) return true;
    QString text;
    for (int column = 0; column < clusters->columnCount(); ++column) {
        text += clusters->index(row, column, parent).data().toString() + '\n';
    }
    return std::all_of(m_words.begin(), m_words.end(),
                       [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

}  // namespace alloclens
