// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look/style_sheet.h"

#include "app/gui/look/theme.h"

namespace alloclens {
namespace {

// @window, @base ... stand for the theme's colours.
constexpr auto kSheet = R"(
QToolBar { background: @window; border: 0; border-bottom: 1px solid @line; padding: 4px; spacing: 4px; }
QToolBar::separator { background: @line; width: 1px; margin: 4px 4px; }
QToolBar QToolButton { border: 0; border-radius: 4px; padding: 4px; }
QToolBar QToolButton[popupMode="2"] { padding-right: 16px; }
QToolButton::menu-indicator { subcontrol-origin: padding; subcontrol-position: right center; right: 2px; width: 8px; }
QToolButton:hover, QToolButton:focus { background: @hover; }
QToolButton:pressed, QToolButton:checked, QToolButton:open { background: @line; }
QToolButton#quietButton { border: 0; border-radius: 4px; padding: 4px; }
QMenuBar { background: @window; padding: 0 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: @hover; }
QStatusBar { background: @window; border-top: 1px solid @line; }
QStatusBar::item { border: 0; }
QSplitter::handle { background: @line; }
QTabWidget::pane { border: 0; border-top: 1px solid @line; }
QTabBar { background: @window; }
QTabBar::tab { background: transparent; border: 0; border-bottom: 2px solid transparent; padding: 4px 12px; color: @muted; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:focus { color: @accent; }
QHeaderView { background: @window; border: 0; }
QHeaderView::section { background: @window; color: @muted; border: 0; border-bottom: 1px solid @line; padding: 4px 8px; }
QTreeView#sideTree QHeaderView::section { padding: 4px 4px; }
QAbstractItemView { border: 0; outline: 0; }
QTableView::item { border: 0; padding: 0 6px; }
QTableView::item:selected, QTreeView::item:selected { background: @accent; color: @onAccent; }
QTreeView::item { border: 0; min-height: 20px; padding: 0 6px; }
QListView::item { border: 0; min-height: 20px; padding: 0 4px; }
QListView::item:selected { background: @accent; color: @onAccent; }
QTreeView::indicator, QCheckBox::indicator { width: 12px; height: 12px; border: 1px solid @muted; border-radius: 3px; background: @base; }
QTreeView::indicator:checked, QCheckBox::indicator:checked { background: @accent; border: 1px solid @accent; }
QTreeView#sideTree::item { padding: 0 4px; }
QTreeView#sideTree::item:selected { background: @hover; color: @text; }
QScrollArea { border: 0; }
QLineEdit { background: @base; border: 1px solid @line; border-radius: 4px; padding: 3px 4px; selection-background-color: @accent; }
QLineEdit:focus { border: 1px solid @accent; }
QLineEdit[invalid="true"] { border-bottom: 2px solid @text; padding-bottom: 2px; }
QPushButton { background: @base; border: 1px solid @line; border-radius: 4px; padding: 4px 16px; }
QPushButton:hover { background: @hover; }
QPushButton:focus, QPushButton:default { border: 1px solid @accent; }
QPushButton:pressed { background: @line; }
QScrollBar { background: transparent; border: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: 0; width: 0; height: 0; }
QFrame#hiddenNote { border: 1px solid @line; border-radius: 4px; background: @base; }
QLabel#filterProblem { border: 1px solid @line; border-radius: 4px; background: @base; }
QProgressBar { background: @line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QToolTip { background: @base; color: @text; border: 1px solid @line; padding: 4px; }
)";

}  // namespace

QString styleSheet(const Theme& theme) {
    const QColor hover((theme.line.red() + theme.window.red()) / 2, (theme.line.green() + theme.window.green()) / 2,
                       (theme.line.blue() + theme.window.blue()) / 2);
    return QString::fromLatin1(kSheet)
        .replace("@window", theme.window.name())
        .replace("@base", theme.base.name())
        .replace("@text", theme.text.name())
        .replace("@muted", theme.mutedText.name())
        .replace("@line", theme.line.name())
        .replace("@hover", hover.name())
        .replace("@accent", theme.accent.name())
        .replace("@onAccent", theme.palette().color(QPalette::HighlightedText).name());
}

}  // namespace alloclens
