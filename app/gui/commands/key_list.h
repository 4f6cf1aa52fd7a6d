// SPDX-License-Identifier: GPL-3.0-or-later
//
// The list of all keys, group by group as the menus have them, and what the mouse does. Made from the commands
// themselves. A window of its own that can stay open beside the work; one for each main window.
#pragma once

#include <QDialog>

namespace alloclens {

class Commands;

class KeyList : public QDialog {
    Q_OBJECT
public:
    KeyList(const Commands& commands, QWidget* parent);
};

}  // namespace alloclens
