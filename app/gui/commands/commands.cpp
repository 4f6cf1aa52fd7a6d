// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/commands/commands.h"

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>
#include <QList>
#include <QWidget>

#include <array>

#include "app/gui/look/theme.h"

namespace alloclens {
namespace {

enum Trait : unsigned { Plain = 0, Checkable = 1, NeedsDocument = 2, Repeats = 4 };

struct Row {
    Command command;
    const char* text;
    const char* keys;  ///< several are separated by a blank
    const char* icon;
    const char* tip;
    unsigned traits;
};

constexpr auto kDocument = NeedsDocument;
constexpr unsigned kMove = NeedsDocument | Repeats;
constexpr unsigned kChoice = Checkable;

// clang-format off
constexpr std::array kRows = {
    Row{Command::Open, "&Open...", "Ctrl+O", "open", "Open the log of an allocation server, plain or compressed", Plain},
    Row{Command::OpenSample, "Open &sample", "", "sample", "Open the log that comes with AllocLens", Plain},
    Row{Command::Follow, "Follo&w...", "Ctrl+Shift+O", "", "Open a log or trace that is still being written, and show new events as they come", Plain},
    Row{Command::Record, "Re&cord...", "Ctrl+Shift+R", "", "Take the tracking server's place, and show what programs send", Plain},
    Row{Command::StopFollowing, "S&top following", "Ctrl+.", "", "Keep the events read so far, and read no more", Plain},
    Row{Command::Reload, "&Reload", "Ctrl+R F5", "reload", "Read the file again", kDocument},
    Row{Command::Compare, "Co&mpare with...", "Ctrl+D", "", "Compare with a later run: new, fixed and unchanged findings", kDocument},
    Row{Command::EndComparison, "&End the comparison", "", "", "Go back to the open log", Plain},
    Row{Command::ExportFindingsCsv, "Export findings as &CSV...", "", "export", "Write the findings that the filter shows, as a table", kDocument},
    Row{Command::ExportFindingsJson, "Export findings as &JSON...", "", "export", "Write the findings that the filter shows, for other programs", kDocument},
    Row{Command::ExportTimeline, "Export &timeline...", "Ctrl+E", "save", "Write what the timeline shows as PNG, SVG or PDF", kDocument},
    Row{Command::Close, "&Close", "Ctrl+W", "", "Close the window", Plain},
    Row{Command::NewWindow, "&New window", "Ctrl+N", "", "Open another window", Plain},
    Row{Command::Quit, "&Quit", "Ctrl+Q", "", "Close all windows", Plain},
    Row{Command::Copy, "&Copy", "Ctrl+C", "copy", "Copy what is selected in the panel that has the focus", kDocument},
    Row{Command::Find, "&Find in source", "Ctrl+F", "", "Find text in the source", kDocument},
    Row{Command::FindNext, "Find &next", "N F3", "", "Find the next place with the text", kMove},
    Row{Command::FindPrevious, "Find &previous", "Shift+N Shift+F3", "", "Find the previous place with the text", kMove},
    Row{Command::GoTo, "&Go to...", "Ctrl+G", "", "Go to a line, an address or an event", kDocument},
    Row{Command::EditFilter, "Edit the f&ilter", "Ctrl+L", "filter", "Type a filter", kDocument},
    Row{Command::ClearFilter, "C&lear the filter", "Ctrl+Shift+L", "clear", "Show everything again", kDocument},
    Row{Command::ClearSelection, "Clear the &selection", "Esc", "", "Close the find line, else clear the marked range, else clear the selection", kDocument},
    Row{Command::ZoomIn, "Zoom &in", "W Ctrl++ Ctrl+=", "zoom-in", "Zoom in about the centre; the wheel zooms at the cursor", kMove},
    Row{Command::ZoomOut, "Zoom &out", "S Ctrl+-", "zoom-out", "Zoom out about the centre", kMove},
    Row{Command::PanLeft, "Pan &left", "A", "", "Move the view to the left", kMove},
    Row{Command::PanRight, "Pan &right", "D", "", "Move the view to the right", kMove},
    Row{Command::Fit, "&Fit the selection", "F", "fit", "Zoom to what is selected", kDocument},
    Row{Command::Home, "Show &all", "Home", "home", "Show the whole trace", kDocument},
    Row{Command::AcrossEvents, "Event order", "", "", "x axis: one step for each event", kChoice},
    Row{Command::AcrossLines, "Line number", "", "", "x axis: lines of the source", kChoice},
    Row{Command::AcrossTime, "Time", "", "", "x axis: time from the start, if the source has times", kChoice},
    Row{Command::DownPacked, "Packed addresses", "", "", "y axis: one row for each address", kChoice},
    Row{Command::DownLinear, "Linear addresses", "", "", "y axis: addresses in bytes", kChoice},
    Row{Command::ColourMemory, "By memory", "", "", "Colour lifetimes by memory", kChoice},
    Row{Command::ColourSizeClass, "By size class", "", "", "Colour lifetimes by size", kChoice},
    Row{Command::ColourProcess, "By process", "", "", "Colour lifetimes by the process that owns them", kChoice},
    Row{Command::ColourFinding, "By finding", "", "", "Colour lifetimes by their findings", kChoice},
    Row{Command::PanelSide, "Devices and memories", "Ctrl+1", "", "Show or hide the panel on the left", kChoice},
    Row{Command::PanelInspector, "Inspector", "Ctrl+2", "", "Show or hide the panel on the right", kChoice},
    Row{Command::PanelBelow, "Tables", "Ctrl+3", "", "Show or hide the tables below", kChoice},
#define ALLOCLENS_ROW(name, title, keys, text, tip, make) Row{Command::Show##name, text, keys, "", tip, kDocument},
    ALLOCLENS_PANELS(ALLOCLENS_ROW)
#undef ALLOCLENS_ROW
    Row{Command::ThemeSystem, "Theme of the system", "", "theme", "Light or dark, as the system is", kChoice},
    Row{Command::ThemeLight, "Light theme", "", "theme", "Dark text on a light ground", kChoice},
    Row{Command::ThemeDark, "Dark theme", "", "theme", "Light text on a dark ground", kChoice},
    Row{Command::Back, "&Back", "Alt+Left", "back", "Go back to the previous view", kDocument},
    Row{Command::Forward, "&Forward", "Alt+Right", "forward", "Go forward to the next view", kDocument},
    Row{Command::NextFinding, "&Next finding", "]", "next-finding", "Select the next finding that the filter shows", kMove},
    Row{Command::PreviousFinding, "&Previous finding", "[", "previous-finding", "Select the previous finding that the filter shows", kMove},
    Row{Command::NextOfAddress, "Next &event of this address", ".", "", "Select the next event of this address", kMove},
    Row{Command::PreviousOfAddress, "Previous e&vent of this address", ",", "", "Select the previous event of this address", kMove},
    Row{Command::Palette, "Command &palette", "Ctrl+Shift+P", "palette", "Find a command by name", Plain},
    Row{Command::Keys, "&Keys", "? Shift+?", "help", "List all keys", Plain},
    Row{Command::About, "&About AllocLens", "", "", "Version and license", Plain},
};
// clang-format on

#define ALLOCLENS_COMMAND(name, title, keys, text, tip, make) Command::Show##name,
constexpr std::array kPanelCommands = {ALLOCLENS_PANELS(ALLOCLENS_COMMAND)};
#undef ALLOCLENS_COMMAND

// Keys as text: "W, Ctrl++"; the second spelling of a key that needs Shift is not shown.
QString keysText(const QList<QKeySequence>& keys) {
    return keys.isEmpty() ? QString() : keys.front().toString(QKeySequence::NativeText);
}

}  // namespace

std::span<const Command> panelCommands() { return kPanelCommands; }

Commands::Commands(QWidget& window) : QObject(&window) {
    for (const Row& row : kRows) {
        auto* action = new QAction(tr(row.text), this);
        QList<QKeySequence> keys;
        for (const QString& key : QString::fromLatin1(row.keys).split(' ', Qt::SkipEmptyParts))
            keys += QKeySequence(key);
        action->setShortcuts(keys);
        action->setAutoRepeat((row.traits & Repeats) != 0);
        action->setCheckable((row.traits & Checkable) != 0);
        action->setToolTip(keys.isEmpty() ? tr(row.tip) : tr("%1 (%2)").arg(tr(row.tip), keysText(keys)));
        action->setStatusTip(QString());
        action->setProperty("iconName", QString::fromLatin1(row.icon));
        action->setProperty("tip", tr(row.tip));
        action->setProperty("needsDocument", (row.traits & NeedsDocument) != 0);
        window.addAction(action);
        m_actions.emplace(row.command, action);
        m_all.push_back(action);
    }
    (*this)[Command::Quit].setMenuRole(QAction::QuitRole);
    (*this)[Command::About].setMenuRole(QAction::AboutRole);
    group({Command::AcrossEvents, Command::AcrossLines, Command::AcrossTime});
    group({Command::DownPacked, Command::DownLinear});
    group({Command::ColourMemory, Command::ColourSizeClass, Command::ColourProcess, Command::ColourFinding});
    group({Command::ThemeSystem, Command::ThemeLight, Command::ThemeDark});
    tint();
    setDocumentOpen(false);
    setFollowing(false, false);
}

void Commands::tint() {
    const Theme& theme = Theme::current();
    for (QAction* action : m_all) {
        const QString name = action->property("iconName").toString();
        if (!name.isEmpty()) action->setIcon(theme.icon(name));
        action->setIconVisibleInMenu(false);
    }
}

void Commands::setDocumentOpen(bool isOpen, bool isGrowing) {
    for (QAction* action : m_all) {
        if (action->property("needsDocument").toBool()) action->setEnabled(isOpen);
    }
    for (const Command command :
         {Command::Compare, Command::ExportFindingsCsv, Command::ExportFindingsJson, Command::ExportTimeline}) {
        (*this)[command].setEnabled(isOpen && !isGrowing);
    }
    (*this)[Command::EndComparison].setEnabled(false);
}

void Commands::setComparing() {
    for (QAction* action : m_all) {
        if (action->property("needsDocument").toBool()) action->setEnabled(false);
    }
    for (const Command command : {Command::Compare, Command::EndComparison, Command::Copy, Command::ZoomIn,
                                  Command::ZoomOut, Command::PanLeft, Command::PanRight, Command::Fit, Command::Home}) {
        (*this)[command].setEnabled(true);
    }
}

void Commands::setFollowing(bool isFollowing, bool isRecording) {
    QAction& stop = (*this)[Command::StopFollowing];
    stop.setEnabled(isFollowing || isRecording);
    stop.setText(isRecording ? tr("S&top recording") : tr("S&top following"));
    (*this)[Command::Record].setEnabled(!isRecording);
}

void Commands::group(std::initializer_list<Command> commands) {
    auto* actions = new QActionGroup(this);
    for (const Command command : commands) actions->addAction(&(*this)[command]);
}

}  // namespace alloclens
