// SPDX-License-Identifier: GPL-3.0-or-later
//
// One table of the analysis as a panel: sorted by a click on a heading, filtered as the window is, its current row
// the window's selection. Filtering and sorting run as a job; the rows that were shown stay until it is done. Nothing
// is put in order while nobody sees it.
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"
#include "app/gui/panels/table/row_table_model.h"

class QLabel;
class QTableView;

namespace alloclens {

class EmptyNote;

class TablePanel : public QWidget {
    Q_OBJECT
public:
    TablePanel(ViewState& state, TableSpec spec, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void start();
    void follow();
    void restoreScroll();
    void growRows();
    void showOrder(const std::shared_ptr<const Analysis>& analysis, RowOrder order);
    void selectCurrent(const QModelIndex& current);

    ViewState& m_state;
    const TableSpec m_spec;
    RowTableModel* m_model;
    QTableView* m_view;
    EmptyNote* m_empty;
    QLabel* m_note;
    bool m_isFollowing = false;
    bool m_isStale = true;
    bool m_isToScroll = false;  ///< the selection is new, and wanted in sight
    int m_scrolled = 0;         ///< where the rows stood before they were told anew; they come bit by bit
    std::uint64_t m_documentNumber = 0;
    QTimer m_growth;
    Job m_job;
};

}  // namespace alloclens
