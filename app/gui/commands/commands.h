// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the window can be told to do, as one list of actions with their names, keys, icons and tooltips. Menus,
// tool bar, command palette and key list all come from this list. It decides nothing: the window connects the actions.
#pragma once

#include <QObject>
#include <QString>

#include <map>
#include <span>
#include <vector>

#include "app/gui/commands/panel_list.h"

class QAction;
class QActionGroup;
class QWidget;

namespace alloclens {

enum class Command {
    Open,
    OpenSample,
    Follow,
    StopFollowing,
    Record,
    Reload,
    Compare,
    EndComparison,
    ExportFindingsCsv,
    ExportFindingsJson,
    ExportTimeline,
    Close,
    NewWindow,
    Quit,
    Copy,
    Find,
    FindNext,
    FindPrevious,
    GoTo,
    EditFilter,
    ClearFilter,
    ClearSelection,
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    Fit,
    Home,
    AcrossEvents,
    AcrossLines,
    AcrossTime,
    DownPacked,
    DownLinear,
    ColourMemory,
    ColourSizeClass,
    ColourProcess,
    ColourFinding,
    PanelSide,
    PanelInspector,
    PanelBelow,
    ThemeSystem,
    ThemeLight,
    ThemeDark,
    Back,
    Forward,
    NextFinding,
    PreviousFinding,
    NextOfAddress,
    PreviousOfAddress,
    Palette,
    Keys,
    About,
#define ALLOCLENS_COMMAND(name, title, keys, text, tip, make) Show##name,
    ALLOCLENS_PANELS(ALLOCLENS_COMMAND)
#undef ALLOCLENS_COMMAND
};

/// Those that go to a panel, in the order of the panels.
[[nodiscard]] std::span<const Command> panelCommands();

class Commands : public QObject {
    Q_OBJECT
public:
    /// Adds the actions to `window`, so that their keys work everywhere in it.
    explicit Commands(QWidget& window);

    [[nodiscard]] QAction& operator[](Command command) const { return *m_actions.at(command); }
    /// In the order of the list.
    [[nodiscard]] const std::vector<QAction*>& all() const { return m_all; }
    /// Icons in the colours of the theme in force.
    void tint();
    /// What makes sense only while a document is open and, as exporting it, once all of it has been read.
    void setDocumentOpen(bool isOpen, bool isGrowing = false);
    /// A comparison is shown in place of the document; until setDocumentOpen.
    void setComparing();
    /// There is something to stop, and whether it is a recording.
    void setFollowing(bool isFollowing, bool isRecording);

private:
    void group(std::initializer_list<Command> commands);

    std::map<Command, QAction*> m_actions;
    std::vector<QAction*> m_all;
};

}  // namespace alloclens
