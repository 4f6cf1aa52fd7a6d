// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/tool_bar.h"

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

#include "app/gui/theme.h"

namespace alloclens {

ToolBar::ToolBar(const Commands& commands, QWidget* filterBar, QWidget* parent) : QToolBar(parent) {
    setObjectName("toolBar");
    setWindowTitle(tr("Tool bar"));
    setMovable(false);
    setFloatable(false);
    setIconSize(QSize(16, 16));
    setContextMenuPolicy(Qt::PreventContextMenu);
    addAction(&commands[Command::Open]);
    addAction(&commands[Command::Reload]);
    addExport(commands);
    addSeparator();
    addAction(&commands[Command::Back]);
    addAction(&commands[Command::Forward]);
    addAction(&commands[Command::PreviousFinding]);
    addAction(&commands[Command::NextFinding]);
    addSeparator();
    addAction(&commands[Command::ZoomIn]);
    addAction(&commands[Command::ZoomOut]);
    addAction(&commands[Command::Fit]);
    addAction(&commands[Command::Home]);
    addSeparator();
    addChoice(commands, tr("Across"), {Command::AcrossEvents, Command::AcrossLines, Command::AcrossTime});
    addChoice(commands, tr("Down"), {Command::DownPacked, Command::DownLinear});
    addChoice(commands, tr("Colours"),
              {Command::ColourMemory, Command::ColourSizeClass, Command::ColourProcess, Command::ColourFinding});
    addSeparator();
    filterBar->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(filterBar);
}

void ToolBar::addExport(const Commands& commands) {
    m_export = new QToolButton(this);
    auto* menu = new QMenu(m_export);
    for (const Command command : {Command::ExportFindingsCsv, Command::ExportFindingsJson, Command::ExportTimeline}) {
        menu->addAction(&commands[command]);
    }
    m_export->setMenu(menu);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setIcon(Theme::current().icon("export"));
    m_export->setToolTip(tr("Export the findings or the timeline"));
    m_export->setAccessibleName(tr("Export"));
    m_export->setEnabled(commands[Command::ExportTimeline].isEnabled());
    connect(&commands[Command::ExportTimeline], &QAction::enabledChanged, m_export, &QWidget::setEnabled);
    addWidget(m_export);
}

void ToolBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_export != nullptr) {
        m_export->setIcon(Theme::current().icon("export"));
    }
    QToolBar::changeEvent(event);
}

// A button that names the choice in force and opens the others; as wide as the longest, so that nothing moves.
void ToolBar::addChoice(const Commands& commands, const QString& name, std::initializer_list<Command> choices) {
    auto* button = new QToolButton(this);
    auto* menu = new QMenu(button);
    int widest = 0;
    for (const Command choice : choices) {
        QAction* action = &commands[choice];
        menu->addAction(action);
        widest = std::max(widest, fontMetrics().horizontalAdvance(action->text()));
        const auto show = [button, name, action] {
            if (!action->isChecked()) return;
            button->setText(action->text());
            button->setAccessibleName(name + ": " + action->text());
        };
        connect(action, &QAction::toggled, button, show);
        show();
    }
    button->setMenu(menu);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setToolTip(name);
    button->setFixedWidth(widest + 32);
    addWidget(button);
}

}  // namespace alloclens
