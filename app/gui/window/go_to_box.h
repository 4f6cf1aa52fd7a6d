// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks where to go, over the window's top centre, and says while one types what it would be. Where it may be several
// places they are listed, to be chosen with the arrows or a click. Enter goes there, Esc or a click elsewhere closes
// it.
#pragma once

#include <QFrame>

#include <vector>

#include "app/gui/document/view_state.h"
#include "app/gui/window/go_to_target.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace alloclens {

class GoToBox : public QFrame {
    Q_OBJECT
public:
    GoToBox(ViewState& state, QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void explain();
    void place();
    void go();

    ViewState& m_state;
    QLineEdit* m_edit;
    QLabel* m_words;
    QListWidget* m_list;
    std::vector<GoToTarget> m_targets;
};

}  // namespace alloclens
