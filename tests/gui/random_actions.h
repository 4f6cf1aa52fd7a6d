// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody at the window who does anything: keys, clicks, drags, wheel, menus, commands, filters, files, dialogs. What
// it does follows from a seed alone, so that a crash can be had again. The last steps are kept where a signal handler
// can print them. It writes no file but below the folder that it is given: dialogs get their paths from it.
#pragma once

#include <QString>
#include <QStringList>
#include <QTimer>

#include <cstdint>
#include <random>

#include "app/gui/window/main_window.h"

namespace alloclens::test {

class RandomActions {
public:
    /// `logs`: what may be opened; `folder`: where dialogs may write.
    RandomActions(MainWindow& window, QStringList logs, QString folder, std::uint32_t seed);

    /// Does something, and leaves no menu's event loop running.
    void step();
    /// Closes every dialog, menu and further window.
    void closeAll();

private:
    void say(const QString& what);
    [[nodiscard]] int below(int end) { return static_cast<int>(m_random() % static_cast<std::uint32_t>(end)); }
    template <typename List>
    [[nodiscard]] const auto& oneOf(const List& list) {
        return list[static_cast<decltype(list.size())>(below(static_cast<int>(list.size())))];
    }
    [[nodiscard]] QWidget* anyWidget();
    [[nodiscard]] QPoint anyPoint(const QWidget& widget);
    [[nodiscard]] Qt::KeyboardModifiers anyModifiers();
    [[nodiscard]] QWidget* focus() const;

    void pressKey();
    void click();
    void drag();
    void turnWheel();
    void openContextMenu();
    void runCommand();
    void usePalette();
    void typeFilter();
    void goSomewhere();
    void openSomething();
    void resizeWindow();
    void dropFiles();
    void restyle();
    void record();
    void wait();

    void answerDialogs();
    void leaveMenu();

    MainWindow& m_window;
    QStringList m_logs;
    QString m_folder;
    std::mt19937 m_random;
    int m_steps = 0;
    int m_ticks = 0;  ///< of the timer, since a step began or something was left
    QTimer m_menuTimer;
};

}  // namespace alloclens::test
