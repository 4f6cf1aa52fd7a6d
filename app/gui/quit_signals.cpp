// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/quit_signals.h"

#include <QApplication>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "app/gui/window/main_window.h"

namespace alloclens {
namespace {

constexpr std::array kSignals = {SIGTERM, SIGINT, SIGHUP};

// A handler gets nothing but the number of its signal, and may do little more than write.
std::atomic<int> wakeEnd{-1};

void passOn(int signal) {
    const int before = errno;
    const auto number = static_cast<char>(signal);
    (void)!::write(wakeEnd, &number, 1);
    errno = before;
}

std::vector<Recording*> recordings() {
    std::vector<Recording*> running;
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        auto* const window = qobject_cast<MainWindow*>(widget);
        if (window != nullptr && window->recording().isRunning()) running.push_back(&window->recording());
    }
    return running;
}

}  // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, m_ends.data()) != 0) return;
    m_notifier = std::make_unique<QSocketNotifier>(m_ends[0], QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] { obey(); });
    wakeEnd = m_ends[1];
    for (const int signal : kSignals) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
        action = {};
        action.sa_handler = passOn;
        action.sa_flags = SA_RESTART;
        ::sigaction(signal, &action, nullptr);
    }
}

QuitSignals::~QuitSignals() {
    if (m_ends[0] < 0) return;
    for (const int signal : kSignals) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == passOn) std::signal(signal, SIG_DFL);
    }
    wakeEnd = -1;
    m_notifier.reset();
    for (const int end : m_ends) ::close(end);
}

// A session that ends may send SIGHUP after another signal; that is the same wish.
void QuitSignals::obey() {
    char number = 0;
    if (::read(m_ends[0], &number, 1) != 1) return;
    if (!std::exchange(m_isQuitting, true)) {
        for (Recording* recording : recordings()) {
            connect(recording, &Recording::ended, this, &QuitSignals::quitWhenRecorded, Qt::QueuedConnection);
            connect(recording, &Recording::refused, this, &QuitSignals::quitWhenRecorded, Qt::QueuedConnection);
            recording->stop();
        }
        quitWhenRecorded();
    } else if (number != SIGHUP) {
        for (Recording* recording : recordings()) recording->leavePlace();
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
}

void QuitSignals::quitWhenRecorded() {
    if (recordings().empty()) QCoreApplication::exit(0);
}

}  // namespace alloclens
