// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tool bar: the commands that are used all the time, how the timeline is laid out, and the filter.
#pragma once

#include <QToolBar>

class QToolButton;

#include "app/gui/commands.h"

namespace alloclens {

class ToolBar : public QToolBar {
    Q_OBJECT
public:
    /// Takes the filter bar as its last part.
    ToolBar(const Commands& commands, QWidget* filterBar, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addExport(const Commands& commands);
    void addChoice(const Commands& commands, const QString& name, std::initializer_list<Command> choices);

    QToolButton* m_export = nullptr;
};

}  // namespace alloclens
