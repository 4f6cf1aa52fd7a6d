// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/sort_header.h"

#include <QStyleOptionHeader>

namespace alloclens {

SortHeader::SortHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setHighlightSections(false);
    setSectionsClickable(true);
    setSortIndicatorShown(true);
    setSortIndicatorClearable(true);
    setSortIndicator(-1, Qt::AscendingOrder);
    setStretchLastSection(true);
}

QString sortedTitle(const QString& title, Qt::Alignment alignment, Qt::SortOrder order) {
    const QString sign = order == Qt::AscendingOrder ? QStringLiteral("\u25b4") : QStringLiteral("\u25be");
    return alignment.testFlag(Qt::AlignRight) ? sign + ' ' + title : title + ' ' + sign;
}

void SortHeader::initStyleOptionForIndex(QStyleOptionHeader* option, int section) const {
    QHeaderView::initStyleOptionForIndex(option, section);
    if (option->sortIndicator == QStyleOptionHeader::None) return;
    option->sortIndicator = QStyleOptionHeader::None;
    option->text = sortedTitle(option->text, option->textAlignment, sortIndicatorOrder());
}

}  // namespace alloclens
