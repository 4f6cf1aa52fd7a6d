// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of all keys and what the mouse does, made from the commands themselves. A window of its own that can stay
// open beside the work.
#pragma once

#include <QDialog>

#include <vector>

class QAction;

namespace alloclens {

class KeyList : public QDialog {
    Q_OBJECT
public:
    KeyList(const std::vector<QAction*>& actions, QWidget* parent);
};

}  // namespace alloclens
