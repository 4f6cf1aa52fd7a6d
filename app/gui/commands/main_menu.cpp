// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/commands/main_menu.h"

#include <QAction>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>

#include <optional>

#include "app/gui/document/recent_files.h"
#include "app/gui/document/samples.h"
#include "app/gui/look/words.h"
#include "importers/importer.h"

namespace alloclens {
namespace {

constexpr std::nullopt_t kSeparator = std::nullopt;

QMenu* addMenu(QMenuBar& bar, const Commands& commands, const QString& title,
               std::initializer_list<std::optional<Command>> entries) {
    QMenu* menu = bar.addMenu(title);
    for (const auto& entry : entries) {
        if (entry) {
            menu->addAction(&commands[*entry]);
        } else {
            menu->addSeparator();
        }
    }
    return menu;
}

QMenu* addSubmenu(QMenu& menu, const Commands& commands, const QString& title, std::initializer_list<Command> entries) {
    QMenu* submenu = menu.addMenu(title);
    for (const Command entry : entries) submenu->addAction(&commands[entry]);
    return submenu;
}

void fillRecent(QMenu& menu, const std::function<void(const QString&)>& openFile) {
    menu.clear();
    const QStringList files = recentFiles();
    for (const QString& path : files) {
        QAction* action = menu.addAction(QFileInfo(path).fileName(), [openFile, path] { openFile(path); });
        action->setToolTip(tipText(path));
    }
    if (files.isEmpty()) {
        menu.addAction(QObject::tr("Files that you open appear here"))->setEnabled(false);
        return;
    }
    menu.addSeparator();
    menu.addAction(QObject::tr("Clear this list"), [] { forgetRecentFiles(); });
}

void fillSamples(QMenu& menu, const std::function<void(const QString&)>& openFile) {
    menu.clear();
    for (const QString& path : sampleLogs()) {
        menu.addAction(QFileInfo(path).fileName(), [openFile, path] { openFile(path); });
    }
    if (menu.isEmpty()) menu.addAction(QObject::tr("The samples are not installed"))->setEnabled(false);
}

}  // namespace

void fillMenuBar(QMenuBar& bar, const Commands& commands, const std::function<void(const QString&)>& openFile,
                 const std::function<void(const QString& format, const QString& title)>& openAs) {
    using enum Command;
    QMenu* file = addMenu(bar, commands, QObject::tr("&File"),
                          {Open, Reload, kSeparator, Follow, Record, StopFollowing, kSeparator, Compare, EndComparison,
                           kSeparator, ExportFindingsCsv, ExportFindingsJson, ExportTimeline, kSeparator, NewWindow,
                           Close, Quit});
    auto* recent = new QMenu(QObject::tr("Open re&cent"), file);
    recent->setToolTipsVisible(true);
    QObject::connect(recent, &QMenu::aboutToShow, recent, [recent, openFile] { fillRecent(*recent, openFile); });
    file->insertMenu(&commands[Reload], recent);
    auto* as = new QMenu(QObject::tr("Open &as"), file);
    as->setObjectName(QStringLiteral("openAsMenu"));
    for (const ImporterEntry entry : importers()) {
        const QString title = toQString(entry().title);
        as->addAction(title, [openAs, title, name = toQString(entry().name)] { openAs(name, title); });
    }
    file->insertMenu(&commands[Reload], as);
    auto* samples = new QMenu(QObject::tr("Open &sample"), file);
    samples->setObjectName(QStringLiteral("samplesMenu"));
    QObject::connect(samples, &QMenu::aboutToShow, samples, [samples, openFile] { fillSamples(*samples, openFile); });
    file->insertMenu(&commands[Reload], samples);

    addMenu(
        bar, commands, QObject::tr("&Edit"),
        {Copy, kSeparator, Find, FindNext, FindPrevious, GoTo, kSeparator, EditFilter, ClearFilter, ClearSelection});

    QMenu* view = addMenu(bar, commands, QObject::tr("&View"),
                          {ZoomIn, ZoomOut, PanLeft, PanRight, Fit, Home, kSeparator});
    addSubmenu(*view, commands, QObject::tr("A&cross"), {AcrossEvents, AcrossLines, AcrossTime});
    addSubmenu(*view, commands, QObject::tr("&Down"), {DownPacked, DownLinear});
    addSubmenu(*view, commands, QObject::tr("Colo&ur by"),
               {ColourMemory, ColourSizeClass, ColourProcess, ColourFinding});
    view->addSeparator();
    QMenu* panels = addSubmenu(*view, commands, QObject::tr("&Panels"), {PanelSide, PanelInspector, PanelBelow});
    for (const Command panel : panelCommands()) panels->addAction(&commands[panel]);
    addSubmenu(*view, commands, QObject::tr("&Theme"), {ThemeSystem, ThemeLight, ThemeDark});

    addMenu(bar, commands, QObject::tr("&Go"),
            {Back, Forward, kSeparator, NextFinding, PreviousFinding, kSeparator, NextOfAddress, PreviousOfAddress});
    addMenu(bar, commands, QObject::tr("&Help"), {Palette, Keys, kSeparator, About});
}

}  // namespace alloclens
