// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the window shows a comparison of its document with another run: in place of the workspace, which stays as it is
// until the comparison ends or another document is opened.
#include <QAction>
#include <QFileInfo>
#include <QStackedWidget>

#include <optional>
#include <utility>

#include "app/gui/compare/compare_view.h"
#include "app/gui/document/copy_source.h"
#include "app/gui/look/words.h"
#include "app/gui/timeline/timeline_view.h"
#include "app/gui/window/filter_bar.h"
#include "app/gui/window/main_window.h"
#include "app/gui/window/message_strip.h"
#include "app/gui/window/status_line.h"
#include "app/gui/window/workspace.h"

namespace alloclens {

void MainWindow::connectComparison() {
    on(Command::Compare,
       [this] { askForFile(tr("Compare with a later run"), [this](const QString& path) { compareWith(path); }); });
    on(Command::EndComparison, [this] { endComparison(); });
    connect(&m_comparison, &RunComparison::started, this, [this](const QString& path) {
        m_status->showProgress(tr("comparing with %1").arg(QFileInfo(path).fileName()), 0);
    });
    connect(&m_comparison, &RunComparison::progressed, m_status, &StatusLine::showProgress);
    connect(&m_comparison, &RunComparison::finished, m_status, &StatusLine::hideProgress);
    connect(&m_comparison, &RunComparison::compared, this, &MainWindow::showComparison);
    connect(&m_comparison, &RunComparison::failed, this,
            [this](const Error& error) { showMessage(toQString(error.sentence())); });
}

void MainWindow::compareWith(const QString& path) {
    if (m_state.isGrowing()) return showMessage(tr("The log is still loading. Compare it when loading is complete."));
    if (m_state.analysis()) m_comparison.start(m_state.analysis(), path, false);
}

void MainWindow::openAndCompare(const QString& before, const QString& after) {
    leaveRecording([this, before, after] { open({.path = before, .compareWith = after}); });
}

// Below what the reading of a file had to say.
void MainWindow::sayOrder() {
    const auto nameOf = [this](std::size_t run) {
        return QFileInfo(toQString(m_compare->runs()->runs[run]->trace->source->path())).fileName();
    };
    QString text =
        tr("AllocLens treats %1 as the earlier run and %2 as the later one, in the order of the drop. \"Swap the "
           "runs\" exchanges them.")
            .arg(nameOf(0), nameOf(1));
    if (!m_message->isHidden()) text.prepend(m_message->text() + '\n');
    showMessage(text);
}

void MainWindow::showComparison(const std::shared_ptr<const ComparedRuns>& compared, bool isOrderGuessed) {
    std::optional<CompareView::Settings> swapped;
    if (m_compare != nullptr && m_compare->runs()->runs[0] == compared->runs[1]
        && m_compare->runs()->runs[1] == compared->runs[0]) {
        swapped = m_compare->settings();
    }
    dropComparison();
    m_compare = new CompareView(compared, m_state, m_stack);
    if (swapped) m_compare->takeSwapped(std::move(*swapped));
    m_stack->addWidget(m_compare);
    m_stack->setCurrentWidget(m_compare);
    // Not at once: it is the view's own button that was clicked.
    connect(m_compare, &CompareView::closeRequested, this, &MainWindow::endComparison, Qt::QueuedConnection);
    connect(m_compare, &CompareView::swapRequested, this, [this] {
        m_message->hide();  // it may say which run is which
        m_comparison.swap(m_compare->runs());
    });
    connect(m_compare, &CompareView::hovered, m_status, &StatusLine::showHovered);
    for (std::size_t run = 0; run < compared->runs.size(); ++run) {
        new CopySource(m_compare->timeline(run), [&state = m_compare->state(run)] { return selectionToCopy(state); });
    }
    m_filterBar->setEnabled(false);
    m_commands.setComparing();
    const auto nameOf = [&compared](std::size_t run) {
        return QFileInfo(toQString(compared->runs[run]->trace->source->path())).fileName();
    };
    setWindowTitle(tr("%1 and %2 – AllocLens").arg(nameOf(0), nameOf(1)));
    m_compare->setFocus();
    if (isOrderGuessed) sayOrder();
}

void MainWindow::endComparison() {
    if (m_compare == nullptr) return;
    showNamed();
    m_workspace->timeline().setFocus();
}

void MainWindow::dropComparison() {
    m_comparison.cancel();
    if (m_compare == nullptr) return;
    m_status->showHovered({});
    delete std::exchange(m_compare, nullptr);
}

void MainWindow::fit() {
    if (m_compare != nullptr) return m_compare->fitCluster();
    m_workspace->timeline().fitSelection();
}

void MainWindow::showAll() {
    if (m_compare != nullptr) return m_compare->showAll();
    m_workspace->timeline().showAll();
}

void MainWindow::moveTimeline(const std::function<void(TimelineView&)>& move) {
    move(m_compare != nullptr ? m_compare->timeline() : m_workspace->timeline());
}

}  // namespace alloclens
