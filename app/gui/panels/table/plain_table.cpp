// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/panels/table/plain_table.h"

#include <QHeaderView>
#include <QTableView>

#include "app/gui/panels/table/view_keys.h"

namespace alloclens {

void makePlainTable(QTableView& view, std::initializer_list<int> digits) {
    view.setFrameShape(QFrame::NoFrame);
    view.setShowGrid(false);
    view.setWordWrap(false);
    view.setTabKeyNavigation(false);
    view.setCornerButtonEnabled(false);
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.verticalHeader()->hide();
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view.verticalHeader()->setDefaultSectionSize((view.fontMetrics().height() + 8) / 4 * 4);
    QHeaderView* header = view.horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsClickable(false);  // nothing is sorted, so nothing should seem to be
    header->setStretchLastSection(true);
    const int digit = view.fontMetrics().horizontalAdvance('0');
    int column = 0;
    for (const int width : digits) header->resizeSection(column++, width * digit);
    new ViewKeys(view);
}

}  // namespace alloclens
