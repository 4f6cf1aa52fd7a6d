// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tool bars: the commands that are used all the time and how the timeline is laid out, and the filter.
#pragma once

#include <QToolBar>

class QMainWindow;
class QToolButton;

#include "app/gui/commands/commands.h"

namespace alloclens {

class ToolBar : public QToolBar {
    Q_OBJECT
public:
    ToolBar(const Commands& commands, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addExport(const Commands& commands);
    void addChoice(const Commands& commands, const QString& name, std::initializer_list<Command> choices);

    QToolButton* m_export = nullptr;
};

/// The filter: beside the tool bar, or in a row of its own below it where the window has no room for both.
class FilterTools : public QToolBar {
    Q_OBJECT
public:
    FilterTools(QWidget* filterBar, ToolBar& beside, QMainWindow& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();

    ToolBar& m_beside;
    QMainWindow& m_window;
};

}  // namespace alloclens
