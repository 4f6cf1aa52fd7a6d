// SPDX-License-Identifier: GPL-3.0-or-later
//
// What each command of the window does: the lines that tie an action to the part that carries it out.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

#include "app/gui/commands/command_palette.h"
#include "app/gui/commands/key_list.h"
#include "app/gui/document/copy_source.h"
#include "app/gui/document/samples.h"
#include "app/gui/look/words.h"
#include "app/gui/panels/source/source_panel.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/file_export.h"
#include "app/gui/window/filter_bar.h"
#include "app/gui/window/go_to_box.h"
#include "app/gui/window/main_window.h"
#include "app/gui/window/message_strip.h"
#include "app/gui/window/record_dialog.h"
#include "app/gui/window/theme_choice.h"
#include "app/gui/window/workspace.h"

namespace alloclens {

void MainWindow::on(Command command, const std::function<void()>& act) {
    connect(&m_commands[command], &QAction::triggered, this, act);
}

void MainWindow::connectCommands() {
    connectFileCommands();
    connectEditCommands();
    connectViewCommands();
    connectGoCommands();
    connectComparison();
    on(Command::Palette, [this] {
        auto* palette = new CommandPalette(m_commands.all(), this);
        palette->show();
        palette->setFocus();
    });
    on(Command::Keys, [this] {
        auto* list = findChild<KeyList*>();
        if (list == nullptr) list = new KeyList(m_commands, this);
        list->show();
        list->raise();
        list->activateWindow();
    });
    on(Command::About, [this] { showAbout(); });
}

void MainWindow::connectFileCommands() {
    on(Command::Open,
       [this] { askForFile(tr("Open a log or trace"), [this](const QString& path) { openFile(path); }); });
    on(Command::Follow,
       [this] { askForFile(tr("Follow a log or trace"), [this](const QString& path) { followFile(path); }); });
    on(Command::Record, [this] { askForRecording(); });
    on(Command::StopFollowing, [this] { stopFollowing(); });
    on(Command::OpenSample, [this] {
        if (const QString sample = sampleLog(); sample.isEmpty()) {
            showMessage(tr("The sample log is not installed."));
        } else {
            openFile(sample);
        }
    });
    on(Command::Reload, [this] { reload(); });
    on(Command::ExportFindingsCsv, [this] { m_export->askAndExportFindings("csv"); });
    on(Command::ExportFindingsJson, [this] { m_export->askAndExportFindings("json"); });
    on(Command::ExportTimeline, [this] { m_export->askAndExportTimeline(); });
    on(Command::Close, [this] { close(); });
    on(Command::NewWindow, [] { (new MainWindow)->show(); });
    on(Command::Quit, [] { QApplication::closeAllWindows(); });
}

void MainWindow::connectEditCommands() {
    on(Command::Copy, [this] { copyFromFocus(); });
    on(Command::Find, [this] {
        m_workspace->showTab(Workspace::Source);
        m_workspace->source().openFind();
    });
    const auto find = [this](SearchDirection direction) {
        m_workspace->showTab(Workspace::Source);
        m_workspace->source().findAgain(direction);
    };
    on(Command::FindNext, [find] { find(SearchDirection::Down); });
    on(Command::FindPrevious, [find] { find(SearchDirection::Up); });
    on(Command::GoTo, [this] {
        auto* box = new GoToBox(m_state, this);
        box->show();
        box->setFocus();
    });
    on(Command::EditFilter, [this] { m_filterBar->startTyping(); });
    on(Command::ClearFilter, [this] { m_filterBar->clear(); });
    on(Command::ClearSelection, [this] { clearOne(); });
}

void MainWindow::connectViewCommands() {
    constexpr double kZoomStep = 1.5;
    constexpr double kPanStep = 0.2;
    const auto move = [this](Command command, const std::function<void(TimelineView&)>& act) {
        on(command, [this, act] { moveTimeline(act); });
    };
    move(Command::ZoomIn, [](TimelineView& timeline) { timeline.zoom(kZoomStep); });
    move(Command::ZoomOut, [](TimelineView& timeline) { timeline.zoom(1 / kZoomStep); });
    move(Command::PanLeft, [](TimelineView& timeline) { timeline.pan(-kPanStep, 0); });
    move(Command::PanRight, [](TimelineView& timeline) { timeline.pan(kPanStep, 0); });
    on(Command::Fit, [this] { fit(); });
    on(Command::Home, [this] { showAll(); });

    on(Command::AcrossEvents, [this] { m_state.setAcrossMode(AcrossMode::EventOrder); });
    on(Command::AcrossLines, [this] { m_state.setAcrossMode(AcrossMode::LineNumber); });
    on(Command::AcrossTime, [this] { m_state.setAcrossMode(AcrossMode::Time); });
    const auto offerTime = [this] {
        const auto& analysis = m_state.analysis();
        m_commands[Command::AcrossTime].setEnabled(analysis && hasAxis(*analysis->trace, AcrossMode::Time));
    };
    connect(&m_state, &ViewState::analysisChanged, this, offerTime);
    offerTime();
    on(Command::DownPacked, [this] { m_state.setDownMode(DownMode::Packed); });
    on(Command::DownLinear, [this] { m_state.setDownMode(DownMode::Linear); });
    on(Command::ColourMemory, [this] { m_state.setColourMode(ColourMode::Memory); });
    on(Command::ColourSizeClass, [this] { m_state.setColourMode(ColourMode::SizeClass); });
    on(Command::ColourProcess, [this] { m_state.setColourMode(ColourMode::Process); });
    on(Command::ColourFinding, [this] { m_state.setColourMode(ColourMode::Finding); });
    const auto showAxes = [this] {
        const auto choose = [this](Command first, int offset) {
            m_commands[static_cast<Command>(static_cast<int>(first) + offset)].setChecked(true);
        };
        choose(Command::AcrossEvents, static_cast<int>(m_state.acrossMode()));
        choose(Command::DownPacked, static_cast<int>(m_state.downMode()));
        choose(Command::ColourMemory, static_cast<int>(m_state.colourMode()));
    };
    connect(&m_state, &ViewState::axesChanged, this, showAxes);
    showAxes();

    const auto panel = [this](Command command, QWidget& widget) {
        m_commands[command].setChecked(true);
        connect(&m_commands[command], &QAction::toggled, &widget, &QWidget::setVisible);
    };
    panel(Command::PanelSide, m_workspace->side());
    panel(Command::PanelInspector, m_workspace->inspector());
    panel(Command::PanelBelow, m_workspace->tables());
    const auto tabs = panelCommands();
    for (std::size_t i = 0; i < tabs.size(); ++i) {
        on(tabs[i], [this, tab = static_cast<Workspace::Tab>(i)] {
            m_commands[Command::PanelBelow].setChecked(true);
            m_workspace->showTab(tab);
        });
    }

    const auto theme = [this](Command command, ThemeChoice choice) {
        m_commands[command].setChecked(rememberedThemeChoice() == choice);
        on(command, [choice] {
            rememberThemeChoice(choice);
            applyTheme(choice);
        });
    };
    theme(Command::ThemeSystem, ThemeChoice::System);
    theme(Command::ThemeLight, ThemeChoice::Light);
    theme(Command::ThemeDark, ThemeChoice::Dark);
}

void MainWindow::connectGoCommands() {
    on(Command::Back, [this] { m_state.goBack(); });
    on(Command::Forward, [this] { m_state.goForward(); });
    on(Command::NextFinding, [this] { m_state.selectNextFinding(1); });
    on(Command::PreviousFinding, [this] { m_state.selectNextFinding(-1); });
    on(Command::NextOfAddress, [this] { m_state.selectNextEventOfAddress(1); });
    on(Command::PreviousOfAddress, [this] { m_state.selectNextEventOfAddress(-1); });
}

void MainWindow::askForFile(const QString& title, const std::function<void(const QString&)>& take) {
    const QString folder = m_document.path().isEmpty() ? QString() : QFileInfo(m_document.path()).absolutePath();
    auto* dialog = new QFileDialog(this, title, folder);
    dialog->setObjectName("openDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Logs and traces (*.log *.log.* *.txt *.gz *.zst *.xz *.bz2 *.lz4 *.alens)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, take);
    dialog->open();
}

void MainWindow::askForRecording() {
    auto* dialog = new RecordDialog(this);
    connect(dialog, &RecordDialog::recordRequested, &m_recording, &Recording::start);
    connect(&m_recording, &Recording::refused, dialog,
            [dialog](const Error& error) { dialog->showProblem(toQString(error.sentence())); });
    connect(&m_recording, &Recording::started, dialog, &QDialog::accept);
    dialog->open();
}

// What was opened or marked last goes first: the find line, the marked range, the selection.
void MainWindow::clearOne() {
    if (m_workspace->source().closeFind()) return;
    if (m_workspace->timeline().clearMarkedRange()) return;
    m_state.clearSelection();
}

// A recording first: what follows it ends with it.
void MainWindow::stopFollowing() {
    if (m_recording.isRunning()) return m_recording.stop();
    m_document.stopFollowing();
}

void MainWindow::reload() {
    if (m_document.isFollowing()) {
        return showMessage(
            tr("AllocLens follows this file and shows new events as they come. You do not need to reload it."));
    }
    // Of a file that is still being read there is no whole that could stay open.
    open({.path = m_document.path(),
          .mode = m_state.isGrowing() ? OpenRequest::Mode::Open : OpenRequest::Mode::Reload,
          .filter = m_state.filterText(),
          .line = m_state.selection().line});
}

void MainWindow::copyFromFocus() {
    const QWidget* focus = QApplication::focusWidget();
    const QString text = focus == nullptr ? QString() : textToCopy(*focus);
    if (!text.isEmpty()) QApplication::clipboard()->setText(text);
}

void MainWindow::showAbout() {
    auto* box = new QMessageBox(this);
    box->setObjectName("aboutBox");
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About AllocLens"));
    box->setIconPixmap(QIcon(QStringLiteral(":/icons/alloclens.svg")).pixmap(QSize(64, 64)));
    box->setText(
        tr("<h3>AllocLens %1</h3><p>See where device memory was freed twice.</p><p>Free software under the GNU "
           "General Public License, version 3 or later. There is no warranty, to the extent permitted by "
           "law.</p>")
            .arg(QStringLiteral(ALLOCLENS_VERSION)));
    box->setModal(false);
    box->show();
}

}  // namespace alloclens
