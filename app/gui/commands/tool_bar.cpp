// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/commands/tool_bar.h"

#include <QAction>
#include <QEvent>
#include <QMainWindow>
#include <QMenu>
#include <QToolButton>

#include <algorithm>

#include "app/gui/look/theme.h"

namespace alloclens {

namespace {

void fasten(QToolBar& bar) {
    bar.setMovable(false);
    bar.setFloatable(false);
    bar.setIconSize(QSize(16, 16));
    bar.setContextMenuPolicy(Qt::PreventContextMenu);
}

}  // namespace

ToolBar::ToolBar(const Commands& commands, QWidget* parent) : QToolBar(parent) {
    setObjectName("toolBar");
    setWindowTitle(tr("Tool bar"));
    fasten(*this);
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
}

FilterTools::FilterTools(QWidget* filterBar, ToolBar& beside, QMainWindow& window)
    : QToolBar(&window), m_beside(beside), m_window(window) {
    setObjectName("filterTools");
    setWindowTitle(tr("Filter"));
    fasten(*this);
    filterBar->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    addWidget(filterBar);
    window.addToolBar(&beside);
    window.addToolBar(this);
    window.installEventFilter(this);
}

bool FilterTools::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize || event->type() == QEvent::Show) place();
    return QToolBar::eventFilter(watched, event);
}

void FilterTools::place() {
    constexpr int kLeastFilter = 320;
    const bool isOwnRow = m_beside.sizeHint().width() + kLeastFilter > m_window.width();
    if (isOwnRow == m_window.toolBarBreak(this)) return;
    if (isOwnRow) {
        m_window.insertToolBarBreak(this);
    } else {
        m_window.removeToolBarBreak(this);
    }
}

void ToolBar::addExport(const Commands& commands) {
    m_export = new QToolButton(this);
    auto* menu = new QMenu(this);  // not of the button: switched off with it, an open menu could not be left by key
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
