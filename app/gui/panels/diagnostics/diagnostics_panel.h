// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every line of the file was taken for, and what is wrong in the file itself. Findings never appear here.
#pragma once

#include <QWidget>

#include "app/gui/document/view_state.h"

class QLabel;
class QTableView;

namespace alloclens {

class DiagnosticsModel;
class EmptyNote;

class DiagnosticsPanel : public QWidget {
    Q_OBJECT
public:
    DiagnosticsPanel(ViewState& state, QWidget* parent = nullptr);

private:
    void refresh();

    ViewState& m_state;
    DiagnosticsModel* m_model;
    QTableView* m_view;
    EmptyNote* m_empty;
    QLabel* m_counts;
};

}  // namespace alloclens
