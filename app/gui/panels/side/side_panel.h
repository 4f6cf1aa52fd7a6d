// SPDX-License-Identifier: GPL-3.0-or-later
//
// The panel on the left: devices, memories and processes. A click on one edits the filter's text, and what is typed
// there is marked here; nothing marked means that nothing is left out.
#pragma once

#include <QWidget>

#include "app/gui/document/view_state.h"
#include "app/gui/jobs/jobs.h"

class QTreeView;

namespace alloclens {

class SideModel;

class SidePanel : public QWidget {
    Q_OBJECT
public:
    SidePanel(ViewState& state, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void count();
    void toggle(const QModelIndex& index);

    ViewState& m_state;
    SideModel* m_model;
    QTreeView* m_view;
    std::uint64_t m_countedDocument = 0;
    Job m_job;
};

}  // namespace alloclens
