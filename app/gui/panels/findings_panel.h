// SPDX-License-Identifier: GPL-3.0-or-later
//
// The findings that the filter shows, as a tree of kinds, addresses and findings. The current row is the window's
// selection; a double-click brings it into sight on the timeline. Nothing is arranged while nobody sees it.
#pragma once

#include <QWidget>

#include "app/gui/jobs.h"
#include "app/gui/panels/finding_tree.h"
#include "app/gui/view_state.h"

class QTreeView;

namespace alloclens {

class EmptyNote;
class FindingsModel;

class FindingsPanel : public QWidget {
    Q_OBJECT
public:
    FindingsPanel(ViewState& state, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void start();
    void showTree(FindingTree tree);
    void follow();
    void selectCurrent(const QModelIndex& current);
    void addCauseAction();

    ViewState& m_state;
    FindingsModel* m_model;
    QTreeView* m_view;
    EmptyNote* m_empty;
    bool m_isFollowing = false;
    bool m_isStale = true;
    Job m_job;
};

}  // namespace alloclens
