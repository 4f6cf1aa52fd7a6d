// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the window shows what it records, and what it asks before it leaves a recording.
#include <QDir>
#include <QFileInfo>

#include "app/gui/window/main_window.h"
#include "app/gui/window/recording_question.h"
#include "app/gui/window/status_line.h"

namespace alloclens {

// What is recorded is shown as it comes, until another file is opened; it may go on then.
void MainWindow::connectRecording() {
    connect(&m_recording, &Recording::started, this, &MainWindow::waitForFirstClient);
    connect(&m_recording, &Recording::noticed, this, [this](const QString& sentence) { showMessage(sentence); });
    connect(&m_recording, &Recording::ended, this, [this](const QString& summary) {
        if (m_document.followedPath() == m_recording.path()) m_document.stopFollowing();
        m_isWaitingForClient = false;
        showMessage(summary);
        showWhatRuns();
        if (m_isClosing) close();
    });
    connect(&m_recording, &Recording::refused, this, [this] {
        if (m_isClosing) close();
    });
}

// What was open is not what is recorded, so it goes at once.
void MainWindow::waitForFirstClient(const QString& path) {
    m_document.close();
    m_before.reset();
    m_state.setAnalysis(nullptr);
    showNamed();
    open({.path = path, .mode = OpenRequest::Mode::Follow});
    m_status->hideProgress();  // nothing is being read, and nothing can be cancelled
    setWindowTitle(QFileInfo(path).fileName() + QStringLiteral(" – AllocLens"));
    showMessage(tr("Recording into %1. Waiting for the first client: start programs with TT_ALLOC_TRACKING_ENABLED=1.")
                    .arg(QDir::toNativeSeparators(path)));
    m_isWaitingForClient = true;
}

void MainWindow::leaveRecording(const std::function<void()>& act) {
    const bool isShown = m_recording.isRunning() && m_document.followedPath() == m_recording.path();
    if (!isShown) return act();
    askBeforeLeaving(*this, m_recording.path(), [this, act](bool isKept) {
        if (!isKept) m_recording.stop();
        act();
    });
}

void MainWindow::showWhatRuns() {
    m_commands.setFollowing(m_document.isFollowing(), m_recording.isRunning());
    m_status->showRecording(m_recording.isRunning(), m_document.followedPath() == m_recording.path());
}

}  // namespace alloclens
