// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/window/main_window.h"

#include <QAction>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

#include "app/gui/commands/main_menu.h"
#include "app/gui/commands/tool_bar.h"
#include "app/gui/document/recent_files.h"
#include "app/gui/document/samples.h"
#include "app/gui/document/settings.h"
#include "app/gui/look/style_sheet.h"
#include "app/gui/look/theme.h"
#include "app/gui/look/words.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/file_export.h"
#include "app/gui/window/filter_bar.h"
#include "app/gui/window/message_strip.h"
#include "app/gui/window/recording_question.h"
#include "app/gui/window/start_page.h"
#include "app/gui/window/status_line.h"
#include "app/gui/window/workspace.h"
#include "core/wording/story.h"
#include "core/wording/trust_notes.h"

namespace alloclens {
namespace {

// The local files of a drop.
QStringList droppedFiles(const QMimeData& data) {
    QStringList files;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile()) files += url.toLocalFile();
    }
    return files;
}

}  // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent), m_commands(*this) {
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    setWindowTitle(QStringLiteral("AllocLens"));
    resize(QSize(1440, 900).boundedTo(screen()->availableGeometry().size()));
    setStyleSheet(alloclens::styleSheet(Theme::current()));
    compose();
    connectDocument();
    connectState();
    connectRecording();
    connectCommands();
    restoreGeometry(QSettings().value("window/geometry").toByteArray());
}

// The parts look at the state to their last moment (a text field applies its filter when it loses the focus), so they
// go before it does.
MainWindow::~MainWindow() {
    hide();
    qDeleteAll(findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
}

void MainWindow::compose() {
    m_filterBar = new FilterBar(m_state, this);
    new FilterTools(m_filterBar, *new ToolBar(m_commands, this), *this);
    fillMenuBar(
        *menuBar(), m_commands, [this](const QString& path) { openFile(path); },
        [this](const QString& format, const QString& title) {
            askForFile(tr("Open as %1").arg(title), [this, format](const QString& path) { openFileAs(path, format); });
        });
    m_message = new MessageStrip(this);
    m_stack = new QStackedWidget(this);
    m_start = new StartPage(m_stack);
    m_workspace = new Workspace(m_state, m_stack);
    m_stack->addWidget(m_start);
    m_stack->addWidget(m_workspace);
    m_status = new StatusLine(m_state, this);
    setStatusBar(m_status);
    m_export = new FileExport(m_state, m_workspace->timeline(), *this);

    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_message);
    layout->addWidget(m_stack, 1);
    setCentralWidget(centre);
    m_filterBar->setEnabled(false);
    m_start->setFocus();

    connect(m_start, &StartPage::openRequested, &m_commands[Command::Open], &QAction::trigger);
    connect(m_start, &StartPage::sampleRequested, &m_commands[Command::OpenSample], &QAction::trigger);
    connect(m_start, &StartPage::fileRequested, this, &MainWindow::openFile);
    connect(m_workspace, &Workspace::clearFilterRequested, &m_commands[Command::ClearFilter], &QAction::trigger);
    connect(m_export, &FileExport::said, this, &MainWindow::showMessage);
    connect(&m_workspace->timeline(), &TimelineView::sceneShown, &m_document, &Document::followedIsShown);
    connect(&m_workspace->timeline(), &TimelineView::hovered, m_status, &StatusLine::showHovered);
}

void MainWindow::connectDocument() {
    connect(&m_document, &Document::loadStarted, this, [this](const QString& path) {
        m_status->showProgress(tr("opening %1").arg(QFileInfo(path).fileName()), 0);
    });
    connect(&m_document, &Document::loadProgressed, m_status, &StatusLine::showProgress);
    connect(&m_document, &Document::loadFinished, m_status, &StatusLine::hideProgress);
    connect(&m_document, &Document::partLoaded, this, &MainWindow::showPart);
    connect(&m_document, &Document::partsDropped, this, &MainWindow::showBefore);
    connect(&m_document, &Document::loaded, this, &MainWindow::showLoaded);
    connect(&m_document, &Document::followed, this, &MainWindow::showFollowed);
    connect(&m_document, &Document::followedFileChanged, this, &MainWindow::showMessage);
    connect(&m_document, &Document::followingEnded, this, [this] {
        m_state.setFollowing(false);
        showWhatRuns();
    });
    connect(&m_document, &Document::failed, this,
            [this](const Error& error) { showMessage(toQString(error.sentence())); });
    connect(&m_document, &Document::filterEvaluated, &m_state, &ViewState::setFilterResult);
    connect(&m_document, &Document::filterFailed, this,
            [this](const Error& error) { m_filterBar->showProblem(toQString(error.sentence())); });
    connect(m_status, &StatusLine::ledgerRequested, &m_commands[Command::ShowLedger], &QAction::trigger);
    connect(m_status, &StatusLine::cancelled, this, [this] {
        if (m_comparison.isRunning()) return m_comparison.cancel();
        m_document.cancel();
    });
}

void MainWindow::connectState() {
    connect(&m_state, &ViewState::filterRequested, &m_document, &Document::evaluateFilter);
    connect(&m_state, &ViewState::historyChanged, this, &MainWindow::offerHistory);
}

void MainWindow::offerHistory() {
    m_commands[Command::Back].setEnabled(m_state.canGoBack());
    m_commands[Command::Forward].setEnabled(m_state.canGoForward());
}

void MainWindow::openFile(const QString& path) {
    leaveRecording([this, wanted = path] { open({.path = wanted}); });
}

void MainWindow::followFile(const QString& path) {
    leaveRecording([this, wanted = path] { open({.path = wanted, .mode = OpenRequest::Mode::Follow}); });
}

void MainWindow::openFileAs(const QString& path, const QString& format) {
    leaveRecording([this, wanted = path, format] { open({.path = wanted, .format = format}); });
}

void MainWindow::open(const OpenRequest& request) {
    m_message->hide();
    if (request.mode != OpenRequest::Mode::Reload) m_comparison.cancel();
    m_document.open(request);
    showWhatRuns();
}

void MainWindow::showFollowed(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                              const std::shared_ptr<const FilterResult>& filter, bool isAnew, const QString& notice) {
    m_status->hideProgress();
    if (std::exchange(m_isWaitingForClient, false)) m_message->hide();
    if (!notice.isEmpty()) showMessage(notice);
    if (isAnew) {
        m_state.setFollowing(true);
        // What is looked for is the same where the file has begun anew.
        const QString lookedFor = notice.isEmpty() ? due.filter : m_state.filterText();
        showDocument(analysis, lookedFor, false);
    } else {
        m_state.growAnalysis(analysis, filter, false);
    }
    // That a trace which is being written is unfinished is not news, and the message may say why it begins anew.
    const bool isUnfinished = analysis->trace->diagnostics.count(DiagnosticCode::UnfinishedTrace) > 0;
    if (!isUnfinished && notice.isEmpty()) sayNotes(*analysis);
}

void MainWindow::showPart(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                          const std::shared_ptr<const FilterResult>& filter) {
    if (m_state.isGrowing()) {
        m_state.growAnalysis(analysis, filter, true);
    } else {
        m_before = m_state.shown();
        showDocument(analysis, due.filter, true);
    }
    if (due.line != 0) m_state.selectLine(due.line);
}

void MainWindow::showLoaded(const OpenRequest& due, const std::shared_ptr<const Analysis>& analysis,
                            const std::shared_ptr<const FilterResult>& filter) {
    m_before.reset();
    // What was read again is the same document, unless the file is another one by now.
    const bool isSame = due.mode == OpenRequest::Mode::Reload && m_state.analysis()
                        && continues(*m_state.analysis(), *analysis);
    if (m_state.isGrowing() || isSame) {
        m_state.growAnalysis(analysis, filter, false);
        m_commands.setDocumentOpen(true);
        offerHistory();
    } else {
        showDocument(analysis, due.filter, false);
    }
    if (due.line != 0 && !isSame) m_state.selectLine(due.line);
    if (!sampleLogs().contains(m_document.path())) rememberRecentFile(m_document.path());
    sayNotes(*analysis);
    if (!due.compareWith.isEmpty()) m_comparison.start(analysis, due.compareWith, true);
}

// Once for a document: whoever closed the message has read it, also if there is more of the file by now.
void MainWindow::sayNotes(const Analysis& analysis) {
    QStringList notes;
    for (const std::string& note : readingNotes(*analysis.trace)) notes += toQString(note);
    for (const std::string& note : trustNotes(analysis)) notes += toQString(note);
    if (notes.isEmpty() || !m_notesSaid.isEmpty()) return;
    m_notesSaid = notes.join(QLatin1Char('\n'));
    showMessage(m_notesSaid);
}

void MainWindow::showDocument(const std::shared_ptr<const Analysis>& analysis, const QString& filter, bool isGrowing) {
    m_state.setAnalysis(analysis, isGrowing);
    m_notesSaid.clear();
    showNamed();
    m_state.requestFilter(filter);
    m_workspace->timeline().setFocus();
}

// What the window is about: its title, its commands, and the start page while that is nothing.
void MainWindow::showNamed() {
    dropComparison();
    const QString& path = m_document.path();
    const bool isOpen = m_state.analysis() != nullptr;
    m_stack->setCurrentWidget(isOpen ? static_cast<QWidget*>(m_workspace) : m_start);
    m_commands.setDocumentOpen(isOpen, m_state.isGrowing());
    offerHistory();
    m_filterBar->setEnabled(isOpen);
    setWindowTitle(isOpen ? QFileInfo(path).fileName() + QStringLiteral(" – AllocLens") : QStringLiteral("AllocLens"));
    setWindowFilePath(path);
}

void MainWindow::showBefore() {
    const auto before = std::exchange(m_before, nullptr);
    if (!before) return;
    m_state.showAgain(*before);
    showNamed();
    // The result may be that of the filter before: a part that comes cancels the evaluation.
    if (!m_state.filterText().isEmpty()) m_document.evaluateFilter(m_state.filterText());
}

void MainWindow::showMessage(const QString& text) { m_message->showMessage(text); }

void MainWindow::tint() {
    m_commands.tint();
    m_filterBar->tint();
    m_status->tint();
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_status != nullptr) tint();
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_recording.isRunning()) {
        event->ignore();
        if (m_isClosing) return;  // it is on its way
        return askBeforeClosing(*this, m_recording.path(), [this] {
            m_isClosing = true;
            m_recording.stop();
        });
    }
    m_isClosing = false;
    m_workspace->remember();
    storeSetting("window/geometry", saveGeometry());
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedFiles(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

// Two files are compared, in the order in which they come; of more the first opens here, and each other one in a window
// of its own.
void MainWindow::dropEvent(QDropEvent* event) {
    const QStringList files = droppedFiles(*event->mimeData());
    if (files.isEmpty()) return;
    event->acceptProposedAction();
    if (files.size() == 2) return openAndCompare(files[0], files[1]);
    openFile(files.front());
    for (const QString& path : files.mid(1)) {
        auto* window = new MainWindow;
        window->show();
        window->openFile(path);
    }
}

}  // namespace alloclens
