// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every command by name: type a few letters, choose with the arrows, Enter does it. Opens over the window's top
// centre and goes away when it loses the focus.
#pragma once

#include <QFrame>

#include <vector>

class QAction;
class QLineEdit;
class QListWidget;

namespace alloclens {

class CommandPalette : public QFrame {
    Q_OBJECT
public:
    CommandPalette(const std::vector<QAction*>& actions, QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void list(const QString& words);
    void runCurrent();

    std::vector<QAction*> m_actions;
    QLineEdit* m_edit;
    QListWidget* m_list;
};

}  // namespace alloclens
