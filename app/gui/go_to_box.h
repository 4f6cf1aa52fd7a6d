// SPDX-License-Identifier: GPL-3.0-or-later
//
// Asks where to go, over the window's top centre, and says while one types what it would be. Enter goes there, Esc
// or a click elsewhere closes it.
#pragma once

#include <QFrame>

#include "app/gui/view_state.h"

class QLabel;
class QLineEdit;

namespace alloclens {

class GoToBox : public QFrame {
    Q_OBJECT
public:
    GoToBox(ViewState& state, QWidget* window);

private:
    void explain(const QString& text);
    void go();

    ViewState& m_state;
    QLineEdit* m_edit;
    QLabel* m_words;
};

}  // namespace alloclens
